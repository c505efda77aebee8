package dev.octet.workflow.provenance;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.normalise.Normaliser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * A build of Octet, as files record it: beside content hashes and never in them. Immutable.
 *
 * @param version its version; empty where it is not known
 * @param commit the commit that it was built from, in lower-case hexadecimal digits, with {@code
 *     +changes} behind it where the sources were not those of the commit; empty where it is not
 *     known, as in a build from sources without their history
 * @param normaliser {@link Normaliser#VERSION} of that build; empty where it is not known
 */
public record OctetBuild(
    Optional<String> version, Optional<String> commit, Optional<Integer> normaliser)
    implements Comparable<OctetBuild> {

  /** The first release whose files are read; older ones are refused. */
  public static final String FILES_SINCE = "0.2";

  private static final Comparator<OctetBuild> ORDER =
      Comparator.<OctetBuild, String>comparing(build -> build.version().orElse(""))
          .thenComparing(build -> build.commit().orElse(""))
          .thenComparing(build -> build.normaliser().orElse(0));

  /** Checks that no component is null. */
  public OctetBuild {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(commit, "commit");
    Objects.requireNonNull(normaliser, "normaliser");
  }

  /** Returns a build of which nothing is known. */
  public static OctetBuild unknown() {
    return new OctetBuild(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Returns this build: what the build wrote beside this class. */
  public static OctetBuild current() {
    return Here.BUILD;
  }

  /** Reads the file once, when it is first asked for. */
  private static final class Here {
    static final OctetBuild BUILD = read();
  }

  private static OctetBuild read() {
    Properties written = new Properties();
    try (InputStream in = OctetBuild.class.getResourceAsStream("build.properties")) {
      if (in != null) {
        written.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return of(written);
  }

  /**
   * Returns the build of what is written beside the classes. A value that nothing was filled in for
   * is not known.
   */
  static OctetBuild of(Properties written) {
    return new OctetBuild(
        filled(written, "version"), filled(written, "commit"), Optional.of(Normaliser.VERSION));
  }

  private static Optional<String> filled(Properties written, String name) {
    return Optional.ofNullable(written.getProperty(name))
        .filter(value -> !value.isBlank() && !value.startsWith("${"));
  }

  /**
   * Reads what {@link #toTree} writes.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-TREE-001} to {@code OCT-TREE-005} for a
   *     field that there is not, or whose value is of another kind
   */
  public static OctetBuild fromTree(Tree tree) {
    Tree.Mapping map = tree.asMapping();
    map.allowOnly("version", "commit", "normaliser");
    return new OctetBuild(
        map.find("version").map(Tree::asText),
        map.find("commit").map(Tree::asText),
        map.find("normaliser").map(Tree::asInt));
  }

  /**
   * Returns {@code version}, {@code commit} and {@code normaliser}, as far as they are known.
   *
   * @see #fromTree
   */
  public Tree.Mapping toTree() {
    Map<String, Tree> tree = new LinkedHashMap<>();
    version.ifPresent(text -> tree.put("version", Tree.of(text)));
    commit.ifPresent(text -> tree.put("commit", Tree.of(text)));
    normaliser.ifPresent(number -> tree.put("normaliser", Tree.of(number)));
    return Tree.of(tree);
  }

  /** Orders by version and commit, as texts, then by normaliser. */
  @Override
  public int compareTo(OctetBuild other) {
    return ORDER.compare(this, other);
  }

  /** Returns the build in words. */
  @Override
  public String toString() {
    String named = version.map(text -> "Octet " + text).orElse("an unknown version of Octet");
    String from = commit.map(text -> " of commit " + text).orElse("");
    return named + from + normaliser.map(number -> " with normaliser " + number).orElse("");
  }
}

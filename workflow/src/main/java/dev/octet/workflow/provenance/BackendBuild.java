package dev.octet.workflow.provenance;

import dev.octet.api.provider.ProviderBuild;
import dev.octet.api.tree.Tree;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The build of a backend, as a plan or a calibration records it: beside the content hash and never
 * in it, so that content hashes agree between builds.
 *
 * @param version its version; empty when it told none
 * @param sha256 the SHA-256 of its jar in hexadecimal digits, see {@link ProviderBuild#sha256};
 *     empty when it came from no jar or folder
 */
public record BackendBuild(Optional<String> version, Optional<String> sha256)
    implements Comparable<BackendBuild> {

  private static final Comparator<BackendBuild> ORDER =
      Comparator.<BackendBuild, String>comparing(build -> build.version().orElse(""))
          .thenComparing(build -> build.sha256().orElse(""));

  /** Checks that no component is null. */
  public BackendBuild {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(sha256, "sha256");
  }

  /** Returns what is recorded of a build. */
  public static BackendBuild of(ProviderBuild build) {
    return new BackendBuild(build.version(), build.sha256());
  }

  /**
   * Reads what {@link #toTree} writes.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-TREE-001} to {@code OCT-TREE-005} for a
   *     field that there is not, or whose value is no text
   */
  public static BackendBuild fromTree(Tree tree) {
    Tree.Mapping map = tree.asMapping();
    map.allowOnly("version", "sha256");
    return new BackendBuild(
        map.find("version").map(Tree::asText), map.find("sha256").map(Tree::asText));
  }

  /** Returns {@code version} and {@code sha256}, as far as they are known. */
  public Tree.Mapping toTree() {
    Map<String, Tree> tree = new LinkedHashMap<>();
    version.ifPresent(text -> tree.put("version", Tree.of(text)));
    sha256.ifPresent(digits -> tree.put("sha256", Tree.of(digits)));
    return Tree.of(tree);
  }

  /** Orders by version, then by hash, as texts. */
  @Override
  public int compareTo(BackendBuild other) {
    return ORDER.compare(this, other);
  }

  /** Returns the build in words. */
  @Override
  public String toString() {
    String hash = sha256.map(digits -> "SHA-256 " + digits).orElse("an unknown jar");
    return version.map(text -> "version " + text + ", " + hash).orElse(hash);
  }
}

package dev.octet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the history of a checkout says of the surface files and the changelog. */
final class SurfaceHistory {

  private static final String FIRST_OF_ALL = "annotation/annotation-surface.txt";
  private static final List<String> SURFACES = List.of("api/api-surface.txt", FIRST_OF_ALL);
  private static final String CHANGELOG = "CHANGELOG.md";

  private final Path root;

  SurfaceHistory(Path root) {
    this.root = root;
  }

  /** Returns why nothing can be said; empty when the whole history is there. */
  Optional<String> obstacle() throws InterruptedException {
    try {
      if (!git("rev-parse", "--is-shallow-repository").equals(List.of("false"))) {
        return Optional.of("the history of this checkout is cut off");
      }
      return added().isEmpty() ? Optional.of("no commit adds " + FIRST_OF_ALL) : Optional.empty();
    } catch (IOException e) {
      return Optional.of("this is no checkout of git: " + e.getMessage());
    }
  }

  /**
   * Returns the commits after the one that added the surface of {@code annotation} that change a
   * surface and add no line to the changelog, unless a later line names them; {@code not committed}
   * for what is not.
   */
  List<String> withoutLine() throws IOException, InterruptedException {
    List<String> wrong = new ArrayList<>();
    List<String> added = added();
    String range = added.get(added.size() - 1) + "..HEAD";
    Path changelog = root.resolve(CHANGELOG);
    String said = Files.exists(changelog) ? Files.readString(changelog) : "";
    for (String commit :
        git(words("log", "--full-history", "--no-merges", "--format=%h %s", range))) {
      String hash = commit.substring(0, commit.indexOf(' '));
      if (!said.contains(hash)
          && !addsLine(git("show", "--format=", "--numstat", hash, "--", CHANGELOG))) {
        wrong.add(commit);
      }
    }
    if (!git(words("diff", "--name-only", "HEAD")).isEmpty()
        && !addsLine(git("diff", "--numstat", "HEAD", "--", CHANGELOG))) {
      wrong.add("not committed");
    }
    return wrong;
  }

  private List<String> added() throws IOException, InterruptedException {
    return git("log", "--diff-filter=A", "--format=%H", "--", FIRST_OF_ALL);
  }

  private static String[] words(String... command) {
    return Stream.of(Stream.of(command), Stream.of("--"), SURFACES.stream())
        .flatMap(part -> part)
        .toArray(String[]::new);
  }

  /** A line of numstat has the lines added, those removed, and the file. */
  private static boolean addsLine(List<String> numstat) {
    return !numstat.isEmpty() && !numstat.get(0).startsWith("0\t");
  }

  private List<String> git(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(words));
    Process git = new ProcessBuilder(command).directory(root.toFile()).start();
    String out = new String(git.getInputStream().readAllBytes(), UTF_8);
    String err = new String(git.getErrorStream().readAllBytes(), UTF_8);
    if (git.waitFor() != 0) {
      throw new IOException(err.strip());
    }
    return out.lines().filter(line -> !line.isBlank()).toList();
  }
}

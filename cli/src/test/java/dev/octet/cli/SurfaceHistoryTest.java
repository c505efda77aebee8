package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API changes in no commit that does not say so in CHANGELOG.md. */
class SurfaceHistoryTest {

  @TempDir Path folder;

  @Test
  void everyCommitThatChangesTheApiSaysSoInTheChangelog() throws Exception {
    SurfaceHistory history = new SurfaceHistory(Path.of(".."));
    Optional<String> obstacle = history.obstacle();
    assumeTrue(obstacle.isEmpty(), obstacle::orElseThrow);
    assertEquals(List.of(), history.withoutLine());
  }

  @Test
  void findsACommitWithoutALine() throws Exception {
    assumeTrue(git("init", "-q", "-b", "main", ".") == 0, "there is no git");
    write("api/api-surface.txt", "A");
    commit("Before there was a surface of annotation");
    write("annotation/annotation-surface.txt", "B");
    commit("Begin");
    write("api/api-surface.txt", "A\nC");
    write("CHANGELOG.md", "- C\n");
    commit("Add C and say so");
    SurfaceHistory history = new SurfaceHistory(folder);
    assertEquals(Optional.empty(), history.obstacle());
    assertEquals(List.of(), history.withoutLine());
    write("api/api-surface.txt", "A\nC\nD");
    assertEquals(List.of("not committed"), history.withoutLine());
    commit("Add D in silence");
    write("CHANGELOG.md", "- C\n- D\n");
    commit("Say so later");
    List<String> wrong = history.withoutLine();
    assertEquals(1, wrong.size(), wrong.toString());
    assertTrue(wrong.get(0).endsWith(" Add D in silence"), wrong.toString());
    write("CHANGELOG.md", "- C\n- D (" + wrong.get(0).split(" ")[0] + ")\n");
    assertEquals(List.of(), history.withoutLine(), "a later line names it");
    write("annotation/annotation-surface.txt", "");
    write("CHANGELOG.md", "- D\n");
    commit("Take B away and a line of the changelog");
    assertEquals(2, history.withoutLine().size());
  }

  @Test
  void saysWhyItCannotTell() throws Exception {
    assertTrue(new SurfaceHistory(folder).obstacle().isPresent(), "no repository");
    assumeTrue(git("init", "-q", "-b", "main", ".") == 0, "there is no git");
    write("api/api-surface.txt", "A");
    commit("One");
    assertEquals(
        Optional.of("no commit adds annotation/annotation-surface.txt"),
        new SurfaceHistory(folder).obstacle());
    write("annotation/annotation-surface.txt", "B");
    commit("Two");
    Path cut = folder.resolve("cut");
    assertEquals(0, git("clone", "-q", "--depth", "1", folder.toUri().toString(), cut.toString()));
    assertEquals(
        Optional.of("the history of this checkout is cut off"), new SurfaceHistory(cut).obstacle());
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void commit(String subject) throws IOException, InterruptedException {
    assertEquals(0, git("add", "-A"));
    assertEquals(
        0,
        git(
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.com",
            "-c",
            "commit.gpgsign=false",
            "commit",
            "-q",
            "--no-verify",
            "-m",
            subject));
  }

  private int git(String... words) throws InterruptedException {
    String[] command = new String[words.length + 1];
    command[0] = "git";
    System.arraycopy(words, 0, command, 1, words.length);
    try {
      return new ProcessBuilder(command)
          .directory(folder.toFile())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      return -1;
    }
  }
}

package dev.octet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Starts the packaged command as a user does: another process, another directory. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "bin/octet is a script of the POSIX shell")
class DistributionIT {

  private static final Path HOME = Path.of(System.getProperty("octet.distribution"));
  private static final String LAUNCHER = HOME.resolve("bin/octet").toString();

  @TempDir Path elsewhere;

  @Test
  void printsItsVersionAndNothingElse() throws Exception {
    Result result = run(LAUNCHER, "--version");
    assertTrue(result.out().matches("octet \\d+\\.\\d+\\.\\d+\\S*\\R"), result.out());
    assertEquals("", result.err());
    assertEquals(0, result.exitCode());
  }

  @Test
  void hasAManualPageOfEveryCommand() throws Exception {
    Set<String> expected = new TreeSet<>(Set.of("octet.1"));
    CommandFixture.commandLine()
        .getSubcommands()
        .keySet()
        .forEach(name -> expected.add("octet-" + name + ".1"));
    Path manual = HOME.resolve("man/man1");
    try (Stream<Path> pages = Files.list(manual)) {
      Set<String> found = pages.map(p -> p.getFileName().toString()).collect(Collectors.toSet());
      assertEquals(expected, new TreeSet<>(found));
    }
    String plan = Files.readString(manual.resolve("octet-plan.1"));
    assertTrue(plan.contains("\n.TH \"OCTET\\-PLAN\" \"1\" \"\" \"Octet "), plan);
    assertTrue(plan.contains("=\\fIJAR[:JAR]\\fP]"), plan);
  }

  @Test
  void startsThroughASymbolicLink() throws Exception {
    Path link = Files.createSymbolicLink(elsewhere.resolve("octet-link"), Path.of(LAUNCHER));
    Result throughLink = run(link.toString(), "--version");
    Files.delete(link);
    assertEquals(run(LAUNCHER, "--version"), throughLink);
  }

  @Test
  void startsOnTheModulePath() throws Exception {
    new CommandFixture(elsewhere).writeClassifier(13);
    for (String words : List.of("--version", "quantize --help", "inspect m.onnx")) {
      String[] command = words.split(" ", -1);
      assertEquals(run(with(LAUNCHER, command)), run(with(onTheModulePath(), command)), words);
    }
  }

  private static String[] onTheModulePath() {
    return new String[] {
      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
      "-p",
      HOME.resolve("lib").toString(),
      "--add-modules",
      "ALL-MODULE-PATH",
      "-m",
      "dev.octet.cli/dev.octet.cli.Main"
    };
  }

  private static String[] with(String launcher, String... words) {
    return with(new String[] {launcher}, words);
  }

  private static String[] with(String[] launcher, String... words) {
    return Stream.concat(Stream.of(launcher), Stream.of(words)).toArray(String[]::new);
  }

  @Test
  void handsOnTheExitCodeOfABadCommandLine() throws Exception {
    assertEquals(2, run(LAUNCHER, "--no-such-option").exitCode());
  }

  @Test
  void findsTheJarsInItsFolderOfProviders() throws Exception {
    Path home = Files.createDirectory(elsewhere.resolve("octet"));
    Path launcher = Files.createDirectory(home.resolve("bin")).resolve("octet");
    Files.copy(Path.of(LAUNCHER), launcher, StandardCopyOption.COPY_ATTRIBUTES);
    Path lib = Files.createSymbolicLink(home.resolve("lib"), HOME.resolve("lib"));
    Path providers = Files.createDirectory(home.resolve("providers"));
    String failing = "throw new IllegalStateException(\"no key\");";
    for (Path jar :
        List.of(
            CommandFixture.vendorWithoutKey("acme", "").build(elsewhere, "acme.jar"),
            CommandFixture.vendorWithoutKey("bad", failing).build(elsewhere, "bad.jar"))) {
      Files.move(jar, providers.resolve(jar.getFileName()));
    }
    Result all = run(launcher.toString(), "backends", "--json");
    Result one = run(launcher.toString(), "backends", "acme");
    Files.writeString(providers.resolve("torn.jar"), "PK");
    Result torn = run(launcher.toString(), "backends", "acme");
    Files.delete(lib);
    assertEquals(2, torn.exitCode(), torn.out());
    assertTrue(torn.err().contains("OCT-CLI-017"), torn.err());
    assertTrue(torn.err().contains("torn.jar"), torn.err());
    assertEquals(0, all.exitCode(), all.err());
    assertTrue(all.out().contains("acme.Provider in " + providers.toRealPath()), all.out());
    assertTrue(all.out().contains("no key"), all.out());
    assertTrue(all.out().contains("\"cpu\""), all.out());
    assertEquals(0, one.exitCode(), one.err());
  }

  @Test
  void leavesNoEmptyFolderOfARunThatFails() throws Exception {
    CommandFixture files = new CommandFixture(elsewhere);
    files.writeTwoOutputsOfOneFileName();
    String[] run = {LAUNCHER, "run", "m.onnx", "--data", "d.yaml", "-o", "deep/out"};
    Result failed = run(run);
    assertTrue(failed.err().contains("OCT-CLI-004"), failed.err());
    assertFalse(Files.exists(elsewhere.resolve("deep")));
    Path kept = Files.createDirectory(elsewhere.resolve("deep"));
    run(run);
    assertTrue(Files.exists(kept), "a folder that was there stays");
    assertFalse(Files.exists(kept.resolve("out")));
  }

  private Result run(String... command) throws IOException, InterruptedException {
    Path out = elsewhere.resolve("out");
    Path err = elsewhere.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(List.of(command)).directory(elsewhere.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    int exitCode = builder.start().waitFor();
    return new Result(exitCode, Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  private record Result(int exitCode, String out, String err) {}
}

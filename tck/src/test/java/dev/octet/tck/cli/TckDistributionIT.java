package dev.octet.tck.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.tree.Tree;
import dev.octet.fixtures.jdk.VendorJar;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.tck.junit.AcmeTckTest;
import dev.octet.tck.rule.RuleBook;
import dev.octet.tck.run.TckRequest;
import dev.octet.workflow.text.JsonText;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unpacks the zip and starts the command as a vendor does: another process, another folder. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "bin/octet-tck is a script of the POSIX shell")
class TckDistributionIT {

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  @TempDir private static Path unpacked;
  private static Path home;

  @TempDir private Path elsewhere;

  @BeforeAll
  static void unpack() throws IOException {
    try (InputStream file = Files.newInputStream(Path.of(System.getProperty("octet.tck.zip")));
        ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = unpacked.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(zip, target);
        }
      }
    }
    try (Stream<Path> folders = Files.list(unpacked)) {
      home = folders.findFirst().orElseThrow();
    }
    assertTrue(home.resolve("bin/octet-tck").toFile().setExecutable(true));
  }

  @Test
  void hasTheLicenceOfEachJarThatItShips() throws IOException {
    String notice = Files.readString(home.resolve("NOTICE"));
    try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
      for (Path jar : jars.toList()) {
        String artifact = jar.getFileName().toString().replaceFirst("-\\d.*\\.jar$", "");
        if (!artifact.startsWith("octet-")) {
          assertTrue(notice.contains("\n  " + artifact + " "), artifact);
          assertTrue(Files.isDirectory(home.resolve("licenses").resolve(artifact)), artifact);
        }
      }
    }
    assertTrue(Files.exists(home.resolve("licenses/octet-protobuf/META-INF/LICENSE-protobuf")));
    assertTrue(Files.readString(home.resolve("LICENSE")).contains("Apache License"));
    assertTrue(Files.exists(home.resolve("SECURITY.md")));
  }

  @Test
  void listsTheRules() throws Exception {
    Result result = tck("list-rules");
    assertEquals(0, result.exitCode(), result.err());
    assertEquals(RuleBook.read().rules().size(), result.out().lines().count());
    assertEquals("", result.err());
  }

  @Test
  void listsOctetsOwnBackends() throws Exception {
    Result result = tck("list-providers");
    assertEquals(0, result.exitCode(), result.err());
    for (String name : List.of("arm", "cpu", "onnxruntime", "qnn", "x86", "xnnpack")) {
      assertTrue(result.out().lines().anyMatch(line -> line.startsWith(name + "  ")), name);
    }
  }

  @Test
  void bringsNoJunit() throws IOException {
    try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
      assertEquals(
          List.of(),
          jars.map(jar -> jar.getFileName().toString())
              .filter(name -> name.matches("(junit|opentest4j|apiguardian).*"))
              .toList());
    }
  }

  @Test
  void aNarrowedRunIsPartialAndHasNoCertificate() throws Exception {
    Result result =
        tck("run", "--provider", "cpu", "--rule", "CAP-001", "--random", "5", "--report", "out");
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(result.out().contains("cpu: partial: what ran passed"), result.out());
    assertEquals("partial", report().get("conformance").asText());
    assertTrue(report().get("backend").asMapping().find("sha256").isPresent());
    assertFalse(Files.exists(elsewhere.resolve("out/certificate.json")));
  }

  @Test
  void aRunThatMatchesNothingEndsWithFour() throws Exception {
    Result result = tck("run", "--provider", "cpu", "--rule", "CAP-007", "--case", "nothing");
    assertEquals(4, result.exitCode(), result.out());
    assertTrue(result.err().contains("OCT-TCK-002"), result.err());
  }

  @Test
  void runsOnTheModulePathLikeOnTheClassPath() throws Exception {
    String[] words = {
      "run", "--provider", "cpu", "--rule", "CAP-007", "--option", "observer=entropy"
    };
    assertEquals(tck(words).out(), run(with(onTheModulePath(), words)).out());
  }

  @Test
  void aVendorsJarIsTestedFromEitherPath() throws Exception {
    Path jar = offByOne();
    String[] words = {
      "run",
      "--provider",
      "off",
      "--class-path",
      jar.toString(),
      "--rule",
      "RUN-003",
      "--random",
      "1"
    };
    Result onTheClassPath = tck(words);
    assertEquals(1, onTheClassPath.exitCode(), onTheClassPath.err());
    assertTrue(onTheClassPath.out().contains("off: not conformant"), onTheClassPath.out());
    assertEquals(onTheClassPath.out(), run(with(onTheModulePath(), words)).out());
  }

  @Test
  void whatFailedIsRunAloneByWhatTheReportSaysToType() throws Exception {
    String jar = offByOne().toString();
    String seed = "77";
    String[] words = {
      "run", "--provider", "off", "--class-path", jar, "--rule", "RUN-003", "--random", "1"
    };
    assertEquals(1, tck(with(words, "--seed", seed, "--report", "out")).exitCode());
    Tree.Mapping failed = firstTrouble();
    assertTrue(failed.find("smallest").isPresent(), failed.toString());
    String typed =
        script()[0]
            + " run --provider off --class-path "
            + jar
            + " "
            + failed.get("again").asText();
    assertEquals(1, run("sh", "-c", typed + " --report out").exitCode());
    Tree.Mapping again = firstTrouble();
    assertEquals(failed.get("smallest").asText(), again.get("case").asText());
    assertEquals("failed", again.get("kind").asText());
    String first = Files.readString(elsewhere.resolve("out/report.json"));
    assertEquals(1, run("sh", "-c", typed + " --report out").exitCode());
    assertEquals(first, Files.readString(elsewhere.resolve("out/report.json")));
  }

  private Tree.Mapping firstTrouble() {
    return report().get("presets").asItems().get(0).asMapping().get("rules").asItems().stream()
        .flatMap(rule -> rule.asMapping().get("first-troubles").asItems().stream())
        .findFirst()
        .orElseThrow()
        .asMapping();
  }

  /** The first integer of each result is one too large. */
  private Path offByOne() throws IOException {
    return new VendorJar(QuantizerProvider.class)
        .knowing(ReferenceRuntime.class)
        .provider(
            "off.Provider",
            """
            package off;

            import dev.octet.api.graph.Tensor;
            import dev.octet.api.graph.ValueInfo;
            import dev.octet.api.option.Options;
            import dev.octet.api.provider.*;
            import dev.octet.api.quantizer.Quantizer;
            import dev.octet.api.runtime.*;
            import dev.octet.kernels.execute.ReferenceRuntime;
            import java.util.*;

            @BuiltFor(ApiVersion.CURRENT)
            public final class Provider implements QuantizerProvider {
              public String name() { return "off"; }
              public String description() { return "A chip that counts from one."; }
              public List<Capability> capabilities(Options options) { return List.of(); }
              public Quantizer create(Options options) { return context -> {}; }
              public Optional<BackendRuntime> runtime() { return Optional.of(new Off()); }

              private static final class Off implements BackendRuntime {
                private final ReferenceRuntime right = new ReferenceRuntime();
                public RuntimeUses uses(Options options) { return right.uses(options); }
                public ExecutableModel load(LoadRequest request) {
                  ExecutableModel loaded = right.load(request);
                  return new ExecutableModel() {
                    public List<ValueInfo> inputs() { return loaded.inputs(); }
                    public List<ValueInfo> outputs() { return loaded.outputs(); }
                    public Map<String, Tensor> run(Map<String, Tensor> inputs, Cancellation stop) {
                      Map<String, Tensor> results = new LinkedHashMap<>(loaded.run(inputs, stop));
                      results.replaceAll((name, tensor) -> {
                        long[] integers = tensor.integers();
                        integers[0] += integers[0] == 127 ? -1 : 1;
                        return Tensor.ofIntegers(tensor.dataType(), integers, tensor.sizes());
                      });
                      return results;
                    }
                    public void close() { loaded.close(); }
                  };
                }
              }
            }
            """)
        .build(elsewhere, "off.jar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void whatASignalEndsEarlyLeavesAReport(String signal) throws Exception {
    Path progress = elsewhere.resolve("err");
    Process process = start(with(script(), "run", "--provider", "cpu", "--report", "out"));
    while (process.isAlive() && !Files.readString(progress).contains("now TCK-")) {
      Thread.sleep(50);
    }
    new ProcessBuilder("kill", "-s", signal, Long.toString(process.pid())).start().waitFor();
    assertEquals(4, process.waitFor(), Files.readString(progress));
    assertTrue(Files.readString(progress).contains("OCT-TCK-008"), Files.readString(progress));
    assertEquals("too-little-ran", report().get("conformance").asText());
    assertEquals("OCT-TCK-008", report().get("shortfall").asMapping().get("id").asText());
  }

  /** What is asked of an older JUnit is the same for every rule. */
  public static final class OneRule extends AcmeTckTest {
    @Override
    protected TckRequest request() {
      return super.request().rule("TCK-CAP-001");
    }
  }

  /** The kit's classes were compiled against a newer JUnit. */
  @Test
  void theClassForAVendorsTestsWorksOnJunit510() throws Exception {
    String classes = String.join(File.pathSeparator, place(OneRule.class), lib(), console());
    Result result =
        run(
            JAVA,
            "-cp",
            classes,
            "org.junit.platform.console.ConsoleLauncher",
            "execute",
            "--disable-banner",
            "--details=summary",
            "--select-class=" + OneRule.class.getName());
    assertEquals(0, result.exitCode(), result.out() + result.err());
    assertTrue(result.out().contains("0 tests failed"), result.out());
    assertTrue(result.out().matches("(?s).*[1-9][0-9]* tests successful.*"), result.out());
  }

  private static String place(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  private static String lib() {
    return home.resolve("lib").resolve("*").toString();
  }

  private static String console() {
    return System.getProperty("octet.junit.5.10");
  }

  private Tree.Mapping report() {
    return JsonText.read(elsewhere.resolve("out/report.json")).asMapping();
  }

  private static String[] script() {
    return new String[] {home.resolve("bin/octet-tck").toString()};
  }

  private static String[] onTheModulePath() {
    return new String[] {
      JAVA,
      "-p",
      home.resolve("lib").toString(),
      "--add-modules",
      "ALL-MODULE-PATH",
      "-m",
      "dev.octet.tck/dev.octet.tck.cli.Main"
    };
  }

  private static String[] with(String[] launcher, String... words) {
    return Stream.concat(Stream.of(launcher), Stream.of(words)).toArray(String[]::new);
  }

  private Result tck(String... words) throws IOException, InterruptedException {
    return run(with(script(), words));
  }

  private Result run(String... command) throws IOException, InterruptedException {
    int exitCode = start(command).waitFor();
    return new Result(
        exitCode,
        Files.readString(elsewhere.resolve("out.txt"), UTF_8),
        Files.readString(elsewhere.resolve("err"), UTF_8));
  }

  private Process start(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(elsewhere.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder
        .redirectOutput(elsewhere.resolve("out.txt").toFile())
        .redirectError(elsewhere.resolve("err").toFile())
        .start();
  }

  private record Result(int exitCode, String out, String err) {}
}

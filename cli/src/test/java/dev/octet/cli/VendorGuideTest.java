package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.octet.annotation.rules.RuleBackend;
import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.fixtures.jdk.VendorJar;
import dev.octet.testkit.ModelBuilder;
import dev.octet.testkit.PlanAssert;
import dev.octet.testkit.Plans;
import dev.octet.workflow.plan.Plan;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** docs/vendor-guide.md shows the files of the sample vendor, and their versions are Octet's. */
class VendorGuideTest {

  private static final Path ROOT = Path.of("..");
  private static final Path SAMPLE = ROOT.resolve("examples/vendor");

  /** A file's name in a line of its own, and the block behind it. */
  private static final Pattern SHOWN =
      Pattern.compile("\n`([^`\n]+)`:\n\n```\\w+\n(.*?)```\n", Pattern.DOTALL);

  private static List<MatchResult> shown() throws IOException {
    return SHOWN.matcher(page()).results().toList();
  }

  private static String page() throws IOException {
    return Files.readString(ROOT.resolve("docs/vendor-guide.md"));
  }

  @TestFactory
  Stream<DynamicTest> everyBlockWithANameIsThatFileOrAPartOfIt() throws IOException {
    assertTrue(shown().size() > 8, () -> "blocks with a file's name");
    return shown().stream()
        .map(
            block ->
                dynamicTest(
                    block.group(1),
                    () -> {
                      String file = Files.readString(SAMPLE.resolve(block.group(1)));
                      String part = "\n" + block.group(2);
                      assertTrue(("\n" + file).contains(part), () -> "not in the file:" + part);
                    }));
  }

  /** The rest of the page is what programs print. */
  @Test
  void everyBlockOfCodeHasTheNameOfItsFile() throws IOException {
    Set<String> code =
        Pattern.compile("```(java|xml|yaml)\n(.*?)```", Pattern.DOTALL)
            .matcher(page())
            .results()
            .map(block -> block.group(2))
            .collect(Collectors.toCollection(TreeSet::new));
    code.removeAll(shown().stream().map(block -> block.group(2)).collect(Collectors.toSet()));
    assertEquals(Set.of(), code);
  }

  @Test
  void whatANewcomerWritesIsShownAsAWhole() throws IOException {
    Set<String> whole = new TreeSet<>();
    for (MatchResult block : shown()) {
      if (Files.readString(SAMPLE.resolve(block.group(1))).equals(block.group(2))) {
        whole.add(Path.of(block.group(1)).getFileName().toString());
      }
    }
    Set<String> needed =
        new TreeSet<>(
            Set.of(
                "pom.xml",
                "module-info.java",
                "dev.octet.api.provider.QuantizerProvider",
                "LyraProvider.java",
                "LyraRuntime.java",
                "LyraPlanTest.java",
                "LyraTckTest.java",
                "tck.yml"));
    needed.removeAll(whole);
    assertEquals(Set.of(), needed);
  }

  @Test
  void failedAssertionsSayWhatThePageShows(@TempDir Path folder) throws Exception {
    Model model =
        ModelBuilder.seeded(7)
            .input("image", 1, 3, 8, 8)
            .conv("conv1", "image", 16, 3)
            .node("relu1", "Relu", "conv1")
            .node("flat1", "Flatten", "relu1")
            .matMul("fc", "flat1", 10)
            .node("prob", "Softmax", "fc")
            .build("prob");
    URL[] jar = {sample(folder).toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(jar, getClass().getClassLoader())) {
      Plan plan = Plans.of(QuantizerCatalog.discover(loader).provider("lyra"), model);
      PlanAssert lyra = PlanAssert.assertPlan(plan);
      List<Executable> failing =
          List.of(
              () -> lyra.node("fc").operand(1).is("int8 symmetric per-channel-0"),
              () -> lyra.node("conv"),
              () -> lyra.node("prob").isOwnedBy("softmax"));
      List<String> said = new ArrayList<>();
      for (Executable assertion : failing) {
        said.add(assertThrows(AssertionError.class, assertion).getMessage());
      }
      String block = "```text\n" + String.join("\n", said) + "\n```";
      assertTrue(page().contains(block), () -> "the page has not\n" + block);
    }
  }

  private static Path sample(Path folder) throws IOException {
    VendorJar jar = new VendorJar(QuantizerProvider.class).knowing(RuleBackend.class);
    Path sources = SAMPLE.resolve("src/main/java");
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
        String name = sources.relativize(file).toString().replace(".java", "").replace('/', '.');
        if (!name.equals("module-info")) {
          jar.source(name, Files.readString(file));
        }
      }
    }
    return jar.listed("com.lyra.octet.LyraProvider").build(folder, "lyra.jar");
  }

  @Test
  void theSampleHasTheVersionsOfThisBuild() throws IOException {
    String root = Files.readString(ROOT.resolve("pom.xml"));
    String sample = Files.readString(SAMPLE.resolve("pom.xml"));
    for (String property : List.of("octet.version", "junit.version")) {
      assertEquals(property(root, property), property(sample, property), property);
    }
    Map<String, String> ours = plugins(root);
    Map<String, String> theirs = plugins(sample);
    assertTrue(theirs.size() > 2, theirs.toString());
    theirs.forEach((plugin, version) -> assertEquals(ours.get(plugin), version, plugin));
  }

  private static String property(String pom, String name) {
    Matcher found = Pattern.compile("<" + Pattern.quote(name) + ">(.*?)</").matcher(pom);
    assertTrue(found.find(), name);
    return found.group(1);
  }

  private static Map<String, String> plugins(String pom) {
    Map<String, String> versions = new TreeMap<>();
    Pattern.compile("<artifactId>(maven-[a-z-]+)</artifactId>\\s*<version>(.*?)</version>")
        .matcher(pom)
        .results()
        .forEach(plugin -> versions.put(plugin.group(1), plugin.group(2)));
    return versions;
  }
}

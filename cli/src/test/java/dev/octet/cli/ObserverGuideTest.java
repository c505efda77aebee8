package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Graph;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/observers.md compiles against the API alone and does what the page says. */
class ObserverGuideTest {

  private static final Path PAGE = Path.of("..", "docs", "observers.md");
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  private static final String PROVIDER =
      """
      package acme;
      import dev.octet.api.graph.Node;
      import dev.octet.api.observer.ObserverKind;
      import dev.octet.api.option.*;
      import dev.octet.api.provider.*;
      import dev.octet.api.quantizer.*;
      import dev.octet.api.spec.*;
      import java.util.*;

      @BuiltFor(ApiVersion.CURRENT)
      public final class Provider implements QuantizerProvider {
        public String name() { return "acme"; }
        public String description() { return "a backend from elsewhere"; }
        public List<Capability> capabilities(Options options) { return List.of(); }
        public List<OptionDescriptor> options() {
          return List.of(
              OptionDescriptor.text("observer", "The observer."),
              OptionDescriptor.flag("multiples", "Whether a result is marked, too."));
        }
      %s
        public Quantizer create(Options options) {
          ObserverSpec observer =
              new ObserverSpec(options.word("observer"), new TreeMap<>());
          QuantizationSpec spec =
              QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8)).withObserver(observer);
          boolean multiples = options.values().containsKey("multiples");
          return new Quantizer() {
            public void annotate(AnnotationContext context) {
              Node hidden = context.graph().node("hidden").orElseThrow();
              context.claim("hidden", List.of(hidden));
              context.markOperand(hidden, 0, spec);
              if (multiples) {
                context.markResult(hidden, 0, spec);
              }
            }
            public void adjustParameters(ParameterPlan plan) {
              if (multiples) {
                new Multiples().adjustParameters(plan);
              }
            }
          };
        }
      }
      """;

  @TempDir Path folder;
  private CommandFixture octet;
  private String jar = "";

  @BeforeEach
  void buildWhatThePageSays() throws Exception {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
    octet.writeTwoParts();
    List<String> blocks =
        BLOCK.matcher(Files.readString(PAGE)).results().map(m -> m.group(1)).toList();
    assertEquals(6, blocks.size());
    jar =
        CommandFixture.vendor("acme", PROVIDER.formatted(blocks.get(5)))
            .source("acme.Share", blocks.get(0))
            .source("acme.Kept", blocks.get(1))
            .source("acme.Third", blocks.get(2))
            .source("acme.Multiples", blocks.get(3))
            .source("acme.Average", blocks.get(4))
            .build(folder, "acme.jar")
            .toString();
  }

  private Result run(String... words) {
    Stream<String> more = Stream.of("--json", "--class-path", jar);
    return octet.run(Stream.concat(Stream.of(words), more).toArray(String[]::new));
  }

  private void plan(String observer, String... more) {
    Stream<String> words =
        Stream.of(
            "plan",
            "@m.onnx",
            "--backend",
            "acme",
            "--option",
            "observer=" + observer,
            "-o",
            "@p.json");
    Result result = run(Stream.concat(words, Stream.of(more)).toArray(String[]::new));
    assertEquals(0, result.exitCode(), result.err());
  }

  private Result convert() {
    Result converted =
        run(
            "convert",
            "@m.onnx",
            "--plan",
            "@p.json",
            "--calibration",
            "@x.calib",
            "-o",
            "@q.onnx");
    assertEquals(0, converted.exitCode(), converted.err());
    return converted;
  }

  private void calibrate(String data, int threads, String output) {
    Result result =
        run(
            "calibrate",
            "@m.onnx",
            "--plan",
            "@p.json",
            "--data",
            data,
            "--threads",
            Integer.toString(threads),
            "-o",
            output);
    assertEquals(0, result.exitCode(), result.err());
  }

  private List<Tree> range(String file, String bound) {
    return range(file, "in", bound);
  }

  private List<Tree> range(String file, String group, String field) {
    Tree.Mapping parameters = run("inspect", file).json().get("parameters").asMapping();
    return parameters.get(group).asMapping().get(field).asItems();
  }

  @Test
  void theShareIsMergedToTheSameBytes() throws Exception {
    plan("acme-share");
    calibrate("@d.yaml", 3, "@whole.calib");
    calibrate("@first.yaml", 1, "@a.calib");
    calibrate("@rest.yaml", 2, "@b.calib");
    assertEquals(0, run("merge", "@b.calib", "@a.calib", "-o", "@all.calib").exitCode());
    assertArrayEquals(
        Files.readAllBytes(octet.file("whole.calib")), Files.readAllBytes(octet.file("all.calib")));
    // x runs from -11 to 12.
    assertEquals(List.of(Tree.of(-5.5)), range("@all.calib", "rangeMin"));
    assertEquals(List.of(Tree.of(6L)), range("@all.calib", "rangeMax"));
  }

  @Test
  void whatBuildsOnAnObserverOfOctetsIsMergedToTheSameBytes() throws Exception {
    plan("acme-kept");
    calibrate("@d.yaml", 3, "@whole.calib");
    calibrate("@first.yaml", 1, "@a.calib");
    calibrate("@rest.yaml", 2, "@b.calib");
    assertEquals(0, run("merge", "@b.calib", "@a.calib", "-o", "@all.calib").exitCode());
    assertArrayEquals(
        Files.readAllBytes(octet.file("whole.calib")), Files.readAllBytes(octet.file("all.calib")));
    assertEquals(List.of(Tree.of(-11L)), range("@all.calib", "rangeMin"));
    assertEquals(List.of(Tree.of(12L)), range("@all.calib", "rangeMax"));
  }

  @Test
  void scaleAndZeroPointAreWhatTheObserverGives() {
    plan("acme-third");
    calibrate("@d.yaml", 2, "@x.calib");
    assertEquals(List.of(Tree.of(12f / 124)), range("@x.calib", "scale"));
    assertEquals(List.of(Tree.of(3L)), range("@x.calib", "zeroPoint"));
    convert();
    Graph graph = new OnnxFormat().read(octet.file("q.onnx")).graph();
    assertArrayEquals(new float[] {12f / 124}, graph.initializers().get("in_scale").floats());
    assertEquals(3, graph.initializers().get("in_zero_point").integers()[0]);
  }

  @Test
  void aScaleIsAWholeMultipleOfAnother() {
    plan("acme-share", "--option", "multiples=true");
    calibrate("@d.yaml", 2, "@x.calib");
    List<Tree> findings = convert().json().get("findings").asItems();
    assertEquals(
        List.of("OCT-CONV-104"),
        findings.stream().map(finding -> finding.asMapping().get("id").asText()).toList());
    Graph graph = new OnnxFormat().read(octet.file("q.onnx")).graph();
    float unit = graph.initializers().get("in_scale").floats()[0];
    // Half of -11 to 12, in 255 steps; of the result, what calibration gave is between.
    assertEquals(11.5f / 255, unit);
    float given = range("@x.calib", "h", "scale").get(0).asNumber().floatValue();
    assertEquals(
        (float) Math.ceil(given / unit) * unit, graph.initializers().get("h_scale").floats()[0]);
  }

  @Test
  void theAverageSeesTheSamplesInOrderOnAnyNumberOfThreads() throws Exception {
    plan("acme-average");
    calibrate("@first.yaml", 1, "@one.calib");
    calibrate("@first.yaml", 4, "@four.calib");
    assertArrayEquals(
        Files.readAllBytes(octet.file("one.calib")), Files.readAllBytes(octet.file("four.calib")));
    // The largest values of the five samples are 1, 2, 3, 4, 5; the smallest 0, -1, -2, -3, -4.
    assertEquals(List.of(Tree.of(4.0625)), range("@four.calib", "rangeMax"));
    assertEquals(List.of(Tree.of(-3.0625)), range("@four.calib", "rangeMin"));
    Result merged = run("merge", "@one.calib", "@four.calib", "-o", "@all.calib");
    assertEquals("OCT-CAL-018", merged.errorId());
  }
}

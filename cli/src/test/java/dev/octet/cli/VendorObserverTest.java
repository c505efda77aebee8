package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A jar that was compiled against the API alone brings observers. */
class VendorObserverTest {

  static final String SOURCE =
      """
      package acme;
      import dev.octet.api.graph.*;
      import dev.octet.api.observer.*;
      import dev.octet.api.observer.ValueObserver;
      import dev.octet.api.option.*;
      import dev.octet.api.provider.*;
      import dev.octet.api.quantizer.*;
      import dev.octet.api.spec.*;
      import dev.octet.api.tree.Tree;
      import java.util.*;

      @BuiltFor(ApiVersion.CURRENT)
      public final class Provider implements QuantizerProvider {
        private static final List<OptionDescriptor> OPTIONS = List.of(
            OptionDescriptor.text("observer", "The observer.").defaultValue("acme-half"),
            OptionDescriptor.text("mode", "The mode.").defaultValue("STATIC"));
        public String name() { return "acme"; }
        public String description() { return "a backend from elsewhere"; }
        public List<OptionDescriptor> options() { return OPTIONS; }
        public List<Capability> capabilities(Options options) { return List.of(); }
        public List<ObserverKind> observers() { return List.of(new Half(), new Last()); }
        public Quantizer create(Options given) {
          Options options = given.resolve("acme", OPTIONS);
          Mode mode = Mode.valueOf(options.word("mode"));
          ObserverSpec observer =
              new ObserverSpec(options.word("observer"), new TreeMap<>());
          QuantizationSpec spec = QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8)).withObserver(observer).withMode(mode);
          return context -> {
            for (Node node : context.graph().nodes()) {
              if (node.op().is("Gemm")) {
                context.claim("gemm", List.of(node));
                context.markOperand(node, 0, spec);
              }
            }
          };
        }
      }

      /** Half of the observed range. */
      final class Half implements ObserverKind {
        public ObserverDescriptor descriptor() {
          return ObserverDescriptor.of("acme-half", "Halves the range.");
        }
        public ValueObserver create(ObserverContext context) {
          return new ValueObserver() {
            private Extremes seen = Extremes.NONE;
            private boolean any;
            public void observe(float[] data, int from, int count, ChannelLayout layout) {
              seen = seen.plus(Extremes.of(data, from, layout, 0));
              any = true;
            }
            public List<ChannelStatistics> statistics() {
              return any ? List.of(seen) : List.of();
            }
          };
        }
        public Range range(RangeContext context, ChannelStatistics seen) {
          return new Range(seen.min() / 2, seen.max() / 2);
        }
      }

      /** The range of the last sample. */
      final class Last implements ObserverKind {
        record Seen(Extremes extremes, float low, float high) implements ChannelStatistics {
          public Tree.Mapping state() {
            return Tree.of(new TreeMap<>(Map.of("high", Tree.of(high), "low", Tree.of(low))));
          }
        }
        public ObserverDescriptor descriptor() {
          return ObserverDescriptor.of("acme-last", "Takes the last sample.").dependingOnOrder();
        }
        public ValueObserver create(ObserverContext context) {
          return new ValueObserver() {
            private Extremes seen = Extremes.NONE;
            private List<ChannelStatistics> kept = List.of();
            public void observe(float[] data, int from, int count, ChannelLayout layout) {
              Extremes sample = Extremes.of(data, from, layout, 0);
              seen = seen.plus(sample);
              kept = List.of(new Seen(seen, sample.min(), sample.max()));
            }
            public List<ChannelStatistics> statistics() { return kept; }
          };
        }
        public ChannelStatistics restore(
      ObserverContext context, Extremes seen, Tree.Mapping state) {
          return new Seen(seen, state.get("low").asNumber().floatValue(),
              state.get("high").asNumber().floatValue());
        }
        public Range range(RangeContext context, ChannelStatistics seen) {
          return new Range(((Seen) seen).low(), ((Seen) seen).high());
        }
      }
      """;

  @TempDir Path folder;
  private CommandFixture octet;
  private String jar = "";

  @BeforeEach
  void build() throws Exception {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
    octet.writeTwoParts();
    jar = CommandFixture.vendor("acme", SOURCE).build(folder, "acme.jar").toString();
  }

  private Result run(String... words) {
    Stream<String> more = Stream.of("--json", "--class-path", jar);
    return octet.run(Stream.concat(Stream.of(words), more).toArray(String[]::new));
  }

  private Result plan(String observer) {
    return run(
        "plan",
        "@m.onnx",
        "--backend",
        "acme",
        "--option",
        "observer=" + observer,
        "-o",
        "@p.json");
  }

  private Result calibrate(String data, String threads, String output) {
    return run(
        "calibrate",
        "@m.onnx",
        "--plan",
        "@p.json",
        "--data",
        data,
        "--threads",
        threads,
        "-o",
        output);
  }

  private static void assertDone(Result result) {
    assertEquals(0, result.exitCode(), result.out() + result.err());
  }

  @Test
  void anOrderDependentObserverGoesThroughEveryCommandButMerge() throws Exception {
    assertDone(plan("acme-last"));
    assertDone(calibrate("@d.yaml", "1", "@one.calib"));
    assertDone(calibrate("@d.yaml", "4", "@four.calib"));
    byte[] one = Files.readAllBytes(octet.file("one.calib"));
    assertArrayEquals(one, Files.readAllBytes(octet.file("four.calib")));
    assertDone(
        run(
            "convert",
            "@m.onnx",
            "--plan",
            "@p.json",
            "--calibration",
            "@one.calib",
            "-o",
            "@c.onnx"));
    assertDone(
        run(
            "quantize",
            "@m.onnx",
            "--backend",
            "acme",
            "--option",
            "observer=acme-last",
            "--data",
            "@d.yaml",
            "--threads",
            "2",
            "-o",
            "@q.onnx"));
    assertArrayEquals(
        Files.readAllBytes(octet.file("c.onnx")), Files.readAllBytes(octet.file("q.onnx")));
    Result merged = run("merge", "@one.calib", "@four.calib", "-o", "@all.calib");
    assertEquals(2, merged.exitCode());
    assertEquals("OCT-CAL-018", merged.errorId());
    assertFalse(Files.exists(octet.file("all.calib")));
  }

  @Test
  void aMergeableObserverMergesToTheSameBytes() throws Exception {
    assertDone(plan("acme-half"));
    assertDone(calibrate("@d.yaml", "3", "@whole.calib"));
    assertDone(calibrate("@first.yaml", "1", "@a.calib"));
    assertDone(calibrate("@rest.yaml", "2", "@b.calib"));
    assertDone(run("merge", "@b.calib", "@a.calib", "-o", "@all.calib"));
    assertArrayEquals(
        Files.readAllBytes(octet.file("whole.calib")), Files.readAllBytes(octet.file("all.calib")));
  }

  @Test
  void inspectKnowsTheObserversOfTheBackendsThatAreFound() {
    assertDone(plan("acme-last"));
    assertDone(calibrate("@d.yaml", "1", "@x.calib"));
    Tree.Mapping first =
        run("inspect", "@x.calib")
            .json()
            .get("parameters")
            .asMapping()
            .entries()
            .values()
            .iterator()
            .next()
            .asMapping();
    // The last sample of x is 0, 0, 12, -11; the largest value of all is 12 as well.
    assertEquals(-11, first.get("rangeMin").asItems().get(0).asInt());
    assertEquals(12, first.get("rangeMax").asItems().get(0).asInt());
    Result alone = octet.run("inspect", "@x.calib", "--json");
    assertEquals(3, alone.exitCode());
    assertEquals("OCT-CAL-001", alone.errorId());
    assertTrue(alone.err().contains("acme-last"), alone.err());
  }

  @Test
  void anUnknownObserverIsNamedBeforeASampleRunsAndNothingIsWritten() throws Exception {
    Result result = plan("acme-halve");
    assertEquals(4, result.exitCode(), result.err());
    assertEquals("OCT-CAL-001", result.errorId());
    List<Tree> candidates = result.json().get("error").asMapping().get("candidates").asItems();
    assertEquals(Tree.of("acme-half"), candidates.get(0));
    assertFalse(Files.exists(octet.file("p.json")));
    assertDone(plan("acme-half"));
    String text = Files.readString(octet.file("p.json"));
    octet.write("p.json", text.replace("acme-half\"", "acme-halve\""));
    Result edited = calibrate("@d.yaml", "1", "@x.calib");
    assertEquals("OCT-CAL-001", edited.errorId());
    assertFalse(Files.exists(octet.file("x.calib")));
  }

  @Test
  void aNameThatOctetHasIsRefused() throws Exception {
    Path other =
        CommandFixture.vendor(
                "clash",
                SOURCE
                    .replace("package acme", "package clash")
                    .replace("\"acme\"", "\"clash\"")
                    .replace("acme-half", "min-max"))
            .build(folder, "clash.jar");
    String[] plan = {
      "plan", "@m.onnx", "--backend", "clash", "-o", "@p.json", "--json", "--class-path"
    };
    Result result =
        octet.run(
            Stream.concat(Stream.of(plan), Stream.of(other.toString())).toArray(String[]::new));
    assertEquals(5, result.exitCode(), result.err());
    assertEquals("OCT-CAL-020", result.errorId());
  }

  @Test
  void anObserverOfDynamicPointsAndQuantizationAwarePointsAreOnlyPlanned() {
    Map<String, String> errors =
        Map.of("DYNAMIC", "OCT-CONV-019", "QUANTIZATION_AWARE", "OCT-CONV-001");
    for (String mode : new TreeSet<>(errors.keySet())) {
      String option = "mode=" + mode;
      assertDone(run("plan", "@m.onnx", "--backend", "acme", "--option", option, "-o", "@p.json"));
      Result calibrated = calibrate("@d.yaml", "1", "@x.calib");
      Result quantized =
          run(
              "quantize",
              "@m.onnx",
              "--backend",
              "acme",
              "--option",
              option,
              "--data",
              "@d.yaml",
              "--keep",
              "@kept",
              "-o",
              "@q.onnx");
      for (Result result : List.of(calibrated, quantized)) {
        assertEquals(4, result.exitCode(), result.err());
        assertEquals(errors.get(mode), result.errorId());
        assertTrue(result.err().contains("node 'hidden'"), result.err());
      }
      for (String file : List.of("x.calib", "q.onnx", "kept")) {
        assertFalse(Files.exists(octet.file(file)), file);
      }
    }
  }

  @Test
  void thePageOfTheBackendShowsItsObservers() {
    List<Tree> observers = run("backends", "acme").json().get("observers").asItems();
    assertEquals("acme-last", observers.get(1).asMapping().get("name").asText());
    assertTrue(observers.get(1).asMapping().get("orderDependent").asBoolean());
    String page = octet.run("backends", "acme", "--class-path", jar).out();
    assertTrue(page.contains("acme-half: Halves the range."), page);
  }
}

package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.backend.cpu.CpuProvider;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Causal attention whose mask is a number far below every logit, in the styles of exporters. */
class AttentionMaskTest {

  private static final int HEADS = 2;
  private static final int WIDTH = 16;
  private static final OnnxFormat ONNX = new OnnxFormat();

  /** How a mask comes to the logits. */
  enum Style {
    CONSTANT_OF_1E4,
    CONSTANT_OF_INFINITY,
    WHERE_LOWEST_FLOAT,
    INPUT_OF_1E9,
    INPUT_OF_INFINITY,
    COMPUTED_OF_1E4,
    BEFORE_THE_SCALE,
    WITH_THE_SIZES_READ,
    CLIPPED,
    BESIDE_A_SINK,
    IN_TWO_PARTS,
    LOGARITHMS_OF_INFINITY,
    SPELT_OUT_OF_INFINITY
  }

  private static final Set<Style> HANDED_ON =
      EnumSet.of(
          Style.BEFORE_THE_SCALE,
          Style.WITH_THE_SIZES_READ,
          Style.CLIPPED,
          Style.BESIDE_A_SINK,
          Style.IN_TWO_PARTS);

  /** Where Exp gives floats, which are not rounded to zero. */
  private static final Set<Style> FLOAT_WEIGHTS =
      EnumSet.of(Style.LOGARITHMS_OF_INFINITY, Style.SPELT_OUT_OF_INFINITY);

  @ParameterizedTest
  @EnumSource(Style.class)
  void sixteenPositionsKeepThirtyDecibels(Style style) {
    Attention attention = new Attention(style, 16);
    QuantizedModel quantized = attention.quantized("cpu");
    for (String runtime : List.of("cpu", "onnxruntime")) {
      assertTrue(attention.sqnr(quantized.model(), runtime) >= 30, style + " in " + runtime);
    }
    float weight = new Attention(style, 16, List.of("y", "p")).largestMaskedWeight();
    assertTrue(weight <= (FLOAT_WEIGHTS.contains(style) ? 1f / 512 : 0), style + ": " + weight);
    assertTrue(ids(quantized).contains("OCT-CONV-106"), style.toString());
    assertEquals(1, ids(quantized).stream().distinct().count(), ids(quantized).toString());
  }

  @ParameterizedTest
  @CsvSource({"64", "256"})
  void isWithinTwoDecibelsOfAMaskThatNeedsNoRange(int positions) {
    for (Style style : List.of(Style.CONSTANT_OF_1E4, Style.WHERE_LOWEST_FLOAT)) {
      Attention attention = new Attention(style, positions);
      double found = attention.sqnr(attention.quantized("cpu").model(), "cpu");
      double ideal = attention.sqnr(attention.withFloatMask().model(), "cpu");
      System.out.printf(
          Locale.ROOT,
          "%d positions, %s: %.1f dB, ideal %.1f dB%n",
          positions,
          style,
          found,
          ideal);
      assertTrue(found >= ideal - 2, found + " and " + ideal);
    }
  }

  @Test
  void whatFollowsUpstreamsDecisionsNamesTheSum() {
    QuantizedModel quantized = new Attention(Style.CONSTANT_OF_1E4, 16).quantized("xnnpack");
    Finding finding =
        quantized.report().findings().stream()
            .filter(f -> f.id().equals("OCT-CONV-107"))
            .findFirst()
            .orElseThrow();
    assertEquals(Finding.Severity.WARNING, finding.severity());
    assertEquals(Optional.of("mask"), finding.node());
    assertTrue(finding.message().contains("0 steps are left for the logits"), finding.message());
  }

  @Test
  void logitsThatSomebodyElseReadsKeepTheirRange() {
    Attention attention = new Attention(Style.CONSTANT_OF_1E4, 4, List.of("y", "t"));
    QuantizedModel quantized = attention.quantized("cpu");
    assertTrue(!ids(quantized).contains("OCT-CONV-106"), ids(quantized).toString());
  }

  @Test
  void partsOfTheDataAddUpToTheWhole() {
    Attention attention = new Attention(Style.CONSTANT_OF_INFINITY, 5);
    Attention other = attention.with(new Random(9));
    Plan plan = attention.plan("cpu");
    Calibration first = attention.calibration(plan);
    Calibration second = other.calibration(plan);
    Calibration both = Calibration.merge(List.of(second, first));
    assertEquals(both.contentHash(), Calibration.merge(List.of(first, second)).contentHash());
    Map<String, Tensor> together = new TreeMap<>();
    attention.inputs.forEach(
        (name, tensor) -> together.put(name, stacked(tensor, other.inputs.get(name))));
    Calibration whole = attention.calibration(plan, together);
    assertEquals(whole.groups(), both.groups());
    assertTrue(
        whole.groups().stream()
            .anyMatch(group -> group.logits().filter(l -> l.rows() && l.cut() > 0).isPresent()));
  }

  private static Tensor stacked(Tensor a, Tensor b) {
    float[] both = new float[2 * a.floats().length];
    System.arraycopy(a.floats(), 0, both, 0, both.length / 2);
    System.arraycopy(b.floats(), 0, both, both.length / 2, both.length / 2);
    long[] sizes = a.sizes();
    sizes[0] = 2;
    return Tensor.of(both, sizes);
  }

  private static List<String> ids(QuantizedModel quantized) {
    return quantized.report().findings().stream()
        .map(Finding::id)
        .filter(id -> !id.equals("OCT-CAL-101"))
        .toList();
  }

  /** A model and its data. */
  private static final class Attention {
    private final Style style;
    private final int positions;
    private final Model model;
    private final Map<String, Tensor> inputs;

    Attention(Style style, int positions) {
      this(style, positions, List.of("y"));
    }

    Attention(Style style, int positions, List<String> outputs) {
      this(style, positions, model(style, positions, outputs), new Random(positions));
    }

    private Attention(Style style, int positions, Model model, Random random) {
      this.style = style;
      this.positions = positions;
      this.model = model;
      this.inputs = new LinkedHashMap<>();
      inputs.put("q", gaussian(random, positions, WIDTH));
      inputs.put("k", gaussian(random, WIDTH, positions));
      inputs.put("v", gaussian(random, positions, WIDTH));
      if (style == Style.INPUT_OF_1E9) {
        inputs.put("m", mask(positions, -1e9f));
      }
      if (style == Style.INPUT_OF_INFINITY) {
        inputs.put("m", mask(positions, Float.NEGATIVE_INFINITY));
      }
      if (style == Style.COMPUTED_OF_1E4) {
        inputs.put("m", mask(positions, 1));
      }
    }

    Attention with(Random random) {
      return new Attention(style, positions, model, random);
    }

    Plan plan(String backend) {
      QuantizerProvider provider =
          QuantizerCatalog.discover(getClass().getClassLoader()).provider(backend);
      return Quantization.plan(QuantizationRequest.of(model, provider));
    }

    Calibration calibration(Plan plan) {
      return calibration(plan, inputs);
    }

    Calibration calibration(Plan plan, Map<String, Tensor> data) {
      return Quantization.calibrate(
          plan, DataSource.of(plan.prepared().model().graph(), data), Execution.threads(1));
    }

    QuantizedModel quantized(String backend) {
      Plan plan = plan(backend);
      return Quantization.convert(plan, calibration(plan));
    }

    /** The same, but for the mask and the Softmax: they need no integers. */
    QuantizedModel withFloatMask() {
      BackendRules all = new CpuProvider().rules(Options.of("observer", "min-max"));
      BackendRules rules =
          new BackendRules(
              "cpu",
              all.rules().stream()
                  .filter(r -> !List.of("softmax", "element-wise").contains(r.name()))
                  .toList(),
              all.boundary());
      QuantizerProvider provider = QuantizerProvider.of("ideal", rules.quantizer());
      Plan plan = Quantization.plan(QuantizationRequest.of(model, provider));
      return Quantization.convert(plan, calibration(plan));
    }

    double sqnr(Model quantized, String runtime) {
      float[] wanted = run(model, "cpu").get("y").floats();
      float[] found = run(quantized, runtime).get("y").floats();
      double signal = 0;
      double noise = 0;
      for (int i = 0; i < wanted.length; i++) {
        signal += (double) wanted[i] * wanted[i];
        noise += ((double) wanted[i] - found[i]) * ((double) wanted[i] - found[i]);
      }
      return 10 * Math.log10(signal / noise);
    }

    /** Of a model whose probabilities are an output. */
    float largestMaskedWeight() {
      float[] weights = run(quantized("cpu").model(), "cpu").get("p").floats();
      float largest = 0;
      for (int i = 0; i < weights.length; i++) {
        boolean masked = i % positions > i / positions % positions;
        largest = masked ? Math.max(largest, weights[i]) : largest;
      }
      return largest;
    }

    private Map<String, Tensor> run(Model any, String runtime) {
      QuantizerCatalog catalog =
          QuantizerCatalog.discover(AttentionMaskTest.class.getClassLoader());
      Model read = ONNX.read(ONNX.toBytes(any), "model");
      try (ExecutableModel loaded =
          catalog.runtime(runtime).load(LoadRequest.of(read, Parallelism.threads(1)))) {
        return loaded.run(inputs);
      }
    }

    private static Model model(Style style, int positions, List<String> outputs) {
      Map<String, Tensor> constants = new LinkedHashMap<>();
      List<Node> nodes = new ArrayList<>();
      List<ValueInfo> inputs = new ArrayList<>();
      inputs.add(CommandFixture.value("q", "N", HEADS, positions, WIDTH));
      inputs.add(CommandFixture.value("k", "N", HEADS, WIDTH, positions));
      inputs.add(CommandFixture.value("v", "N", HEADS, positions, WIDTH));
      constants.put("scale", Tensor.of(new float[] {0.25f}));
      nodes.add(node("scores", "MatMul", "s0", "q", "k"));
      boolean scaledLater = style == Style.BEFORE_THE_SCALE;
      String s = scaledLater ? "s0" : "s";
      if (!scaledLater) {
        nodes.add(node("scaled", "Mul", "s", "s0", "scale"));
      }
      switch (style) {
        case CONSTANT_OF_1E4,
            BEFORE_THE_SCALE,
            WITH_THE_SIZES_READ,
            CLIPPED,
            BESIDE_A_SINK,
            IN_TWO_PARTS ->
            constants.put("m", mask(positions, -1e4f));
        case CONSTANT_OF_INFINITY, LOGARITHMS_OF_INFINITY, SPELT_OUT_OF_INFINITY ->
            constants.put("m", mask(positions, Float.NEGATIVE_INFINITY));
        case INPUT_OF_1E9, INPUT_OF_INFINITY ->
            inputs.add(CommandFixture.value("m", "N", 1, positions, positions));
        case COMPUTED_OF_1E4 -> {
          inputs.add(CommandFixture.value("m", "N", 1, positions, positions));
          constants.put("far", Tensor.of(new float[] {-1e4f}));
          nodes.add(node("numbers", "Mul", "mask", "m", "far"));
        }
        case WHERE_LOWEST_FLOAT -> {
          boolean[] kept = new boolean[positions * positions];
          for (int i = 0; i < kept.length; i++) {
            kept[i] = i % positions <= i / positions;
          }
          constants.put("kept", Tensor.of(kept, positions, positions));
          constants.put("far", Tensor.of(new float[] {-Float.MAX_VALUE}));
        }
      }
      String added = HANDED_ON.contains(style) ? "t0" : "t";
      nodes.add(
          style == Style.WHERE_LOWEST_FLOAT
              ? node("mask", "Where", added, "kept", s, "far")
              : node("mask", "Add", added, s, style == Style.COMPUTED_OF_1E4 ? "mask" : "m"));
      nodes.addAll(handedOn(style, constants));
      nodes.addAll(probabilities(style, constants));
      nodes.add(node("mix", "MatMul", "y", "p", "v"));
      List<ValueInfo> results =
          outputs.stream()
              .map(
                  name ->
                      CommandFixture.value(
                          name, "N", HEADS, positions, name.equals("y") ? WIDTH : positions))
              .toList();
      Graph graph = new Graph("g", inputs, results, constants, nodes, Map.of(), Optional.empty());
      return ONNX.read(ONNX.toBytes(Model.of(graph, 17)), "float");
    }

    /** From the sum or choice to what the Softmax reads. */
    private static List<Node> handedOn(Style style, Map<String, Tensor> constants) {
      constants.put("first", Tensor.of(new long[] {0}, 1));
      constants.put("second", Tensor.of(new long[] {1}, 1));
      constants.put("keys", Tensor.of(new long[] {3}, 1));
      constants.put("least", Tensor.of(new float[] {-1e9f}));
      return switch (style) {
        case BEFORE_THE_SCALE -> List.of(node("scaled", "Mul", "t", "t0", "scale"));
        case WITH_THE_SIZES_READ ->
            List.of(
                node("sizes", "Shape", "sizes", "t0"),
                node("reshaped", "Reshape", "t", "t0", "sizes"));
        case CLIPPED -> List.of(node("clip", "Clip", "t", "t0", "least"));
        case BESIDE_A_SINK ->
            List.of(
                node("sink", "Slice", "sink", "t0", "first", "second", "keys"),
                along("beside", "Concat", 3, List.of("t0", "sink"), List.of("t")));
        case IN_TWO_PARTS ->
            List.of(
                along("split", "Split", 1, List.of("t0"), List.of("h0", "h1")),
                along("joined", "Concat", 1, List.of("h1", "h0"), List.of("t")));
        default -> List.of();
      };
    }

    private static List<Node> probabilities(Style style, Map<String, Tensor> constants) {
      constants.put("last", Tensor.of(new long[] {-1}, 1));
      return switch (style) {
        case BESIDE_A_SINK ->
            List.of(
                node("softmax", "Softmax", "p0", "t"),
                node("some", "Slice", "p", "p0", "first", "last", "keys"));
        case LOGARITHMS_OF_INFINITY ->
            List.of(node("softmax", "LogSoftmax", "l", "t"), node("exp", "Exp", "p", "l"));
        case SPELT_OUT_OF_INFINITY ->
            List.of(
                Node.of(
                    "largest",
                    OpType.onnx("ReduceMax"),
                    List.of("t"),
                    List.of("largest"),
                    Attribute.of("axes", List.of(-1L))),
                node("below", "Sub", "below", "t", "largest"),
                node("exp", "Exp", "e", "below"),
                node("sum", "ReduceSum", "sum", "e", "last"),
                node("softmax", "Div", "p", "e", "sum"));
        default -> List.of(node("softmax", "Softmax", "p", "t"));
      };
    }

    private static Node along(
        String name, String op, long axis, List<String> operands, List<String> results) {
      return Node.of(name, OpType.onnx(op), operands, results, Attribute.of("axis", axis));
    }

    private static Node node(String name, String op, String result, String... operands) {
      return Node.of(name, OpType.onnx(op), List.of(operands), List.of(result));
    }

    /** 0 for a key up to the position, a number for those that follow. */
    private static Tensor mask(int positions, float number) {
      float[] mask = new float[positions * positions];
      for (int i = 0; i < mask.length; i++) {
        mask[i] = i % positions <= i / positions ? 0 : number;
      }
      return Tensor.of(mask, 1, 1, positions, positions);
    }

    private static Tensor gaussian(Random random, int rows, int columns) {
      float[] values = new float[HEADS * rows * columns];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return Tensor.of(values, 1, HEADS, rows, columns);
    }
  }
}

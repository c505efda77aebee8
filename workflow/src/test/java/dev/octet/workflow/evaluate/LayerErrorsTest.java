package dev.octet.workflow.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Tree;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.run.NamedRuntime;
import dev.octet.workflow.source.Int8DynActInt4WeightQuantizer;
import dev.octet.workflow.source.Int8WeightOnlyConfig;
import dev.octet.workflow.source.SourceQuantization;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayerErrorsTest {

  private static final NamedRuntime CPU = NamedRuntime.of("cpu", new ReferenceRuntime());

  /** What is lost where 1.25 became 1. */
  private static final double FIFTH = 10 * Math.log10(1.25 * 1.25 / (0.25 * 0.25));

  private static Models stored(Models models, String name, float... weights) {
    byte[] integers = new byte[weights.length];
    for (int i = 0; i < weights.length; i++) {
      integers[i] = (byte) weights[i];
    }
    return models
        .constant(name + "_q", Tensor.of(DataType.INT8, integers, 2, 2))
        .constant("one_" + name, Tensor.of(new float[] {1}))
        .node("dq_" + name, "DequantizeLinear", List.of(name + "_q", "one_" + name), name);
  }

  private static Models start() {
    return new Models().samples("x", 2).output("y", 2);
  }

  private static Models chain(Models models) {
    return models
        .node("first", "MatMul", List.of("x", "w"), "a")
        .node("shift", "Relu", List.of("a"), "b")
        .node("second", "MatMul", List.of("b", "v"), "y");
  }

  private static LayerErrors layers(Model model, Model reference, float... samples) {
    DataSource data =
        DataSource.of(reference.graph(), Map.of("x", Tensor.of(samples, samples.length / 2, 2)));
    return Evaluation.withLayers(CPU, model, reference, data, Execution.threads(1))
        .layers()
        .orElseThrow();
  }

  private static final Tensor QUARTERS = Tensor.of(new float[] {1.25f, 0, 0, 1.25f}, 2, 2);
  private static final Tensor IDENTITY = Tensor.of(new float[] {1, 0, 0, 1}, 2, 2);

  @Test
  void saysHowFarEveryLayerIsWithWhatIsBeforeItQuantizedToo() {
    Model reference = chain(start().constant("w", QUARTERS).constant("v", IDENTITY)).model(13);
    Models models = stored(stored(start(), "w", 1, 0, 0, 1), "v", 1, 0, 0, 1);
    List<LayerError> errors = layers(chain(models).model(13), reference, 1, 2, 3, 4).list();
    LayerError first = errors.get(0);
    assertEquals("first", first.node());
    assertTrue(first.input().isEqual());
    assertEquals(FIFTH, first.weight().orElseThrow().decibels(), 1e-9);
    assertEquals(FIFTH, first.result().decibels(), 1e-9);
    assertEquals(FIFTH, first.read().decibels(), 1e-9);
    assertEquals(Optional.of("second"), first.reader());
    // Of what is exact a good layer gives 25 dB.
    assertEquals(25 - FIFTH, first.dropDb(), 1e-9);
    LayerError second = errors.get(1);
    assertEquals(FIFTH, second.input().decibels(), 1e-9);
    assertTrue(second.weight().orElseThrow().isEqual());
    assertEquals(FIFTH, second.result().decibels(), 1e-9);
    assertEquals(Optional.empty(), second.reader());
  }

  @Test
  void aFloatLayerIsNone() {
    Model reference = chain(start().constant("w", QUARTERS).constant("v", IDENTITY)).model(13);
    Models models = stored(start().constant("v", IDENTITY), "w", 1, 0, 0, 1);
    LayerErrors errors = layers(chain(models).model(13), reference, 1, 2);
    assertEquals(List.of("first"), errors.list().stream().map(LayerError::node).toList());
    // What the caller gets went through no other quantized layer.
    assertEquals(Optional.empty(), errors.list().get(0).reader());
    LayerErrors none = layers(reference, reference, 1, 2);
    assertEquals(List.of(), none.list());
    assertEquals(List.of(), none.likelyCauses());
  }

  /**
   * Logarithms of sums of squares that nearly vanish: little errors before them are large behind.
   */
  private static Models spectrum(Models models) {
    return models
        .node("re", "MatMul", List.of("x", "w"), "a")
        .node("im", "MatMul", List.of("x", "v"), "b")
        .node("aa", "Mul", List.of("a", "a"), "c")
        .node("bb", "Mul", List.of("b", "b"), "d")
        .node("power", "Add", List.of("c", "d"), "e")
        .node("mel", "MatMul", List.of("e", "u"), "f")
        .node("log", "Log", List.of("f"), "g")
        .node("head", "MatMul", List.of("g", "t"), "y");
  }

  @Test
  void namesTheLayersWhoseLittleErrorsALaterStepMagnifies() {
    float[] slightly = {100, 0.04f, 1, 0.98f};
    float[] more = {99.99f, 0.04f, 1, 0.98f};
    Models floats = start();
    for (String name : List.of("w", "v", "u", "t")) {
      floats.constant(name, Tensor.of(name.compareTo("u") > 0 ? more : slightly, 2, 2));
    }
    Models models = start();
    for (String name : List.of("w", "v", "u", "t")) {
      stored(models, name, 100, 0, 1, 1);
    }
    LayerErrors errors =
        layers(
            spectrum(models).model(13),
            spectrum(floats).model(13),
            1,
            0.001f,
            0.5f,
            0.0001f,
            2,
            0.02f);
    assertEquals(List.of("re", "im", "mel"), errors.likelyCauses(), errors.list().toString());
    LayerError mel = errors.list().get(2);
    assertEquals(Optional.of("head"), mel.reader());
    assertTrue(mel.dropDb() > 30, mel.toString());
    // What reads the little that is left is no cause, and is named beside them.
    Report report = new Report();
    errors.addTo(report);
    assertEquals(
        List.of("head"),
        report.json(true).asMapping().get("behindCauses").asItems().stream()
            .map(Tree::asText)
            .toList());
    assertTrue(
        report
            .text()
            .contains("likely causes: 're', 'im', 'mel'; first behind them: 'head' (reads "),
        report.text());
  }

  /** Random layers that all lose about the same. */
  @Test
  void blamesNobodyWhereNoLayerStandsOut() {
    Random random = new Random(5);
    Models models = new Models().samples("x", 2).output("y", 2);
    String read = "x";
    for (int i = 0; i < 6; i++) {
      float[] w = new float[4];
      for (int k = 0; k < 4; k++) {
        w[k] = (float) random.nextGaussian();
      }
      models.constant("w" + i, Tensor.of(w, 2, 2));
      String result = i == 5 ? "y" : "v" + i;
      models.node("layer" + i, "MatMul", List.of(read, "w" + i), result);
      read = result;
    }
    Model reference = models.model(21);
    Model quantized =
        Int8DynActInt4WeightQuantizer.builder().groupSize(2).build().quantize(reference).model();
    float[] samples = new float[64];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) random.nextGaussian();
    }
    LayerErrors errors = layers(quantized, reference, samples);
    assertEquals(6, errors.list().size());
    assertEquals(List.of(), errors.likelyCauses(), errors.list().toString());
    for (LayerError error : errors.list()) {
      assertFalse(error.result().isEqual());
    }
  }

  /** A result that goes through a pair is what the pair gives. */
  @Test
  void aQuantizedResultIsWhatItsReadersSee() {
    Model reference = chain(start().constant("w", IDENTITY).constant("v", IDENTITY)).model(13);
    Models models =
        stored(stored(start(), "w", 1, 0, 0, 1), "v", 1, 0, 0, 1)
            .constant("four", Tensor.of(new float[] {4}))
            .constant("zero", Tensor.of(DataType.INT8, new byte[] {0}))
            .node("first", "MatMul", List.of("x", "w"), "a")
            .node("q", "QuantizeLinear", List.of("a", "four", "zero"), "aq")
            .node("d", "DequantizeLinear", List.of("aq", "four", "zero"), "ad")
            .node("shift", "Relu", List.of("ad"), "b")
            .node("second", "MatMul", List.of("b", "v"), "y");
    List<LayerError> errors = layers(models.model(13), reference, 5, 8).list();
    // 5 became 4, and 8 stayed.
    double lost = 10 * Math.log10(25 + 64);
    assertEquals(lost, errors.get(0).result().decibels(), 1e-9);
    assertEquals(lost, errors.get(1).input().decibels(), 1e-9);
  }

  @Test
  void infinitiesGiveNoNumberAndNoCause() {
    Model reference = chain(start().constant("w", QUARTERS).constant("v", IDENTITY)).model(13);
    Models models = stored(stored(start(), "w", 1, 0, 0, 1), "v", 1, 0, 0, 1);
    LayerErrors errors =
        layers(chain(models).model(13), reference, Float.MAX_VALUE, Float.MAX_VALUE);
    assertFalse(errors.list().get(0).result().isFinite());
    assertTrue(Double.isNaN(errors.list().get(0).dropDb()), errors.list().toString());
    assertEquals(List.of(), errors.likelyCauses());
  }

  @Test
  void aWeightInAnotherFormHasNoRatioOfItsOwn() {
    Model reference = chain(start().constant("w", QUARTERS).constant("v", IDENTITY)).model(13);
    Models models = stored(stored(start(), "w", 1, 0, 0, 1), "v", 1, 0, 0, 1);
    Model quantized = chain(models).model(13);
    Map<String, Node> changed = new LinkedHashMap<>();
    quantized.graph().nodes().forEach(node -> changed.put(node.name(), node));
    changed.put(
        "first",
        Node.of(
            "first",
            OpType.onnx("Gemm"),
            List.of("x", "w"),
            List.of("a"),
            Attribute.of("transB", 1L)));
    Graph graph = quantized.graph();
    Model turned =
        quantized.withGraph(
            new Graph(
                "g",
                graph.inputs(),
                graph.outputs(),
                graph.initializers(),
                List.copyOf(changed.values()),
                Map.of(),
                Optional.empty()));
    LayerError first = layers(turned, reference, 1, 2).list().get(0);
    assertEquals(Optional.empty(), first.weight());
    assertEquals(FIFTH, first.result().decibels(), 1e-9);
  }

  private static Attribute subgraph(String name, Graph graph) {
    return new Attribute(name, new Attribute.GraphValue(graph), Optional.empty());
  }

  private static Model branching() {
    Graph then =
        new Models()
            .constant("w", QUARTERS)
            .node("within", "MatMul", List.of("x", "w"), "o")
            .output("o", 2)
            .model(21)
            .graph();
    Graph otherwise =
        new Models().node("same", "Identity", List.of("x"), "o2").output("o2", 2).model(21).graph();
    return start()
        .constant("yes", Tensor.of(new boolean[] {true}))
        .node("condition", "Identity", List.of("yes"), "c")
        .node(
            Node.of(
                "if",
                OpType.onnx("If"),
                List.of("c"),
                List.of("y"),
                subgraph("then_branch", then),
                subgraph("else_branch", otherwise)))
        .model(21);
  }

  @Test
  void saysWhichLayersOfBodiesHaveNoFigures() {
    Model reference = branching();
    Model quantized =
        SourceQuantization.quantize(reference, Int8WeightOnlyConfig.builder().build()).model();
    LayerErrors errors = layers(quantized, reference, 1, 2);
    assertEquals(List.of("within"), errors.layersInBodies());
    assertEquals(List.of(), errors.list());
    Report report = new Report();
    errors.addTo(report);
    assertTrue(
        report.text().contains("no figures of layers in bodies of If, Loop or Scan: 'within'"),
        report.text());
    assertEquals(List.of(), layers(reference, reference, 1, 2).layersInBodies());
  }
}

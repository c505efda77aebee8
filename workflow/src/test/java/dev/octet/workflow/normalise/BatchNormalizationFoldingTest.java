package dev.octet.workflow.normalise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.kernels.infer.ShapeInference;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BatchNormalizationFoldingTest {

  @Test
  void multipliesWeightsAndBiasByTheFactorOfTheirChannel() {
    NormalisedModel normalised = normalise(Models.convolution("y").output("y", 4), 13);
    Graph graph = normalised.model().graph();
    assertEquals(List.of("conv"), graph.nodes().stream().map(Node::name).toList());
    assertEquals(List.of("y"), graph.nodes().get(0).results());
    // 2 * (1 / sqrt(4)) = 1 exactly; the other factor is 0.1 * (1 / sqrt(0.7)) in float32.
    float factor = 0.1f * (1f / (float) Math.sqrt(0.7f));
    assertArrayEquals(
        new float[] {1f, 2f, 3f * factor, 4f * factor}, graph.initializers().get("w").floats());
    assertArrayEquals(
        new float[] {0.5f - 0.25f + 1f, (-1f - 0.3f) * factor + 3f},
        graph.initializers().get("b").floats());
    assertEquals(List.of("w", "b"), List.copyOf(graph.initializers().keySet()));
  }

  @Test
  void givesValuesTheTypesThatInferenceFinds() {
    Models models = Models.convolution("y").node("relu", "Relu", List.of("y"), "z").output("z", 4);
    Model model = models.model(13);
    for (String stated : List.of("none", "c", "y")) {
      ValueType type = ValueType.TensorType.of(DataType.FLOAT, Shape.of(7, 2, 3, 3));
      Map<String, ValueInfo> values =
          stated.equals("none") ? Map.of() : Map.of(stated, ValueInfo.of(stated, type));
      Graph graph = model.graph().withValues(values);
      Model normalised = Normaliser.normalise(model.withGraph(graph)).model();
      assertEquals(ShapeInference.infer(normalised).values(), normalised.graph().values());
      assertTrue(normalised.graph().type("y").isPresent());
    }
  }

  @Test
  void roundsEveryStepOnceToFloat32() {
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      float gamma = (float) random.nextGaussian();
      float variance = Math.abs((float) random.nextGaussian()) + 1e-3f;
      float epsilon = 1e-3f * random.nextFloat();
      float weight = (float) random.nextGaussian();
      Models models =
          new Models()
              .input("x", 1, 1, 1, 1)
              .constant("w", Tensor.of(new float[] {weight}, 1, 1, 1, 1))
              .vector("gamma", gamma)
              .vector("beta", 0f)
              .vector("mean", 0f)
              .vector("variance", variance)
              .node("conv", "Conv", List.of("x", "w"), "c")
              .node(
                  "bn",
                  "BatchNormalization",
                  List.of("c", "gamma", "beta", "mean", "variance"),
                  "y",
                  Attribute.of("epsilon", epsilon))
              .output("y", 4);
      Graph graph = normalise(models, 13).model().graph();
      float sum = new BigDecimal(variance).add(new BigDecimal(epsilon)).floatValue();
      float root = new BigDecimal(sum).sqrt(new MathContext(60)).floatValue();
      float inverse = BigDecimal.ONE.divide(new BigDecimal(root), new MathContext(60)).floatValue();
      float factor = new BigDecimal(gamma).multiply(new BigDecimal(inverse)).floatValue();
      float expected = new BigDecimal(weight).multiply(new BigDecimal(factor)).floatValue();
      assertEquals(expected, graph.initializers().get("w").floats()[0]);
      assertArrayEquals(new float[] {0f}, graph.initializers().get("conv_bias").floats());
    }
  }

  @Test
  void recordsWhatBecameOfTheNode() {
    NormalisedModel normalised = normalise(Models.convolution("y").output("y", 4), 13);
    assertEquals(Map.of("bn", List.of("conv")), normalised.mapping().replaced());
    assertEquals(
        List.of(
            new FoldedNode(
                "bn", OpType.onnx("BatchNormalization"), List.of("conv"), "folded into 'conv'")),
        normalised.folded());
    assertEquals(Map.of(), normalised.refusals());
  }

  /** The weights are the body's own, and the statistics those of the graph around it. */
  @Test
  void foldsInTheBodyOfAnIf() {
    Model flat = Models.convolution("y").output("y", 4).model(13);
    Map<String, Tensor> own = new LinkedHashMap<>(flat.graph().initializers());
    Map<String, Tensor> around = new LinkedHashMap<>(own);
    own.keySet().retainAll(Set.of("w", "b"));
    around.keySet().removeAll(own.keySet());
    Map<String, ValueInfo> stated =
        Map.of(
            "c", ValueInfo.of("c", ValueType.TensorType.of(DataType.FLOAT, Shape.of(1, 2, 3, 3))));
    Graph body = graph(List.of(), flat.graph().outputs(), own, flat.graph().nodes(), stated);
    Graph other =
        graph(
            List.of(),
            List.of(Models.ofRank("z", 4)),
            Map.of(),
            List.of(Node.of("id", OpType.onnx("Identity"), List.of("x"), List.of("z"))),
            Map.of());
    Node choice =
        Node.of(
            "if",
            OpType.onnx("If"),
            List.of("go"),
            List.of("out"),
            new Attribute("then_branch", new Attribute.GraphValue(body), Optional.empty()),
            new Attribute("else_branch", new Attribute.GraphValue(other), Optional.empty()));
    List<ValueInfo> inputs = new ArrayList<>(flat.graph().inputs());
    inputs.add(ValueInfo.of("go", ValueType.TensorType.of(DataType.BOOL, Shape.of())));
    Graph main = graph(inputs, List.of(Models.ofRank("out", 4)), around, List.of(choice), Map.of());
    NormalisedModel normalised = Normaliser.normalise(Model.of(main, 13));
    Graph folded =
        normalised
            .model()
            .graph()
            .node("if")
            .orElseThrow()
            .graphAttribute("then_branch")
            .orElseThrow();
    Graph expected = Normaliser.normalise(flat).model().graph();
    assertEquals(expected.nodes(), folded.nodes());
    assertEquals(expected.initializers(), folded.initializers());
    assertEquals(Set.of(), normalised.model().graph().initializers().keySet());
    assertTrue(folded.type("c").isEmpty());
    assertEquals(Map.of("bn", List.of("conv")), normalised.mapping().replaced());
    assertEquals(Map.of(), normalised.refusals());
  }

  private static Graph graph(
      List<ValueInfo> inputs,
      List<ValueInfo> outputs,
      Map<String, Tensor> constants,
      List<Node> nodes,
      Map<String, ValueInfo> values) {
    return new Graph("g", inputs, outputs, constants, nodes, values, Optional.empty());
  }

  @Test
  void foldsTwoInARow() {
    Models models =
        Models.convolution("y1")
            .vector("gamma2", 1f, 2f)
            .vector("zero", 0f, 0f)
            .vector("one", 1f, 1f)
            .node(
                "bn2",
                "BatchNormalization",
                List.of("y1", "gamma2", "zero", "zero", "one"),
                "y",
                Attribute.of("epsilon", 0f))
            .output("y", 4);
    NormalisedModel normalised = normalise(models, 13);
    assertEquals(1, normalised.model().graph().nodes().size());
    assertEquals(
        Map.of("bn", List.of("conv"), "bn2", List.of("conv")), normalised.mapping().replaced());
  }

  @Test
  void foldsIntoAGemmAlongItsOutputColumns() {
    for (long transposed : new long[] {0, 1}) {
      Models models =
          new Models()
              .input("x", 1, 3)
              .constant(
                  "w",
                  transposed == 1
                      ? Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3)
                      : Tensor.of(new float[] {1, 4, 2, 5, 3, 6}, 3, 2))
              .constant("b", Tensor.of(new float[] {1, 2}, 1, 2))
              .vector("gamma", 2f, 4f)
              .vector("zero", 0f, 0f)
              .vector("one", 1f, 1f)
              .node("fc", "Gemm", List.of("x", "w", "b"), "g", Attribute.of("transB", transposed))
              .node(
                  "bn",
                  "BatchNormalization",
                  List.of("g", "gamma", "zero", "zero", "one"),
                  "y",
                  Attribute.of("epsilon", 0f))
              .output("y", 2);
      Graph graph = normalise(models, 13).model().graph();
      assertArrayEquals(
          transposed == 1 ? new float[] {2, 4, 6, 16, 20, 24} : new float[] {2, 16, 4, 20, 6, 24},
          graph.initializers().get("w").floats());
      assertEquals(Tensor.of(new float[] {2, 8}, 1, 2), graph.initializers().get("b"));
    }
  }

  @Test
  void staysBehindALayerWithOtherReaders() {
    refused(
        Models.convolution("y").node("other", "Relu", List.of("c"), "z").output("z", 4),
        "the layer's result has other readers");
  }

  @Test
  void staysBehindALayerWhoseResultIsAnOutput() {
    refused(Models.convolution("y").output("c", 4), "the layer's result has other readers");
  }

  @Test
  void staysBehindALayerWhoseResultASubgraphReads() {
    Graph branch =
        new Models().node("inner", "Relu", List.of("c"), "r").output("r", 4).model(13).graph();
    Graph other =
        new Models().node("other", "Neg", List.of("c"), "o").output("o", 4).model(13).graph();
    refused(
        Models.convolution("y")
            .constant("yes", Tensor.of(new boolean[] {true}))
            .node(
                "if",
                "If",
                List.of("yes"),
                "z",
                new Attribute("then_branch", new Attribute.GraphValue(branch), Optional.empty()),
                new Attribute("else_branch", new Attribute.GraphValue(other), Optional.empty()))
            .output("z", 4),
        "the layer's result has other readers");
  }

  @Test
  void staysWhenTheWeightIsTied() {
    refused(
        Models.convolution("y").node("twin", "Conv", List.of("y", "w"), "z").output("z", 4),
        "the weight 'w' has other readers");
  }

  @Test
  void staysWhenTheBiasIsTied() {
    refused(
        Models.convolution("y")
            .node("norm", "InstanceNormalization", List.of("y", "b", "b"), "z")
            .output("z", 4),
        "the bias 'b' has other readers");
  }

  @Test
  void staysInTrainingMode() {
    Models models = new Models().input("x", 1, 2, 3, 3);
    models
        .constant("w", Tensor.of(new float[4], 2, 2, 1, 1))
        .vector("v", 1f, 1f)
        .node("conv", "Conv", List.of("x", "w"), "c")
        .node(
            "bn",
            "BatchNormalization",
            List.of("c", "v", "v", "v", "v"),
            "y",
            Attribute.of("training_mode", 1L))
        .output("y", 4);
    refused(models, 15, "it is in training mode");
    refused(models, 6, "it is in training mode");
    assertEquals(1, normalise(models, 13).folded().size());
  }

  @Test
  void staysWhenASecondResultIsUsed() {
    refused(
        Models.convolution("y", "mean2", "variance2").output("y", 4).output("mean2", 1),
        "more than one of its results is used");
  }

  @Test
  void staysWhenTheFactorIsNotFinite() {
    refused(
        Models.convolution("y").vector("variance", 4f, -1f).output("y", 4),
        "its scale or variance gives a factor that is not finite");
  }

  @Test
  void staysWhenAStatisticIsNotConstant() {
    Models models = Models.convolution("y").output("y", 4);
    Model model = models.model(13);
    Graph graph = model.graph();
    Graph open = new Models().input("x", 1, 2, 3, 3).input("mean", 2).model(13).graph();
    Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    constants.remove("mean");
    Model changed =
        model.withGraph(
            new Graph(
                "g",
                open.inputs(),
                graph.outputs(),
                constants,
                graph.nodes(),
                Map.of(),
                Optional.empty()));
    assertEquals(
        Map.of("bn", "not folded into 'conv': operand 3 of the BatchNormalization is not constant"),
        Normaliser.normalise(changed).refusals());
  }

  @Test
  void staysAfterAnotherOperator() {
    Models models =
        new Models()
            .input("x", 1, 2, 3, 3)
            .vector("v", 1f, 1f)
            .node("bn", "BatchNormalization", List.of("x", "v", "v", "v", "v"), "y")
            .output("y", 4);
    assertEquals(
        Map.of("bn", "not folded: it does not follow a Conv or Gemm"),
        normalise(models, 13).refusals());
  }

  private static void refused(Models models, String reason) {
    refused(models, 15, reason);
  }

  private static void refused(Models models, long opset, String reason) {
    Model model = models.model(opset);
    NormalisedModel normalised = Normaliser.normalise(model);
    assertEquals(Map.of("bn", "not folded into 'conv': " + reason), normalised.refusals());
    assertEquals(List.of(), normalised.folded());
    assertEquals(shape(model.graph()), shape(normalised.model().graph()));
    assertTrue(normalised.model().graph().initializers().equals(model.graph().initializers()));
  }

  private static List<String> shape(Graph graph) {
    return graph.nodes().stream()
        .map(node -> node.name() + node.operands() + node.results())
        .toList();
  }

  private static NormalisedModel normalise(Models models, long opset) {
    return Normaliser.normalise(models.model(opset));
  }
}

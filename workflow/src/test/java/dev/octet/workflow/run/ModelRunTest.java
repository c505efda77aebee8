package dev.octet.workflow.run;

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
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.evaluate.Evaluation;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Samples share a run only where each gets what a run of its own gives. */
class ModelRunTest {

  private static final NamedRuntime CPU = NamedRuntime.of("cpu", new ReferenceRuntime());
  private static final Execution ALONE = Execution.threads(1);

  private static final float[][] SAMPLES = {{1, 2}, {3, 4}, {9, 6}, {-7, 8}, {0, 0.5f}};

  private static DataSource data(Model model) {
    return DataSource.of(model.graph(), new long[] {2}, SAMPLES);
  }

  private static Models start() {
    return new Models().samples("x", 2).output("y", 2);
  }

  /** Returns the numbers of samples that run together, and checks what each of them gets. */
  private static List<Integer> runs(Model model) {
    List<Integer> counts = new ArrayList<>();
    List<Float> together = new ArrayList<>();
    CPU.run(
        model,
        data(model),
        ALONE,
        (from, count, inputs, outputs) -> {
          counts.add(count);
          for (float element : outputs.get("y").floats()) {
            together.add(element);
          }
        });
    List<Float> apart = new ArrayList<>();
    try (ExecutableModel loaded = CPU.load(model, ALONE)) {
      for (float[] sample : SAMPLES) {
        Map<String, Tensor> inputs = Map.of("x", Tensor.of(sample, 1, 2));
        for (float element : loaded.run(inputs, Cancellation.never()).get("y").floats()) {
          apart.add(element);
        }
      }
    }
    assertEquals(apart, together);
    return counts;
  }

  @Test
  void samplesThatKeepApartShareARun() {
    assertEquals(List.of(5), runs(start().node("relu", "Relu", List.of("x"), "y").model(17)));
  }

  @Test
  void samplesThatAReductionOverTheBatchMixesRunAlone() {
    Model model =
        start()
            .node("max", "ReduceMax", List.of("x"), "m", Attribute.of("keepdims", 0L))
            .node("less", "Sub", List.of("x", "m"), "y")
            .model(17);
    assertEquals(List.of(1, 1, 1, 1, 1), runs(model));
  }

  /** The range of a batch is not that of a sample. */
  @Test
  void samplesThatAreQuantizedTogetherRunAlone() {
    Node quantize =
        Node.of(
            "quantize", OpType.onnx("DynamicQuantizeLinear"), List.of("x"), List.of("q", "s", "z"));
    Model model =
        start()
            .node(quantize)
            .node("back", "DequantizeLinear", List.of("q", "s", "z"), "y")
            .model(17);
    assertEquals(List.of(1, 1, 1, 1, 1), runs(model));
  }

  private static Attribute subgraph(String name, Graph graph) {
    return new Attribute(name, new Attribute.GraphValue(graph), Optional.empty());
  }

  /** The first two samples take the branch that all of them take together; the last ones do not. */
  @Test
  void samplesOfWhichOneMayChooseTheBranchOfAllRunAlone() {
    Graph then =
        new Models().node("same", "Identity", List.of("x"), "a").output("a", 2).model(17).graph();
    Graph otherwise =
        new Models().node("minus", "Neg", List.of("x"), "b").output("b", 2).model(17).graph();
    Model model =
        start()
            .constant("nought", Tensor.of(new float[] {0}))
            .node("least", "ReduceMin", List.of("x"), "m", Attribute.of("keepdims", 0L))
            .node("above", "Greater", List.of("m", "nought"), "c")
            .node(
                Node.of(
                    "if",
                    OpType.onnx("If"),
                    List.of("c"),
                    List.of("y"),
                    subgraph("then_branch", then),
                    subgraph("else_branch", otherwise)))
            .model(17);
    assertTrue(ModelRun.mayMix(model));
    assertEquals(List.of(1, 1, 1, 1, 1), runs(model));
  }

  @Test
  void anEvaluationRunsThemAsOthersDo() {
    Model mixing =
        start()
            .node("max", "ReduceMax", List.of("x"), "m", Attribute.of("keepdims", 0L))
            .node("less", "Sub", List.of("x", "m"), "y")
            .model(17);
    Model rows =
        start()
            .node(
                "max",
                "ReduceMax",
                List.of("x"),
                "m",
                Attribute.of("keepdims", 1L),
                Attribute.of("axes", List.of(1L)))
            .node("less", "Sub", List.of("x", "m"), "y")
            .model(17);
    Evaluation evaluation = Evaluation.of(CPU, rows, mixing, data(rows), ALONE);
    assertEquals(Double.POSITIVE_INFINITY, evaluation.sqnrDb().orElseThrow());
    assertEquals(
        Double.POSITIVE_INFINITY,
        Evaluation.of(CPU, mixing, rows, data(rows), ALONE).sqnrDb().orElseThrow());
  }

  /** A runtime whose results of two samples are not those of one. */
  private record Other(UnaryOperator<Tensor> results) implements ExecutableModel {

    @Override
    public List<ValueInfo> inputs() {
      return List.of();
    }

    @Override
    public List<ValueInfo> outputs() {
      return List.of();
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Cancellation cancellation) {
      return Map.of("y", results.apply(Objects.requireNonNull(inputs.get("x"))));
    }

    @Override
    public void close() {}
  }

  private static Other floats(UnaryOperator<float[]> ofTwo) {
    return new Other(x -> x.sizes()[0] == 1 ? x : Tensor.of(ofTwo.apply(x.floats()), x.sizes()));
  }

  private static boolean share(UnaryOperator<float[]> ofTwo) {
    Model model = start().node("relu", "Relu", List.of("x"), "y").model(17);
    return SeparateSamples.share(floats(ofTwo), data(model), ALONE);
  }

  private static UnaryOperator<float[]> with(int index, float element) {
    return elements -> {
      float[] changed = elements.clone();
      changed[index] = element;
      return changed;
    };
  }

  @Test
  void anotherOrderOfAdditionsIsNoMixing() {
    assertTrue(share(UnaryOperator.identity()));
    float step = 0x1p-16f;
    assertTrue(share(with(2, 3 + 4 * step)));
    assertFalse(share(with(2, 3 + 5 * step)));
    assertTrue(share(with(0, 1 - 2 * step)));
    assertFalse(share(with(0, 1 - 3 * step)));
    assertFalse(share(with(3, Float.NaN)));
    assertFalse(share(with(3, Float.POSITIVE_INFINITY)));
  }

  @Test
  void whatIsNoNumberIsTheSameInBoth() {
    Model model = start().node("relu", "Relu", List.of("x"), "y").model(17);
    float[][] samples = {
      {Float.NaN, 1}, {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}, {0, 1}, {2, 3}
    };
    DataSource data = DataSource.of(model.graph(), new long[] {2}, samples);
    assertTrue(SeparateSamples.share(floats(UnaryOperator.identity()), data, ALONE));
    assertFalse(SeparateSamples.share(floats(with(0, 7)), data, ALONE));
    assertFalse(SeparateSamples.share(floats(with(2, 7)), data, ALONE));
  }

  @Test
  void integersAreEqual() {
    UnaryOperator<Tensor> integers = x -> Tensor.of(DataType.INT8, bytes(x.floats()), x.sizes());
    Model model = start().node("relu", "Relu", List.of("x"), "y").model(17);
    assertTrue(SeparateSamples.share(new Other(integers), data(model), ALONE));
    UnaryOperator<Tensor> counting =
        x -> {
          byte[] elements = bytes(x.floats());
          elements[elements.length - 1] += (byte) x.sizes()[0];
          return Tensor.of(DataType.INT8, elements, x.sizes());
        };
    assertFalse(SeparateSamples.share(new Other(counting), data(model), ALONE));
  }

  private static byte[] bytes(float[] floats) {
    byte[] bytes = new byte[floats.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) floats[i];
    }
    return bytes;
  }
}

package dev.octet.workflow.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.run.NamedRuntime;
import dev.octet.workflow.source.Int8DynActInt4WeightQuantizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static final NamedRuntime CPU = NamedRuntime.of("cpu", new ReferenceRuntime());

  /** What is lost where 1.25 became 1. */
  private static final double FIFTH = 10 * StrictMath.log10(1.25 * 1.25 / (0.25 * 0.25));

  private static final Tensor QUARTERS = Tensor.of(new float[] {1.25f, 0, 0, 1.25f}, 2, 2);
  private static final Tensor IDENTITY = Tensor.of(new float[] {1, 0, 0, 1}, 2, 2);

  private static Models start() {
    return new Models().samples("x", 2).output("y", 2);
  }

  private static Models integers(Models models, String name, int... elements) {
    byte[] bytes = new byte[elements.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) elements[i];
    }
    return models.constant(name, Tensor.of(DataType.INT8, bytes, 2, 2));
  }

  /** Scales and zero points of the models below. */
  private static Models parameters(Models models) {
    return models
        .constant("one", Tensor.of(new float[] {1}))
        .constant("four", Tensor.of(new float[] {4}))
        .constant("zero", Tensor.of(DataType.INT8, new byte[] {0}));
  }

  private static Models pair(Models models, String value, String scale) {
    return models
        .node("q_" + value, "QuantizeLinear", List.of(value, scale, "zero"), value + "_quantized")
        .node(
            "d_" + value,
            "DequantizeLinear",
            List.of(value + "_quantized", scale, "zero"),
            value + "_dequantized");
  }

  private static Models weight(Models models, String name, int... elements) {
    return integers(models, name + "_integers", elements)
        .node("d_" + name, "DequantizeLinear", List.of(name + "_integers", "one", "zero"), name);
  }

  private static Model chain() {
    return start()
        .constant("w", QUARTERS)
        .constant("v", IDENTITY)
        .node("first", "MatMul", List.of("x", "w"), "a")
        .node("second", "MatMul", List.of("a", "v"), "y")
        .model(13);
  }

  /** The chain on integers between pairs: 1.25 became 1, and a result a multiple of 4. */
  private static Model paired() {
    Models models = parameters(start());
    weight(weight(models, "w", 1, 0, 0, 1), "v", 1, 0, 0, 1);
    pair(models, "x", "one").node("first", "MatMul", List.of("x_dequantized", "w"), "a");
    pair(models, "a", "four").node("second", "MatMul", List.of("a_dequantized", "v"), "y_float");
    return models
        .node("q_y", "QuantizeLinear", List.of("y_float", "one", "zero"), "y_quantized")
        .node("d_y", "DequantizeLinear", List.of("y_quantized", "one", "zero"), "y")
        .model(13);
  }

  /** The same in the operators on integers that ONNX has. */
  private static Model operatorsOnIntegers() {
    Models models = parameters(start());
    integers(integers(models, "w", 1, 0, 0, 1), "v", 1, 0, 0, 1);
    return models
        .node("q_x", "QuantizeLinear", List.of("x", "one", "zero"), "x_quantized")
        .node(
            "first_quant",
            "QLinearMatMul",
            List.of("x_quantized", "one", "zero", "w", "one", "zero", "four", "zero"),
            "a_quantized")
        .node(
            "second_quant",
            "QLinearMatMul",
            List.of("a_quantized", "four", "zero", "v", "one", "zero", "one", "zero"),
            "y_quantized")
        .node("d_y", "DequantizeLinear", List.of("y_quantized", "one", "zero"), "y")
        .model(13);
  }

  private static Comparison compareOn(
      int threads, Model reference, Model quantized, float... samples) {
    DataSource data =
        DataSource.of(reference.graph(), Map.of("x", Tensor.of(samples, samples.length / 2, 2)));
    return Comparison.of(CPU, reference, quantized, data, Execution.threads(threads));
  }

  private static Comparison compare(Model reference, Model quantized, float... samples) {
    return compareOn(1, reference, quantized, samples);
  }

  private static TensorError of(Comparison comparison, String tensor) {
    return comparison.inOrder().stream()
        .filter(each -> each.tensor().equals(tensor))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> names(List<TensorError> errors) {
    return errors.stream().map(TensorError::tensor).toList();
  }

  @Test
  void tellsWhatANodeLosesFromWhatWasLostBeforeIt() {
    Models models = parameters(start());
    weight(weight(models, "w", 1, 0, 0, 1), "v", 1, 0, 0, 1)
        .node("first", "MatMul", List.of("x", "w"), "a")
        .node("second", "MatMul", List.of("a", "v"), "y");
    Comparison comparison = compare(chain(), models.model(13), 1, 2, 3, 4);
    assertEquals(2, comparison.samples());
    assertEquals(List.of("a", "y"), names(comparison.inOrder()));
    TensorError first = of(comparison, "a");
    assertEquals(FIFTH, first.accumulated().decibels(), 1e-9);
    assertEquals(FIFTH, first.local().decibels(), 1e-9);
    assertEquals(1, first.largestError());
    assertTrue(first.reads().isEqual());
    TensorError second = of(comparison, "y");
    assertEquals(FIFTH, second.accumulated().decibels(), 1e-9);
    assertTrue(second.local().isEqual());
    assertEquals(0, second.largestLocalError());
    assertEquals(FIFTH, second.reads().decibels(), 1e-9);
    assertEquals(Optional.of("second"), second.node());
    assertEquals(1, second.place());
  }

  /** The float values 5, 10, 15 and 20 are read as 4, 8, 16 and 20: half goes to even. */
  @Test
  void quantizesTheFloatValuesThatANodeIsGiven() {
    Comparison comparison = compare(chain(), paired(), 4, 8, 12, 16);
    double signal = 5 * 5 + 10 * 10 + 15 * 15 + 20 * 20;
    TensorError second = of(comparison, "y");
    assertEquals(signal / (1 + 4 + 1), second.local().signal() / second.local().noise(), 1e-12);
    assertEquals(2, second.largestLocalError());
    // Everything quantized: 4, 8, 12 and 16.
    assertEquals(signal / (1 + 4 + 9 + 16), ratio(second), 1e-12);
    assertEquals(signal / (1 + 4 + 9 + 16), ratio(of(comparison, "a")), 1e-12);
    assertTrue(of(comparison, "x").accumulated().isEqual());
  }

  private static double ratio(TensorError error) {
    return error.accumulated().signal() / error.accumulated().noise();
  }

  @Test
  void findsTensorsInOperatorsOnIntegersByTheNamesOfTheIntegers() {
    float[] samples = new float[20];
    Random random = new Random(7);
    for (int i = 0; i < samples.length; i++) {
      samples[i] = random.nextInt(100);
    }
    Comparison pairs = compare(chain(), paired(), samples);
    Comparison integers = compare(chain(), operatorsOnIntegers(), samples);
    assertEquals(List.of("x", "a", "y"), names(integers.inOrder()));
    assertEquals(pairs.inOrder(), integers.inOrder());
    assertEquals(List.of(), integers.uncompared());
  }

  @Test
  void countsWhatIsClippedAndTheIntegersThatAreUsed() {
    // In float 150, 125, 10, 0, 5, 0, 150 and 10.
    Models models = parameters(start());
    weight(models, "w", 1, 0, 0, 1);
    pair(models.node("first", "MatMul", List.of("x", "w"), "a"), "a", "one")
        .constant("v", IDENTITY)
        .node("second", "MatMul", List.of("a_dequantized", "v"), "y");
    Comparison comparison = compare(chain(), models.model(13), 120, 100, 8, 0, 4, 0, 120, 8);
    TensorRange range = of(comparison, "a").range().orElseThrow();
    assertEquals(-128, range.range().least());
    assertEquals(127, range.range().most());
    assertEquals(8, range.elements());
    assertEquals(2, range.clipped());
    assertEquals(0.25, range.clippedShare());
    // 120, 100, 8, 0 and 4.
    assertEquals(5, range.used());
    TensorValues values = of(comparison, "a").values().orElseThrow();
    assertEquals(150, values.max());
    assertEquals(150, values.to());
    assertEquals(-128, values.from());
    assertEquals(8, values.counts().stream().mapToLong(Long::longValue).sum());
    assertEquals(2, values.counts().get(TensorValues.BINS - 1));
    assertEquals(1, values.counts().get((int) ((125 + 128) * 48 / 278.0)));
    assertEquals(Optional.empty(), of(comparison, "y").range());
    Report report = comparison.report(10);
    assertEquals("OCT-CMP-101", report.findings().get(0).id());
    assertEquals(
        "More than 1 % of the values are clipped of 1 tensor: 'a' 25.00 %.",
        report.findings().get(0).message());
  }

  @Test
  void aClipBeforeTheIntegersNarrowsTheRange() {
    Models models = parameters(start());
    weight(models, "w", 1, 0, 0, 1)
        .constant("low", Tensor.of(new float[] {-7}))
        .constant("high", Tensor.of(new float[] {7}))
        .constant("v", IDENTITY)
        .node("first", "MatMul", List.of("x", "w"), "a")
        .node("clip", "Clip", List.of("a", "low", "high"), "a_clipped")
        .node("q", "QuantizeLinear", List.of("a_clipped", "one", "zero"), "a_quantized")
        .node("d", "DequantizeLinear", List.of("a_quantized", "one", "zero"), "a_dequantized")
        .node("second", "MatMul", List.of("a_dequantized", "v"), "y");
    TensorRange range =
        of(compare(chain(), models.model(13), 1, 2, 8, 4), "a").range().orElseThrow();
    assertEquals(15, range.range().integers());
    assertEquals(7, range.range().most());
    assertEquals(1, range.clipped());
  }

  @Test
  void whatIsComputedInOneStepWithALaterValueIsNoTensorOfItsOwn() {
    Models floats =
        start()
            .constant("w", QUARTERS)
            .constant("v", IDENTITY)
            .node("first", "MatMul", List.of("x", "w"), "a")
            .node("relu", "Relu", List.of("a"), "b")
            .node("second", "MatMul", List.of("b", "v"), "y");
    Models models = parameters(start());
    weight(models, "w", 1, 0, 0, 1).constant("v", IDENTITY);
    pair(models, "x", "one")
        .node("first", "MatMul", List.of("x_dequantized", "w"), "a")
        .node("relu", "Relu", List.of("a"), "b");
    pair(models, "b", "one").node("second", "MatMul", List.of("b_dequantized", "v"), "y");
    Comparison comparison = compare(floats.model(13), models.model(13), 1, -2);
    assertEquals(List.of("x", "b", "y"), names(comparison.inOrder()));
    assertEquals(
        List.of(new UncomparedTensor("a", "first", "it is computed in one step with node 'relu'")),
        comparison.uncompared());
    // What reaches the Relu went through no tensor of its own.
    assertTrue(of(comparison, "b").reads().isEqual());
    assertEquals(FIFTH, of(comparison, "y").reads().decibels(), 1e-9);
    assertTrue(
        comparison.report(1).text().contains("1: it is computed in one step with node ...: 'a'"),
        comparison.report(1).text());
  }

  @Test
  void namesWhatWasFoldedAndWhatIsInBodies() {
    Graph then =
        new Models().node("within", "Relu", List.of("n"), "o").output("o", 4).model(21).graph();
    Graph otherwise =
        new Models().node("same", "Identity", List.of("n"), "o2").output("o2", 4).model(21).graph();
    Model reference =
        Models.convolution("n")
            .output("y", 4)
            .constant("yes", Tensor.of(new boolean[] {true}))
            .node(
                Node.of(
                    "if",
                    OpType.onnx("If"),
                    List.of("yes"),
                    List.of("y"),
                    subgraph("then_branch", then),
                    subgraph("else_branch", otherwise)))
            .model(21);
    DataSource data =
        DataSource.of(reference.graph(), Map.of("x", Tensor.of(new float[18], 1, 2, 3, 3)));
    Comparison comparison = Comparison.of(CPU, reference, reference, data, Execution.threads(1));
    assertEquals(List.of("n", "y"), names(comparison.inOrder()));
    assertEquals(
        List.of("c", "if/then_branch/o", "if/else_branch/o2"),
        comparison.uncompared().stream().map(UncomparedTensor::tensor).toList());
    assertTrue(
        comparison.uncompared().get(0).reason().startsWith("'bn' was folded into"),
        comparison.uncompared().toString());
    assertTrue(
        comparison.uncompared().get(1).reason().startsWith("it is in a body"),
        comparison.uncompared().toString());
  }

  private static Attribute subgraph(String name, Graph graph) {
    return new Attribute(name, new Attribute.GraphValue(graph), Optional.empty());
  }

  @Test
  void comparesWhatSourceQuantizationWrote() {
    Random random = new Random(3);
    float[] w = new float[4];
    for (int i = 0; i < 4; i++) {
      w[i] = (float) random.nextGaussian();
    }
    Model reference =
        start()
            .constant("w", Tensor.of(w, 2, 2))
            .constant("v", IDENTITY)
            .node("first", "MatMul", List.of("x", "w"), "a")
            .node("relu", "Relu", List.of("a"), "b")
            .node("second", "MatMul", List.of("b", "v"), "y")
            .model(21);
    Model quantized =
        Int8DynActInt4WeightQuantizer.builder().groupSize(2).build().quantize(reference).model();
    Comparison comparison = compare(reference, quantized, 1, 2, -3, 4, 0.5f, 0.25f);
    assertEquals(List.of("a", "b", "y"), names(comparison.inOrder()));
    comparison.inOrder().forEach(each -> assertTrue(each.accumulated().isFinite(), each.tensor()));
    // A Relu loses nothing, but what is read of it is quantized while the model runs.
    assertTrue(of(comparison, "b").local().decibels() > 30);
  }

  @Test
  void theWorstIsFirstAndWhatIsEqualLast() {
    Comparison comparison = compare(chain(), paired(), 4, 8, 12, 16);
    assertEquals(List.of("a", "y", "x"), names(comparison.worstFirst()));
    Comparison none = compare(chain(), chain(), 4, 8);
    assertEquals(List.of("a", "y"), names(none.worstFirst()));
    none.inOrder().forEach(each -> assertTrue(each.accumulated().isEqual()));
    assertEquals(List.of(), none.report(3).findings());
  }

  @Test
  void figuresDoNotDependOnThreads() {
    float[] samples = new float[64];
    Random random = new Random(11);
    for (int i = 0; i < samples.length; i++) {
      samples[i] = 40 * random.nextFloat() - 20;
    }
    assertEquals(
        compareOn(1, chain(), paired(), samples).inOrder(),
        compareOn(3, chain(), paired(), samples).inOrder());
  }

  @Test
  void aFigureThatIsNoNumberIsWorstAndLeftOut() {
    Model reference = chain();
    Comparison comparison = compare(reference, paired(), Float.MAX_VALUE, Float.MAX_VALUE);
    TensorError a = of(comparison, "a");
    assertFalse(a.accumulated().isFinite());
    assertEquals(Optional.empty(), a.values());
    assertEquals(0, a.fallDb());
    assertTrue(a.tree().find("sqnrDb").isEmpty());
    assertTrue(a.tree().find("largestError").isEmpty());
    assertEquals("a", comparison.worstFirst().get(0).tensor());
    assertTrue(comparison.report(1).text().contains("no number"), comparison.report(1).text());
  }

  @Test
  void namesWhereTheErrorGrows() {
    // The error of 0.2 % of a number near 1 is all of its logarithm.
    Model reference =
        start()
            .constant("w", Tensor.of(new float[] {1.002f, 0, 0, 1.002f}, 2, 2))
            .node("first", "MatMul", List.of("x", "w"), "a")
            .node("log", "Log", List.of("a"), "y")
            .model(13);
    Models models = parameters(start());
    weight(models, "w", 1, 0, 0, 1)
        .node("first", "MatMul", List.of("x", "w"), "a")
        .node("log", "Log", List.of("a"), "y");
    Comparison comparison = compare(reference, models.model(13), 1, 1);
    assertEquals(List.of("y"), names(comparison.falls()));
    assertEquals(54, of(comparison, "y").fallDb(), 1);
    assertTrue(
        comparison
            .report(1)
            .text()
            .contains("the error grows at 'y', Log: what it reads has 54.0 dB, what it gives 0.0"),
        comparison.report(1).text());
  }

  /** What a mask leaves of the logits is what a Softmax reads, not the mask's -1e9. */
  @Test
  void looksPastAMaskThatOutweighsAllElse() {
    Models floats = masked(start().constant("w", QUARTERS));
    Models models = masked(weight(parameters(start()), "w", 1, 0, 0, 1));
    Comparison comparison = compare(floats.model(13), models.model(13), 1, 2, 3, 4);
    assertTrue(of(comparison, "b").accumulated().decibels() > 150);
    assertEquals(FIFTH, of(comparison, "y").reads().decibels(), 1e-9);
    assertEquals(FIFTH, of(comparison, "b").reads().decibels(), 1e-9);
  }

  private static Models masked(Models models) {
    return models
        .vector("mask", 0, -1e9f)
        .node("first", "MatMul", List.of("x", "w"), "a")
        .node("hide", "Add", List.of("a", "mask"), "b")
        .node("second", "Softmax", List.of("b"), "y");
  }

  @Test
  void refusesModelsThatAreNotOfOneAnother() {
    Model other =
        new Models()
            .samples("z", 2)
            .output("y", 2)
            .node("first", "Relu", List.of("z"), "y")
            .model(13);
    OctetException inputs = assertThrows(OctetException.class, () -> compare(chain(), other, 1, 2));
    assertEquals("OCT-CMP-001", inputs.id());
    assertTrue(inputs.getMessage().contains("the inputs are [z], those of the float model [x]"));
    Model unlike =
        new Models()
            .samples("x", 2)
            .output("u", 2)
            .node("relu", "Relu", List.of("x"), "u")
            .model(13);
    OctetException nothing =
        assertThrows(OctetException.class, () -> compare(chain(), unlike, 1, 2));
    assertEquals("OCT-CMP-002", nothing.id());
    assertTrue(nothing.getMessage().contains("no tensor of the float model was found"));
  }

  @Test
  void refusesTensorsOfAnotherSize() {
    // Slices by what an input says have sizes that no file states.
    Model reference = sliced(2);
    Model quantized = sliced(1);
    DataSource data =
        DataSource.of(reference.graph(), Map.of("x", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2)));
    OctetException error =
        assertThrows(
            OctetException.class,
            () -> Comparison.of(CPU, reference, quantized, data, Execution.threads(1)));
    assertEquals("OCT-CMP-003", error.id());
    assertTrue(
        error.getMessage().contains("tensor 'y' has 1 elements, that of the float model 2"),
        error.getMessage());
  }

  private static Model sliced(long count) {
    return new Models()
        .unknown("x", 2)
        .output("y", 2)
        .constant("from", Tensor.of(new long[] {0}, 1))
        .constant("to", Tensor.of(new long[] {count}, 1))
        .constant("axis", Tensor.of(new long[] {1}, 1))
        .node("slice", "Slice", List.of("x", "from", "to", "axis"), "y")
        .model(13);
  }

  @Test
  void refusesATableOfNoTensors() {
    Comparison comparison = compare(chain(), chain(), 1, 2);
    OctetException error = assertThrows(OctetException.class, () -> comparison.report(0));
    assertEquals("OCT-CMP-004", error.id());
    assertTrue(error.getMessage().contains("the table is to have 0 tensors"));
    assertEquals(2, comparison.report(1).json(true).asMapping().get("tensors").asItems().size());
  }

  @Test
  void aHistogramKeepsEveryValueWhereItIs() {
    assertEquals(
        LongStream.range(0, TensorValues.BINS).map(i -> 2).sum(),
        of(compare(chain(), chain(), spread()), "a").values().orElseThrow().counts().stream()
            .mapToLong(Long::longValue)
            .sum());
  }

  private static float[] spread() {
    float[] samples = new float[2 * TensorValues.BINS];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = i - TensorValues.BINS;
    }
    return samples;
  }
}

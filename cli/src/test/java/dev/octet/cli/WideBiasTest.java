package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.option.Options;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.backend.arm.ArmProvider;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.kernels.lower.QdqLowering;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.boundary.IntegerBoundary;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Biases of {@code arm} with 16-bit activations: planned as int32, stored within 48 bits. */
class WideBiasTest {

  /** Of the input and the weight: the smallest that {@code arm} takes. */
  private static final float INPUT_SCALE = 0x1p-12f;

  private static final float WEIGHT_SCALE = 0x1p-16f;

  private static final float[] SAMPLE = {1, -1, 0.25f, 0.7f};

  /** A convolution of one input channel, with a kernel of 1. */
  private static Model model(float... bias) {
    float[] weights = new float[bias.length];
    for (int m = 0; m < weights.length; m++) {
      weights[m] = (m % 2 == 0 ? 100 : -77) * WEIGHT_SCALE;
    }
    Graph graph =
        new Graph(
            "g",
            List.of(floats("x", 1)),
            List.of(floats("y", bias.length)),
            Map.of(
                "w", Tensor.of(weights, bias.length, 1, 1, 1), "b", Tensor.of(bias, bias.length)),
            List.of(Node.of("conv", OpType.onnx("Conv"), List.of("x", "w", "b"), List.of("y"))),
            Map.of(),
            Optional.empty());
    return Model.of(graph, 13);
  }

  private static ValueInfo floats(String name, long channels) {
    return ValueInfo.of(name, TensorType.of(DataType.FLOAT, Shape.of(1, channels, 2, 2)));
  }

  private static Plan plan(Model model) {
    return Quantization.plan(
        QuantizationRequest.of(model, new ArmProvider())
            .options(Options.of("activation-bits", "16")));
  }

  private static QuantizedModel converted(Model model) {
    Plan plan = plan(model);
    DataSource data = DataSource.of(model.graph(), new long[] {1, 2, 2}, SAMPLE, SAMPLE);
    return Quantization.convert(plan, Quantization.calibrate(plan, data, Execution.threads(1)));
  }

  private static Model throughAFile(QuantizedModel model) {
    OnnxFormat onnx = new OnnxFormat();
    return onnx.read(onnx.toBytes(model.model()), "wide.onnx");
  }

  private static Tensor constant(Model model, String name) {
    return Optional.ofNullable(model.graph().initializers().get(name)).orElseThrow();
  }

  @Test
  void aBiasBeyondInt32KeepsTheScaleOfItsWeight() {
    Model floats = model(0.5f, 100f, -3000f);
    assertEquals(
        new QuantizedType(Storage.INT32, -2147483647, 2147483647),
        plan(floats).group(Point.operand("conv", 2)).orElseThrow().spec().type());
    QuantizedModel converted = converted(floats);
    assertEquals(List.of(), converted.report().findings());
    Model read = throughAFile(converted);
    Tensor bias = constant(read, "b_quantized");
    assertEquals(DataType.INT64, bias.dataType());
    // Scales of 2^-28: each bias is an integer of its own, and two of them are beyond 2^31.
    assertArrayEquals(new long[] {1L << 27, 100L << 28, -3000L << 28}, bias.integers());
    assertArrayEquals(
        new float[] {WEIGHT_SCALE, WEIGHT_SCALE, WEIGHT_SCALE}, constant(read, "w_scale").floats());
    requireExact(read);
  }

  @Test
  void theScaleOfAWeightGrowsWhereItsBiasLeaves48Bits() {
    QuantizedModel converted = converted(model(1e6f, 1f));
    assertEquals("OCT-CONV-101", converted.report().findings().get(0).id());
    Model read = throughAFile(converted);
    long[] bias = constant(read, "b_quantized").integers();
    assertTrue(bias[0] < 1L << 47 && bias[0] > (1L << 47) - (1L << 25), "the bias is " + bias[0]);
    assertEquals(1L << 28, bias[1]);
    float[] scales = constant(read, "w_scale").floats();
    assertTrue(scales[0] > WEIGHT_SCALE, "the scale is " + scales[0]);
    assertEquals(WEIGHT_SCALE, scales[1]);
    requireExact(read);
  }

  /** Runs integers on {@code cpu}, and compares them with the sums as whole numbers. */
  private static void requireExact(Model model) {
    assertEquals(
        List.of("QLinearConv"),
        QdqLowering.lower(model).model().graph().nodes().stream().map(n -> n.op().name()).toList());
    IntegerBoundary boundary = IntegerBoundary.of(model);
    Tensor x = boundary.quantized(Map.of("x", Tensor.of(SAMPLE, 1, 1, 2, 2))).get("x");
    assertEquals(DataType.INT16, x.dataType());
    long[] y;
    try (ExecutableModel loaded =
        new ReferenceRuntime().load(LoadRequest.of(model, Parallelism.threads(1)))) {
      y = loaded.run(Map.of("x", x)).get("y").integers();
    }
    long[] weights = constant(model, "w_quantized").integers();
    long[] bias = constant(model, "b_quantized").integers();
    float[] scales = constant(model, "w_scale").floats();
    float result = boundary.meaning(Point.output("y")).orElseThrow().parameters().scale(0);
    for (int m = 0; m < bias.length; m++) {
      float multiplier = INPUT_SCALE * scales[m] / result;
      for (int p = 0; p < 4; p++) {
        BigInteger product = BigInteger.valueOf(x.integers()[p] * weights[m]);
        float sum = BigInteger.valueOf(bias[m]).add(product).floatValue();
        double exact = Math.rint((double) (sum * multiplier));
        assertEquals((long) Math.max(-32768, Math.min(32767, exact)), y[m * 4 + p], m + " " + p);
      }
    }
  }
}

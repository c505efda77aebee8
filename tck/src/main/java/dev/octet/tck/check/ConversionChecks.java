package dev.octet.tck.check;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.OperatorUse;
import dev.octet.api.runtime.UseSupport;
import dev.octet.tck.exact.ExactStep;
import dev.octet.tck.integers.IntegerDraft;
import dev.octet.tck.integers.Meaning;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Whether floats at the edge of a model become integers, and integers floats, as prescribed. */
final class ConversionChecks {

  private static final List<Float> SCALES = List.of(0.125f, 0.1f, 0.0123f, 1f, 3e-5f);

  private ConversionChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        new RuleCheck("TCK-RUN-029", subject -> cases(TestedRuntime.of(subject), true)),
        new RuleCheck("TCK-RUN-030", subject -> cases(TestedRuntime.of(subject), false)));
  }

  private static List<TckCase> cases(TestedRuntime runtime, boolean quantizes) {
    List<TckCase> all = new ArrayList<>();
    for (DataType type : List.of(DataType.INT8, DataType.UINT8)) {
      for (float scale : SCALES) {
        Meaning range = Meaning.perTensor(type, scale, 0);
        for (long zero : List.of(range.min(), (range.min() + range.max()) / 2 + 1, range.max())) {
          Meaning meaning = Meaning.perTensor(type, scale, zero);
          UseSupport support = runtime.support(use(meaning, quantizes));
          if (TestedRuntime.isDeclared(support)) {
            String name =
                (quantizes ? "quantize/" : "dequantize/") + type + "/" + scale + "/" + zero;
            all.add(
                TckCase.of(
                    name.toLowerCase(Locale.ROOT),
                    () -> {
                      if (quantizes) {
                        requireIntegers(runtime, meaning, ExactStep.bound(support));
                      } else {
                        requireFloats(runtime, meaning);
                      }
                    }));
          }
        }
      }
    }
    return all.isEmpty() ? UndeclaredUses.refusals(runtime) : all;
  }

  /** The use that the node is in the model that the kit gives the runtime. */
  private static OperatorUse use(Meaning meaning, boolean quantizes) {
    Graph graph = model(meaning, quantizes, 1).graph();
    return OperatorUse.of(new QdqGraph(graph), graph.nodes().get(0));
  }

  private static Model model(Meaning meaning, boolean quantizes, int count) {
    Shape shape = Shape.of(count);
    ValueInfo floats = ValueInfo.of("floats", TensorType.of(DataType.FLOAT, shape));
    ValueInfo integers = ValueInfo.of("integers", TensorType.of(meaning.type(), shape));
    ValueInfo from = quantizes ? floats : integers;
    ValueInfo to = quantizes ? integers : floats;
    Node node =
        Node.of(
            "n0",
            OpType.onnx(quantizes ? "QuantizeLinear" : "DequantizeLinear"),
            List.of(from.name(), "scale", "zero"),
            List.of(to.name()));
    return Model.of(
        new Graph(
            "conversion",
            List.of(from),
            List.of(to),
            Map.of("scale", meaning.scaleTensor(), "zero", meaning.zeroPointTensor()),
            List.of(node),
            Map.of(),
            Optional.empty()),
        IntegerDraft.OPSET);
  }

  private static void requireIntegers(TestedRuntime runtime, Meaning meaning, int bound) {
    float[] floats = floats(meaning);
    long[] integers;
    try (ExecutableModel loaded = runtime.load(model(meaning, true, floats.length))) {
      integers = only(loaded.run(Map.of("floats", Tensor.of(floats, floats.length)))).integers();
    }
    for (int i = 0; i < floats.length; i++) {
      long expected = quantized(floats[i], meaning);
      if (!Float.isNaN(floats[i]) && Math.abs(integers[i] - expected) > bound) {
        throw Violation.of(
            "%s becomes %d, and is %d with scale %s and zero point %d (%s)",
            floats[i],
            integers[i],
            expected,
            meaning.scale(),
            meaning.zeroPoint(),
            "clamp(rne(f32(x / s)) + z)");
      }
    }
  }

  private static Tensor only(Map<String, Tensor> outputs) {
    return outputs.values().iterator().next();
  }

  /** {@code clamp(rne(f32(x / s)) + z)}; division in float32 is exact but for its one rounding. */
  private static long quantized(float x, Meaning meaning) {
    double steps = Math.rint(x / meaning.scale());
    double integer = steps + meaning.zeroPoint();
    return (long) Math.max((double) meaning.min(), Math.min((double) meaning.max(), integer));
  }

  private static float[] floats(Meaning meaning) {
    List<Float> all =
        new ArrayList<>(
            List.of(
                0f,
                -0f,
                Float.MIN_VALUE,
                -Float.MIN_VALUE,
                Float.MIN_NORMAL,
                Float.NaN,
                Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY,
                Float.MAX_VALUE,
                -Float.MAX_VALUE,
                3e9f,
                -3e9f));
    for (int step = -300; step <= 300; step += 7) {
      float tie = (step + 0.5f) * meaning.scale();
      all.add(tie);
      all.add(Math.nextUp(tie));
      all.add(Math.nextDown(tie));
      all.add(step * meaning.scale());
    }
    float[] floats = new float[all.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = all.get(i);
    }
    return floats;
  }

  private static void requireFloats(TestedRuntime runtime, Meaning meaning) {
    int count = (int) (meaning.max() - meaning.min() + 1);
    long[] integers = new long[count];
    for (int i = 0; i < count; i++) {
      integers[i] = meaning.min() + i;
    }
    float[] floats;
    try (ExecutableModel loaded = runtime.load(model(meaning, false, count))) {
      Tensor given = Tensor.ofIntegers(meaning.type(), integers, count);
      floats = only(loaded.run(Map.of("integers", given))).floats();
    }
    for (int i = 0; i < count; i++) {
      float expected = (integers[i] - meaning.zeroPoint()) * meaning.scale();
      if (floats[i] != expected) {
        throw Violation.of(
            "integer %d becomes %s, and is %s with scale %s and zero point %d",
            integers[i], floats[i], expected, meaning.scale(), meaning.zeroPoint());
      }
    }
  }
}

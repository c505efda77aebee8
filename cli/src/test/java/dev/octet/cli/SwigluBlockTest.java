package dev.octet.cli;

import static dev.octet.annotation.rules.Conditions.operandIs;
import static dev.octet.annotation.rules.Conditions.otherOperandsAre;
import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.int8;
import static dev.octet.annotation.rules.Specs.outputChannel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.MatchPoint;
import dev.octet.annotation.rules.NodePattern;
import dev.octet.annotation.rules.SpecTemplate;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A SwiGLU block, whose two branches join, is one match from the plan to the file that runs. */
class SwigluBlockTest {

  private static final int WIDTH = 8;
  private static final int HIDDEN = 16;
  private static final int SAMPLES = 40;

  @TempDir Path folder;

  /** {@code (SiLU(x G) * (x U)) D}. */
  private static NodePattern swiglu() {
    return op("MatMul")
        .as("gate")
        .constantOperand(1)
        .then("Sigmoid")
        .besideOtherReaders()
        .then("Mul")
        .where(otherOperandsAre(MatchPoint.result(0, 0)))
        .then("Mul")
        .joinedBy(
            op("MatMul").as("up").constantOperand(1).where(operandIs(0, MatchPoint.operand(0))))
        .then("MatMul")
        .as("down")
        .constantOperand(1);
  }

  private static BackendRules rules() {
    NodePattern block = swiglu();
    SpecTemplate weight = int8().symmetric().perChannel(outputChannel());
    return BackendRules.named("acme")
        .rule("swiglu", block)
        .mark(block.operand("gate", 0), int8())
        .mark(block.operand("gate", 1), weight)
        .mark(block.operand("up", 0), int8())
        .mark(block.operand("up", 1), weight)
        .mark(block.operand("down", 1), weight)
        .output(int8())
        .build();
  }

  @Test
  void isOneMatchFromThePlanToTheFileThatRuns() throws Exception {
    Model model = model();
    Plan plan =
        Quantization.plan(
            QuantizationRequest.of(model, QuantizerProvider.of("acme", rules().quantizer())));
    assertEquals(6, plan.nodes().size());
    plan.nodes().forEach(n -> assertEquals(Optional.of("swiglu"), n.rule(), n.name()));
    Calibration calibration =
        Quantization.calibrate(
            plan, DataSource.of(model.graph(), samples(1)), Execution.threads(1));
    Path file = folder.resolve("q.onnx");
    new OnnxFormat().write(Quantization.convert(plan, calibration).model(), file);
    Model quantized = new OnnxFormat().read(file);
    assertEquals(2, count(quantized.graph(), "QuantizeLinear"), "one for x, one for y");
    assertRuns(model, quantized);
  }

  private static long count(Graph graph, String op) {
    return graph.nodes().stream().filter(node -> node.op().is(op)).count();
  }

  /** What runs is, within one step, the block of the dequantized input and weights. */
  private static void assertRuns(Model model, Model quantized) throws Exception {
    Map<String, Tensor> stored = quantized.graph().initializers();
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (String name : List.of("G", "U", "D")) {
      weights.put(name, dequantized(stored.get(name + "_quantized"), stored.get(name + "_scale")));
    }
    double step = stored.get("y_scale").floats()[0];
    int zeroPoint = stored.get("y_zero_point").bytes()[0];
    double steps = 0;
    Catalogs catalogs = Catalogs.discover(SwigluBlockTest.class.getClassLoader());
    try (var exact = catalogs.runtime("cpu").load(model, Execution.threads(1));
        var integer = catalogs.runtime("cpu").load(quantized, Execution.threads(1))) {
      for (Map<String, Tensor> sample : samples(1)) {
        float[] x = sample.get("x").floats();
        double[] wanted = block(onGrid(x, stored), weights);
        double[] real = block(x, model.graph().initializers());
        float[] inFloat = exact.run(sample).get("y").floats();
        float[] computed = integer.run(sample).get("y").floats();
        for (int i = 0; i < computed.length; i++) {
          assertEquals(real[i], inFloat[i], 1e-4);
          double inRange =
              Math.max((-128 - zeroPoint) * step, Math.min((127 - zeroPoint) * step, wanted[i]));
          assertEquals(inRange, computed[i], 0.501 * step, "output " + i);
          steps = Math.max(steps, Math.abs(real[i] - computed[i]) / step);
        }
      }
    }
    assertTrue(steps > 0.1 && steps < 4, "the farthest output is off by " + steps + " steps");
  }

  private static float[] onGrid(float[] x, Map<String, Tensor> stored) {
    float scale = stored.get("x_scale").floats()[0];
    int zeroPoint = stored.get("x_zero_point").bytes()[0];
    float[] near = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      double integer = Math.rint(x[i] / scale) + zeroPoint;
      near[i] = (float) (Math.max(-128, Math.min(127, integer)) - zeroPoint) * scale;
    }
    return near;
  }

  /** The scales run along the columns. */
  private static Tensor dequantized(Tensor integers, Tensor scales) {
    byte[] values = integers.bytes();
    float[] scale = scales.floats();
    float[] real = new float[values.length];
    for (int i = 0; i < real.length; i++) {
      real[i] = values[i] * scale[i % scale.length];
    }
    return Tensor.of(real, integers.sizes());
  }

  private static double[] block(float[] x, Map<String, Tensor> weights) {
    double[] gate = product(widened(x), weights.get("G").floats(), HIDDEN);
    double[] up = product(widened(x), weights.get("U").floats(), HIDDEN);
    for (int i = 0; i < HIDDEN; i++) {
      up[i] *= gate[i] / (1 + StrictMath.exp(-gate[i]));
    }
    return product(up, weights.get("D").floats(), WIDTH);
  }

  private static double[] widened(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private static double[] product(double[] row, float[] matrix, int columns) {
    double[] sums = new double[columns];
    for (int k = 0; k < row.length; k++) {
      for (int j = 0; j < columns; j++) {
        sums[j] += row[k] * matrix[k * columns + j];
      }
    }
    return sums;
  }

  private static List<Map<String, Tensor>> samples(int seed) {
    Random random = new Random(seed);
    List<Map<String, Tensor>> samples = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      samples.add(Map.of("x", random(random, 1, WIDTH)));
    }
    return samples;
  }

  private static Tensor random(Random random, long rows, long columns) {
    float[] values = new float[(int) (rows * columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return Tensor.of(values, rows, columns);
  }

  private static Model model() {
    Random random = new Random(3);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    weights.put("G", random(random, WIDTH, HIDDEN));
    weights.put("U", random(random, WIDTH, HIDDEN));
    weights.put("D", random(random, HIDDEN, WIDTH));
    List<Node> nodes =
        List.of(
            node("gate", "MatMul", "x", "G", "gate"),
            Node.of("sigmoid", OpType.onnx("Sigmoid"), List.of("gate"), List.of("sigmoid")),
            node("silu", "Mul", "gate", "sigmoid", "silu"),
            node("up", "MatMul", "x", "U", "up"),
            node("product", "Mul", "silu", "up", "product"),
            node("down", "MatMul", "product", "D", "y"));
    return Model.of(
        new Graph(
            "block",
            List.of(CommandFixture.value("x", DataType.FLOAT, 1, WIDTH)),
            List.of(CommandFixture.value("y", DataType.FLOAT, 1, WIDTH)),
            weights,
            nodes,
            Map.of(),
            Optional.empty()),
        17);
  }

  private static Node node(String name, String op, String left, String right, String result) {
    return Node.of(name, OpType.onnx(op), List.of(left, right), List.of(result));
  }
}

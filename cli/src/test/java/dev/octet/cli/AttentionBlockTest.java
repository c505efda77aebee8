package dev.octet.cli;

import static dev.octet.annotation.rules.Conditions.operandIs;
import static dev.octet.annotation.rules.Conditions.otherOperandsConstant;
import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.int8;
import static dev.octet.annotation.rules.Specs.outputChannel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.MatchPoint;
import dev.octet.annotation.rules.NodePattern;
import dev.octet.annotation.rules.SpecTemplate;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An attention block, three branches that join, is one match from the plan to the file. */
class AttentionBlockTest {

  private static final int TOKENS = 5;
  private static final int WIDTH = 8;

  /** A projection of what the first step of the block reads, with a bias where there is one. */
  private static NodePattern projection(String name) {
    return op("MatMul")
        .as(name)
        .constantOperand(1)
        .where(operandIs(0, MatchPoint.operand(0)))
        .optionally("Add")
        .constantOperand(1);
  }

  /** {@code softmax(c Q K^T + mask) V} with {@code Q, K, V} of one value. */
  private static NodePattern attention() {
    return op("MatMul")
        .as("query")
        .constantOperand(1)
        .optionally("Add")
        .constantOperand(1)
        .then("MatMul")
        .joinedBy(1, projection("key").then("Transpose"))
        .then("Mul", "Div")
        .where(otherOperandsConstant())
        .optionally("Add")
        .where(otherOperandsConstant())
        .then("Softmax")
        .then("MatMul")
        .joinedBy(1, projection("value"));
  }

  private static BackendRules rules() {
    NodePattern block = attention();
    SpecTemplate weight = int8().symmetric().perChannel(outputChannel());
    BackendRules.RuleBuilder rule = BackendRules.named("acme").rule("attention", block);
    for (String projection : List.of("query", "key", "value")) {
      rule.mark(block.operand(projection, 0), int8());
      rule.mark(block.operand(projection, 1), weight);
    }
    return rule.output(int8()).build();
  }

  @Test
  void isOneMatchFromThePlanToTheFileThatRuns() {
    for (boolean mask : new boolean[] {false, true}) {
      Model model = model(mask);
      Map<String, Tensor> x = Map.of("x", random(new Random(7), TOKENS, WIDTH));
      VendorRun run = VendorRun.of(rules(), model, x);
      assertEquals(mask ? 10 : 9, run.plan().nodes().size());
      run.plan().nodes().forEach(n -> assertEquals(Optional.of("attention"), n.rule(), n.name()));
      assertEquals(
          2,
          run.quantized().graph().nodes().stream().filter(n -> n.op().is("QuantizeLinear")).count(),
          "one for x, one for y");
      assertRuns(model, run, x);
    }
  }

  /** What runs is, within half a step, the block of what the integers mean. */
  private static void assertRuns(Model model, VendorRun run, Map<String, Tensor> x) {
    Model meant = model;
    for (String weight : List.of("Q", "K", "V")) {
      byte[] integers = run.stored(weight + "_quantized").bytes();
      float[] scales = run.stored(weight + "_scale").floats();
      float[] values = new float[integers.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = integers[i] * scales[i % WIDTH];
      }
      meant = VendorRun.with(meant, weight, Tensor.of(values, WIDTH, WIDTH));
    }
    float step = run.stored("y_scale").floats()[0];
    float[] wanted = VendorRun.run(meant, "cpu", Map.of("x", onGrid(x.get("x"), run)));
    float[] real = VendorRun.run(model, "cpu", x);
    float[] computed = VendorRun.run(run.quantized(), "cpu", x);
    double farthest = 0;
    for (int i = 0; i < wanted.length; i++) {
      assertEquals(wanted[i], computed[i], 0.6 * step, "output " + i);
      farthest = Math.max(farthest, Math.abs(real[i] - computed[i]) / step);
    }
    assertTrue(farthest > 0.1 && farthest < 4, "off by " + farthest + " steps");
    run.assertComputesAsTheReference("onnxruntime", 1.01 * step, x);
  }

  private static Tensor onGrid(Tensor x, VendorRun run) {
    float scale = run.stored("x_scale").floats()[0];
    int zeroPoint = run.stored("x_zero_point").bytes()[0];
    float[] values = x.floats().clone();
    for (int i = 0; i < values.length; i++) {
      double integer = Math.rint((double) (values[i] / scale)) + zeroPoint;
      values[i] = (float) (Math.max(-128, Math.min(127, integer)) - zeroPoint) * scale;
    }
    return Tensor.of(values, x.sizes());
  }

  private static Tensor random(Random random, long rows, long columns) {
    float[] values = new float[(int) (rows * columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return Tensor.of(values, rows, columns);
  }

  /** The key has a bias, the others have none. */
  private static Model model(boolean mask) {
    Random random = new Random(3);
    Map<String, Tensor> constants = new LinkedHashMap<>();
    for (String weight : List.of("Q", "K", "V")) {
      constants.put(weight, random(random, WIDTH, WIDTH));
    }
    constants.put("b", random(random, 1, WIDTH));
    constants.put("c", Tensor.of(new float[] {0.35f}));
    constants.put("m", random(random, TOKENS, TOKENS));
    List<Node> nodes = new ArrayList<>();
    nodes.add(node("query", "MatMul", "q", "x", "Q"));
    nodes.add(node("key", "MatMul", "k0", "x", "K"));
    nodes.add(node("keyBias", "Add", "k1", "k0", "b"));
    nodes.add(
        Node.of(
            "transpose",
            OpType.onnx("Transpose"),
            List.of("k1"),
            List.of("k"),
            Attribute.of("perm", List.of(1L, 0L))));
    nodes.add(node("value", "MatMul", "v", "x", "V"));
    nodes.add(node("scores", "MatMul", "s0", "q", "k"));
    nodes.add(node("scale", "Mul", "s1", "s0", "c"));
    if (mask) {
      nodes.add(node("mask", "Add", "s2", "s1", "m"));
    }
    nodes.add(
        Node.of("softmax", OpType.onnx("Softmax"), List.of(mask ? "s2" : "s1"), List.of("p")));
    nodes.add(node("context", "MatMul", "y", "p", "v"));
    return CommandFixture.model(
        nodes,
        constants,
        17,
        CommandFixture.value("x", TOKENS, WIDTH),
        CommandFixture.value("y", TOKENS, WIDTH));
  }

  private static Node node(String name, String op, String result, String... operands) {
    return Node.of(name, OpType.onnx(op), List.of(operands), List.of(result));
  }
}

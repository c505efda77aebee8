package dev.octet.cli;

import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.int8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.ChannelAxis;
import dev.octet.annotation.rules.RuleTree;
import dev.octet.annotation.rules.RuleVocabulary;
import dev.octet.annotation.rules.RuleWords;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.provider.Capability;
import dev.octet.api.spec.Granularity;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.text.JsonText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A vendor's own axis is found at each node, from the table to the file that runs. */
class OwnAxisTest {

  private static final NodeView EXAMPLE =
      NodeView.example(
          Node.of("dense", OpType.onnx("MatMul"), List.of("x", "w"), List.of("y")),
          Map.of("w", Tensor.of(new float[8], 4, 2)));

  /** The scales of this hardware run along the axis that its four lanes share out. */
  private static final ChannelAxis LANES =
      ChannelAxis.of("acme.lanes", "vector lane", OwnAxisTest::lanes, EXAMPLE);

  private static OptionalInt lanes(NodeView node) {
    for (int axis = 0; axis < node.rank(1).orElse(0); axis++) {
      if (node.size(1, axis).orElse(1) % 4 == 0) {
        return OptionalInt.of(axis);
      }
    }
    return OptionalInt.empty();
  }

  private static BackendRules table() {
    return BackendRules.named("acme")
        .rule("dense", op("MatMul").constantOperand(1))
        .weight(int8().symmetric().perChannel(LANES).weightOnly())
        .build();
  }

  private static Node dense(String name, String from, String weight, String to) {
    return Node.of(name, OpType.onnx("MatMul"), List.of(from, weight), List.of(to));
  }

  private static Tensor steps(int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 7 % 13 - 6) / 8f;
    }
    return Tensor.of(values, rows, columns);
  }

  private static Model model() {
    return CommandFixture.model(
        List.of(
            dense("rows", "x", "w1", "a"),
            dense("columns", "a", "w2", "b"),
            dense("back", "b", "w3", "c"),
            dense("none", "c", "w4", "y")),
        Map.of("w1", steps(4, 3), "w2", steps(3, 8), "w3", steps(8, 3), "w4", steps(3, 3)),
        13,
        CommandFixture.value("x", 2, 4),
        CommandFixture.value("y", 2, 3));
  }

  @Test
  void isFoundAtEachNode() {
    Model model = VendorRun.with(model(), "w3", steps(8, 3));
    VendorRun run = VendorRun.of(table(), model, Map.of());
    assertArrayEquals(new long[] {4}, run.stored("w1_scale").sizes());
    assertArrayEquals(new long[] {8}, run.stored("w2_scale").sizes());
    assertArrayEquals(new long[] {8}, run.stored("w3_scale").sizes());
    assertEquals(
        Optional.of("not: there is an axis per vector lane"),
        run.plan().nodes().get(3).reason(),
        "neither 3 nor 3 is shared out by four lanes");
    Model wanted = model;
    for (String weight : List.of("w1", "w2", "w3")) {
      int axis = weight.equals("w2") ? 1 : 0;
      wanted =
          VendorRun.with(wanted, weight, onGrid(model.graph().initializers().get(weight), axis));
    }
    Map<String, Tensor> x = Map.of("x", steps(2, 4));
    run.assertComputes(wanted, "cpu", x);
    run.assertComputesAsTheReference("onnxruntime", 0.05, x);
  }

  /** Rounded to multiples of the largest magnitude along the axis over 127.5. */
  private static Tensor onGrid(Tensor weight, int axis) {
    int columns = (int) weight.sizes()[1];
    float[] values = weight.floats().clone();
    float[] largest = new float[(int) weight.sizes()[axis]];
    for (int i = 0; i < values.length; i++) {
      int channel = axis == 0 ? i / columns : i % columns;
      largest[channel] = Math.max(largest[channel], Math.abs(values[i]));
    }
    for (int i = 0; i < values.length; i++) {
      float scale = largest[axis == 0 ? i / columns : i % columns] / 127.5f;
      values[i] = Math.max(-128, Math.min(127, (float) Math.rint(values[i] / scale))) * scale;
    }
    return Tensor.of(values, weight.sizes());
  }

  @Test
  void isItsIdInJsonAndReadBackWithTheTableOfItsProvider() {
    Tree tree = RuleTree.toTree(table());
    assertTrue(JsonText.write(tree).contains("acme.lanes"), JsonText.write(tree));
    assertEquals(table(), RuleTree.fromTree(tree, RuleVocabulary.of(table())));
    OctetException unknown = assertThrows(OctetException.class, () -> RuleTree.fromTree(tree));
    assertEquals("OCT-RULE-002", unknown.id());
    assertTrue(unknown.getMessage().contains("the axis 'acme.lanes'"), unknown.getMessage());
  }

  @Test
  void isDeclaredAsACapabilityUnderACondition() {
    Capability capability = table().capabilities().get(0);
    assertEquals(Optional.of(new Granularity.PerChannel(0)), capability.weightGranularity());
    assertEquals(
        List.of("operand 1 is constant", "there is an axis per vector lane"),
        capability.conditions().stream().map(c -> c.condition().words()).sorted().toList());
    assertEquals(
        "int8, symmetric, per vector lane, min-max, weight-only",
        RuleWords.of(table()).get(0).points().get("weight"));
  }

  @Test
  void mustBeAnAxisOfItsExample() {
    assertThrows(
        IllegalArgumentException.class,
        () -> ChannelAxis.of("acme.none", "lane", node -> OptionalInt.empty(), EXAMPLE));
    assertThrows(
        IllegalArgumentException.class,
        () -> ChannelAxis.of("lanes", "lane", node -> OptionalInt.of(0), EXAMPLE));
    IllegalStateException negative =
        assertThrows(
            IllegalStateException.class,
            () -> ChannelAxis.of("acme.last", "lane", node -> OptionalInt.of(-1), EXAMPLE));
    assertTrue(negative.getMessage().contains("'acme.last' is -1"), negative.getMessage());
  }
}

package dev.octet.tck.broken;

import static dev.octet.annotation.rules.Conditions.atMost;
import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.int8;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.NodePattern;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.option.Options;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.quantizer.Quantizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Backends of blocks whose branches join, and of examples, that do not keep what they declare. */
final class WrongBlocks {

  private WrongBlocks() {}

  static List<WrongBackend> all() {
    return List.of(
        new WrongBackend(
            "TCK-CAP-001",
            "has lost the rule of a block whose branches join",
            () -> annotatedBy(blocks(), without("attention")),
            "the capability [MatMul, MatMul, Transpose, MatMul, ... 7 in all]"),
        new WrongBackend(
            "TCK-CAP-002",
            "takes a sum of convolutions of which another node reads one",
            () -> annotatedBy(blocks(), sum(branch().then("Add").besideOtherReaders())),
            "does not alone read the result of"),
        new WrongBackend(
            "TCK-CAP-002",
            "takes a product of convolutions for their sum",
            () -> annotatedBy(blocks(), sum(branch().then("Add", "Mul").throughAnyOperand())),
            "([Conv, Mul, Conv]), and no capability declares the match"),
        new WrongBackend(
            "TCK-CAP-002",
            "takes one convolution with the sum",
            () -> annotatedBy(blocks(), table(op("Conv").constantOperand(1).then("Add"))),
            "([Conv, Add]), though operand 1 is constant does not hold and no capability"),
        new WrongBackend(
            "TCK-CAP-012",
            "declares a convolution that none can be",
            () -> annotatedBy(table(branch().where(atMost(0, 1, 0))), table(branch())),
            "c00 [Conv] ('size of operand 0 along axis 1 is at most 0' could not be met); give"
                + " the"),
        new WrongBackend(
            "TCK-CAP-013",
            "gives an example that does not meet a condition",
            () -> annotatedBy(withExample(atMost(0, 0, 2)), table(op("Pad"))),
            "the condition 'size of operand 0 along axis 0 is at most 2' does not hold for node"
                + " 'r'"),
        new WrongBackend(
            "TCK-CAP-013",
            "leaves its example in float",
            () -> annotatedBy(withExample(atMost(0, 0, 3)), table(op("Pad"))),
            "the backend does not claim it"),
        new WrongBackend(
            "TCK-CAP-013",
            "takes half of its example",
            () -> annotatedBy(withExample(atMost(0, 0, 3)), table(op("Relu"))),
            "names the nodes [r, s], and the backend claims [r] alone of them"));
  }

  private static NodePattern branch() {
    return op("Conv").constantOperand(1);
  }

  private static BackendRules blocks() {
    return new Blocks().rules(Options.none());
  }

  private static BackendRules sum(NodePattern joins) {
    return table(joins.joinedBy(branch()));
  }

  private static BackendRules table(NodePattern pattern) {
    return BackendRules.named("blocks")
        .rule("all", pattern)
        .activation(int8())
        .output(int8())
        .build();
  }

  private static BackendRules without(String rule) {
    BackendRules usual = blocks();
    return new BackendRules(
        usual.backend(),
        usual.rules().stream().filter(each -> !each.name().equals(rule)).toList(),
        usual.boundary());
  }

  private static BackendRules withExample(NodeCondition condition) {
    Node relu = Node.of("r", OpType.onnx("Relu"), List.of("x"), List.of("y"));
    Node sigmoid = Node.of("s", OpType.onnx("Sigmoid"), List.of("y"), List.of("z"));
    Graph graph =
        new Graph(
            "example",
            List.of(value("x")),
            List.of(value("z")),
            Map.of(),
            List.of(relu, sigmoid),
            Map.of(),
            Optional.empty());
    return BackendRules.named("blocks")
        .rule("pair", op("Relu").where(condition).then("Sigmoid"))
        .activation(int8())
        .example(Model.of(graph, 21), "r", "s")
        .output(int8())
        .build();
  }

  private static ValueInfo value(String name) {
    return ValueInfo.of(name, TensorType.of(DataType.FLOAT, Shape.of(3, 5)));
  }

  /** Declares what one table says, and annotates by another. */
  private static Blocks annotatedBy(BackendRules declared, BackendRules used) {
    return new Blocks() {
      @Override
      public BackendRules rules(Options options) {
        return declared;
      }

      @Override
      public Quantizer create(Options options) {
        return used.quantizer();
      }
    };
  }
}

package dev.octet.tck.broken;

import static dev.octet.annotation.rules.Conditions.operandIs;
import static dev.octet.annotation.rules.Conditions.otherOperandsAre;
import static dev.octet.annotation.rules.Conditions.rankIn;
import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.int8;
import static dev.octet.annotation.rules.Specs.outputChannel;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.MatchPoint;
import dev.octet.annotation.rules.NodePattern;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.annotation.rules.SpecTemplate;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.option.Options;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.BuiltFor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A correct backend of blocks whose branches join, of a condition that no usual size meets, and of
 * an operator that only its own example shows.
 */
@BuiltFor(ApiVersion.CURRENT)
public class Blocks extends RuleBackend {

  /** Makes the provider. */
  public Blocks() {
    super("blocks", "Blocks whose branches join, each computed as one.");
  }

  @Override
  public BackendRules rules(Options options) {
    BackendRules.Builder table = BackendRules.named(name());
    sum(table);
    swiglu(table);
    attention(table);
    table
        .rule("rows", op("Gemm").constantOperand(1).where(rowsOfEleven()))
        .activation(int8())
        .output(int8())
        .rule("space", op("SpaceToDepth"))
        .activation(int8())
        .example(spaceToDepth(), "s")
        .output(int8());
    return table.build();
  }

  /** The sum of two convolutions. */
  protected NodePattern sum() {
    return op("Conv")
        .as("left")
        .constantOperand(1)
        .then("Add")
        .joinedBy(op("Conv").as("right").constantOperand(1))
        .optionally("Relu");
  }

  private void sum(BackendRules.Builder table) {
    NodePattern block = sum();
    table
        .rule("sum-of-convolutions", block)
        .activation(int8())
        .weight(weight())
        .mark(block.operand("right", 0), int8())
        .mark(block.operand("right", 1), weight())
        .output(int8());
  }

  private static SpecTemplate weight() {
    return int8().symmetric().perChannel(outputChannel());
  }

  private static void swiglu(BackendRules.Builder table) {
    NodePattern block =
        op("MatMul")
            .as("gate")
            .constantOperand(1)
            .where(rankIn(1, 2))
            .then("Sigmoid")
            .besideOtherReaders()
            .then("Mul")
            .where(otherOperandsAre(MatchPoint.result(0, 0)))
            .then("Mul")
            .joinedBy(
                op("MatMul")
                    .as("up")
                    .constantOperand(1)
                    .where(rankIn(1, 2), operandIs(0, MatchPoint.operand(0))))
            .then("MatMul")
            .as("down")
            .constantOperand(1)
            .where(rankIn(1, 2));
    table
        .rule("swiglu", block)
        .activation(int8())
        .weight(weight())
        .mark(block.operand("up", 0), int8())
        .mark(block.operand("up", 1), weight())
        .mark(block.operand("down", 1), weight())
        .output(int8());
  }

  private static NodePattern projection(String name) {
    return op("MatMul")
        .as(name)
        .constantOperand(1)
        .where(rankIn(1, 2), operandIs(0, MatchPoint.operand(0)));
  }

  private static void attention(BackendRules.Builder table) {
    NodePattern block =
        op("MatMul")
            .as("query")
            .constantOperand(1)
            .where(rankIn(1, 2))
            .then("MatMul")
            .joinedBy(1, projection("key").then("Transpose"))
            .then("Softmax")
            .then("MatMul")
            .joinedBy(1, projection("value"));
    BackendRules.RuleBuilder rule = table.rule("attention", block);
    for (String projection : List.of("query", "key", "value")) {
      rule.mark(block.operand(projection, 0), int8());
      rule.mark(block.operand(projection, 1), weight());
    }
    rule.output(int8());
  }

  private static NodeCondition rowsOfEleven() {
    Node example = Node.of("g", OpType.onnx("Gemm"), List.of("x", "w"), List.of("y"));
    return NodeCondition.of(
        "blocks.rows-of-eleven",
        "rows of the weight have 11 elements",
        view -> view.size(1, 1).orElse(0) == 11,
        NodeView.example(example, Map.of("w", Tensor.of(new float[44], 4, 11))));
  }

  private static Model spaceToDepth() {
    Node node =
        Node.of(
            "s",
            OpType.onnx("SpaceToDepth"),
            List.of("x"),
            List.of("y"),
            Attribute.of("blocksize", 3L));
    return Model.of(
        new Graph(
            "space",
            List.of(value("x", 1, 2, 6, 9)),
            List.of(value("y", 1, 18, 2, 3)),
            Map.of(),
            List.of(node),
            Map.of(),
            Optional.empty()),
        21);
  }

  private static ValueInfo value(String name, long... sizes) {
    return ValueInfo.of(name, TensorType.of(DataType.FLOAT, Shape.of(sizes)));
  }
}

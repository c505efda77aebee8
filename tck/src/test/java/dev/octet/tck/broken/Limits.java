package dev.octet.tck.broken;

import static dev.octet.annotation.rules.Conditions.absentAttribute;
import static dev.octet.annotation.rules.Conditions.any;
import static dev.octet.annotation.rules.Conditions.atMost;
import static dev.octet.annotation.rules.Conditions.attributeIn;
import static dev.octet.annotation.rules.Conditions.constantValue;
import static dev.octet.annotation.rules.Conditions.divisible;
import static dev.octet.annotation.rules.Conditions.elementsAtLeast;
import static dev.octet.annotation.rules.Conditions.floatAttributeIs;
import static dev.octet.annotation.rules.Conditions.not;
import static dev.octet.annotation.rules.Conditions.rankIn;
import static dev.octet.annotation.rules.Conditions.sizeIn;
import static dev.octet.annotation.rules.Conditions.textAttributeIn;
import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.int8;
import static dev.octet.annotation.rules.Specs.outputChannel;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.NodePattern;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.annotation.rules.Specs;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.option.Options;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.BuiltFor;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.List;
import java.util.Map;

/** A correct backend of an accelerator with limits of every kind that a condition can state. */
@BuiltFor(ApiVersion.CURRENT)
public class Limits extends RuleBackend {

  private static final QuantizedType WEIGHT = new QuantizedType(Storage.INT8, -127, 127);

  /**
   * A row of a table.
   *
   * @param pattern the pattern
   * @param layer whether operand 1 is a weight
   */
  record Row(NodePattern pattern, boolean layer) {}

  /** Makes the provider. */
  public Limits() {
    super("limits", "An accelerator of limits.");
  }

  @Override
  public BackendRules rules(Options options) {
    return table(
        gemm(atMost(1, 0, 4096), divisible(1, 1, 8)),
        matMul(elementsAtLeast(1, 48)),
        plain("HardSwish", fillsLines()),
        conv(
            rankIn(0, 3, 4),
            attributeIn("group", 1L, 3L),
            any(absentAttribute("strides"), attributeIn("strides", 1L, 2L)),
            not(sizeIn(1, 0, 6L, 7L))),
        plain("Softmax", rankIn(0, 2, 3), atMost(0, -1, 65536)),
        plain("Pad", textAttributeIn("mode", "constant", "edge"), constantValue(2, 0)),
        plain("LeakyRelu", floatAttributeIs("alpha", 0.125f), divisible(0, 1, 12)));
  }

  static Row gemm(NodeCondition... conditions) {
    return new Row(op("Gemm").constantOperand(1).where(conditions), true);
  }

  static Row matMul(NodeCondition... conditions) {
    return new Row(op("MatMul").constantOperand(1).where(conditions), true);
  }

  static Row conv(NodeCondition... conditions) {
    return new Row(op("Conv").constantOperand(1).where(conditions), true);
  }

  static Row plain(String operator, NodeCondition... conditions) {
    return new Row(op(operator).where(conditions), false);
  }

  /** A condition of a vendor's own, whose words name no number. */
  private static NodeCondition fillsLines() {
    Node node = Node.of("h", OpType.onnx("HardSwish"), List.of("x"), List.of("y"));
    return NodeCondition.of(
        "limits.full-lines",
        "rows fill whole lines",
        view -> view.size(0, -1).orElse(12) % 12 == 0,
        NodeView.example(node, Map.of()));
  }

  /** Returns a table with a rule for each row. */
  static BackendRules table(Row... rows) {
    BackendRules.Builder table = BackendRules.named("limits");
    for (int i = 0; i < rows.length; i++) {
      BackendRules.RuleBuilder rule = table.rule("rule" + i, rows[i].pattern()).activation(int8());
      if (rows[i].layer()) {
        rule = rule.weight(Specs.of(WEIGHT).symmetric().perChannel(outputChannel()));
      }
      table = rule.output(int8()).and();
    }
    return table.build();
  }

  /** Returns a backend that declares what one table says, and annotates by another. */
  static Limits annotatedBy(Row declared, Row done) {
    return new Limits() {
      @Override
      public BackendRules rules(Options options) {
        return table(declared);
      }

      @Override
      public Quantizer create(Options options) {
        return table(done).quantizer();
      }
    };
  }
}

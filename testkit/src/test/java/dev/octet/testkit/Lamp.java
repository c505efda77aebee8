package dev.octet.testkit;

import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.derivedFromInputAndWeight;
import static dev.octet.annotation.rules.Specs.fixed;
import static dev.octet.annotation.rules.Specs.int8;
import static dev.octet.annotation.rules.Specs.keepFloat;
import static dev.octet.annotation.rules.Specs.outputChannel;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.OpType;
import dev.octet.api.option.Options;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.BuiltFor;
import java.util.List;

/** A backend that has a decision of every kind, and the model that shows them. */
@BuiltFor(ApiVersion.CURRENT)
public final class Lamp extends RuleBackend {

  /** Names it. */
  public Lamp() {
    super("lamp", "A backend of tests.");
  }

  static Model model() {
    return ModelBuilder.seeded(1)
        .input("x", 1, 3, 6, 6)
        .conv("conv1", "x", 4, 3)
        .node("relu1", "Relu", "conv1")
        .node(
            "pool1",
            OpType.onnx("MaxPool"),
            List.of("relu1"),
            Attribute.of("kernel_shape", List.of(2L, 2L)))
        .node("erf1", "Erf", "pool1")
        .node("tanh1", "Tanh", "erf1")
        .node("soft1", "Softmax", "tanh1")
        .build("soft1");
  }

  @Override
  public BackendRules rules(Options options) {
    return BackendRules.named(name())
        .rule("conv", op("Conv").constantOperand(1).constantIfPresent(2).optionally("Relu"))
        .activation(int8())
        .weight(int8().range(-127, 127).symmetric().perChannel(outputChannel()))
        .bias(derivedFromInputAndWeight())
        .output(int8())
        .rule("move", op("MaxPool"))
        .whereInputIsQuantized()
        .outputSharesInput()
        .rule("tanh", op("Tanh"))
        .activation(keepFloat("the table takes floats"))
        .output(int8())
        .rule("softmax", op("Softmax"))
        .activation(int8())
        .output(fixed(1f / 256, -128))
        .build();
  }
}

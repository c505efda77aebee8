package dev.octet.tck.broken;

import static dev.octet.annotation.rules.Conditions.absentAttribute;
import static dev.octet.annotation.rules.Conditions.attributeIn;
import static dev.octet.annotation.rules.Conditions.folded;
import static dev.octet.annotation.rules.Conditions.not;
import static dev.octet.annotation.rules.Conditions.rankIn;
import static dev.octet.annotation.rules.MatchPoint.operand;
import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.int8;
import static dev.octet.annotation.rules.Specs.outputChannel;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.ChannelAxis;
import dev.octet.annotation.rules.Conditions;
import dev.octet.annotation.rules.MatchPoint;
import dev.octet.annotation.rules.NodePattern;
import dev.octet.annotation.rules.Specs;
import dev.octet.api.option.Options;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.List;

/**
 * Backends that are wrong about operators that the reference kernels do not compute, and about
 * layers into which a BatchNormalization is folded.
 */
final class WrongRareOperators {

  private static final NodeCondition NORMALIZED = folded("BatchNormalization");

  private WrongRareOperators() {}

  static List<WrongBackend> all() {
    return List.of(
        wrong(
            "TCK-CAP-001",
            "resizes by the nearest element alone, and says in every mode",
            plain("Resize"),
            plain("Resize", Conditions.textAttributeIn("mode", "nearest")),
            "mode is linear"),
        wrong(
            "TCK-CAP-001",
            "resizes by factors alone, and says to sizes as well",
            plain("Resize"),
            plain("Resize", Conditions.absentOperand(3)),
            "operand 3"),
        wrong(
            "TCK-CAP-001",
            "refuses transposed convolutions that pad their result",
            transposed(outputChannel()),
            transposed(outputChannel(), absentAttribute("output_padding")),
            "output_padding is"),
        wrong(
            "TCK-CAP-001",
            "refuses transposed convolutions whose size is stated",
            transposed(outputChannel()),
            transposed(outputChannel(), absentAttribute("output_shape")),
            "output_shape is"),
        wrong(
            "TCK-CAP-002",
            "takes transposed convolutions of several groups, and says of one",
            transposed(outputChannel(), attributeIn("group", 1L)),
            transposed(outputChannel()),
            "though group is 1 does not hold"),
        wrong(
            "TCK-CAP-002",
            "takes transposed convolutions over lines, and says over planes",
            transposed(outputChannel(), rankIn(1, 4)),
            transposed(outputChannel()),
            "though rank of operand 1 is 4 does not hold"),
        wrong(
            "TCK-CAP-005",
            "has the scales of a transposed convolution along its input channels",
            transposed(outputChannel()),
            transposed(Specs.axis(0)),
            "declared per-channel along axis 1, and operand 1 of 'n0' is marked per-channel along"
                + " axis 0"),
        wrong(
            "TCK-CAP-004",
            "marks the grid of GridSample, and not what is sampled",
            sampling(operand(0)),
            sampling(operand(1)),
            "reads one, is not marked"),
        wrong(
            "TCK-CAP-001",
            "forgets the rule of convolutions with a BatchNormalization",
            convolution(NORMALIZED),
            convolution(NORMALIZED, not(NORMALIZED)),
            "leaves it in float"),
        wrong(
            "TCK-CAP-002",
            "takes convolutions with a BatchNormalization, and says without",
            convolution(not(NORMALIZED)),
            convolution(),
            "though not: a BatchNormalization is folded into it does not hold"));
  }

  private static WrongBackend wrong(
      String rule, String mistake, BackendRules declared, BackendRules done, String says) {
    return new WrongBackend(rule, mistake, () -> annotatedBy(declared, done), says);
  }

  private static Limits annotatedBy(BackendRules declared, BackendRules done) {
    return new Limits() {
      @Override
      public BackendRules rules(Options options) {
        return declared;
      }

      @Override
      public Quantizer create(Options options) {
        return done.quantizer();
      }
    };
  }

  private static BackendRules plain(String operator, NodeCondition... conditions) {
    return Limits.table(Limits.plain(operator, conditions));
  }

  private static BackendRules convolution(NodeCondition... conditions) {
    return Limits.table(Limits.conv(conditions));
  }

  private static BackendRules transposed(ChannelAxis axis, NodeCondition... conditions) {
    NodePattern pattern = op("ConvTranspose").constantOperand(1).where(conditions);
    return BackendRules.named("limits")
        .rule("transposed", pattern)
        .activation(int8())
        .weight(Specs.of(new QuantizedType(Storage.INT8, -127, 127)).symmetric().perChannel(axis))
        .output(int8())
        .and()
        .build();
  }

  private static BackendRules sampling(MatchPoint marked) {
    return BackendRules.named("limits")
        .rule("sampling", op("GridSample"))
        .mark(marked, int8())
        .output(int8())
        .and()
        .build();
  }
}

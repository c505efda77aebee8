package dev.octet.tck.broken;

import static dev.octet.annotation.rules.Conditions.absentAttribute;
import static dev.octet.annotation.rules.Conditions.any;
import static dev.octet.annotation.rules.Conditions.atMost;
import static dev.octet.annotation.rules.Conditions.attributeIn;
import static dev.octet.annotation.rules.Conditions.divisible;
import static dev.octet.annotation.rules.Conditions.elementsAtLeast;
import static dev.octet.annotation.rules.Conditions.floatAttributeIs;
import static dev.octet.annotation.rules.Conditions.not;
import static dev.octet.annotation.rules.Conditions.rankIn;
import static dev.octet.annotation.rules.Conditions.sizeIn;
import static dev.octet.annotation.rules.Conditions.textAttributeIn;

import java.util.List;

/** Backends whose limits are not quite those that they declare. */
final class WrongLimits {

  private static final String CLAIMED = "TCK-CAP-001";
  private static final String REFUSED = "TCK-CAP-002";

  private WrongLimits() {}

  static List<WrongBackend> all() {
    return List.of(
        wrong(
            CLAIMED,
            "counts to 4095 and says 4096",
            Limits.gemm(atMost(1, 0, 4096)),
            Limits.gemm(atMost(1, 0, 4095)),
            "weight has size 4096 along axis 0, above 4095"),
        wrong(
            REFUSED,
            "counts to 4097 and says 4096",
            Limits.gemm(atMost(1, 0, 4096)),
            Limits.gemm(atMost(1, 0, 4097)),
            "though size of operand 1 along axis 0 is at most 4096 does not hold"),
        wrong(
            CLAIMED,
            "wants multiples of 16 and says 8",
            Limits.gemm(divisible(1, 1, 8)),
            Limits.gemm(divisible(1, 1, 16)),
            "weight has size 72 along axis 1, not a multiple of 16"),
        wrong(
            REFUSED,
            "takes multiples of 4 and says 8",
            Limits.gemm(divisible(1, 1, 8)),
            Limits.gemm(divisible(1, 1, 4)),
            "though size of operand 1 along axis 1 is a multiple of 8 does not hold"),
        wrong(
            CLAIMED,
            "takes powers of two and says multiples of 8",
            Limits.gemm(divisible(1, 1, 8)),
            Limits.gemm(sizeIn(1, 1, 8, 16, 32, 64, 72, 128, 256)),
            "weight has size 24 along axis 1"),
        wrong(
            CLAIMED,
            "looks at the other axis for a limit",
            Limits.gemm(atMost(1, 0, 4096)),
            Limits.gemm(atMost(1, 1, 4096)),
            "along axis 1, above 4096"),
        wrong(
            REFUSED,
            "looks at the input for the limit of the weight",
            Limits.gemm(atMost(1, 0, 300)),
            Limits.gemm(atMost(0, 0, 300)),
            "though size of operand 1 along axis 0 is at most 300 does not hold"),
        wrong(
            CLAIMED,
            "has two limits on one axis, and keeps one of them by a step",
            Limits.gemm(divisible(1, 0, 12), atMost(1, 0, 1200)),
            Limits.gemm(divisible(1, 0, 12), atMost(1, 0, 1199)),
            "weight has size 1200 along axis 0, above 1199"),
        wrong(
            REFUSED,
            "takes one element less than it says",
            Limits.matMul(elementsAtLeast(1, 48)),
            Limits.matMul(elementsAtLeast(1, 47)),
            "is a constant of at least 48 elements does not hold"),
        wrong(
            CLAIMED,
            "does not take rank 3, and says 2 to 4",
            Limits.plain("Softmax", rankIn(0, 2, 3, 4)),
            Limits.plain("Softmax", rankIn(0, 2, 4)),
            "has rank 3, not 2 or 4"),
        wrong(
            REFUSED,
            "takes rank 5, and says 2 to 4",
            Limits.plain("Softmax", rankIn(0, 2, 3, 4)),
            Limits.plain("Softmax", rankIn(0, 2, 3, 4, 5)),
            "though rank of operand 0 is 2 or 3 or 4 does not hold"),
        wrong(
            REFUSED,
            "takes convolutions over volumes",
            Limits.conv(rankIn(1, 3, 4)),
            Limits.conv(rankIn(1, 3, 4, 5)),
            "though rank of operand 1 is 3 or 4 does not hold"),
        wrong(
            CLAIMED,
            "does not take strides of 2",
            Limits.conv(),
            Limits.conv(any(absentAttribute("strides"), not(attributeIn("strides", 2L)))),
            "strides is 2"),
        wrong(
            REFUSED,
            "looks at the first of two strides alone",
            Limits.conv(any(absentAttribute("strides"), attributeIn("strides", 1L))),
            Limits.conv(any(absentAttribute("strides"), attributeIn("strides", 1L, 2L))),
            "does not hold"),
        wrong(
            CLAIMED,
            "takes one group, and says three as well",
            Limits.conv(attributeIn("group", 1L, 3L)),
            Limits.conv(attributeIn("group", 1L)),
            "group is 3, not 1"),
        wrong(
            REFUSED,
            "takes four groups, and says one or three",
            Limits.conv(attributeIn("group", 1L, 3L)),
            Limits.conv(attributeIn("group", 1L, 3L, 4L)),
            "though group is 1 or 3 does not hold"),
        wrong(
            CLAIMED,
            "does not take a default that is stated",
            Limits.gemm(floatAttributeIs("alpha", 1)),
            Limits.gemm(absentAttribute("alpha")),
            "alpha is given"),
        wrong(
            CLAIMED,
            "takes an attribute of its default alone",
            Limits.plain("LeakyRelu", floatAttributeIs("alpha", 0.125f)),
            Limits.plain("LeakyRelu", floatAttributeIs("alpha", 0.01f)),
            "alpha is 0.125, not 0.01"),
        wrong(
            REFUSED,
            "takes an attribute that is nearly right",
            Limits.plain("LeakyRelu", floatAttributeIs("alpha", 0.125f)),
            Limits.plain(
                "LeakyRelu",
                any(
                    floatAttributeIs("alpha", 0.125f),
                    floatAttributeIs("alpha", Math.nextUp(0.125f)))),
            "though alpha is 0.125 does not hold"),
        wrong(
            CLAIMED,
            "does not take the second word of two",
            Limits.plain("Pad", textAttributeIn("mode", "constant", "edge")),
            Limits.plain("Pad", textAttributeIn("mode", "constant")),
            "mode is edge, not constant"),
        wrong(
            CLAIMED,
            "multiplies 65536 terms at most, and does not say so",
            Limits.matMul(),
            Limits.matMul(atMost(1, 0, 65536)),
            "weight has size 65537 along axis 0, above 65536"),
        wrong(
            CLAIMED,
            "convolves 4096 channels at most, and does not say so",
            Limits.conv(),
            Limits.conv(atMost(0, 1, 4096)),
            "has size 4097 along axis 1, above 4096"));
  }

  private static WrongBackend wrong(
      String rule, String mistake, Limits.Row declared, Limits.Row done, String says) {
    return new WrongBackend(rule, mistake, () -> Limits.annotatedBy(declared, done), says);
  }
}

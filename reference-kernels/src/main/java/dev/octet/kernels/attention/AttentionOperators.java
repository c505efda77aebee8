package dev.octet.kernels.attention;

import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import dev.octet.kernels.compile.Operator;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.real.RealTypes;
import java.util.List;
import java.util.Optional;

/** Defines attention and what stands around it. */
public final class AttentionOperators {

  private AttentionOperators() {}

  /** Returns the definitions. */
  public static List<OperatorDefinition> definitions() {
    return List.of(
        OperatorDefinition.of("Attention", AttentionShape::infer, attention()).since(23),
        OperatorDefinition.of(
                "RotaryEmbedding",
                RotaryEmbedding::shape,
                RealTypes.indices(
                    RealTypes.reals(RealTypes.operator(RotaryEmbedding::prepare), 0, 1, 2), 3))
            .since(23),
        OperatorDefinition.of(
            microsoft("RotaryEmbedding"),
            CachedRotation::shape,
            RealTypes.indices(
                    RealTypes.reals(RealTypes.operator(CachedRotation::prepare), 0, 2, 3), 1)
                .refusing(CachedRotation::refusal)),
        OperatorDefinition.of(
            microsoft("Attention"),
            ProjectedShape::infer,
            RealTypes.indices(
                    RealTypes.reals(RealTypes.operator(ProjectedAttention::prepare), 0, 1, 2, 4, 5),
                    ProjectedAttention.MASK)
                .refusing(ProjectedShape::refusal)),
        OperatorDefinition.of(
            microsoft("MultiHeadAttention"),
            MultiHeadShape::infer,
            RealTypes.indices(
                    RealTypes.reals(
                        RealTypes.operator(MultiHeadAttention::prepare), 0, 1, 2, 3, 5, 6, 7),
                    MultiHeadAttention.PADDING)
                .refusing(MultiHeadShape::refusal)),
        OperatorDefinition.of(
                "LinearAttention", LinearAttention::shape, RealTypes.all(LinearAttention::prepare))
            .since(27),
        OperatorDefinition.of(
                "CausalConvWithState", CausalConv::shape, RealTypes.all(CausalConv::prepare))
            .since(27));
  }

  private static Operator attention() {
    Operator operator = RealTypes.reals(RealTypes.operator(Attention::prepare), 0, 1, 2, 4, 5);
    return RealTypes.indices(operator, 6).refusing(AttentionOperators::noMask);
  }

  private static Optional<String> noMask(Signature signature) {
    return signature
        .operandType(3)
        .filter(type -> !AttentionShape.isMask(type))
        .map(type -> "a mask of " + type + " is not supported");
  }
}

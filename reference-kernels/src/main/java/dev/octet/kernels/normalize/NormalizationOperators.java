package dev.octet.kernels.normalize;

import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.real.RealTypes;
import java.util.List;

/** Defines the normalisations of floats of any width. */
public final class NormalizationOperators {

  private NormalizationOperators() {}

  /** Returns the definitions. */
  public static List<OperatorDefinition> definitions() {
    return List.of(
        OperatorDefinition.of(
            "InstanceNormalization",
            GroupedNormalization::instanceShape,
            RealTypes.all(GroupedNormalization::instances)),
        OperatorDefinition.of(
                "GroupNormalization",
                GroupedNormalization::groupShape,
                RealTypes.all(GroupedNormalization::groups))
            .since(18),
        OperatorDefinition.of(
                "RMSNormalization",
                RowNormalization::shape,
                RealTypes.all(RowNormalization::prepare))
            .since(23),
        OperatorDefinition.of(
            "SimplifiedLayerNormalization",
            RowNormalization::simplifiedShape,
            RealTypes.all(RowNormalization::prepare)),
        OperatorDefinition.of(
            microsoft("SkipLayerNormalization"),
            SkipNormalization::shape,
            RealTypes.all(SkipNormalization::centred).refusing(SkipNormalization::refusal)),
        OperatorDefinition.of(
            microsoft("SkipSimplifiedLayerNormalization"),
            SkipNormalization::shape,
            RealTypes.all(SkipNormalization::simplified).refusing(SkipNormalization::refusal)),
        OperatorDefinition.of(
            microsoft("EmbedLayerNormalization"),
            EmbedNormalization::shape,
            RealTypes.indices(
                RealTypes.reals(RealTypes.operator(EmbedNormalization::prepare), 2, 3, 4, 5, 6),
                0,
                1,
                7,
                8)),
        OperatorDefinition.of(
            "LpNormalization", AxisNormalization::lpShape, RealTypes.all(AxisNormalization::lp)),
        OperatorDefinition.of(
                "MeanVarianceNormalization",
                MeanVarianceNormalization::shape,
                RealTypes.all(MeanVarianceNormalization::prepare))
            .since(9),
        OperatorDefinition.of(
            "Hardmax", AxisNormalization::hardmaxShape, RealTypes.all(AxisNormalization::hardmax)),
        OperatorDefinition.of(
            "LRN", AxisNormalization::lrnShape, RealTypes.all(AxisNormalization::lrn)));
  }
}

package dev.octet.kernels.image;

import static dev.octet.api.graph.DataType.FLOAT;
import static dev.octet.api.graph.DataType.INT64;

import dev.octet.kernels.compile.Operator;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.real.RealTypes;
import dev.octet.kernels.shape.WindowShapes;
import java.util.List;

/** Defines the operators on images. */
public final class ImageOperators {

  private ImageOperators() {}

  /** Returns the definitions. */
  public static List<OperatorDefinition> definitions() {
    return List.of(
        OperatorDefinition.of(
                "Resize",
                Resize::shape,
                Operator.of(Resize::prepare).contents(1, 2, 3).refusing(Resize::refusal))
            .since(10)
            .movingIntegers(Resize::requireNearest),
        OperatorDefinition.of(
            "Upsample",
            Resize::shape,
            Operator.of(Resize::prepare).contents(1).types(1, FLOAT).refusing(Resize::refusal)),
        OperatorDefinition.of(
            "ConvTranspose", WindowShapes::convTranspose, RealTypes.all(ConvTranspose::prepare)),
        OperatorDefinition.of("GridSample", GridSample::shape, RealTypes.all(GridSample::prepare))
            .since(16),
        OperatorDefinition.of(
                "RoiAlign",
                RoiAlign::shape,
                RealTypes.reals(RealTypes.operator(RoiAlign::prepare), 0, 1).types(2, INT64))
            .since(10),
        OperatorDefinition.of(
                "NonMaxSuppression",
                NonMaxSuppression::shape,
                Operator.of(NonMaxSuppression::prepare)
                    .contents(0, 1, 2, 3, 4)
                    .types(0, FLOAT)
                    .types(1, FLOAT)
                    .types(2, INT64)
                    .types(3, FLOAT)
                    .types(4, FLOAT))
            .since(10),
        OperatorDefinition.of(
                "Col2Im",
                Col2Im::shape,
                RealTypes.reals(RealTypes.operator(Col2Im::prepare), 0)
                    .contents(1, 2)
                    .types(1, INT64)
                    .types(2, INT64))
            .since(18));
  }
}

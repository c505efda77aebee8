package dev.octet.kernels.image;

import static dev.octet.api.graph.DataType.FLOAT;

import dev.octet.kernels.compile.Operator;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.real.RealTypes;
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
            .since(10),
        OperatorDefinition.of(
            "Upsample",
            Resize::shape,
            Operator.of(Resize::prepare).contents(1).types(1, FLOAT).refusing(Resize::refusal)),
        OperatorDefinition.of(
            "ConvTranspose", ConvTranspose::shape, RealTypes.all(ConvTranspose::prepare)));
  }
}

package dev.octet.kernels.movement;

import static dev.octet.api.graph.DataType.BFLOAT16;
import static dev.octet.api.graph.DataType.DOUBLE;
import static dev.octet.api.graph.DataType.FLOAT;
import static dev.octet.api.graph.DataType.FLOAT16;
import static dev.octet.api.graph.DataType.INT16;
import static dev.octet.api.graph.DataType.INT32;
import static dev.octet.api.graph.DataType.INT64;

import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Operator;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.shape.ContentRules;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.MovementShapes;
import dev.octet.kernels.shape.ReshapeShapes;
import java.util.ArrayList;
import java.util.List;

/** Defines the operators that move elements. */
public final class MovementOperators {

  private MovementOperators() {}

  /** Returns the definitions. */
  public static List<OperatorDefinition> definitions() {
    List<OperatorDefinition> all = new ArrayList<>();
    aliases(all);
    copies(all);
    selections(all);
    constants(all);
    return all;
  }

  private static void aliases(List<OperatorDefinition> all) {
    Operator alias = Operator.of(preparation -> Kernel.alias(0));
    all.add(
        OperatorDefinition.of("Identity", ElementwiseShapes::sameAsFirst, alias)
            .contents(ContentRules::first)
            .movingIntegers());
    all.add(OperatorDefinition.of("Flatten", ReshapeShapes::flatten, alias).movingIntegers());
    all.add(
        OperatorDefinition.of(
                "Dropout",
                MovementShapes::dropout,
                Operator.of(Dropout::prepare).contents(2).refusing(Dropout::refusal))
            .movingIntegers());
    all.add(
        OperatorDefinition.of("Reshape", ReshapeShapes::reshape, alias.contents(1))
            .contents(ContentRules::sizes)
            .movingIntegers());
    all.add(
        OperatorDefinition.of("Squeeze", ReshapeShapes::squeeze, alias.contents(1))
            .contents(ContentRules::sizes)
            .movingIntegers());
    all.add(
        OperatorDefinition.of("Unsqueeze", ReshapeShapes::unsqueeze, alias.contents(1))
            .contents(ContentRules::sizes)
            .movingIntegers());
  }

  private static void copies(List<OperatorDefinition> all) {
    all.add(
        OperatorDefinition.of(
                "Transpose", MovementShapes::transpose, Operator.of(Copies::transpose))
            .movingIntegers());
    all.add(
        OperatorDefinition.of(
                "Expand", MovementShapes::expand, Operator.of(Copies::expand).contents(1))
            .since(8)
            .movingIntegers());
    all.add(
        OperatorDefinition.of("Tile", MovementShapes::tile, Operator.of(Copies::tile).contents(1))
            .movingIntegers());
    all.add(
        OperatorDefinition.of("Concat", MovementShapes::concat, Operator.of(Copies::concat))
            .contents(ContentRules::concat));
    all.add(
        OperatorDefinition.of(
                "Split", MovementShapes::split, Operator.of(Copies::split).contents(1))
            .movingIntegers());
    all.add(
        OperatorDefinition.of(
                "DepthToSpace", MovementShapes::depthToSpace, Operator.of(Copies::depthToSpace))
            .movingIntegers());
    all.add(
        OperatorDefinition.of(
                "SpaceToDepth", MovementShapes::spaceToDepth, Operator.of(Copies::spaceToDepth))
            .movingIntegers());
    all.add(
        OperatorDefinition.of(
                "Slice", MovementShapes::slice, Operator.of(Slicing::slice).contents(1, 2, 3, 4))
            .contents(ContentRules::slice)
            .movingIntegers());
    all.add(
        OperatorDefinition.of("Pad", MovementShapes::pad, Operator.of(Slicing::pad).contents(1, 3))
            .movingIntegers(Slicing::padIntegers));
    all.add(
        OperatorDefinition.of(
                "Gather", MovementShapes::gather, Operator.compiled(Gathering::gather))
            .contents(ContentRules::gather)
            .movingIntegers());
    all.add(
        OperatorDefinition.of(
                "GatherElements",
                MovementShapes::gatherElements,
                Operator.of(Gathering::gatherElements))
            .since(11));
  }

  private static void selections(List<OperatorDefinition> all) {
    all.add(
        OperatorDefinition.of(
                "Trilu", Triangle::shape, Operator.of(Triangle::prepare).types(1, INT64))
            .since(14));
    all.add(
        OperatorDefinition.of(
                "CenterCropPad",
                Frames::centredShape,
                Operator.of(Frames::centred).contents(1).types(1, INT32, INT64))
            .since(18));
    all.add(
        OperatorDefinition.of(
                "MaxUnpool",
                Frames::unpooledShape,
                Operator.of(Frames::unpool).contents(2).types(1, INT64).types(2, INT64))
            .since(9));
    all.add(
        OperatorDefinition.of(
                "ReverseSequence",
                Frames::reversedShape,
                Operator.of(Frames::reverse).types(1, INT64))
            .since(10));
  }

  private static void constants(List<OperatorDefinition> all) {
    all.add(
        OperatorDefinition.of(
                "Constant", MovementShapes::constant, Operator.of(Constants::constant))
            .contents(ContentRules::constant));
    all.add(
        OperatorDefinition.of(
                "ConstantOfShape",
                MovementShapes::constantOfShape,
                Operator.of(Constants::constantOfShape).contents(0))
            .since(9));
    all.add(
        OperatorDefinition.of(
                "Shape", MovementShapes::shape, Operator.of(Constants::shape).ofSizes())
            .contents(ContentRules::shape));
    all.add(
        OperatorDefinition.of(
            "Size", MovementShapes::size, Operator.of(Constants::size).ofSizes()));
    all.add(
        OperatorDefinition.of(
                "Range",
                MovementShapes::range,
                Operator.of(Constants::range)
                    .contents(0, 1, 2)
                    .allTypes(FLOAT, DOUBLE, FLOAT16, BFLOAT16, INT16, INT32, INT64))
            .since(11));
  }
}

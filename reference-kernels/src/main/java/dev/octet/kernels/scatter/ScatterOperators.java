package dev.octet.kernels.scatter;

import static dev.octet.api.graph.DataType.BOOL;
import static dev.octet.api.graph.DataType.FLOAT;
import static dev.octet.api.graph.DataType.INT32;
import static dev.octet.api.graph.DataType.INT64;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.compile.Operator;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.OperatorDefinition;
import java.util.List;
import java.util.Optional;

/** Defines the operators that put elements to places, and take them from places. */
public final class ScatterOperators {

  private ScatterOperators() {}

  /** Returns the definitions. */
  public static List<OperatorDefinition> definitions() {
    Operator elements =
        Operator.of(ScatterElements::prepare)
            .types(1, INT32, INT64)
            .refusing(ScatterOperators::differentTypes)
            .refusing(Merging::refusal);
    Operator tuples =
        Operator.of(ByTuples::scatter)
            .types(1, INT64)
            .refusing(ScatterOperators::differentTypes)
            .refusing(Merging::refusal);
    return List.of(
        OperatorDefinition.of("ScatterElements", ScatterElements::shape, elements).since(11),
        OperatorDefinition.of("Scatter", ScatterElements::shape, elements).since(9),
        OperatorDefinition.of("ScatterND", ByTuples::scatterShape, tuples).since(11),
        OperatorDefinition.of(
                "GatherND", ByTuples::gatherShape, Operator.of(ByTuples::gather).types(1, INT64))
            .since(11),
        oneHot(),
        OperatorDefinition.of(
                "NonZero",
                Selection::nonZeroShape,
                Operator.of(Selection::nonZero).contents(0).refusing(ScatterOperators::noZero))
            .since(9),
        OperatorDefinition.of(
                "Compress",
                Selection::compressShape,
                Operator.of(Selection::compress).contents(1).types(1, BOOL))
            .since(9),
        OperatorDefinition.of(
                "EyeLike",
                Selection::eyeShape,
                Operator.of(Selection::eye).ofSizes().refusing(ScatterOperators::noOne))
            .since(9));
  }

  private static OperatorDefinition oneHot() {
    return OperatorDefinition.of(
            "OneHot",
            OneHot::shape,
            Operator.of(OneHot::prepare)
                .contents(1)
                .types(1, INT32, INT64, FLOAT)
                .refusing(ScatterOperators::noZero))
        .since(9);
  }

  private static Optional<String> differentTypes(Signature signature) {
    Optional<DataType> data = signature.operandType(0);
    Optional<DataType> updates = signature.operandType(2);
    return data.isPresent() && updates.isPresent() && !data.equals(updates)
        ? Optional.of("updates of " + updates.get() + " for data of " + data.get())
        : Optional.empty();
  }

  /** Elements that are compared with a number are numbers or truth values. */
  private static Optional<String> noZero(Signature signature) {
    return signature
        .operandType(0)
        .filter(type -> !Selection.isNumber(type))
        .map(type -> "operand 0 of type " + type + " is not supported");
  }

  private static Optional<String> noOne(Signature signature) {
    long stated = signature.node().intAttribute("dtype", 0);
    Optional<DataType> type =
        stated == 0 ? signature.operandType(0) : DataType.ofOnnxNumber(stated);
    return stated != 0 && type.filter(Selection::isNumber).isEmpty()
        ? Optional.of("a matrix of type " + stated + " is not supported")
        : type.filter(t -> !Selection.isNumber(t))
            .map(t -> "a matrix of " + t + " is not supported");
  }
}

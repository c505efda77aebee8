package dev.octet.kernels.cases;

import dev.octet.api.graph.Attribute;
import java.util.List;
import java.util.stream.Stream;

/** Operators whose results hang on attributes and sizes alone. */
final class ConstantCases {

  private ConstantCases() {}

  static Stream<OperatorCase> cases() {
    return Stream.of(constants(), filled(), sizes(), ranges()).flatMap(cases -> cases);
  }

  private static Stream<OperatorCase> constants() {
    return Stream.of("FLOAT[2] NaN -0.0", "INT4[3] -8 7 0", "BOOL[] true", "DOUBLE[0]")
        .map(
            text ->
                OperatorCase.of("Constant", 13)
                    .with(Attribute.of("value", TensorLiteral.tensor(text)))
                    .gives(text));
  }

  private static Stream<OperatorCase> filled() {
    return Stream.of(
        OperatorCase.of("ConstantOfShape", 9)
            .constant("INT64[2] 2 3")
            .gives("FLOAT[2,3] 0 0 0 0 0 0"),
        OperatorCase.of("ConstantOfShape", 20)
            .input("INT64[1] 3")
            .with(Attribute.of("value", TensorLiteral.tensor("INT8[1] -7")))
            .gives("INT8[3] -7 -7 -7"),
        OperatorCase.of("ConstantOfShape", 9)
            .constant("INT64[0]")
            .with(Attribute.of("value", TensorLiteral.tensor("FLOAT[1] Infinity")))
            .gives("FLOAT[] Infinity"),
        OperatorCase.of("ConstantOfShape", 9).constant("INT64[2] 0 4").gives("FLOAT[0,4]"));
  }

  private static Stream<OperatorCase> sizes() {
    String x = "FLOAT[2,0,5]";
    return Stream.of(
        OperatorCase.of("Shape", 13).input(x).gives("INT64[3] 2 0 5"),
        OperatorCase.of("Shape", 13).input("INT8[] 1").gives("INT64[0]"),
        OperatorCase.of("Shape", 15).input(x).integer("start", 1).gives("INT64[2] 0 5"),
        OperatorCase.of("Shape", 15).input(x).integer("end", -1).gives("INT64[2] 2 0"),
        OperatorCase.of("Shape", 15)
            .input(x)
            .integer("start", -2)
            .integer("end", 9)
            .gives("INT64[2] 0 5"),
        OperatorCase.of("Shape", 15)
            .input(x)
            .integer("start", 2)
            .integer("end", 1)
            .gives("INT64[0]"),
        OperatorCase.of("Size", 13).input(x).gives("INT64[] 0"),
        OperatorCase.of("Size", 13).input("FLOAT[2,3] 1 2 3 4 5 6").gives("INT64[] 6"),
        OperatorCase.of("Size", 13).input("BOOL[] true").gives("INT64[] 1"));
  }

  private static Stream<OperatorCase> ranges() {
    return Stream.of(
            List.of("INT64[] 3", "INT64[] 9", "INT64[] 3", "INT64[2] 3 6"),
            List.of("INT64[] 3", "INT64[] 10", "INT64[] 3", "INT64[3] 3 6 9"),
            List.of("INT32[] 10", "INT32[] 4", "INT32[] -2", "INT32[3] 10 8 6"),
            List.of("INT16[] 1", "INT16[] 5", "INT16[] -1", "INT16[0]"),
            List.of("FLOAT[] 1", "FLOAT[] 2", "FLOAT[] 0.25", "FLOAT[4] 1 1.25 1.5 1.75"),
            List.of("DOUBLE[] 0", "DOUBLE[] -1", "DOUBLE[] -0.375", "DOUBLE[3] 0 -0.375 -0.75"))
        .map(
            row ->
                OperatorCase.of("Range", 11)
                    .input(row.get(0))
                    .constant(row.get(1))
                    .input(row.get(2))
                    .gives(row.get(3)));
  }
}

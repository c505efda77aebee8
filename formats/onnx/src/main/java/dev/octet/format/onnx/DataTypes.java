package dev.octet.format.onnx;

import dev.octet.api.graph.DataType;
import java.util.List;
import java.util.Optional;

/** The numbers that ONNX gives to element types: 1 is FLOAT, and so on in the order of the enum. */
final class DataTypes {

  private static final List<DataType> TYPES = List.of(DataType.values());

  private DataTypes() {}

  /** Returns the type of a number; empty for 0, which states nothing, and for unknown numbers. */
  static Optional<DataType> of(int number) {
    return number >= 1 && number <= TYPES.size()
        ? Optional.of(TYPES.get(number - 1))
        : Optional.empty();
  }

  static int number(DataType type) {
    return TYPES.indexOf(type) + 1;
  }
}

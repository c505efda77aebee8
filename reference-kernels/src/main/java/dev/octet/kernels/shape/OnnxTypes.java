package dev.octet.kernels.shape;

import dev.octet.api.graph.DataType;
import java.util.Arrays;
import java.util.Optional;

/** The numbers of element types in ONNX attributes ({@code TensorProto.DataType}). */
public final class OnnxTypes {

  private OnnxTypes() {}

  /** Returns the number of an element type: the enum lists the types in their order, from 1. */
  public static long number(DataType type) {
    return Arrays.asList(DataType.values()).indexOf(type) + 1L;
  }

  /** Returns the element type of a number; empty for undefined and unknown ones. */
  public static Optional<DataType> of(long number) {
    DataType[] types = DataType.values();
    return number >= 1 && number <= types.length
        ? Optional.of(types[(int) number - 1])
        : Optional.empty();
  }
}

package dev.octet.kernels.shape;

import dev.octet.api.graph.DataType;
import java.util.Optional;

/** The numbers of element types in ONNX attributes ({@code TensorProto.DataType}). */
public final class OnnxTypes {

  private OnnxTypes() {}

  /** Returns the element type of a number; empty for undefined and unknown ones. */
  public static Optional<DataType> of(long number) {
    // The enum lists the types in the order of their numbers, from 1.
    DataType[] types = DataType.values();
    return number >= 1 && number <= types.length
        ? Optional.of(types[(int) number - 1])
        : Optional.empty();
  }
}

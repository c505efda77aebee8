package dev.octet.format.onnx;

import dev.octet.api.graph.DataType;
import dev.octet.format.onnx.proto.OnnxMl.OperatorSetIdProto;

/** What the versions of the default operator set and of the file format have to do with another. */
final class Opsets {

  /** Initializers need not be inputs from this file format version on. */
  static final long IR_OF_FREE_INITIALIZERS = 4;

  /** The file format version that came with each operator set version from 8 on. */
  private static final long[] IR_SINCE_8 = {
    3, 4, 5, 6, 7, 7, 7, 8, 8, 8, 8, 9, 9, 10, 10, 11, 12, 13, 13, 13, 14
  };

  private Opsets() {}

  /** Returns the domain, with {@code ai.onnx} as the empty name. */
  static String domain(OperatorSetIdProto opset) {
    return opset.getDomain().equals("ai.onnx") ? "" : opset.getDomain();
  }

  /**
   * Returns the file format version that ONNX released together with an operator set version;
   * source: the table of versions in ONNX's {@code Versioning.md}.
   */
  static long irVersion(long opset) {
    if (opset < 8) {
      return 3;
    }
    return IR_SINCE_8[(int) Math.min(opset - 8, IR_SINCE_8.length - 1)];
  }

  /** Returns the file format version that introduced an element type. */
  static long irVersion(DataType type) {
    return switch (type) {
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> 9;
      case UINT4, INT4 -> 10;
      case FLOAT4E2M1 -> 11;
      case FLOAT8E8M0 -> 12;
      case UINT2, INT2 -> 13;
      case FLOAT, UINT8, INT8, UINT16, INT16, INT32, INT64, STRING, BOOL, FLOAT16 -> 1;
      case DOUBLE, UINT32, UINT64, COMPLEX64, COMPLEX128, BFLOAT16 -> 1;
    };
  }
}

package dev.octet.kernels.dialect;

import dev.octet.api.graph.OpType;

/**
 * The dialect of integer graphs: ONNX, the operators of ONNX Runtime, and the few operators and
 * attributes that only Octet's own integer graphs have.
 */
public final class IntegerDialect {

  /** The domain of ONNX Runtime's own operators. */
  public static final String MICROSOFT = "com.microsoft";

  /** The domain of the operators that only Octet's own integer graphs have. */
  public static final String OCTET = "dev.octet";

  /** The change of scale and zero point of an 8-bit tensor. */
  public static final OpType REQUANTIZE = new OpType(OCTET, "Requantize");

  /** A function of one 8-bit tensor, as the table of its results. */
  public static final OpType LOOKUP = new OpType(OCTET, "Lookup");

  /** The product of integers by rows and integers with scales for groups, as floats. */
  public static final OpType MATMUL_TO_FLOAT = new OpType(OCTET, "MatMulIntegerToFloat");

  /** ONNX Runtime's product of floats and integers of a few bits with scales for blocks. */
  public static final OpType MATMUL_N_BITS = new OpType(MICROSOFT, "MatMulNBits");

  /** The attribute of a MatMulIntegerToFloat: how many neighbouring k of a column share a scale. */
  public static final String BLOCK_SIZE = "block_size";

  /**
   * The longest block of a MatMulIntegerToFloat: no sum of it leaves int32, {@code 255 * 255 *
   * 33025 < 2^31}.
   */
  public static final long LONGEST_BLOCK = 33_025;

  /** The attribute, 1 for true, of a right matrix that is stored with N outermost. */
  public static final String TRANSPOSED_RIGHT = "transB";

  /** The attribute that raises the smallest integer of a result: what a Relu or Clip became. */
  public static final String OUTPUT_MIN = "output_min";

  /** The attribute that lowers the largest integer of a result: what a Clip became. */
  public static final String OUTPUT_MAX = "output_max";

  /** The attribute of a QLinearAveragePool, 1 for true, that adds the zero point after rounding. */
  public static final String ROUND_FIRST = "round_before_zero_point";

  /** A function of one tensor, which the attribute {@link #FUNCTION} names. */
  public static final OpType FUNCTION_OF_ONE = new OpType(OCTET, "QLinearFunction");

  /** The attribute of a QLinearFunction: the operator of the default domain that computes it. */
  public static final String FUNCTION = "function";

  /** The attribute that holds the constant exponent of a Pow as a function of one tensor. */
  public static final String EXPONENT = "exponent";

  private IntegerDialect() {}

  /** Returns an operator of ONNX Runtime's domain. */
  public static OpType microsoft(String name) {
    return new OpType(MICROSOFT, name);
  }
}

package dev.octet.tck.integers;

import dev.octet.api.graph.Tensor;

/** What stands at one operand of a node between conversions. */
public sealed interface Operand {

  /**
   * Stored integers behind a DequantizeLinear.
   *
   * @param value the name of the integers
   * @param meaning what they mean
   */
  record Stored(String value, Meaning meaning) implements Operand {}

  /** A constant that is not quantized. */
  record Plain(Tensor content) implements Operand {}

  /** Nothing: the operand is left out. */
  record Absent() implements Operand {}
}

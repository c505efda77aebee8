package dev.octet.tck.integers;

import dev.octet.api.graph.Tensor;
import java.util.Optional;

/** What stands at one operand of a node between conversions. */
public sealed interface Operand {

  /** Returns this where it is stored integers; empty for others. */
  default Optional<Stored> stored() {
    return Optional.empty();
  }

  /** Returns the constant that is not quantized; empty for others. */
  default Optional<Tensor> plain() {
    return Optional.empty();
  }

  /**
   * Stored integers behind a DequantizeLinear.
   *
   * @param value the name of the integers
   * @param meaning what they mean
   */
  record Stored(String value, Meaning meaning) implements Operand {
    @Override
    public Optional<Stored> stored() {
      return Optional.of(this);
    }
  }

  /** A constant that is not quantized. */
  record Plain(Tensor content) implements Operand {
    @Override
    public Optional<Tensor> plain() {
      return Optional.of(content);
    }
  }

  /** Nothing: the operand is left out. */
  record Absent() implements Operand {}
}

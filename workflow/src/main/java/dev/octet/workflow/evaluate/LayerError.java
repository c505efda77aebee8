package dev.octet.workflow.evaluate;

import dev.octet.api.graph.OpType;
import java.util.Objects;
import java.util.Optional;

/**
 * How far a quantized layer is from the float one, with everything before it quantized too.
 *
 * @param node the layer's name in the float model
 * @param op its operator there
 * @param weight how well the stored weight tells the float one; empty where that cannot be told
 *     from the models
 * @param input what reaches the layer, before the layer quantizes it; equal where it reads inputs
 *     of the model
 * @param result what it gives
 * @param read the worst of what the quantized layers behind it read, and of what the caller gets
 *     through no other quantized layer; {@code result} where nobody does
 * @param reader the first quantized layer that reads it so; empty where the caller gets it so, or
 *     nobody does
 */
public record LayerError(
    String node,
    OpType op,
    Optional<Sqnr> weight,
    Sqnr input,
    Sqnr result,
    Sqnr read,
    Optional<String> reader) {

  /** What a layer gives of exact operands whose rounding does no harm. */
  private static final double OF_A_GOOD_LAYER = 25;

  /** Checks that no component is null. */
  public LayerError {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(op, "op");
    Objects.requireNonNull(weight, "weight");
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(result, "result");
    Objects.requireNonNull(read, "read");
    Objects.requireNonNull(reader, "reader");
  }

  /**
   * Returns how many decibels are lost from what reaches the layer to the worse of what it gives
   * and what is read behind it. Where what reaches it is equal, the loss counts from what it gives,
   * or from {@value #OF_A_GOOD_LAYER} dB if it gives less; below 0 dB there is nothing to lose. NaN
   * when one of these is no number.
   */
  public double dropDb() {
    double before = input.isEqual() ? Math.max(OF_A_GOOD_LAYER, kept(result)) : kept(input);
    return before - Math.min(kept(result), kept(read));
  }

  private static double kept(Sqnr sqnr) {
    return Math.min(Math.max(sqnr.decibels(), 0), Sqnr.MOST_DECIBELS);
  }

  /** Returns the layer and the error of its result, in one line. */
  @Override
  public String toString() {
    return op + " '" + node + "', result " + result;
  }
}

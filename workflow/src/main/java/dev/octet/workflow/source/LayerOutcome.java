package dev.octet.workflow.source;

import dev.octet.api.graph.OpType;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of a MatMul, Gemm or Conv, or of a Gather where tables of embeddings are quantized.
 *
 * @param node its name
 * @param op its operator
 * @param reason why it stays float, as a clause about it; empty when it was quantized
 * @param weight what is known of its weight; empty when it has no constant matrix
 */
public record LayerOutcome(
    String node, OpType op, Optional<String> reason, Optional<Weight> weight) {

  /** Checks that no component is null. */
  public LayerOutcome {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(op, "op");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(weight, "weight");
  }

  /**
   * The weight of a layer. One that several layers share counts at the first of them.
   *
   * @param inputs K
   * @param outputs N
   * @param bytesBefore its bytes as floats
   * @param bytesAfter its bytes with scales and zero points; those before where it stays float
   * @param sqnrDb how well the integers tell the weights, {@code 10 log10(sum w^2 / sum (w -
   *     w')^2)}; empty when it stays float, or nothing is lost
   */
  public record Weight(
      long inputs, long outputs, long bytesBefore, long bytesAfter, Optional<Double> sqnrDb) {}

  /** Tells whether the layer was quantized. */
  public boolean isQuantized() {
    return reason.isEmpty();
  }

  /** Returns what became of the layer, in one line. */
  @Override
  public String toString() {
    return op + " '" + node + "', " + reason.map(why -> "float: " + why).orElse("quantized");
  }
}

package dev.octet.workflow.source;

/**
 * Which weights of a layer share a scale. A weight has N rows, one for each output, and K columns,
 * however the file stores it.
 *
 * @param kind what shares a scale
 * @param size how many neighbouring columns of a row share one; 0 where all of them do
 */
public record WeightGranularity(Kind kind, int size) {

  /** What shares a scale. */
  public enum Kind {
    /** All weights. */
    TENSOR,
    /** The weights of a row. */
    ROW,
    /** Neighbouring columns of a row. */
    GROUP
  }

  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if a group has fewer than 2 columns, or something else has a
   *     size
   */
  public WeightGranularity {
    if (kind == Kind.GROUP ? size < 2 : size != 0) {
      throw new IllegalArgumentException("groups of " + size + " for " + kind);
    }
  }

  /** Returns one scale for all weights. */
  public static WeightGranularity perTensor() {
    return new WeightGranularity(Kind.TENSOR, 0);
  }

  /** Returns a scale for each output. */
  public static WeightGranularity perRow() {
    return new WeightGranularity(Kind.ROW, 0);
  }

  /**
   * Returns a scale for each group of neighbouring columns of a row; of the whole row where it has
   * no more.
   *
   * @throws IllegalArgumentException if the size is below 2
   */
  public static WeightGranularity perGroup(int size) {
    return new WeightGranularity(Kind.GROUP, size);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case TENSOR -> "per tensor";
      case ROW -> "per row";
      case GROUP -> "groups of " + size;
    };
  }
}

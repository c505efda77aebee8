package dev.octet.workflow.source;

import dev.octet.api.spec.Granularity;
import dev.octet.workflow.source.LinearLayer.Form;

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

  /** Returns which elements of a layer's constant share a scale. */
  Granularity of(Form form) {
    return switch (kind) {
      case TENSOR -> new Granularity.PerTensor();
      case ROW -> new Granularity.PerChannel(form.outputAxis());
      case GROUP ->
          cuts(form)
              ? new Granularity.PerGroup(form.inputAxis(), size)
              : new Granularity.PerChannel(form.outputAxis());
    };
  }

  /** Returns how many columns the last group of a row has if it is shorter than the others. */
  long rest(Form form) {
    return cuts(form) ? form.inputs() % size : 0;
  }

  /** Returns how many columns of a row share a scale. */
  int columns(Form form) {
    return cuts(form) ? size : Math.toIntExact(form.inputs());
  }

  /** A row of no more columns than a group has one scale. */
  private boolean cuts(Form form) {
    return kind == Kind.GROUP && size < form.inputs();
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

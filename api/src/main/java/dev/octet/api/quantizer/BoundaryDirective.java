package dev.octet.api.quantizer;

import java.util.Objects;

/**
 * What the caller's policy says of one input or output of the graph.
 *
 * @param integers whether it becomes integers; else it stays float
 * @param decidedBy which selector decided, as reports show it, such as {@code input 'image' (option
 *     exclude)}
 */
public record BoundaryDirective(boolean integers, String decidedBy) {

  /** Checks that the selector is not null. */
  public BoundaryDirective {
    Objects.requireNonNull(decidedBy, "decidedBy");
  }
}

package dev.octet.kernels.shape;

import java.util.Optional;

/** What is known of the elements of an operator's result 0. Stateless and thread-safe. */
@FunctionalInterface
public interface ContentRule {

  /** Returns what is known of the elements; empty when nothing is. */
  Optional<Contents> contents(ShapeContext context);
}

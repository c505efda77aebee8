package dev.octet.kernels.shape;

import dev.octet.api.graph.ValueType.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * The types of an operator's results. Stateless and thread-safe.
 *
 * <p>The same rule serves symbolic and known shapes. With the types of all operands known, and the
 * contents of those that sizes depend on, a rule gives known shapes for all results.
 */
@FunctionalInterface
public interface ShapeRule {

  /**
   * Returns the types by result index, as far as they follow from what is known; a shorter list
   * leaves the rest unstated.
   *
   * @throws ShapeMismatchException if shapes or attributes contradict each other
   */
  List<Optional<TensorType>> infer(ShapeContext context);
}

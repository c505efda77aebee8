package dev.octet.annotation.rules;

import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.pattern.PlacedNode;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reasons why conditions fail, as their texts are built. */
final class ConditionReasons {

  private ConditionReasons() {}

  static Optional<String> fail(boolean holds, Supplier<String> reason) {
    return holds ? Optional.empty() : Optional.of(reason.get());
  }

  static String oneOf(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(" or "));
  }

  /**
   * Returns why the first of the operands that are there and do not read the step before fails a
   * condition; empty when all fulfil it.
   */
  static Optional<String> firstFailureOfOthers(
      PlacedNode node, IntFunction<NodeCondition> condition) {
    return IntStream.range(0, node.view().node().operands().size())
        .filter(operand -> operand != node.entry() && node.view().isPresent(operand))
        .mapToObj(operand -> condition.apply(operand).failure(node))
        .flatMap(Optional::stream)
        .findFirst();
  }
}

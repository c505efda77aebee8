package dev.octet.workflow.diff;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.workflow.verify.Difference;
import dev.octet.workflow.verify.ModelDifferences;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says of two models what differs, and of constants and entries how. */
final class ModelChanges {

  private static final ModelDifferences.Words WORDS =
      new ModelDifferences.Words("is in the first model alone", "is in the second model alone");

  private final Model before;
  private final Model after;

  private ModelChanges(Model before, Model after) {
    this.before = before;
    this.after = after;
  }

  static List<Difference> of(Model before, Model after) {
    ModelChanges changes = new ModelChanges(before, after);
    return ModelDifferences.of(before, after, WORDS).stream().map(changes::detailed).toList();
  }

  private Difference detailed(Difference difference) {
    String name = difference.name();
    Optional<String> how =
        switch (difference.kind()) {
          case "tensor" -> tensor(name);
          case "metadata" -> change(before.metadata(), after.metadata(), name);
          case "operator set" -> change(before.opsets(), after.opsets(), name);
          default -> Optional.empty();
        };
    return how.map(words -> new Difference(difference.kind(), name, words)).orElse(difference);
  }

  private Optional<String> tensor(String name) {
    @Nullable Tensor first = before.graph().initializers().get(name);
    @Nullable Tensor second = after.graph().initializers().get(name);
    return first == null || second == null
        ? Optional.empty()
        : Optional.of(TensorChange.words(first, second));
  }

  private static <T> Optional<String> change(
      Map<String, T> first, Map<String, T> second, String name) {
    return Optional.ofNullable(first.get(name))
        .flatMap(
            was -> Optional.ofNullable(second.get(name)).map(now -> "is " + was + " -> " + now));
  }
}

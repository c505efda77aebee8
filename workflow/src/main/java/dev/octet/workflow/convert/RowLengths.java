package dev.octet.workflow.convert;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.plan.Plan;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many elements the innermost dimension of a value has, which QuantizeLinear needs to know for
 * a scale for each row. Not thread-safe.
 */
final class RowLengths {

  private final Plan plan;

  /** Outputs keep the model's types in a plan; theirs are inferred when one is asked for. */
  private @Nullable GraphValues throughout;

  RowLengths(Plan plan) {
    this.plan = plan;
  }

  /** Returns the length of the rows; empty if the model does not state it, or there are none. */
  Optional<Long> of(GraphValue value) {
    Model model = plan.prepared().model();
    return length(GraphValues.of(model.graph()), value).or(() -> length(throughout(model), value));
  }

  private GraphValues throughout(Model model) {
    GraphValues known = throughout;
    if (known == null) {
      known = GraphValues.of(ShapeInference.inferThroughout(model, plan.backend().operators()));
      throughout = known;
    }
    return known;
  }

  private static Optional<Long> length(GraphValues values, GraphValue value) {
    return values
        .value(value.points().get(0))
        .flatMap(GraphValues.Value::tensorType)
        .flatMap(TensorType::shape)
        .map(Shape::dimensions)
        .filter(dimensions -> !dimensions.isEmpty())
        .map(dimensions -> dimensions.get(dimensions.size() - 1).known().orElse(0))
        .filter(length -> length > 0);
  }
}

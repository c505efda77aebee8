package dev.octet.workflow;

import dev.octet.annotation.resolve.ResolvedGraph;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.NodeAnnotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says of operands that a quantizer keeps in float where they are not: where their value is
 * quantized at its definition, there is no float value to read.
 */
final class KeptOperands {

  private final ResolvedGraph resolved;
  private final GraphValues values;
  private final List<Finding> findings = new ArrayList<>();

  private KeptOperands(ResolvedGraph resolved) {
    this.resolved = resolved;
    this.values = GraphValues.of(resolved.annotated().graph());
  }

  /** Returns a finding for each of them, in the order of the graph. */
  static List<Finding> findings(ResolvedGraph resolved) {
    KeptOperands kept = new KeptOperands(resolved);
    for (NodeAnnotation decision : resolved.annotated().nodes().values()) {
      decision
          .operands()
          .forEach(
              (index, spec) ->
                  spec.floatReason().ifPresent(why -> kept.look(decision.node(), index, why)));
    }
    return kept.findings;
  }

  private void look(String name, int index, String why) {
    Optional<GraphValues.Value> value = values.value(Point.operand(name, index));
    Optional<Point> definition = value.flatMap(GraphValues.Value::definition);
    definition
        .flatMap(resolved::group)
        .ifPresent(
            group ->
                findings.add(
                    WorkflowErrors.KEPT_OPERAND.aboutNode(
                        name,
                        "Operand "
                            + index
                            + " of '"
                            + name
                            + "' is to stay float ("
                            + why
                            + "), but "
                            + definition.get()
                            + " gives '"
                            + value.get().name()
                            + "' as "
                            + group.spec().type()
                            + ": it reads those integers, dequantized.")));
  }
}

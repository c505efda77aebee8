package dev.octet.workflow;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.workflow.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Marks given points and claims the nodes that they are of.
 *
 * @param marks the specs by point
 * @param unshared the points that opt out of implicit sharing
 */
public record MarkingQuantizer(Map<Point, QuantizationSpec> marks, Set<Point> unshared)
    implements Quantizer {

  /** Returns the plan of a model with these marks. */
  public static Plan plan(Model model, Map<Point, QuantizationSpec> marks, Point... unshared) {
    return Quantization.plan(
        QuantizationRequest.of(
            model, QuantizerProvider.of("test", new MarkingQuantizer(marks, Set.of(unshared)))));
  }

  @Override
  public void annotate(AnnotationContext context) {
    for (Node node : context.nodes()) {
      if (marks.keySet().stream()
          .anyMatch(point -> !point.isBoundary() && point.node().equals(node.name()))) {
        context.claim("test", List.of(node));
      }
    }
    new TreeMap<>(marks).forEach(context::mark);
    unshared.forEach(context::optOutOfImplicitSharing);
  }
}

package dev.octet.api.provider;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.guard.CallSpan;
import dev.octet.api.guard.Guard;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.quantizer.ParameterPlan;
import dev.octet.api.quantizer.Quantizer;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A quantizer of which every call is guarded. */
final class GuardedQuantizer implements Quantizer {

  private final Quantizer quantizer;
  private final Guard guard;
  private @Nullable AnnotationContext annotated;

  GuardedQuantizer(Quantizer quantizer, Guard guard) {
    this.quantizer = quantizer;
    this.guard = guard;
  }

  @Override
  public GraphEditor.Edited transformForAnnotation(Graph graph) {
    GraphEditor.Edited edited =
        guard.call("transformForAnnotation", () -> quantizer.transformForAnnotation(graph));
    return RewrittenGraph.require(guard, graph, edited);
  }

  @Override
  public void annotate(AnnotationContext context) {
    annotated = context;
    guard
        .at(context::lastNode)
        .run(
            "annotate",
            () -> {
              quantizer.annotate(context);
              context.close();
            });
  }

  @Override
  public List<Finding> validate(AnnotatedGraph graph) {
    requireNoLateMarks("annotate");
    return guard.list("validate", () -> quantizer.validate(graph));
  }

  @Override
  public void adjustObservers(ObserverPlan plan) {
    requireNoLateMarks("annotate");
    adjust(
        "adjustObservers",
        span -> quantizer.adjustObservers(new PlanOfOneCall.Observers(plan, span)));
  }

  @Override
  public void adjustParameters(ParameterPlan plan) {
    adjust(
        "adjustParameters",
        span -> quantizer.adjustParameters(new PlanOfOneCall.Parameters(plan, span)));
  }

  /**
   * A thread of the backend that marks when annotate has returned is told so where nobody hears.
   */
  private void requireNoLateMarks(String method) {
    AnnotationContext context = annotated;
    if (context != null) {
      guard.run(method, context::close);
    }
  }

  /** Calls a method that is given a plan, which it may change until it returns. */
  private void adjust(String method, Consumer<CallSpan> call) {
    CallSpan span = new CallSpan("the plan of " + method);
    guard.run(
        method,
        () -> {
          call.accept(span);
          span.end();
        });
  }

  @Override
  public Set<String> nodeOptions() {
    return guard.set("nodeOptions", quantizer::nodeOptions);
  }
}

package dev.octet.workflow;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.provider.BackendCall;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.Annotations;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.quantizer.Quantizer;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The quantizer of a backend, whose failures name the backend; see {@link BackendCall}. */
final class GuardedQuantizer implements Quantizer {

  private final QuantizerProvider provider;
  private final Quantizer quantizer;

  GuardedQuantizer(QuantizerProvider provider, Quantizer quantizer) {
    this.provider = provider;
    this.quantizer = quantizer;
  }

  @Override
  public GraphEditor.Edited transformForAnnotation(Graph graph) {
    return guarded("transformForAnnotation", () -> quantizer.transformForAnnotation(graph));
  }

  @Override
  public void annotate(Graph graph, Annotations annotations) {
    guarded("annotate", () -> quantizer.annotate(graph, annotations));
  }

  @Override
  public List<Finding> validate(AnnotatedGraph graph) {
    return guarded("validate", () -> List.copyOf(quantizer.validate(graph)));
  }

  @Override
  public void adjustObservers(ObserverPlan plan) {
    guarded("adjustObservers", () -> quantizer.adjustObservers(plan));
  }

  @Override
  public Set<String> nodeOptions() {
    return guarded("nodeOptions", () -> Set.copyOf(quantizer.nodeOptions()));
  }

  private <T> T guarded(String method, Supplier<T> call) {
    return BackendCall.guarded(provider, method, call);
  }

  private void guarded(String method, Runnable call) {
    Supplier<Boolean> done =
        () -> {
          call.run();
          return true;
        };
    guarded(method, done);
  }
}

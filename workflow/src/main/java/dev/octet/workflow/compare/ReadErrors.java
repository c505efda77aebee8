package dev.octet.workflow.compare;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.workflow.evaluate.Sqnr;
import dev.octet.workflow.plan.NodeReads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Joins what was counted of every tensor with how far that is which reaches it. */
final class ReadErrors {

  private ReadErrors() {}

  /**
   * Returns the errors in the order of the watches. A value that was not compared passes on the
   * worst of what its node reads; so does one that is nearer than float32 can tell, for there some
   * elements outweigh all others, as those of an attention mask do.
   *
   * @param graph the float model's main graph
   */
  static List<TensorError> of(Graph graph, List<TensorWatch> watches) {
    Map<String, Sqnr> reaching = new HashMap<>();
    watches.forEach(watch -> reaching.put(watch.counterpart().tensor(), watch.sqnr()));
    Map<String, Sqnr> reads = new HashMap<>();
    for (Node node : graph.nodes()) {
      Sqnr worst = Sqnr.EQUAL;
      for (String operand : NodeReads.of(node)) {
        Sqnr other = reaching.getOrDefault(operand, Sqnr.EQUAL);
        worst = other.rank() < worst.rank() ? other : worst;
      }
      reads.put(node.name(), worst);
      for (String result : node.results()) {
        Sqnr own = reaching.getOrDefault(result, worst);
        boolean outweighed = own.isFinite() && own.decibels() > Sqnr.MOST_DECIBELS;
        reaching.put(result, outweighed && worst.rank() < own.rank() ? worst : own);
      }
    }
    List<TensorError> errors = new ArrayList<>();
    for (TensorWatch watch : watches) {
      Sqnr worst =
          watch
              .counterpart()
              .node()
              .map(node -> reads.getOrDefault(node.name(), Sqnr.EQUAL))
              .orElse(Sqnr.EQUAL);
      errors.add(watch.error(errors.size(), worst));
    }
    return errors;
  }
}

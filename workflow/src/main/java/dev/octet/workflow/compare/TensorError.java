package dev.octet.workflow.compare;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.evaluate.Sqnr;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How far a tensor of a quantized model is from that of the float model.
 *
 * @param tensor its name in the float model
 * @param node the node there that gives it; empty for an input
 * @param op the operator of that node, with its domain where that is not ONNX's; {@code input} for
 *     an input
 * @param place its place among the tensors that were compared, in the order of the float model,
 *     from 0
 * @param reads how far the worst of the tensors is that reach the node through no other one that
 *     was compared; equal where there is none
 * @param accumulated how far it is with everything before it quantized too
 * @param largestError the largest difference of an element then
 * @param local how far it is where the quantized model is given the float values of what is before
 *     it
 * @param largestLocalError the largest difference of an element then
 * @param range how the values fit the range that it is quantized to; empty where it is not
 *     quantized to one that is known before the model runs
 * @param values how the float values are distributed; empty where none is finite
 */
public record TensorError(
    String tensor,
    Optional<String> node,
    String op,
    int place,
    Sqnr reads,
    Sqnr accumulated,
    double largestError,
    Sqnr local,
    double largestLocalError,
    Optional<TensorRange> range,
    Optional<TensorValues> values) {

  /** Checks that no component is null. */
  public TensorError {
    Objects.requireNonNull(tensor, "tensor");
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(op, "op");
    Objects.requireNonNull(reads, "reads");
    Objects.requireNonNull(accumulated, "accumulated");
    Objects.requireNonNull(local, "local");
    Objects.requireNonNull(range, "range");
    Objects.requireNonNull(values, "values");
  }

  /**
   * Returns how many decibels are lost from what the node reads to what it gives; 0 where it reads
   * what is equal or has nothing to lose, at or below 0 dB, or a figure is no number.
   */
  public double fallDb() {
    return reads.isFinite() && reads.decibels() > 0 && accumulated.isFinite()
        ? reads.decibels() - accumulated.decibels()
        : 0;
  }

  Tree.Mapping tree() {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(tensor));
    node.ifPresent(name -> fields.put("node", Tree.of(name)));
    fields.put("op", Tree.of(op));
    fields.put("place", Tree.of(place));
    reads.tree().ifPresent(tree -> fields.put("readsSqnrDb", tree));
    accumulated.tree().ifPresent(tree -> fields.put("sqnrDb", tree));
    put(fields, "largestError", largestError);
    local.tree().ifPresent(tree -> fields.put("localSqnrDb", tree));
    put(fields, "largestLocalError", largestLocalError);
    range.ifPresent(each -> fields.put("range", each.tree()));
    values.ifPresent(each -> fields.put("values", each.tree()));
    return Tree.of(fields);
  }

  private static void put(Map<String, Tree> fields, String name, double value) {
    if (Double.isFinite(value)) {
      fields.put(name, Tree.of(value));
    }
  }
}

package dev.octet.annotation;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.Constraint;
import dev.octet.api.quantizer.Annotations;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Marks the operators of convolutional and dense networks for integer execution, with parameters
 * found before the model runs.
 *
 * <p>Operators in data-flow order: a convolution or dense layer with a constant weight, together
 * with a Relu or Clip that alone reads its result; element-wise Add and Mul; averages; Concat;
 * Softmax and Sigmoid with their known range; and operators that only move values, behind a
 * quantized value, with the parameters of their input. Everything else stays float with a reason.
 */
public final class StaticIntegerQuantizer implements Quantizer {

  private final IntegerTypes types;

  /**
   * Makes a quantizer.
   *
   * @param types the integer types of the backend
   */
  public StaticIntegerQuantizer(IntegerTypes types) {
    this.types = Objects.requireNonNull(types, "types");
  }

  @Override
  public void annotate(Graph graph, Annotations annotations) {
    OperatorMarker marker = new OperatorMarker(graph, annotations, types);
    for (Node node : graph.nodes()) {
      if (annotations.isFree(node)) {
        marker.mark(node);
      }
    }
  }

  /**
   * Returns what a quantizer of these types marks, for the provider's self-description.
   *
   * @param types the integer types of the backend
   */
  public static List<Capability> capabilities(IntegerTypes types) {
    List<Capability> all = new ArrayList<>();
    for (String activation : List.of("", "Relu", "Clip")) {
      all.add(layer(types, "Conv", activation, 0));
      all.add(layer(types, "Gemm", activation, 0));
      all.add(layer(types, "MatMul", activation, 1));
      List.of("MatMul", "Add", "Mul", "GlobalAveragePool", "AveragePool", "ReduceMean")
          .forEach(op -> all.add(withoutWeight(types, chain(op, activation))));
    }
    List.of("Relu", "Clip", "Concat", "Softmax", "Sigmoid")
        .forEach(op -> all.add(withoutWeight(types, chain(op, ""))));
    OperatorMarker.PASS_THROUGH.forEach(op -> all.add(withoutWeight(types, chain(op, ""))));
    return all;
  }

  private static Capability layer(
      IntegerTypes types, String op, String activation, int weightAxis) {
    return new Capability(
        chain(op, activation),
        Optional.of(types.activation()),
        Optional.of(types.weight()),
        Optional.of(new Granularity.PerChannel(weightAxis)),
        Mode.STATIC,
        List.of(new Constraint.Constant(1)));
  }

  private static Capability withoutWeight(IntegerTypes types, List<OpType> chain) {
    return new Capability(
        chain,
        Optional.of(types.activation()),
        Optional.empty(),
        Optional.empty(),
        Mode.STATIC,
        List.of());
  }

  private static List<OpType> chain(String op, String activation) {
    return activation.isEmpty()
        ? List.of(OpType.onnx(op))
        : List.of(OpType.onnx(op), OpType.onnx(activation));
  }
}

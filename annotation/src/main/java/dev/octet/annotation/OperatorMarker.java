package dev.octet.annotation;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType;
import dev.octet.api.quantizer.Annotations;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.List;
import java.util.Optional;

/** Marks one node of a graph after the other, each with the nodes that are fused behind it. */
final class OperatorMarker {

  /** Operators that only move values, or choose among them. */
  static final List<String> PASS_THROUGH =
      List.of(
          "MaxPool",
          "Reshape",
          "Flatten",
          "Transpose",
          "Slice",
          "Pad",
          "Squeeze",
          "Unsqueeze",
          "Identity");

  private final Graph graph;
  private final Annotations annotations;
  private final IntegerTypes types;

  OperatorMarker(Graph graph, Annotations annotations, IntegerTypes types) {
    this.graph = graph;
    this.annotations = annotations;
    this.types = types;
  }

  /** Claims the node for a rule, or gives the reason why it stays float. */
  void mark(Node node) {
    if (!node.op().domain().isEmpty()) {
      annotations.keepFloat(
          node, "operators of domain '" + node.op().domain() + "' are not quantized");
      return;
    }
    switch (node.op().name()) {
      case "Conv" -> convolution(node);
      case "Gemm" -> gemm(node);
      case "MatMul" -> matMul(node);
      case "Add", "Mul" -> elementWise(node);
      case "GlobalAveragePool", "AveragePool", "ReduceMean" -> unary(node, "average");
      case "Relu", "Clip" -> activationFunction(node);
      case "Concat" -> concat(node);
      case "Softmax", "Sigmoid" -> unitInterval(node);
      default -> {
        if (PASS_THROUGH.contains(node.op().name())) {
          passThrough(node);
        } else {
          annotations.keepFloat(node, "no rule for " + node.op());
        }
      }
    }
  }

  private void convolution(Node node) {
    if (requireWeight(node) && requireConstantBias(node)) {
      layer(node, "convolution", 0);
    }
  }

  private void gemm(Node node) {
    boolean plain = node.floatAttribute("alpha", 1f) == 1f && node.floatAttribute("beta", 1f) == 1f;
    if (!plain || node.intAttribute("transA", 0) != 0) {
      annotations.keepFloat(node, "alpha, beta or transA is not the default");
    } else if (requireWeight(node) && requireConstantBias(node)) {
      int axis = node.intAttribute("transB", 0) == 0 ? 1 : 0;
      if (biasRunsAlongChannels(node, axis)) {
        layer(node, "dense", axis);
      } else {
        annotations.keepFloat(node, "bias has not one value for each output channel");
      }
    }
  }

  private boolean biasRunsAlongChannels(Node node, int axis) {
    if (node.operand(2).isEmpty()) {
      return true;
    }
    long channels = constant(node, 1).orElseThrow().sizes()[axis];
    Tensor bias = constant(node, 2).orElseThrow();
    long[] sizes = bias.sizes();
    return bias.elementCount() == channels
        && sizes.length > 0
        && sizes[sizes.length - 1] == channels;
  }

  private void matMul(Node node) {
    Optional<Tensor> weight = constant(node, 1);
    if (weight.isEmpty()) {
      if (requireFloat(node, 0) && requireFloat(node, 1)) {
        claimWithFused(node, "matmul", List.of(0, 1));
      }
    } else if (weight.get().rank() != 2) {
      annotations.keepFloat(node, "weight has rank " + weight.get().rank() + ", not 2");
    } else if (requireWeight(node)) {
      layer(node, "dense", 1);
    }
  }

  /**
   * A convolution or dense layer with a constant weight, an optional constant bias, and the
   * activation function behind it.
   */
  private void layer(Node node, String rule, int weightAxis) {
    claimWithFused(node, rule, List.of(0));
    annotations.markOperand(node, 1, types.weightSpec(weightAxis));
    if (node.operand(2).isPresent()) {
      List<Point> sources = List.of(Point.operand(node.name(), 0), Point.operand(node.name(), 1));
      annotations.markOperand(
          node,
          2,
          new QuantizationSpec.Derived(
              QuantizedType.of(Storage.INT32), Derivation.PRODUCT_OF_SCALES, sources));
    }
  }

  private void elementWise(Node node) {
    if (requireFloat(node, 0) && requireFloat(node, 1)) {
      claimWithFused(node, "element-wise", List.of(0, 1));
    }
  }

  private void unary(Node node, String rule) {
    if (requireFloat(node, 0)) {
      claimWithFused(node, rule, List.of(0));
    }
  }

  private void activationFunction(Node node) {
    if (node.op().is("Clip") && !hasConstantBounds(node)) {
      annotations.keepFloat(node, "bounds are not constant");
    } else {
      unary(node, "activation-function");
    }
  }

  private void concat(Node node) {
    for (int i = 0; i < node.operands().size(); i++) {
      if (!requireFloat(node, i)) {
        return;
      }
    }
    annotations.claim("concat", List.of(node));
    for (int i = 0; i < node.operands().size(); i++) {
      annotations.markOperand(node, i, operandSpec(node, i));
    }
    annotations.markResult(node, 0, types.activationSpec());
  }

  private void unitInterval(Node node) {
    if (requireFloat(node, 0)) {
      annotations.claim("unit-interval", List.of(node));
      annotations.markOperand(node, 0, types.activationSpec());
      annotations.markResult(node, 0, types.unitIntervalSpec());
    }
  }

  private void passThrough(Node node) {
    Optional<Point> source = quantizedDefinition(node.operands().get(0));
    if (source.isEmpty()) {
      annotations.keepFloat(node, "its input is not quantized");
    } else if (node.op().is("MaxPool") && node.results().size() > 1) {
      annotations.keepFloat(node, "its indices are asked for");
    } else if (node.op().is("Pad") && !padsWithZero(node)) {
      annotations.keepFloat(node, "it does not pad with the constant 0");
    } else {
      annotations.claim("pass-through", List.of(node));
      annotations.markOperand(node, 0, new QuantizationSpec.Shared(source.get()));
      annotations.markResult(node, 0, new QuantizationSpec.Shared(Point.operand(node.name(), 0)));
    }
  }

  /**
   * Claims a node and the activation function that alone reads its result; marks the operands and
   * the last result.
   */
  private void claimWithFused(Node node, String rule, List<Integer> operands) {
    Optional<Node> fused = fusedActivationFunction(node);
    Node last = fused.orElse(node);
    annotations.claim(rule, fused.isPresent() ? List.of(node, last) : List.of(node));
    operands.forEach(index -> annotations.markOperand(node, index, operandSpec(node, index)));
    annotations.markResult(last, 0, types.activationSpec());
  }

  private Optional<Node> fusedActivationFunction(Node node) {
    String result = node.results().get(0);
    List<Point> uses = graph.uses(result);
    boolean fusable = !node.op().is("Relu") && !node.op().is("Clip");
    if (!fusable || uses.size() != 1 || graph.isOutput(result)) {
      return Optional.empty();
    }
    return graph
        .node(uses.get(0).node())
        .filter(
            next ->
                next.op().is("Relu")
                    || (next.op().is("Clip")
                        && uses.get(0).index() == 0
                        && hasConstantBounds(next)))
        .filter(annotations::isFree);
  }

  private QuantizationSpec operandSpec(Node node, int index) {
    return constant(node, index).isPresent() ? types.constantSpec() : types.activationSpec();
  }

  private boolean hasConstantBounds(Node clip) {
    return isAbsentOrConstant(clip, 1) && isAbsentOrConstant(clip, 2);
  }

  private boolean padsWithZero(Node pad) {
    Optional<Tensor> value = constant(pad, 2);
    boolean zero =
        pad.operand(2).isEmpty()
            ? pad.floatAttribute("value", 0f) == 0f
            : value.isPresent()
                && value.get().dataType() == DataType.FLOAT
                && value.get().floats()[0] == 0f;
    return zero && pad.stringAttribute("mode", "constant").equals("constant");
  }

  private Optional<Point> quantizedDefinition(String value) {
    return graph
        .producer(value)
        .filter(annotations::isClaimed)
        .flatMap(p -> graph.definition(value));
  }

  private boolean requireWeight(Node node) {
    Optional<Tensor> weight = constant(node, 1);
    if (weight.isEmpty()) {
      annotations.keepFloat(node, "weight is not constant");
    } else if (weight.get().dataType() != DataType.FLOAT || weight.get().elementCount() == 0) {
      annotations.keepFloat(node, "weight is " + weight.get() + ", not a non-empty FLOAT tensor");
    } else {
      return requireFloat(node, 0);
    }
    return false;
  }

  private boolean requireConstantBias(Node node) {
    if (isAbsentOrConstant(node, 2)) {
      return true;
    }
    annotations.keepFloat(node, "bias is not constant");
    return false;
  }

  private boolean requireFloat(Node node, int index) {
    Optional<ValueType> type = graph.type(node.operands().get(index));
    if (type.isPresent()
        && type.get() instanceof ValueType.TensorType t
        && t.dataType() == DataType.FLOAT) {
      return true;
    }
    String found = type.map(ValueType::toString).orElse("not known");
    annotations.keepFloat(node, "type of operand " + index + " is " + found + ", not FLOAT");
    return false;
  }

  private boolean isAbsentOrConstant(Node node, int index) {
    return node.operand(index).isEmpty() || constant(node, index).isPresent();
  }

  private Optional<Tensor> constant(Node node, int index) {
    return node.operand(index).map(graph.initializers()::get);
  }
}

package dev.octet.format.onnx;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import java.util.List;
import java.util.Optional;

/** Conversions of operators whose attributes became operands. */
final class OperandConversions {

  private OperandConversions() {}

  /** An attribute of integers becomes a 1-D int64 operand; an empty list means none. */
  static Conversion integers(String attribute, int operand) {
    return (node, context) -> {
      Optional<List<Long>> values = node.intsAttribute(attribute);
      if (values.isPresent()) {
        context.change(
            moveIntegers(node, attribute, operand, context),
            "attribute " + attribute + " becomes operand " + operand);
      }
    };
  }

  static void slice(Node node, RaisingContext context) {
    if (node.intsAttribute("starts").isPresent()) {
      Node changed = moveIntegers(node, "starts", 1, context);
      changed = moveIntegers(changed, "ends", 2, context);
      changed = moveIntegers(changed, "axes", 3, context);
      context.change(changed, "attributes starts, ends and axes become operands");
    }
  }

  static void topK(Node node, RaisingContext context) {
    if (node.attributes().containsKey("k")) {
      String k = context.constant(node, "K", Tensor.of(new long[] {node.intAttribute("k", 0)}, 1));
      context.change(
          RaisingContext.withOperand(node.withoutAttribute("k"), 1, k),
          "attribute k becomes operand 1");
    }
  }

  /** The axis of DFT becomes a scalar operand; its default was 1 and becomes -2. */
  static void dft(Node node, RaisingContext context) {
    if (node.operand(2).isEmpty()) {
      String axis =
          context.constant(node, "axis", Tensor.of(new long[] {node.intAttribute("axis", 1)}));
      context.change(
          RaisingContext.withOperand(node.withoutAttribute("axis"), 2, axis),
          "attribute axis becomes operand 2");
    }
  }

  static void upsample(Node node, RaisingContext context) {
    List<Float> scales = node.floatsAttribute("scales").orElse(null);
    if (scales != null) {
      float[] values = new float[scales.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = scales.get(i);
      }
      String name = context.constant(node, "scales", Tensor.of(values, values.length));
      context.change(
          RaisingContext.withOperand(node.withoutAttribute("scales"), 1, name),
          "attribute scales becomes operand 1");
    }
  }

  /** The operand is of type float32 whatever the type of the data is. */
  static void dropout(Node node, RaisingContext context) {
    if (node.attributes().containsKey("ratio")) {
      float ratio = node.floatAttribute("ratio", 0.5f);
      String name = context.constant(node, "ratio", Tensor.of(new float[] {ratio}));
      context.change(
          RaisingContext.withOperand(node.withoutAttribute("ratio"), 1, name),
          "attribute ratio becomes operand 1");
    }
  }

  static void clip(Node node, RaisingContext context) {
    boolean bounded = node.attributes().containsKey("min") || node.attributes().containsKey("max");
    if (!bounded) {
      return;
    }
    Optional<DataType> type = floatType(node, context);
    if (type.isPresent()) {
      Node changed = moveFloat(node, "min", 1, type.get(), context);
      changed = moveFloat(changed, "max", 2, type.get(), context);
      context.change(changed, "attributes min and max become operands");
    }
  }

  static void pad(Node node, RaisingContext context) {
    if (node.intsAttribute("pads").isEmpty()) {
      return;
    }
    boolean zero = node.floatAttribute("value", 0) == 0;
    Optional<DataType> type = zero ? Optional.of(DataType.FLOAT) : floatType(node, context);
    if (type.isPresent()) {
      Node changed = moveIntegers(node, "pads", 1, context);
      changed =
          zero
              ? changed.withoutAttribute("value")
              : moveFloat(changed, "value", 2, type.get(), context);
      context.change(changed, "attributes pads and value become operands");
    }
  }

  private static Node moveIntegers(
      Node node, String attribute, int operand, RaisingContext context) {
    Node without = node.withoutAttribute(attribute);
    List<Long> values = node.intsAttribute(attribute).orElse(List.of());
    if (values.isEmpty()) {
      return without;
    }
    long[] elements = values.stream().mapToLong(Long::longValue).toArray();
    String name = context.constant(node, attribute, Tensor.of(elements, elements.length));
    return RaisingContext.withOperand(without, operand, name);
  }

  private static Node moveFloat(
      Node node, String attribute, int operand, DataType type, RaisingContext context) {
    if (!node.attributes().containsKey(attribute)) {
      return node;
    }
    Tensor scalar = FloatScalars.of(type, node.floatAttribute(attribute, 0));
    String name = context.constant(node, attribute, scalar);
    return RaisingContext.withOperand(node.withoutAttribute(attribute), operand, name);
  }

  private static Optional<DataType> floatType(Node node, RaisingContext context) {
    Optional<DataType> type =
        node.operand(0)
            .flatMap(context.known()::floatType)
            .or(() -> node.results().stream().findFirst().flatMap(context.known()::floatType))
            .filter(FloatScalars::knows);
    if (type.isEmpty()) {
      context.refuse(node, "the element type of its operand is not stated");
    }
    return type;
  }
}

package dev.octet.format.onnx;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Conversions of Resize. */
final class ResizeConversions {

  private static final String COORDINATES = "coordinate_transformation_mode";

  private ResizeConversions() {}

  /** Upsample becomes a Resize that never shrinks. */
  static void upsample(Node node, RaisingContext context) {
    context.noteEnlarging(node.name());
    context.change(RaisingContext.withOperator(node, "Resize"), "Upsample is called Resize now");
  }

  /**
   * Resize of operator set 10 reads the source at {@code x / scale}; the nearest element is the one
   * below where the scales enlarge, and the one above where they all shrink, as ONNX Runtime
   * computes it. Scales that do both, or that only the running model knows, have no counterpart
   * with the mode nearest.
   */
  static void stateFormerBehaviour(Node node, RaisingContext context) {
    if (node.operands().size() > 2 || node.attributes().containsKey(COORDINATES)) {
      return;
    }
    boolean nearest = node.stringAttribute("mode", "nearest").equals("nearest");
    Optional<String> rounding = nearest ? rounding(node, context) : Optional.of("floor");
    if (rounding.isEmpty()) {
      context.refuse(node, "its scales are not constant, or both enlarge and shrink");
      return;
    }
    Node changed = node.withAttribute(Attribute.of(COORDINATES, "asymmetric"));
    if (nearest) {
      changed = changed.withAttribute(Attribute.of("nearest_mode", rounding.get()));
    }
    String roi = context.constant(node, "roi", Tensor.of(new float[0], 0));
    List<String> operands = List.of(node.operands().get(0), roi, node.operands().get(1));
    context.change(changed.withOperands(operands), "attributes state the former behaviour");
  }

  private static Optional<String> rounding(Node node, RaisingContext context) {
    if (context.isEnlarging(node.name())) {
      return Optional.of("floor");
    }
    Optional<Tensor> scales = node.operand(1).flatMap(context::constant);
    if (scales.isEmpty()) {
      return Optional.empty();
    }
    boolean enlarges = false;
    boolean shrinks = false;
    for (float scale : scales.get().floats()) {
      enlarges |= scale > 1;
      shrinks |= scale < 1;
    }
    if (enlarges && shrinks) {
      return Optional.empty();
    }
    return Optional.of(shrinks ? "ceil" : "floor");
  }

  /** An operand that does not count is left out instead of being empty. */
  static void leaveOutEmptyOperands(Node node, RaisingContext context) {
    if (node.stringAttribute(COORDINATES, "half_pixel").equals("tf_half_pixel_for_nn")) {
      context.refuse(node, COORDINATES + " tf_half_pixel_for_nn has no counterpart any more");
      return;
    }
    List<String> operands = new ArrayList<>(node.operands());
    for (int i = 1; i < operands.size(); i++) {
      Optional<Tensor> constant = context.constant(operands.get(i));
      if (constant.filter(tensor -> tensor.elementCount() == 0).isPresent()) {
        operands.set(i, "");
      }
    }
    if (!operands.equals(node.operands())) {
      context.change(node.withOperands(operands), "empty operands are left out");
    }
  }
}

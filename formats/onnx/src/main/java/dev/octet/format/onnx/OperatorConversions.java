package dev.octet.format.onnx;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The conversion of every version that changes, between operator sets 7 and 25, what a node written
 * for the version before means or how it is written: the node is converted, or refused where it
 * cannot be. Every other version leaves such nodes as they are: it allows more element types, more
 * ranks, negative axes, or an attribute whose default is the former behaviour.
 */
final class OperatorConversions {

  private static final Map<String, Conversion> ALL = all();

  private OperatorConversions() {}

  static Conversion of(String operator, long version) {
    return Objects.requireNonNull(ALL.get(operator + " " + version));
  }

  static Set<String> names() {
    return ALL.keySet();
  }

  private static Map<String, Conversion> all() {
    Map<String, Conversion> all = new TreeMap<>();
    operands(all);
    all.put("BatchNormalization 9", OperatorConversions::dropSpatial);
    all.put("BatchNormalization 14", OperatorConversions::requireInference);
    all.put("Dropout 10", OperatorConversions::dropMask);
    all.put("GridSample 20", OperatorConversions::renameMode);
    all.put("GroupNormalization 21", refused("scale and bias count channels instead of groups"));
    all.put("Resize 11", ResizeConversions::stateFormerBehaviour);
    all.put("Resize 13", ResizeConversions::leaveOutEmptyOperands);
    all.put("RoiAlign 16", OperatorConversions::stateCoordinates);
    all.put("Scan 9", refused("Scan has no batch axis any more"));
    all.put("Scatter 11", renamed("ScatterElements"));
    all.put("Split 18", OperatorConversions::stateOutputs);
    all.put("Upsample 10", ResizeConversions::upsample);
    for (String operator : List.of("Softmax", "LogSoftmax", "Hardmax")) {
      all.put(operator + " 13", SoftmaxConversion::convert);
    }
    return all;
  }

  private static void operands(Map<String, Conversion> all) {
    all.put("Clip 11", OperandConversions::clip);
    all.put("DFT 20", OperandConversions::dft);
    all.put("Dropout 12", OperandConversions::dropout);
    all.put("Pad 11", OperandConversions::pad);
    all.put("Slice 10", OperandConversions::slice);
    all.put("Split 13", OperandConversions.integers("split", 1));
    all.put("TopK 10", OperandConversions::topK);
    all.put("Upsample 9", OperandConversions::upsample);
    for (String version : List.of("Squeeze 13", "Unsqueeze 13", "ReduceSum 13")) {
      all.put(version, OperandConversions.integers("axes", 1));
    }
    for (String name :
        List.of("L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "SumSquare")) {
      all.put("Reduce" + name + " 18", OperandConversions.integers("axes", 1));
    }
  }

  private static Conversion refused(String reason) {
    return (node, context) -> context.refuse(node, reason);
  }

  private static Conversion renamed(String operator) {
    return (node, context) ->
        context.change(
            RaisingContext.withOperator(node, operator),
            node.op() + " is called " + operator + " now");
  }

  private static void dropSpatial(Node node, RaisingContext context) {
    if (node.intAttribute("spatial", 1) != 1) {
      context.refuse(node, "spatial = 0 has no counterpart any more");
    } else if (node.attributes().containsKey("spatial")) {
      context.change(node.withoutAttribute("spatial"), "attribute spatial = 1 is the only way now");
    }
  }

  /** A node with more results than the first one trains, in a way that the new version has not. */
  private static void requireInference(Node node, RaisingContext context) {
    boolean trains = node.intAttribute("training_mode", 0) != 0;
    if (!trains && node.results().stream().skip(1).anyMatch(r -> !r.isEmpty())) {
      context.refuse(node, "it is written for training");
    } else if (!trains && node.results().size() > 1) {
      context.change(node.withResults(node.results().subList(0, 1)), "unused results are left out");
    }
  }

  /** The mask was made of numbers and is made of truth values now. */
  private static void dropMask(Node node, RaisingContext context) {
    if (node.results().size() < 2) {
      return;
    }
    if (context.isRead(node.results().get(1))) {
      context.refuse(node, "its mask is read, and is of another type now");
    } else {
      context.change(
          node.withResults(node.results().subList(0, 1)),
          "the mask, which nobody reads, is left out");
    }
  }

  private static void renameMode(Node node, RaisingContext context) {
    String mode = node.stringAttribute("mode", "bilinear");
    Map<String, String> names = Map.of("bilinear", "linear", "bicubic", "cubic");
    if (node.attributes().containsKey("mode") && names.containsKey(mode)) {
      Attribute renamed = Attribute.of("mode", Objects.requireNonNull(names.get(mode)));
      context.change(node.withAttribute(renamed), "mode " + mode + " has a new name");
    }
  }

  private static void stateCoordinates(Node node, RaisingContext context) {
    String attribute = "coordinate_transformation_mode";
    if (!node.attributes().containsKey(attribute)) {
      context.change(
          node.withAttribute(Attribute.of(attribute, "output_half_pixel")),
          attribute + " states the former behaviour");
    }
  }

  private static void stateOutputs(Node node, RaisingContext context) {
    if (node.operand(1).isEmpty() && !node.attributes().containsKey("num_outputs")) {
      context.change(
          node.withAttribute(Attribute.of("num_outputs", (long) node.results().size())),
          "num_outputs states the number of results");
    }
  }
}

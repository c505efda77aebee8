package dev.octet.workflow.data;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.text.JsonText;
import dev.octet.workflow.text.ShownText;
import java.util.ArrayList;
import java.util.List;

/** A data description to begin with, for a model whose description is missing. */
final class ReadyDescription {

  private static final int COMMON_SIDE = 224;

  private ReadyDescription() {}

  /** Returns a description that gives a folder of images to the model's first input. */
  static String ofImages(Graph graph, String folder) {
    StringBuilder text = new StringBuilder("inputs:\n");
    List<ValueInfo> inputs = graph.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      input(text, inputs.get(i), i == 0 ? folder : "...");
      if (i == 0) {
        text.append("    steps:\n");
        steps(inputs.get(i)).forEach(step -> text.append("      - ").append(step).append('\n'));
      }
    }
    return text.toString();
  }

  /** Returns a description that leaves open which array each input is given. */
  static String ofArrays(Graph graph, String file) {
    StringBuilder text = new StringBuilder("inputs:\n");
    graph.inputs().forEach(input -> input(text, input, file));
    return text.toString();
  }

  private static void input(StringBuilder text, ValueInfo input, String file) {
    text.append("  ").append(quoted(input.name())).append(":\n    file: ").append(quoted(file));
    text.append('\n');
  }

  /** Names and paths may have characters that mean something in YAML. */
  private static String quoted(String text) {
    if (text.matches("[A-Za-z_./][A-Za-z0-9_./-]*")) {
      return text;
    }
    // A quoted text of JSON is one of YAML, and has no character that cannot be shown.
    return text.codePoints().allMatch(ShownText::isSeen)
        ? "'" + text.replace("'", "''") + "'"
        : JsonText.write(Tree.of(text)).strip();
  }

  /** Returns steps for images that bring them to the size of an input. */
  static List<String> imageSteps(ValueInfo input) {
    return steps(input).stream().filter(step -> step.matches("(resize|center-crop):.*")).toList();
  }

  private static List<String> steps(ValueInfo input) {
    List<Dimension> sizes =
        input.tensorType().flatMap(TensorType::shape).map(Shape::dimensions).orElse(List.of());
    boolean last = sizes.size() == 4 && !isChannels(sizes.get(1)) && isChannels(sizes.get(3));
    List<String> steps = new ArrayList<>();
    if (sizes.size() == 4) {
      Dimension channels = sizes.get(last ? 3 : 1);
      long height = side(sizes.get(last ? 1 : 2));
      long width = side(sizes.get(last ? 2 : 3));
      steps.add(height == width ? "resize: " + height : "resize: [" + height + ", " + width + "]");
      if (height == width) {
        steps.add("center-crop: " + height);
      }
      if (isChannels(channels)) {
        steps.add("channels: " + (channels.known().getAsLong() == 1 ? "grey" : "rgb"));
      }
    } else {
      steps.add("resize: [" + COMMON_SIDE + ", " + COMMON_SIDE + "]");
    }
    if (!last) {
      steps.add("transpose: NHWC -> NCHW");
    }
    steps.add("multiply: 0.00392156862745098   # 0 to 1; write what the model was trained with");
    return steps;
  }

  private static boolean isChannels(Dimension size) {
    return size.isKnown() && (size.known().getAsLong() == 1 || size.known().getAsLong() == 3);
  }

  private static long side(Dimension size) {
    return size.isKnown() && size.known().getAsLong() > 0 ? size.known().getAsLong() : COMMON_SIDE;
  }
}

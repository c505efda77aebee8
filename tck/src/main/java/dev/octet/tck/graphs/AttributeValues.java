package dev.octet.tck.graphs;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import dev.octet.api.operator.OperatorSignature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The values that are worth giving an attribute of a node: those that the words of conditions name,
 * their neighbours, and those that the operator knows. Immutable.
 *
 * @param node the node as it is
 * @param hints what conditions on the node say
 * @param spatial how many axes of the value have windows run along them
 */
record AttributeValues(Node node, Hints hints, int spatial) {

  /** The words that attributes of text may have, by the attribute, where ONNX lists them. */
  private static final Map<String, List<String>> WORDS =
      Map.of(
          "auto_pad", List.of("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"),
          "Pad.mode", List.of("constant", "reflect", "edge", "wrap"),
          "Resize.mode", List.of("nearest", "linear", "cubic"),
          "GridSample.mode", List.of("linear", "nearest", "cubic"),
          "DepthToSpace.mode", List.of("DCR", "CRD"),
          "approximate", List.of("none", "tanh"),
          "padding_mode", List.of("zeros", "border", "reflection"),
          "coordinate_transformation_mode",
              List.of("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"),
          "nearest_mode", List.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"));

  /** Attributes with one number for each axis that a window runs along. */
  private static final Set<String> WINDOWED = Set.of("strides", "dilations", "kernel_shape");

  /** Attributes of which 1 stands for what does nothing. */
  private static final Set<String> FROM_ONE = Set.of("strides", "dilations", "group");

  /** Returns the attributes that conditions name; all where a condition is of a vendor's own. */
  List<String> named() {
    return OperatorSignature.of(node.op()).stream()
        .flatMap(known -> known.attributes(GraphDraft.OPSET).stream())
        .filter(name -> hints.own() || hints.words().stream().anyMatch(w -> isNamed(name, w)))
        .toList();
  }

  private static boolean isNamed(String attribute, String words) {
    return Pattern.compile("(?<!\\w)" + Pattern.quote(attribute) + "(?!\\w)").matcher(words).find();
  }

  /** Returns the values of an attribute by what they are called in names of cases. */
  Map<String, Attribute> of(String name) {
    Set<String> kinds =
        OperatorSignature.of(node.op())
            .map(known -> (Set<String>) known.kinds(name))
            .orElse(Set.of());
    Map<String, Attribute> values = new LinkedHashMap<>();
    if (kinds.contains("int")) {
      integers(name).forEach(v -> values.put(name + "=" + v, Attribute.of(name, v)));
    }
    if (kinds.contains("ints")) {
      lists(name).forEach(v -> values.put(name + "=" + text(v), Attribute.of(name, v)));
    }
    if (kinds.contains("float")) {
      floats().forEach(v -> values.put(name + "=" + v, Attribute.of(name, v)));
    }
    if (kinds.contains("string")) {
      texts(name).forEach(v -> values.put(name + "=" + v, Attribute.of(name, v)));
    }
    return values;
  }

  private static String text(List<Long> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }

  private Set<Long> integers(String name) {
    long least = FROM_ONE.contains(name) || WINDOWED.contains(name) ? 1 : -1;
    Set<Long> values = new LinkedHashSet<>();
    values.add(Math.max(0, least));
    values.add(1L);
    values.add(2L);
    for (double decimal : hints.decimals()) {
      if (decimal == Math.rint(decimal) && Math.abs(decimal) <= 64) {
        values.add((long) decimal);
        values.add((long) decimal - 1);
        values.add((long) decimal + 1);
      }
    }
    values.removeIf(value -> value < least);
    return values;
  }

  /** Of lists with a number for each axis, each number everywhere, and in the last place alone. */
  private List<List<Long>> lists(String name) {
    int length = WINDOWED.contains(name) ? spatial : name.equals("pads") ? 2 * spatial : 0;
    List<List<Long>> lists = new ArrayList<>();
    for (long value : length == 0 ? Set.<Long>of() : integers(name)) {
      if (value >= 0) {
        lists.add(Collections.nCopies(length, value));
        List<Long> last =
            new ArrayList<>(Collections.nCopies(length, FROM_ONE.contains(name) ? 1L : 0L));
        last.set(length - 1, value);
        if (!last.contains(0L) || name.equals("pads")) {
          lists.add(last);
        }
      }
    }
    return lists.stream().distinct().toList();
  }

  private Set<Float> floats() {
    Set<Float> values = new LinkedHashSet<>();
    values.add(0f);
    for (double decimal : hints.decimals()) {
      float value = (float) decimal;
      Collections.addAll(values, value, Math.nextUp(value), value + 0.5f, 2 * value + 1, -value);
    }
    values.remove(-0f);
    return values;
  }

  /** Words that the operator does not take give no model, or one that means nothing to it. */
  private Set<String> texts(String name) {
    Set<String> values = new LinkedHashSet<>();
    for (String words : hints.words()) {
      Matcher said =
          Pattern.compile("(?<!\\w)" + Pattern.quote(name) + " is (\\w+(?: or \\w+)*)")
              .matcher(words);
      while (said.find()) {
        Collections.addAll(values, said.group(1).split(" or "));
      }
    }
    values.addAll(WORDS.getOrDefault(name, WORDS.getOrDefault(node.op() + "." + name, List.of())));
    return values;
  }

  /** Returns what attributes mean that the node does not state, where the operator says it. */
  List<Attribute> defaults() {
    List<Attribute> defaults = new ArrayList<>();
    for (OperatorSignature known : OperatorSignature.of(node.op()).stream().toList()) {
      for (String name : known.attributes(GraphDraft.OPSET)) {
        if (!node.attributes().containsKey(name)) {
          known
              .whenAbsent(name)
              .ifPresent(value -> defaults.add(new Attribute(name, value, Optional.empty())));
        }
      }
    }
    return defaults;
  }
}

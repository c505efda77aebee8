package dev.octet.kernels.floats;

import dev.octet.api.graph.Dimension;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The labels of an Einsum's equation, with the dimensions that they stand for. An ellipsis stands
 * for labels of its own, one for each dimension that no letter names; of these, sizes of 1
 * broadcast. Immutable and thread-safe.
 */
final class EinsumLabels {

  private static final String ELLIPSIS = "...";

  /** Labels of the dimensions under an ellipsis, counted from the last one, are no letters. */
  private static final int UNDER_ELLIPSIS = 1 << 16;

  private final List<List<Integer>> operands;
  private final List<Integer> result;
  private final Map<Integer, Dimension> sizes;
  private final List<List<Dimension>> shapes;

  private EinsumLabels(
      List<List<Integer>> operands,
      List<Integer> result,
      Map<Integer, Dimension> sizes,
      List<List<Dimension>> shapes) {
    this.operands = operands;
    this.result = result;
    this.sizes = sizes;
    this.shapes = shapes;
  }

  /**
   * Reads an equation.
   *
   * @throws ShapeMismatchException if it is none, or does not fit the shapes
   */
  static EinsumLabels of(String equation, List<List<Dimension>> shapes) {
    String text = equation.replace(" ", "");
    int arrow = text.indexOf("->");
    String[] terms = (arrow < 0 ? text : text.substring(0, arrow)).split(",", -1);
    require(terms.length == shapes.size(), terms.length + " terms for " + shapes.size());
    List<List<Integer>> operands = new ArrayList<>();
    Map<Integer, Dimension> sizes = new LinkedHashMap<>();
    int hidden = 0;
    for (int i = 0; i < terms.length; i++) {
      List<Integer> labels = labels(terms[i], shapes.get(i).size());
      require(labels.size() == shapes.get(i).size(), "'" + terms[i] + "' for " + shapes.get(i));
      hidden = Math.max(hidden, (int) labels.stream().filter(l -> l >= UNDER_ELLIPSIS).count());
      note(labels, shapes.get(i), sizes);
      operands.add(labels);
    }
    List<Integer> result =
        arrow < 0
            ? implicit(operands, hidden)
            : labels(text.substring(arrow + 2), hidden + letters(text.substring(arrow + 2)));
    require(sizes.keySet().containsAll(result), "the result has labels that no operand has");
    require(result.stream().distinct().count() == result.size(), "the result has a label twice");
    return new EinsumLabels(operands, result, sizes, List.copyOf(shapes));
  }

  private static void require(boolean fits, String fact) {
    if (!fits) {
      throw new ShapeMismatchException("an equation of " + fact);
    }
  }

  private static int letters(String term) {
    return term.replace(ELLIPSIS, "").length();
  }

  private static List<Integer> labels(String term, int rank) {
    int at = term.indexOf(ELLIPSIS);
    String before = at < 0 ? term : term.substring(0, at);
    String behind = at < 0 ? "" : term.substring(at + ELLIPSIS.length());
    require((before + behind).chars().allMatch(Character::isLetter), "'" + term + "'");
    List<Integer> labels = new ArrayList<>(before.chars().boxed().toList());
    for (int i = at < 0 ? 0 : rank - letters(term); i > 0; i--) {
      labels.add(UNDER_ELLIPSIS + i);
    }
    labels.addAll(behind.chars().boxed().toList());
    return labels;
  }

  private static void note(
      List<Integer> labels, List<Dimension> shape, Map<Integer, Dimension> sizes) {
    for (int i = 0; i < labels.size(); i++) {
      Dimension size = shape.get(i);
      Dimension known = sizes.get(labels.get(i));
      if (known == null || (labels.get(i) >= UNDER_ELLIPSIS && Dimensions.is(known, 1))) {
        sizes.put(labels.get(i), size);
      } else if (labels.get(i) < UNDER_ELLIPSIS || !Dimensions.is(size, 1)) {
        sizes.put(labels.get(i), Dimensions.same(known, size));
      }
    }
  }

  /**
   * Without an arrow: what the ellipsis hides, then the letters that occur once, in their order.
   */
  private static List<Integer> implicit(List<List<Integer>> operands, int hidden) {
    List<Integer> all = new ArrayList<>();
    operands.forEach(all::addAll);
    List<Integer> result = new ArrayList<>();
    for (int i = hidden; i > 0; i--) {
      result.add(UNDER_ELLIPSIS + i);
    }
    all.stream()
        .filter(label -> label < UNDER_ELLIPSIS && Collections.frequency(all, label) == 1)
        .sorted()
        .forEach(result::add);
    return result;
  }

  /** Returns the dimensions of the result. */
  List<Dimension> result() {
    List<Dimension> dimensions = new ArrayList<>();
    result.forEach(label -> dimensions.add(size(label)));
    return dimensions;
  }

  private Dimension size(int label) {
    return sizes.getOrDefault(label, Dimensions.unknown());
  }

  private List<Integer> chosen(boolean ofResult) {
    return ofResult
        ? result
        : sizes.keySet().stream().filter(label -> !result.contains(label)).toList();
  }

  /** Returns the known sizes of the labels of the result, or of all others. */
  int[] sizes(boolean ofResult) {
    return chosen(ofResult).stream()
        .mapToInt(label -> Math.toIntExact(Dimensions.size(size(label)).orElseThrow()))
        .toArray();
  }

  /** Returns by how much an operand advances with each of those labels. */
  int[] strides(int operand, boolean ofResult) {
    List<Integer> wanted = chosen(ofResult);
    int[] strides = new int[wanted.size()];
    int stride = 1;
    List<Integer> labels = operands.get(operand);
    for (int axis = labels.size() - 1; axis >= 0; axis--) {
      int size = Math.toIntExact(Dimensions.size(shapes.get(operand).get(axis)).orElseThrow());
      int index = wanted.indexOf(labels.get(axis));
      if (index >= 0 && size != 1) {
        strides[index] += stride;
      }
      stride *= size;
    }
    return strides;
  }
}

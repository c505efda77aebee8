package dev.octet.workflow.convert;

import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizedType;
import dev.octet.kernels.quantize.ParameterLayout;
import dev.octet.workflow.evaluate.Sqnr;
import dev.octet.workflow.evaluate.SquaredError;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedGroup;
import java.util.List;
import java.util.Optional;

/**
 * A constant of which elements lie more than a step outside of what its integers mean.
 *
 * @param at where it is read
 * @param name its name
 * @param stored its integers
 * @param clipped how many elements lie outside
 * @param elements how many there are
 * @param place where the largest error is, such as {@code channel 3}
 * @param value the element there
 * @param kept what its integer means
 * @param left how far the constant is from what is stored
 */
record Clipped(
    Point at,
    String name,
    QuantizedType stored,
    int clipped,
    int elements,
    String place,
    float value,
    double kept,
    Sqnr left) {

  private static final int NAMED = 5;

  /**
   * Measures a constant; empty when all elements lie inside.
   *
   * @param at where it is read
   * @param form its integers
   */
  static Optional<Clipped> of(GraphValue constant, Point at, QdqForm form) {
    Tensor tensor = ConstantValues.of(constant);
    float[] elements = tensor.floats();
    Measure measure = new Measure(form, elements);
    ParameterLayout layout = ConstantValues.layout(constant, form.granularity());
    layout.forEachRun(measure::add);
    if (measure.clipped == 0) {
      return Optional.empty();
    }
    SquaredError errors = new SquaredError();
    errors.add(elements, measure.kept);
    boolean channel = form.parameters().count() > 1 || tensor.rank() == 1;
    int place = form.parameters().count() > 1 ? measure.worstParameter : measure.worst;
    return Optional.of(
        new Clipped(
            at,
            constant.name(),
            form.type(),
            measure.clipped,
            elements.length,
            (channel ? "channel " : "element ") + place,
            elements[measure.worst],
            measure.kept[measure.worst],
            errors.sqnr()));
  }

  /** Returns where a value is read in a group that it belongs to. */
  static Point at(Plan plan, PlannedGroup group, GraphValue value) {
    return value.uses().stream()
        .filter(use -> plan.group(use).filter(own -> own.id() == group.id()).isPresent())
        .findFirst()
        .orElseThrow();
  }

  String words() {
    return "'%s' of node '%s' keeps %s: %s of %s lie outside of %s, most in %s, where %s is stored as %s"
        .formatted(
            name,
            at.node(),
            left.words(),
            clipped,
            count(elements, "element"),
            stored,
            place,
            value,
            (float) kept);
  }

  /** Returns a number with its noun, such as {@code 2 channels}. */
  static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** Returns the first few of some clauses, and how many more there are. */
  static String named(List<String> clauses) {
    int more = clauses.size() - NAMED;
    return String.join("; ", clauses.subList(0, Math.min(NAMED, clauses.size())))
        + (more > 0 ? "; and " + more + " more" : "");
  }

  /** What is seen of one element after the other. */
  private static final class Measure {
    private final QuantizationParameters parameters;
    private final QuantizedType type;
    private final float[] elements;
    private final float[] kept;
    private int clipped;
    private int worst;
    private int worstParameter;

    Measure(QdqForm form, float[] elements) {
      this.parameters = form.parameters();
      this.type = form.type();
      this.elements = elements;
      this.kept = new float[elements.length];
    }

    void add(int from, int to, int parameter) {
      double scale = parameters.scale(parameter);
      double zero = parameters.realZeroPoint(parameter);
      for (int i = from; i < to; i++) {
        double integer = Math.rint(elements[i] / scale) + zero;
        double inside = Math.min(Math.max(integer, (double) type.min()), (double) type.max());
        kept[i] = (float) ((inside - zero) * scale);
        // An infinity is meant to be the end of the range.
        clipped += Math.abs(integer - inside) > 1 && Float.isFinite(elements[i]) ? 1 : 0;
        if (error(i) > error(worst) || i == 0) {
          worst = i;
          worstParameter = parameter;
        }
      }
    }

    private double error(int i) {
      return Float.isFinite(elements[i]) ? Math.abs((double) elements[i] - kept[i]) : 0;
    }
  }
}

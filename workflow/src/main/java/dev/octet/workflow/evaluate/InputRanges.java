package dev.octet.workflow.evaluate;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.boundary.IntegerBoundary;
import dev.octet.workflow.report.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the samples fit the ranges that the inputs of a quantized model have: integers with a
 * meaning, or floats that a QuantizeLinear of one scale reads, maybe behind nodes that move
 * elements and change none. Not thread-safe.
 */
final class InputRanges {

  /** Above this share of clamped elements the data is not what was calibrated for. */
  static final double MOST_CLIPPED = 0.01;

  /** Below this share of the range more than three bits of the integers are never used. */
  static final double LEAST_USED = 0.1;

  private static final Set<String> MOVING =
      Set.of("Identity", "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze");

  private final Map<String, Watched> inputs = new LinkedHashMap<>();

  private InputRanges() {}

  /** Finds the inputs of a model that have a range. */
  static InputRanges of(Model model) {
    InputRanges ranges = new InputRanges();
    IntegerBoundary boundary = IntegerBoundary.of(model);
    for (ValueInfo input : model.graph().inputs()) {
      boundary
          .meaning(Point.input(input.name()))
          .map(InputRanges::range)
          .or(() -> scale(model.graph(), input.name()))
          .ifPresent(scale -> ranges.inputs.put(input.name(), new Watched(scale)));
    }
    return ranges;
  }

  /** What was seen of an input. */
  private static final class Watched {

    private final IntegerRange scale;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private long elements;
    private long clipped;

    Watched(IntegerRange scale) {
      this.scale = scale;
    }

    void add(float x) {
      if (Float.isNaN(x)) {
        return;
      }
      elements++;
      clipped += scale.clips(x) ? 1 : 0;
      if (Float.isFinite(x)) {
        min = Math.min(min, x);
        max = Math.max(max, x);
      }
    }

    InputRange range(String name) {
      return new InputRange(name, scale.least(), scale.most(), min, max, elements, clipped);
    }
  }

  private static IntegerRange range(QuantizationSpec.Fixed meaning) {
    return new IntegerRange(
        meaning.parameters().scale(0),
        meaning.parameters().zeroPoint(0),
        meaning.type().min(),
        meaning.type().max());
  }

  private static Optional<IntegerRange> scale(Graph graph, String value) {
    for (Point use : graph.uses(value)) {
      Optional<Node> reader = graph.node(use.node()).filter(node -> isFirst(node, value));
      Optional<IntegerRange> found =
          reader.flatMap(
              node ->
                  MOVING.contains(node.op().name())
                      ? scale(graph, node.results().get(0))
                      : quantizing(graph, node));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static boolean isFirst(Node node, String value) {
    return !node.operands().isEmpty() && node.operands().get(0).equals(value);
  }

  /** Returns the range of a QuantizeLinear of one constant scale; empty for every other node. */
  static Optional<IntegerRange> quantizing(Graph graph, Node node) {
    Tensor scale = constant(graph, node, 1).orElse(null);
    if (!node.op().name().equals("QuantizeLinear")
        || scale == null
        || scale.dataType() != DataType.FLOAT
        || scale.elementCount() != 1) {
      return Optional.empty();
    }
    Tensor zero = constant(graph, node, 2).orElse(Tensor.of(DataType.UINT8, new byte[] {0}));
    boolean whole = zero.dataType().isInteger() && zero.elementCount() == 1;
    return whole
        ? Optional.of(IntegerRange.of(zero.dataType(), scale.floats()[0], zero.integers()[0]))
        : Optional.empty();
  }

  /** Returns a constant operand. */
  static Optional<Tensor> constant(Graph graph, Node node, int index) {
    return node.operand(index).flatMap(name -> Optional.ofNullable(graph.initializers().get(name)));
  }

  /** Takes the inputs of a batch; integers are what they are, and not looked at. */
  void add(Map<String, Tensor> batch) {
    inputs.forEach(
        (name, watched) -> {
          Tensor tensor = batch.get(name);
          if (tensor != null && tensor.dataType() == DataType.FLOAT) {
            for (float x : tensor.floats()) {
              watched.add(x);
            }
          }
        });
  }

  /** Returns the ranges of the inputs that had floats, in the order of the model. */
  List<InputRange> list() {
    List<InputRange> ranges = new ArrayList<>();
    inputs.forEach((name, watched) -> ranges.add(watched.range(name)));
    ranges.removeIf(range -> range.elements() == 0);
    return ranges;
  }

  void addTo(Report report) {
    List<InputRange> ranges = list();
    if (ranges.isEmpty()) {
      return;
    }
    report.field("inputs", Tree.of(ranges.stream().<Tree>map(InputRange::tree).toList()));
    for (InputRange each : ranges) {
      report.line(
          String.format(
              Locale.ROOT,
              "input '%s': %s, %.1f %% of it used, %.2f %% of the elements clipped",
              each.input(),
              each.words(),
              100 * each.used(),
              100 * each.clippedShare()));
    }
    ranges.forEach(each -> finding(each).ifPresent(found -> report.findings(List.of(found))));
  }

  private static Optional<Finding> finding(InputRange range) {
    if (range.clippedShare() > MOST_CLIPPED) {
      return Optional.of(
          EvaluationErrors.CLIPPED_INPUT.about(
              String.format(
                  Locale.ROOT,
                  "%.1f %% of the elements of input '%s' are clipped: they run from %s. Compare the"
                      + " steps of the data with those of the calibration data.",
                  100 * range.clippedShare(),
                  range.input(),
                  range.words())));
    }
    if (range.used() < LEAST_USED) {
      return Optional.of(
          EvaluationErrors.UNUSED_RANGE.about(
              String.format(
                  Locale.ROOT,
                  "Input '%s' uses %.1f %% of its range: it runs from %s. Compare the steps of the"
                      + " data with those of the calibration data.",
                  range.input(),
                  100 * range.used(),
                  range.words())));
    }
    return Optional.empty();
  }
}

package dev.octet.workflow.evaluate;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Tree;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.workflow.calibrate.LogitPaths;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.run.WatchedValues;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How the values inside of a float model fit the ranges that a quantized one has for them: those of
 * the main graph that a QuantizeLinear of one scale reads there. The float model gives the values
 * beside its outputs. What is less than a step outside of a range is not counted as clamped; nor is
 * what lies below that of logits, and has no part in the Softmax behind them. Not thread-safe.
 */
public final class ActivationRanges {

  private static final String QUANTIZE = "QuantizeLinear";
  private static final int NAMED = 5;

  /** Shares below it are shown as 0. */
  private static final double LEAST_NAMED = 0.00005;

  private final Map<String, WatchedRange> watched;

  private ActivationRanges(Map<String, WatchedRange> watched) {
    this.watched = watched;
  }

  /** Returns nothing to watch. */
  static ActivationRanges none() {
    return new ActivationRanges(Map.of());
  }

  /**
   * Finds the values that have a range; none where the reference is quantized, too.
   *
   * @param reference the float model
   * @param quantized the model that was made of it
   * @param rounds whether it is measured what rounding costs
   */
  public static ActivationRanges between(Model reference, Model quantized, boolean rounds) {
    if (reference.graph().nodes().stream().anyMatch(node -> node.op().is(QUANTIZE))) {
      return none();
    }
    Graph floats = ShapeInference.infer(reference, OperatorSet.standard());
    RangedValues values = new RangedValues(floats, quantized.graph());
    LogitPaths logits = LogitPaths.of(reference);
    Map<String, WatchedRange> watched = new LinkedHashMap<>();
    for (Node node : quantized.graph().nodes()) {
      Optional<IntegerRange> range = values.range(node);
      Optional<String> value = range.flatMap(known -> values.value(node));
      if (value.isPresent() && !watched.containsKey(value.get())) {
        String name = value.get();
        String giver = floats.producer(name).orElseThrow().name();
        boolean cut = logits.path(name).isPresent();
        watched.put(name, new WatchedRange(giver, range.get(), cut, rounds));
      }
    }
    return new ActivationRanges(watched);
  }

  /** Tells whether there is nothing to watch. */
  public boolean isEmpty() {
    return watched.isEmpty();
  }

  /**
   * Returns the float model, or another form of it, with the values beside its outputs; those that
   * the form does not have are left out.
   */
  public Model watchedIn(Model form) {
    if (isEmpty()) {
      return form;
    }
    Graph typed = ShapeInference.infer(form, OperatorSet.standard());
    List<String> there =
        watched.keySet().stream().filter(value -> typed.producer(value).isPresent()).toList();
    return WatchedValues.of(form, typed, there);
  }

  /** Takes what the float model gave for a batch. */
  public void add(Map<String, Tensor> results) {
    watched.forEach(
        (value, range) -> {
          Tensor tensor = results.get(value);
          if (tensor != null && tensor.dataType() == DataType.FLOAT) {
            range.add(tensor);
          }
        });
  }

  /** Returns how the values fit, in the order of the quantized model. */
  public List<ActivationRange> list() {
    List<ActivationRange> all = new ArrayList<>();
    watched.forEach((value, range) -> range.seen(value).ifPresent(all::add));
    return List.copyOf(all);
  }

  void addTo(Report report) {
    List<ActivationRange> all = list();
    if (all.isEmpty()) {
      return;
    }
    report.field(
        "activations", () -> Tree.of(all.stream().<Tree>map(ActivationRange::tree).toList()));
    long clipping = all.stream().filter(each -> each.fit().clipped() > 0).count();
    List<String> most = mostClipped(all);
    report.line(
        "of "
            + values(all.size())
            + " inside, "
            + clipping
            + (clipping == 1 ? " is" : " are")
            + " clipped somewhere"
            + (most.isEmpty() ? "" : ", most: " + named(most)));
    clipped(all).ifPresent(finding -> report.findings(List.of(finding)));
    unused(all).ifPresent(finding -> report.findings(List.of(finding)));
  }

  private static List<String> mostClipped(List<ActivationRange> all) {
    return all.stream()
        .filter(each -> each.fit().clippedShare() >= LEAST_NAMED)
        .sorted(Comparator.comparingDouble(each -> -each.fit().clippedShare()))
        .map(
            each ->
                String.format(
                    Locale.ROOT, "'%s' %.2f %%", each.value(), 100 * each.fit().clippedShare()))
        .toList();
  }

  private static String named(List<String> clauses) {
    int more = clauses.size() - NAMED;
    return clauses.stream().limit(NAMED).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private static Optional<Finding> clipped(List<ActivationRange> all) {
    List<ActivationRange> clipped = all.stream().filter(ActivationRange::isClipped).toList();
    return clipped.stream()
        .max(Comparator.comparingDouble(each -> each.fit().clippedShare()))
        .map(
            worst ->
                EvaluationErrors.CLIPPED_VALUES.aboutNode(
                    worst.node(),
                    "More than 1 % of the elements of "
                        + values(clipped.size())
                        + " inside of the model are clipped: "
                        + named(mostClipped(clipped))
                        + ". '"
                        + worst.value()
                        + "' runs from "
                        + worst.fit().words()
                        + ". Calibrate with data like this, or leave these values float."));
  }

  private static Optional<Finding> unused(List<ActivationRange> all) {
    List<ActivationRange> unused =
        all.stream()
            .filter(ActivationRange::isUnused)
            .sorted(Comparator.comparingDouble(each -> each.fit().used()))
            .toList();
    return unused.stream()
        .findFirst()
        .map(
            worst ->
                EvaluationErrors.UNUSED_VALUES.aboutNode(
                    worst.node(),
                    "Less than a tenth of the range is covered by "
                        + values(unused.size())
                        + " inside of the model: "
                        + named(
                            unused.stream()
                                .map(
                                    each ->
                                        String.format(
                                            Locale.ROOT,
                                            "'%s' %.2g %%",
                                            each.value(),
                                            100 * each.fit().used()))
                                .toList())
                        + ". '"
                        + worst.value()
                        + "' runs from "
                        + worst.fit().words()
                        + ". Compare the data with that of the calibration; a fixed grid of the"
                        + " backend may not fit these values."));
  }

  private static String values(int count) {
    return count + (count == 1 ? " value" : " values");
  }
}

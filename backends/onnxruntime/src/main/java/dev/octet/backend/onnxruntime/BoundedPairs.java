package dev.octet.backend.onnxruntime;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.quantizer.ParameterPlan;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.Storage;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Marks a graph as another quantizer does, and gives weights of int8 scales with which no pair of
 * products leaves 16 bits, see {@link WeightPairs}.
 *
 * <p>The scale of an output channel grows to {@code (|a| + |b|) / 128}, rounded up to float32, for
 * the pair {@code a}, {@code b} of weights of one sign for which that is most; where it is that
 * already, the channel keeps all of its 8 bits. Products of unlike signs take from each other and
 * fit as they are. That suffices for the integers: {@code |a| / s + |b| / s <= 128}, and integers p
 * and q to which these quotients round with {@code p + q >= 129} would need quotients of exactly
 * {@code p - 1/2} and {@code q - 1/2}, of which the one below the odd number rounds down to even.
 *
 * <p>As thread-safe as the other quantizer.
 */
final class BoundedPairs implements Quantizer {

  private static final int OPERAND = 1;

  private final Quantizer marks;

  /** Makes the quantizer. */
  BoundedPairs(Quantizer marks) {
    this.marks = Objects.requireNonNull(marks, "marks");
  }

  @Override
  public GraphEditor.Edited transformForAnnotation(Graph graph) {
    return marks.transformForAnnotation(graph);
  }

  @Override
  public void annotate(AnnotationContext context) {
    marks.annotate(context);
  }

  @Override
  public List<Finding> validate(AnnotatedGraph graph) {
    return marks.validate(graph);
  }

  @Override
  public void adjustObservers(ObserverPlan plan) {
    marks.adjustObservers(plan);
  }

  @Override
  public Set<String> nodeOptions() {
    return marks.nodeOptions();
  }

  @Override
  public void adjustParameters(ParameterPlan plan) {
    marks.adjustParameters(plan);
    for (GraphValues.Value value : GraphValues.of(plan.graph()).values()) {
      value
          .constant()
          .filter(constant -> constant.dataType() == DataType.FLOAT)
          .ifPresent(constant -> value.uses().forEach(use -> bound(plan, use, constant)));
    }
  }

  private static void bound(ParameterPlan plan, GraphValues.Use use, Tensor constant) {
    if (use.operand() != OPERAND) {
      return;
    }
    plan.group(use.point())
        .filter(group -> group.isAdjustable() && mayLeave(group.spec()))
        .ifPresent(
            group ->
                WeightPairs.of(use.reader().node(), constant.sizes())
                    .filter(pairs -> pairs.haveScalesOf(granularity(group)))
                    .ifPresent(pairs -> bound(plan, group, pairs, constant)));
  }

  private static Granularity granularity(ParameterPlan.Group group) {
    return group.spec().observed().orElseThrow().granularity();
  }

  /** Weights of at most 64 cannot, whatever their neighbours are. */
  private static boolean mayLeave(QuantizationSpec.Concrete spec) {
    return spec.type().storage() == Storage.INT8
        && Math.max(-spec.type().min(), spec.type().max()) > WeightPairs.LARGEST_SUM / 2;
  }

  private static void bound(
      ParameterPlan plan, ParameterPlan.Group group, WeightPairs pairs, Tensor constant) {
    QuantizationParameters given = group.parameters().orElseThrow();
    double[] largest = largestSums(pairs, constant.floats());
    QuantizationParameters bounded = given;
    for (int channel = 0; channel < largest.length; channel++) {
      int index = given.count() == 1 ? 0 : channel;
      float least = atLeast(largest[channel] / WeightPairs.LARGEST_SUM);
      if (least > bounded.scale(index)) {
        bounded = bounded.withScale(index, plan.gridScale(group.id(), least));
      }
    }
    if (!bounded.equals(given)) {
      plan.set(group.id(), bounded);
    }
  }

  /** Returns the largest sum of a pair of one sign, or 0, of each output channel. */
  private static double[] largestSums(WeightPairs pairs, float[] weights) {
    double[] largest = new double[pairs.channels()];
    pairs.forEach(
        (channel, first, second) -> {
          double a = weights[first];
          double b = weights[second];
          if (a * b > 0) {
            largest[channel] = Math.max(largest[channel], Math.abs(a + b));
          }
        });
    return largest;
  }

  private static float atLeast(double scale) {
    float nearest = (float) scale;
    return nearest < scale ? Math.nextUp(nearest) : nearest;
  }
}

package dev.octet.tck.broken;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.ParameterPlan;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Backends whose parameters are not what they marked. */
final class WrongParameters {

  private static final QuantizationSpec PROBABILITIES =
      QuantizationSpec.Fixed.of(QuantizedType.of(Storage.INT8), 1f / 256, -128);

  private WrongParameters() {}

  static List<WrongBackend> all() {
    return List.of(
        new WrongBackend(
            "TCK-PAR-001",
            "gives scales of zero",
            () ->
                new Tampered() {
                  @Override
                  protected void adjust(ParameterPlan plan) {
                    adjustable(plan).forEach(g -> set(plan, g, 1000, 1));
                  }
                },
            "zero point"),
        new WrongBackend(
            "TCK-PAR-003",
            "gives symmetric weights a zero point",
            () ->
                new Tampered() {
                  @Override
                  protected void adjust(ParameterPlan plan) {
                    adjustable(plan).forEach(g -> set(plan, g, 3, 1));
                  }
                },
            "zero point"),
        new WrongBackend(
            "TCK-PAR-004",
            "sets what it has fixed",
            () ->
                new Tampered() {
                  @Override
                  protected void mark(
                      AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                    boolean known = node.op().is("Softmax") && point.side() == Point.Side.RESULT;
                    super.mark(context, node, point, known ? PROBABILITIES : spec);
                  }

                  @Override
                  protected void adjust(ParameterPlan plan) {
                    plan.groups().forEach(g -> set(plan, g, 0, 2));
                  }
                },
            "whose parameters are fixed"),
        new WrongBackend(
            "TCK-PAR-005",
            "derives a bias from its input and the output",
            () ->
                new Tampered() {
                  @Override
                  protected void mark(
                      AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                    if (spec instanceof QuantizationSpec.Derived) {
                      context.mark(
                          point,
                          new QuantizationSpec.Derived(
                              QuantizedType.of(Storage.INT32),
                              Derivation.productOfScales(),
                              List.of(
                                  Point.operand(node.name(), 0), Point.operand(node.name(), 0))));
                    } else {
                      super.mark(context, node, point, spec);
                    }
                  }
                },
            "is derived from"),
        new WrongBackend(
            "TCK-PAR-006",
            "counts its conversions",
            () ->
                new Tampered() {
                  private int count;

                  @Override
                  protected void adjust(ParameterPlan plan) {
                    int now = ++count;
                    adjustable(plan).forEach(g -> set(plan, g, 0, now));
                  }
                },
            "a second conversion"),
        new WrongBackend(
            "TCK-PAR-007",
            "fixes Sigmoid to a hundredth of its range",
            () ->
                new Tampered() {
                  @Override
                  protected void mark(
                      AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                    if (node.op().is("Sigmoid") && point.side() == Point.Side.RESULT) {
                      context.mark(
                          point,
                          QuantizationSpec.Fixed.of(
                              QuantizedType.of(Storage.INT8), 1f / 25600, -128));
                    } else {
                      super.mark(context, node, point, spec);
                    }
                  }
                },
            "away from float"),
        new WrongBackend(
            "TCK-PAR-002",
            "observes what it only moves",
            () ->
                new Tampered() {
                  @Override
                  protected void mark(
                      AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                    if (node.op().is("Reshape") && point.side() == Point.Side.RESULT) {
                      context.mark(
                          point, QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8)));
                    } else {
                      super.mark(context, node, point, spec);
                    }
                  }
                },
            "has parameters of its own"));
  }

  private static Stream<ParameterPlan.Group> adjustable(ParameterPlan plan) {
    return plan.groups().stream().filter(ParameterPlan.Group::isAdjustable);
  }

  private static void set(ParameterPlan plan, ParameterPlan.Group group, long zero, float factor) {
    group
        .parameters()
        .ifPresent(
            found -> {
              float[] scales = found.scales();
              for (int c = 0; c < scales.length; c++) {
                scales[c] *= factor;
              }
              long[] zeros = new long[scales.length];
              Arrays.fill(zeros, zero);
              plan.set(group.id(), QuantizationParameters.of(scales, zeros));
            });
  }
}

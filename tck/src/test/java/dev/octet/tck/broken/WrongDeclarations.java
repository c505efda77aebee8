package dev.octet.tck.broken;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.Scheme;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;

/** Backends whose marks differ in one field from what their capabilities say. */
final class WrongDeclarations {

  private static final String RULE = "TCK-CAP-011";

  private WrongDeclarations() {}

  static List<WrongBackend> all() {
    return List.of(
        marking(
            "marks affine weights of Gemm",
            (node, point) -> node.op().is("Gemm") && isOperand(point, 1),
            observed(spec -> scheme(spec, Scheme.affine())),
            "the constant is declared int8[-127..127] symmetric"),
        marking(
            "has no zero point in what flows in",
            (node, point) -> isOperand(point, 0),
            observed(spec -> scheme(spec, Scheme.symmetric())),
            "what flows in is declared int8 affine"),
        marking(
            "keeps to scales that are powers of two, and does not say so",
            (node, point) -> isOperand(point, 0),
            observed(spec -> spec.withScheme(spec.scheme().withGrid(ScaleGrid.powersOfTwo()))),
            "scales from 2^-63, scales on power-of-two"),
        marking(
            "watches results otherwise than it says",
            (node, point) -> node.op().is("Conv") && point.side() == Point.Side.RESULT,
            observed(spec -> spec.withObserver(ObserverSpec.percentile(90))),
            "scales from 2^-63, per-tensor, percentile {percent=90.0}"),
        new WrongBackend(
            RULE,
            "computes with constant factors in float",
            () ->
                new Tampered() {
                  @Override
                  protected void mark(
                      AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                    boolean factor =
                        node.op().is("Mul")
                            && point.side() == Point.Side.OPERAND
                            && context.view(node).constant(point.index()).isPresent();
                    QuantizationSpec stored =
                        observed(own -> own.withMode(Mode.WEIGHT_ONLY)).apply(spec);
                    super.mark(context, node, point, factor ? stored : spec);
                  }
                },
            "a constant is declared int8 affine"),
        marking(
            "fixes Softmax to a scale of 1/255",
            (node, point) -> node.op().is("Softmax") && point.side() == Point.Side.RESULT,
            spec -> QuantizationSpec.Fixed.of(spec.concrete().orElseThrow().type(), 1f / 255, -128),
            "scales on integer-reciprocal, per-tensor, squared-error, and result 0 of 'n0' is"
                + " marked int8, per-tensor, of scale [0.003921569]"),
        marking(
            "gives a sum the parameters of its first summand",
            (node, point) -> node.op().is("Add") && point.side() == Point.Side.RESULT,
            spec -> new QuantizationSpec.Shared(Point.operand("n0", 0)),
            "is marked shared with operand 0 of 'n0'"),
        new WrongBackend(
            RULE,
            "leaves biases in float",
            () ->
                new Tampered() {
                  @Override
                  protected void mark(
                      AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                    if (!isOperand(point, 2)) {
                      super.mark(context, node, point, spec);
                    }
                  }
                },
            "a bias is declared int32 by product-of-scales, and operand 2 of 'n0' is marked"
                + " nothing"),
        new WrongBackend(
            RULE,
            "makes weights affine when it is asked for observers",
            AffineAfterwards::new,
            "once adjustObservers was asked"));
  }

  private static WrongBackend marking(
      String mistake,
      BiPredicate<Node, Point> where,
      UnaryOperator<QuantizationSpec> change,
      String says) {
    return new WrongBackend(RULE, mistake, () -> Tampered.marking(where, change), says);
  }

  private static boolean isOperand(Point point, int index) {
    return point.side() == Point.Side.OPERAND && point.index() == index;
  }

  private static UnaryOperator<QuantizationSpec> observed(
      UnaryOperator<QuantizationSpec.Observed> change) {
    return spec ->
        spec.match(
            QuantizationSpec.Cases.<QuantizationSpec>otherwise(other -> other)
                .observed(change::apply));
  }

  /** Returns a spec of another scheme that computes as before. */
  private static QuantizationSpec.Observed scheme(QuantizationSpec.Observed spec, Scheme other) {
    return spec.withScheme(other.withProfile(spec.scheme().profile()));
  }

  /** Replaces symmetric specs by affine ones, which are those of weights. */
  private static final class AffineAfterwards extends Acme {
    @Override
    public Quantizer create(Options options) {
      Quantizer right = super.create(options);
      return new Quantizer() {
        @Override
        public void annotate(AnnotationContext context) {
          right.annotate(context);
        }

        @Override
        public void adjustObservers(ObserverPlan plan) {
          for (ObserverPlan.Group group : plan.groups()) {
            group
                .spec()
                .observed()
                .filter(spec -> spec.scheme().symmetry() == Scheme.Symmetry.SYMMETRIC)
                .ifPresent(spec -> plan.replace(group.id(), scheme(spec, Scheme.affine())));
          }
        }

        @Override
        public Set<String> nodeOptions() {
          return right.nodeOptions();
        }
      };
    }
  }
}

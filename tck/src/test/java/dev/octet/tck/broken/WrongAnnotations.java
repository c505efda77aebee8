package dev.octet.tck.broken;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.FindingId;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Backends whose marks make no legal plan. */
final class WrongAnnotations {

  private WrongAnnotations() {}

  static List<WrongBackend> all() {
    return List.of(
        new WrongBackend(
            "TCK-ANN-001",
            "shares with a point that nothing marks",
            () ->
                new Tampered() {
                  @Override
                  protected void mark(
                      AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                    if (node.op().is("Reshape") && point.side() == Point.Side.RESULT) {
                      context.mark(
                          point, new QuantizationSpec.Shared(Point.operand(node.name(), 1)));
                    } else {
                      super.mark(context, node, point, spec);
                    }
                  }
                },
            "OCT-RES-001"),
        new WrongBackend(
            "TCK-ANN-002",
            "finds an error in every plan",
            () ->
                new Acme() {
                  @Override
                  public Quantizer create(Options options) {
                    Quantizer right = super.create(options);
                    return new Quantizer() {
                      @Override
                      public void annotate(AnnotationContext context) {
                        right.annotate(context);
                      }

                      @Override
                      public List<Finding> validate(AnnotatedGraph graph) {
                        return List.of(
                            FindingId.error("ACME-PLAN-001", "It is wrong.", "Mend it.")
                                .about("this is wrong"));
                      }
                    };
                  }
                },
            "this is wrong"),
        new WrongBackend(
            "TCK-ANN-003",
            "quantizes the shape that Reshape reads",
            () ->
                new Tampered() {
                  @Override
                  protected void more(AnnotationContext context, List<Node> match) {
                    if (match.get(0).op().is("Reshape")) {
                      context.markOperand(
                          match.get(0),
                          1,
                          QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8)));
                    }
                  }
                },
            "only float values are quantized"),
        new WrongBackend(
            "TCK-ANN-004",
            "marks weights along an axis that they have not",
            () ->
                new Tampered() {
                  @Override
                  protected void mark(
                      AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                    if (isWeight(spec)) {
                      context.mark(point, along(spec, 7));
                    } else {
                      super.mark(context, node, point, spec);
                    }
                  }
                },
            "axis 7"),
        new WrongBackend(
            "TCK-ANN-005",
            "takes the wrong axis, but only where groups are above 1",
            () ->
                new Tampered() {
                  @Override
                  protected void mark(
                      AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                    if (isWeight(spec) && node.intAttribute("group", 1) > 1) {
                      context.mark(point, along(spec, 1));
                    } else {
                      super.mark(context, node, point, spec);
                    }
                  }
                },
            "group = 4"),
        new WrongBackend(
            "TCK-ANN-005",
            "takes axis 0 whether Gemm is transposed or not",
            () ->
                new Tampered() {
                  @Override
                  protected void mark(
                      AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                    if (isWeight(spec) && node.op().is("Gemm")) {
                      context.mark(point, along(spec, 0));
                    } else {
                      super.mark(context, node, point, spec);
                    }
                  }
                },
            "transB = 0"),
        new WrongBackend(
            "TCK-ANN-006",
            "stores biases in 8 bits",
            () ->
                new Tampered() {
                  @Override
                  protected void mark(
                      AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                    if (spec instanceof QuantizationSpec.Derived) {
                      derive(context, point, QuantizedType.of(Storage.INT8), node.name());
                    } else {
                      super.mark(context, node, point, spec);
                    }
                  }
                },
            "needs 32 bits or more"),
        new WrongBackend(
            "TCK-ANN-006",
            "derives a bias from the first layer of the model",
            () ->
                new Tampered() {
                  @Override
                  protected void mark(
                      AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                    if (spec instanceof QuantizationSpec.Derived) {
                      derive(context, point, QuantizedType.of(Storage.INT32), first(context, node));
                    } else {
                      super.mark(context, node, point, spec);
                    }
                  }
                },
            "of another match"),
        new WrongBackend(
            "TCK-ANN-007",
            "takes a constant that it knows for done",
            () ->
                new Tampered() {
                  private final Set<String> known = new HashSet<>();

                  @Override
                  protected void begin(AnnotationContext context) {
                    known.clear();
                  }

                  @Override
                  protected boolean takes(AnnotationContext context, Node first) {
                    return first.operands().stream()
                        .filter(context.graph().initializers()::containsKey)
                        .allMatch(known::add);
                  }
                },
            "the second node that reads the constants, 'again_n0', is decided otherwise than the"
                + " first"),
        new WrongBackend(
            "TCK-ANN-008",
            "overlooks the second branch of an If",
            () ->
                new Tampered() {
                  @Override
                  protected boolean takes(AnnotationContext context, Node first) {
                    return context.scope(first).owner().stream()
                        .noneMatch(choice -> choice.subgraphs().get(1).nodes().contains(first));
                  }
                },
            "the node of the other branch"),
        new WrongBackend(
            "TCK-ANN-009",
            "asks a model without nodes for its first node",
            () ->
                new Tampered() {
                  @Override
                  protected void begin(AnnotationContext context) {
                    context.isFree(context.nodes().get(0));
                  }
                },
            "OCT-REG-006"));
  }

  private static boolean isWeight(QuantizationSpec spec) {
    return spec instanceof QuantizationSpec.Observed observed
        && observed.granularity() instanceof Granularity.PerChannel;
  }

  private static QuantizationSpec along(QuantizationSpec spec, int axis) {
    return ((QuantizationSpec.Observed) spec).withGranularity(new Granularity.PerChannel(axis));
  }

  private static void derive(
      AnnotationContext context, Point point, QuantizedType type, String node) {
    context.mark(
        point,
        new QuantizationSpec.Derived(
            type,
            Derivation.productOfScales(),
            List.of(Point.operand(node, 0), Point.operand(node, 1))));
  }

  /** Returns the first node of the same operator that has been claimed. */
  private static String first(AnnotationContext context, Node node) {
    return context.nodes().stream()
        .filter(each -> each.op().equals(node.op()) && context.isClaimed(each))
        .findFirst()
        .orElse(node)
        .name();
  }
}

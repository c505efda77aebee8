package dev.octet.tck.broken;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import java.util.ArrayList;
import java.util.List;

/** Backends whose marks are not what they declare. */
final class WrongMarks {

  private static final QuantizedType WEIGHTS = new QuantizedType(Storage.INT8, -127, 127);

  private WrongMarks() {}

  static List<WrongBackend> all() {
    return List.of(
        new WrongBackend(
            "TCK-CAP-003",
            "takes Conv alone where Conv and Relu are one",
            () ->
                new Tampered() {
                  @Override
                  protected List<Node> taken(List<Node> match) {
                    return match.subList(0, 1);
                  }
                },
            "declared as a whole"),
        new WrongBackend(
            "TCK-CAP-004",
            "forgets operand 1 of Add",
            () ->
                new Tampered() {
                  @Override
                  protected void mark(
                      AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                    if (node.op().is("Add") && point.equals(Point.operand(node.name(), 1))) {
                      context.isFree(node);
                    } else {
                      super.mark(context, node, point, spec);
                    }
                  }
                },
            "operand 1 of 'n0', which reads one, is not marked"),
        new WrongBackend(
            "TCK-CAP-004",
            "quantizes what flows in as it quantizes weights",
            () ->
                new Tampered() {
                  @Override
                  protected void mark(
                      AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                    if (node.op().is("GlobalAveragePool") && point.side() == Point.Side.OPERAND) {
                      context.mark(point, QuantizationSpec.Observed.of(WEIGHTS));
                    } else {
                      super.mark(context, node, point, spec);
                    }
                  }
                },
            "activations are declared int8, and operand 0"),
        new WrongBackend(
            "TCK-CAP-005",
            "has one scale for a whole weight",
            () ->
                new Tampered() {
                  @Override
                  protected void mark(
                      AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                    if (spec.concrete()
                        .filter(weight -> weight.type().equals(WEIGHTS))
                        .isPresent()) {
                      context.mark(
                          point,
                          QuantizationSpec.Observed.of(WEIGHTS).withScheme(Scheme.symmetric()));
                    } else {
                      super.mark(context, node, point, spec);
                    }
                  }
                },
            "is marked per-tensor"),
        new WrongBackend(
            "TCK-CAP-005",
            "marks operand 2 of MatMul-like layers in the place of operand 1",
            () ->
                new Tampered() {
                  @Override
                  protected void mark(
                      AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                    if (node.op().is("Gemm") && point.equals(Point.operand(node.name(), 1))) {
                      context.isFree(node);
                    } else {
                      super.mark(context, node, point, spec);
                    }
                  }
                },
            "is not marked"),
        new WrongBackend(
            "TCK-CAP-006",
            "marks the result of a Conv that a Relu follows",
            () ->
                new Tampered() {
                  @Override
                  protected void more(AnnotationContext context, List<Node> match) {
                    if (match.size() > 1) {
                      context.markResult(
                          match.get(0),
                          0,
                          QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8)));
                    }
                  }
                },
            "lies inside the match"),
        new WrongBackend(
            "TCK-CAP-007",
            "has a typing error in the name of an operator",
            () ->
                new Acme() {
                  @Override
                  public List<Capability> capabilities(Options options) {
                    List<Capability> typo = new ArrayList<>(super.capabilities(options));
                    typo.add(
                        Capability.of(List.of(OpType.onnx("AveragePol")))
                            .activation(QuantizedType.of(Storage.INT8))
                            .build());
                    return typo;
                  }
                },
            "did you mean [AveragePool"),
        new WrongBackend(
            "TCK-CAP-008",
            "declares everything twice",
            () ->
                new Acme() {
                  @Override
                  public List<Capability> capabilities(Options options) {
                    List<Capability> twice = new ArrayList<>(super.capabilities(options));
                    twice.addAll(super.capabilities(options));
                    return twice;
                  }
                },
            "is declared twice"),
        new WrongBackend(
            "TCK-CAP-009",
            "leaves every result in float",
            () ->
                new Tampered() {
                  @Override
                  protected void mark(
                      AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                    if (point.side() == Point.Side.RESULT) {
                      context.isFree(node);
                    } else {
                      super.mark(context, node, point, spec);
                    }
                  }
                },
            "which leaves the match, is not marked"));
  }
}

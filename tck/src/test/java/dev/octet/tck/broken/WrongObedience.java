package dev.octet.tck.broken;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Directive;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/** Backends that do not obey the policy of their caller. */
final class WrongObedience {

  private WrongObedience() {}

  static List<WrongBackend> all() {
    return List.of(
        new WrongBackend(
            "TCK-POL-001",
            "does not ask whether a node is excluded",
            () ->
                new Tampered() {
                  @Override
                  protected AnnotatedGraph decided(Quantizer right, AnnotationContext context) {
                    AnnotationContext own =
                        AnnotationContext.builder(name(), context.graph())
                            .options(context.options())
                            .build();
                    right.annotate(own);
                    return own.annotated();
                  }
                },
            "OCT-ANN-006"),
        obeying(
            "does not know regular expressions",
            (context, node) -> !decidedBy(context, node).startsWith("module regex"),
            "OCT-ANN-006"),
        obeying(
            "does not know the types of modules",
            (context, node) -> !decidedBy(context, node).startsWith("module type"),
            "OCT-ANN-006"),
        obeying(
            "reads what is said of the outer graph alone",
            (context, node) -> context.scope(node).outer().isEmpty(),
            "OCT-ANN-006"),
        new WrongBackend(
            "TCK-POL-002",
            "quantizes every input of the model",
            () ->
                new Tampered() {
                  @Override
                  protected void begin(AnnotationContext context) {
                    context
                        .graph()
                        .inputs()
                        .forEach(
                            input ->
                                context.mark(
                                    Point.input(input.name()),
                                    QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8))));
                  }
                },
            "OCT-ANN-006"),
        new WrongBackend(
            "TCK-POL-003",
            "reads the options of the model at every node",
            () ->
                new Tampered() {
                  @Override
                  protected AnnotatedGraph decided(Quantizer right, AnnotationContext context) {
                    AnnotationContext own =
                        AnnotationContext.builder(name(), context.graph())
                            .options(context.options())
                            .build();
                    right.annotate(own);
                    return own.annotated();
                  }
                },
            "given for the node and not for the model"),
        new WrongBackend(
            "TCK-POL-004",
            "reads the options of the model, whatever the policy says",
            () ->
                new Tampered() {
                  @Override
                  protected AnnotatedGraph decided(Quantizer right, AnnotationContext context) {
                    AnnotationContext own =
                        AnnotationContext.builder(name(), context.graph())
                            .options(context.options())
                            .build();
                    right.annotate(own);
                    return own.annotated();
                  }
                },
            "by operator type"));
  }

  private static String decidedBy(AnnotationContext context, Node node) {
    return context.directive(node).map(Directive::decidedBy).orElse("");
  }

  /** A backend that heeds the policy where a condition holds. */
  private static WrongBackend obeying(
      String mistake, BiPredicate<AnnotationContext, Node> heeds, String says) {
    return new WrongBackend(
        "TCK-POL-001",
        mistake,
        () ->
            new Tampered() {
              @Override
              protected AnnotatedGraph decided(Quantizer right, AnnotationContext context) {
                Map<String, Directive> heeded = new LinkedHashMap<>();
                for (Node node : context.nodes()) {
                  context
                      .directive(node)
                      .filter(said -> heeds.test(context, node))
                      .ifPresent(said -> heeded.put(node.name(), said));
                }
                AnnotationContext own =
                    AnnotationContext.builder(name(), context.graph())
                        .options(context.options())
                        .directives(heeded)
                        .build();
                right.annotate(own);
                return own.annotated();
              }
            },
        says);
  }
}

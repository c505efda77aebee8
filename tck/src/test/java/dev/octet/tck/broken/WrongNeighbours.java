package dev.octet.tck.broken;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.FindingId;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.quantizer.ParameterPlan;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Backends that do not bear another one on the same model. */
final class WrongNeighbours {

  private WrongNeighbours() {}

  static List<WrongBackend> all() {
    return List.of(
        new WrongBackend(
            "TCK-CMP-001",
            "claims what it does not run, to keep it in float",
            () ->
                new Tampered() {
                  @Override
                  protected void begin(AnnotationContext context) {
                    AnnotatedGraph own = decided(super.create(Options.none()), context);
                    for (Node node : context.nodes()) {
                      NodeAnnotation said = own.nodes().get(node.name());
                      if (said != null && !said.isClaimed() && context.isFree(node)) {
                        context.claim("float", List.of(node));
                        context.markResult(node, 0, new QuantizationSpec.KeepFloat("It is slow."));
                      }
                    }
                  }

                  @Override
                  protected AnnotatedGraph decided(Quantizer right, AnnotationContext context) {
                    AnnotationContext own = context.child(name(), Set.of());
                    ruleQuantizer(Options.none()).annotate(own);
                    return own.annotated();
                  }
                },
            "OCT-ANN-011"),
        new WrongBackend(
            "TCK-CMP-001",
            "marks the inputs of all others",
            () ->
                new Tampered() {
                  @Override
                  protected void begin(AnnotationContext context) {
                    context.graph().inputs().stream()
                        .map(input -> Point.input(input.name()))
                        .filter(context::isFree)
                        .forEach(
                            input ->
                                context.mark(
                                    input,
                                    QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8))));
                  }
                },
            "that the backend is composed with"),
        new WrongBackend(
            "TCK-CMP-001",
            "says that somebody else claimed its nodes",
            () ->
                new Tampered() {
                  @Override
                  protected void more(AnnotationContext context, List<Node> match) {
                    context.claimedBy(match.get(0), "somebody");
                  }
                },
            "is claimed by 'somebody'"),
        new WrongBackend(
            "TCK-CMP-002",
            "keeps for all instances which nodes of a graph are taken",
            () ->
                new Tampered() {
                  private final Map<Graph, Set<String>> taken =
                      Collections.synchronizedMap(new IdentityHashMap<>());

                  @Override
                  protected boolean takes(AnnotationContext context, Node first) {
                    return taken
                        .computeIfAbsent(context.graph(), graph -> new HashSet<>())
                        .add(first.name());
                  }
                },
            "one of both gives way"),
        new WrongBackend(
            "TCK-CMP-003",
            "doubles the scale of every group",
            () ->
                new Tampered() {
                  @Override
                  protected void adjust(ParameterPlan plan) {
                    plan.groups().stream()
                        .filter(ParameterPlan.Group::isAdjustable)
                        .forEach(group -> plan.set(group.id(), doubled(group)));
                  }
                },
            "give other integers"),
        new WrongBackend(
            "TCK-CMP-003",
            "finds an error in what others quantize",
            () -> withLastWord(true),
            "OCT-PLAN-015"),
        new WrongBackend(
            "TCK-CMP-003",
            "replaces the spec of every group",
            () -> withLastWord(false),
            "give other integers"));
  }

  private static QuantizationParameters doubled(ParameterPlan.Group group) {
    QuantizationParameters found = group.parameters().orElseThrow();
    float[] scales = found.scales();
    for (int i = 0; i < scales.length; i++) {
      scales[i] *= 2;
    }
    return QuantizationParameters.of(scales, found.zeroPoints());
  }

  /** Takes groups and nodes of others for its own. */
  private static Acme withLastWord(boolean validates) {
    return new Acme() {
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
            return graph.nodes().values().stream()
                .filter(node -> validates && node.quantizer().isPresent())
                .filter(node -> !node.quantizer().orElseThrow().equals(name()))
                .map(
                    node ->
                        FindingId.error("ACME-PLAN-002", "It is not mine.", "Leave it.")
                            .about(node.node() + " is not run by the chip"))
                .toList();
          }

          @Override
          public void adjustObservers(ObserverPlan plan) {
            plan.groups().stream()
                .filter(group -> !validates && group.spec().observed().isPresent())
                .filter(group -> group.points().size() == 1)
                .forEach(
                    group ->
                        group
                            .spec()
                            .observed()
                            .filter(spec -> spec.type().equals(QuantizedType.of(Storage.INT8)))
                            .ifPresent(
                                spec ->
                                    plan.replace(
                                        group.id(),
                                        spec.withType(new QuantizedType(Storage.INT8, -5, 5)))));
          }

          @Override
          public Set<String> nodeOptions() {
            return right.nodeOptions();
          }
        };
      }
    };
  }
}

package dev.octet.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.Selector;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Directive;
import dev.octet.api.quantizer.NodeAnnotation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PolicyDirectivesTest {

  private static final Node CONV = node("conv", "Conv");
  private static final Node ADD = node("add", "Add");
  private static final Node BN = node("bn", "BatchNormalization");
  private static final Graph NOW = graph(CONV, ADD);
  private static final Graph USERS = graph(CONV, BN, ADD);
  private static final NameMapping FOLDED =
      new NameMapping(new TreeMap<>(Map.of("bn", List.of("conv"))));

  private final AnnotationContext context =
      recording(
          Map.of(
              "conv", new Directive.Excluded("node 'conv'"),
              "add", new Directive.Configured(Options.of("a", "1"), "global")));

  private static Node node(String name, String op) {
    return Node.of(name, OpType.onnx(op), List.of(), List.of());
  }

  private static Graph graph(Node... nodes) {
    return new Graph(
        "g", List.of(), List.of(), Map.of(), List.of(nodes), Map.of(), Optional.empty());
  }

  private static AnnotationContext recording(Map<String, Directive> directives) {
    return AnnotationContext.builder("acme", NOW)
        .userGraph(USERS, FOLDED)
        .directives(directives)
        .build();
  }

  private static NodeAnnotation decision(AnnotationContext context, String node) {
    return Objects.requireNonNull(context.annotated().nodes().get(node));
  }

  @Test
  void anExcludedNodeIsNotFreeAndCannotBeClaimed() {
    assertFalse(context.isFree(CONV));
    assertFalse(context.isClaimed(CONV));
    OctetException e =
        assertThrows(OctetException.class, () -> context.claim("sum", List.of(ADD, CONV)));
    assertEquals("OCT-ANN-006", e.id());
    assertEquals("rule 'sum' claims node 'conv', which is excluded by node 'conv'", e.fact());
    assertEquals("Ask isFree before a match is claimed.", e.nextStep());
    assertTrue(context.isFree(ADD));
  }

  @Test
  void aClaimedNodeIsNotFree() {
    context.claim("sum", List.of(ADD));
    assertFalse(context.isFree(ADD));
    assertEquals(Optional.of("global"), decision(context, "add").decidedBy());
  }

  @Test
  void anExcludedNodeStaysFloatForThatReasonAboveOthers() {
    context.explain(CONV, "no rule for Conv");
    NodeAnnotation conv = decision(context, "conv");
    assertEquals(Optional.of("excluded by node 'conv'"), conv.reason());
    assertEquals(Optional.of("node 'conv'"), conv.decidedBy());
  }

  @Test
  void directivesAreGivenAsTheyAre() {
    assertEquals(
        Optional.of(new Directive.Configured(Options.of("a", "1"), "global")),
        context.directive(ADD));
    assertEquals(Optional.empty(), recording(Map.of()).directive(ADD));
  }

  @Test
  void aQuantizersOwnPolicyDecidesWhereTheCallersSaysNothing() {
    context.decidedBy(ADD, "operator type 'Add'");
    assertEquals(Optional.of("global"), decision(context, "add").decidedBy());
    AnnotationContext free = recording(Map.of());
    free.decidedBy(ADD, "global");
    free.decidedBy(ADD, "operator type 'Add'");
    assertEquals(Optional.of("operator type 'Add'"), decision(free, "add").decidedBy());
    assertEquals(Optional.empty(), decision(free, "conv").decidedBy());
    assertThrows(OctetException.class, () -> free.decidedBy(BN, "global"));
  }

  @Test
  void theUsersNodesAreThoseWhoseWorkANodeDoes() {
    assertEquals(List.of(CONV, BN), context.userNodes(CONV));
    assertEquals(List.of(ADD), context.userNodes(ADD));
    assertEquals(
        List.of(CONV),
        AnnotationContext.builder("acme", NOW)
            .userGraph(graph(), NameMapping.identity())
            .build()
            .userNodes(CONV));
  }

  @Test
  void selectorsKnowFoldedNodesByNameOperatorAndMetadata() {
    for (Selector selector :
        List.of(Selector.node("bn"), Selector.operatorType("BatchNormalization"))) {
      Policy policy = Policy.builder().exclude(selector).build();
      assertEquals(
          Map.of("conv", new Directive.Excluded(selector.words())),
          policy.decide(recording(Map.of())).directives());
    }
  }
}

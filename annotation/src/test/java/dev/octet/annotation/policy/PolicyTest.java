package dev.octet.annotation.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.Directive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyTest {

  private static final String CONV = "/layer1/layer1.0/conv1/Conv";
  private static final Options A = Options.of("a", "1");

  /** Two convolutions in modules, an Add in one of them, and a Relu outside. */
  private static Graph graph() {
    return graph(
        node(CONV, "Conv", Map.of()),
        node("/layer1/layer1.1/conv1/Conv", "Conv", Map.of()),
        node("/layer1/layer1.1/Add", "Add", Map.of()),
        node("relu", "Relu", Map.of()));
  }

  static Graph graph(Node... nodes) {
    return new Graph(
        "g", List.of(), List.of(), Map.of(), List.of(nodes), Map.of(), Optional.empty());
  }

  static Node node(String name, String op, Map<String, String> metadata) {
    return new Node(
        name, OpType.onnx(op), List.of(), List.of(), Map.of(), metadata, Optional.empty());
  }

  static Node in(String name, String op, String paths, String types) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("pkg.torch.onnx.name_scopes", paths);
    metadata.put("pkg.torch.onnx.class_hierarchy", types);
    return node(name, op, metadata);
  }

  static PolicyDecisions decide(Policy policy, Graph graph) {
    return policy.decide(graph, node -> List.of(node.name()));
  }

  private static List<String> selected(Selector selector, Graph graph) {
    return List.copyOf(
        decide(Policy.builder().exclude(selector).build(), graph).directives().keySet());
  }

  private static Options options(Policy policy, String node) {
    return ((Directive.Configured) decide(policy, graph()).of(node).orElseThrow()).options();
  }

  private static String decider(Policy policy) {
    return decide(policy, graph()).of(CONV).orElseThrow().decidedBy();
  }

  @Test
  void saysNothingOfNodesThatNoRuleSelects() {
    Policy policy = Policy.builder().exclude(Selector.node("relu")).build();
    assertEquals(Optional.empty(), decide(policy, graph()).of(CONV));
    assertEquals(Map.of(), decide(Policy.none(), graph()).directives());
  }

  @Test
  void takesTheHigherRankWhateverTheOrderOfTheRules() {
    List<PolicyRule> rules =
        List.of(
            rule(Selector.global(), "0"),
            rule(Selector.operatorType("Conv"), "1"),
            rule(Selector.moduleType("Conv2d"), "2"),
            rule(Selector.module("layer1"), "3"),
            rule(Selector.node("/layer1/layer1.0/*"), "4"),
            rule(Selector.where("named", n -> n.names().contains(CONV)), "5"));
    Map<String, ModulePosition> modules =
        Map.of(CONV, ModulePosition.of("layer1.0.conv1", "Conv2d"));
    for (int top = 0; top < rules.size(); top++) {
      List<PolicyRule> falling = new ArrayList<>(rules.subList(0, top + 1));
      java.util.Collections.reverse(falling);
      Policy policy = new Policy(falling, List.of(), modules);
      assertEquals(rules.get(top).words(), decider(policy));
      assertEquals(Options.of("rank", Integer.toString(top)), options(policy, CONV));
      assertEquals(
          decide(policy, graph()),
          decide(new Policy(rules.subList(0, top + 1), List.of(), modules), graph()));
    }
  }

  private static PolicyRule rule(Selector selector, String rank) {
    return PolicyRule.of(selector, new PolicyAction.Configure(Options.of("rank", rank)));
  }

  @Test
  void takesTheLaterOfTwoRulesOfOneRank() {
    Policy policy =
        Policy.builder()
            .module("layer1.*", Options.of("bits", "4"))
            .moduleRegex("layer1\\.[0-9]", Options.of("bits", "8"))
            .build();
    assertEquals("module regex 'layer1\\.[0-9]'", decider(policy));
    assertEquals(Options.of("bits", "8"), options(policy, CONV));
    Policy other =
        Policy.builder()
            .moduleRegex("layer1\\.[0-9]", Options.of("bits", "8"))
            .module("layer1.*", Options.of("bits", "4"))
            .build();
    assertEquals("module 'layer1.*'", decider(other));
    assertEquals(Options.of("bits", "4"), options(other, CONV));
  }

  @Test
  void laysOptionsOverEachOtherNameByName() {
    Policy policy =
        Policy.builder()
            .node(CONV, Options.of("c", "node"))
            .global(Options.of("a", "global", "b", "global", "c", "global"))
            .operatorType("Conv", Options.of("b", "op", "c", "op"))
            .build();
    assertEquals(Options.of("a", "global", "b", "op", "c", "node"), options(policy, CONV));
    assertEquals(Options.of("a", "global", "b", "global", "c", "global"), options(policy, "relu"));
    assertEquals("node '" + CONV + "'", decider(policy));
  }

  @Test
  void excludesWhatALowerRankConfigures() {
    Policy policy = Policy.builder().exclude(Selector.operatorType("Conv")).global(A).build();
    assertEquals(
        Optional.of(new Directive.Excluded("operator type 'Conv'")),
        decide(policy, graph()).of(CONV));
    assertEquals(A, options(policy, "relu"));
  }

  @Test
  void includesAnExcludedNodeAgainWithItsOwnOptionsAlone() {
    Policy policy =
        Policy.builder()
            .global(Options.of("a", "1", "b", "1"))
            .exclude(Selector.operatorType("Conv"))
            .node(CONV, Options.of("b", "2"))
            .build();
    assertEquals(Options.of("b", "2"), options(policy, CONV));
    assertEquals(
        Optional.of(new Directive.Excluded("operator type 'Conv'")),
        decide(policy, graph()).of("/layer1/layer1.1/conv1/Conv"));
  }

  @Test
  void excludesAndIncludesInTheOrderOfTheRulesOfOneRank() {
    Policy.Builder builder = Policy.builder().node("relu", A).exclude(Selector.node("relu"));
    assertEquals(
        Optional.of(new Directive.Excluded("node 'relu'")),
        decide(builder.build(), graph()).of("relu"));
    assertEquals(Options.none(), options(builder.node("relu", Options.none()).build(), "relu"));
  }

  @Test
  void addsTheRulesOfAnotherPolicyAfterItsOwn() {
    Policy first = Policy.builder().exclude(Selector.node("relu")).build();
    Policy second = Policy.builder().node("relu", A).build();
    assertEquals(A, options(first.then(second), "relu"));
    assertEquals(
        Optional.of(new Directive.Excluded("node 'relu'")),
        decide(second.then(first), graph()).of("relu"));
  }

  @Test
  void saysWhereARuleWasWritten() {
    PolicyRule rule =
        new PolicyRule(
            Selector.node("relu"), new PolicyAction.Exclude(), Optional.of("recipe.yaml, line 4"));
    assertEquals(
        "node 'relu' (recipe.yaml, line 4)",
        decide(new Policy(List.of(rule), List.of(), Map.of()), graph())
            .of("relu")
            .orElseThrow()
            .decidedBy());
  }

  @Test
  void selectsEveryNodeOrThoseOfAnOperator() {
    assertEquals(4, selected(Selector.global(), graph()).size());
    assertEquals(List.of("/layer1/layer1.1/Add"), selected(Selector.operatorType("Add"), graph()));
  }

  @Test
  void selectsOperatorsOfOtherDomainsWithTheirDomain() {
    Node odd = Node.of("odd", new OpType("acme", "Odd"), List.of(), List.of());
    assertEquals(List.of("odd"), selected(Selector.operatorType("acme.Odd"), graph(odd)));
    OctetException e =
        assertThrows(
            OctetException.class, () -> selected(Selector.operatorType("Odd"), graph(odd)));
    assertEquals("OCT-POL-001", e.id());
    assertEquals(List.of("acme.Odd"), e.candidates());
  }

  @Test
  void selectsModulesWithAllThatIsInThem() {
    List<String> second = List.of("/layer1/layer1.1/conv1/Conv", "/layer1/layer1.1/Add");
    assertEquals(second, selected(Selector.module("layer1.1"), graph()));
    assertEquals(List.of(CONV), selected(Selector.module("*.0.*"), graph()));
    assertEquals(3, selected(Selector.module("layer1"), graph()).size());
    assertEquals(3, selected(Selector.module("layer?"), graph()).size());
    assertEquals(second, selected(Selector.moduleRegex("layer\\d[.]1"), graph()));
  }

  @Test
  void selectsNodesByTheirWholeNames() {
    assertEquals(List.of("relu"), selected(Selector.node("re?u"), graph()));
    assertEquals(List.of(CONV), selected(Selector.node("*layer1.0*"), graph()));
    OctetException e =
        assertThrows(OctetException.class, () -> selected(Selector.node("rel"), graph()));
    assertEquals("OCT-POL-001", e.id());
    assertEquals("no node's name matches 'rel'", e.fact());
    assertEquals("relu", e.candidates().get(0));
    assertEquals(Optional.of("node 'rel'"), e.place());
  }

  @Test
  void pointsAtTheKindOfASelectorThatIsTakenForAName() {
    OctetException e =
        assertThrows(OctetException.class, () -> selected(Selector.node("opp:Conv"), graph()));
    assertEquals(
        "Correct the pattern, or the kind of selector before its colon; octet inspect lists the"
            + " nodes of a model.",
        e.nextStep());
  }

  @Test
  void selectsByAPredicate() {
    Selector convolution = Selector.where("is a Conv", n -> n.node().op().is("Conv"));
    assertEquals(2, selected(convolution, graph()).size());
    Policy never =
        Policy.builder().where("never", n -> false, Options.of("per-channel", "true")).build();
    OctetException e = assertThrows(OctetException.class, () -> decide(never, graph()));
    assertTrue(e.getMessage().startsWith("OCT-POL-001: no node satisfies the predicate 'never'"));
  }

  /** It looked at every node and kept none out, which is an answer. */
  @Test
  void aPredicateMayExcludeNothing() {
    assertEquals(List.of(), selected(Selector.where("never", n -> false), graph()));
  }

  @Test
  void alwaysSelectsWithGlobal() {
    assertEquals(
        PolicyDecisions.none(), decide(Policy.builder().global(A).build(), graph(new Node[0])));
  }
}

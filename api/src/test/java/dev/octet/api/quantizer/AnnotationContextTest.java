package dev.octet.api.quantizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphScope;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.option.Options;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AnnotationContextTest {

  private static final QuantizationSpec A =
      QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8));
  private static final QuantizationSpec B =
      QuantizationSpec.Observed.of(QuantizedType.of(Storage.UINT8));

  private final Node relu = node("relu", "Relu", List.of("x"), "y");
  private final Node add = node("add", "Add", List.of("y", "x"), "z");
  private final Graph graph = graph(List.of("x"), List.of("z"), Map.of(), relu, add);
  private final AnnotationContext context = AnnotationContext.of("acme", graph);

  private static Node node(
      String name, String op, List<String> operands, String result, Attribute... attributes) {
    return Node.of(name, OpType.onnx(op), operands, List.of(result), attributes);
  }

  private static Graph graph(
      List<String> inputs, List<String> outputs, Map<String, Tensor> constants, Node... nodes) {
    return new Graph(
        "g",
        inputs.stream().map(AnnotationContextTest::info).toList(),
        outputs.stream().map(AnnotationContextTest::info).toList(),
        constants,
        List.of(nodes),
        Map.of(),
        Optional.empty());
  }

  private static ValueInfo info(String name) {
    return ValueInfo.of(name, new ValueType.TensorType(DataType.FLOAT, Optional.empty()));
  }

  private static Tensor number(float value) {
    return Tensor.of(new float[] {value}, 1);
  }

  private static OctetException refused(String id, Runnable call) {
    OctetException e = assertThrows(OctetException.class, call::run);
    assertEquals(id, e.id());
    return e;
  }

  @Test
  void decidesOnEveryNodeInTheOrderOfTheGraph() {
    context.claim("sum", List.of(add));
    context.markOperand(add, 1, A);
    context.markResult(add, 0, B);
    AnnotatedGraph annotated = context.annotated();
    assertEquals(List.of("relu", "add"), List.copyOf(annotated.nodes().keySet()));
    assertEquals(
        NodeAnnotation.inFloat("relu", "no rule of backend 'acme' matches Relu").build(),
        annotated.nodes().get("relu"));
    assertEquals(
        NodeAnnotation.claimed("add", "sum").operand(1, A).result(0, B).build(),
        annotated.nodes().get("add"));
    assertEquals(List.of("add"), annotated.nodes().get("add").match());
    assertEquals(List.of(), annotated.nodes().get("relu").match());
    assertEquals(Optional.of(A), annotated.spec(Point.operand("add", 1)));
    assertEquals(Optional.empty(), annotated.spec(Point.operand("add", 0)));
    assertEquals(Optional.empty(), annotated.spec(Point.operand("sub", 0)));
  }

  @Test
  void aMatchWithoutMarksStaysFloat() {
    context.claim("pair", List.of(relu, add));
    String nothing = "rule 'pair' claims it and marks nothing";
    NodeAnnotation.Builder unmarked =
        NodeAnnotation.claimed("add", "pair").match(List.of("relu", "add"));
    assertEquals(unmarked.inFloat(nothing).build(), context.annotated().nodes().get("add"));
    assertFalse(context.annotated().nodes().get("add").isQuantized());
    assertTrue(context.annotated().nodes().get("add").isClaimed());
  }

  @Test
  void aNodeWithoutMarksIsQuantizedWithTheRestOfItsMatch() {
    context.claim("pair", List.of(relu, add));
    context.markOperand(relu, 0, A);
    for (NodeAnnotation decision : context.annotated().nodes().values()) {
      assertTrue(decision.isQuantized(), decision::toString);
    }
  }

  @Test
  void aMatchWhoseMarksKeepFloatStaysFloatForTheFirstReason() {
    context.claim("pair", List.of(relu, add));
    context.markResult(add, 0, new QuantizationSpec.KeepFloat("wide"));
    context.markOperand(add, 1, new QuantizationSpec.KeepFloat("deep"));
    for (NodeAnnotation decision : context.annotated().nodes().values()) {
      assertEquals(Optional.of("deep"), decision.reason());
    }
    context.markOperand(relu, 0, A);
    assertTrue(context.annotated().nodes().get("relu").isQuantized());
    assertEquals(Optional.of("deep"), context.annotated().nodes().get("add").reason());
  }

  @Test
  void keepsTheFirstReason() {
    assertEquals(Optional.empty(), context.reason(relu));
    context.explain(relu, "first");
    context.explain(relu, "second");
    assertEquals(Optional.of("first"), context.reason(relu));
    assertEquals(Optional.of("first"), context.annotated().nodes().get("relu").reason());
  }

  @Test
  void ignoresTheReasonOfAClaimedNode() {
    context.explain(relu, "too slow");
    context.claim("act", List.of(relu));
    context.markOperand(relu, 0, A);
    assertEquals(Optional.empty(), context.annotated().nodes().get("relu").reason());
  }

  @Test
  void aReasonOfTheQuantizerGoesBeforeThatOfTheCaller() {
    AnnotationContext known =
        AnnotationContext.builder("acme", graph)
            .reasons(Map.of("relu", "not run", "add", "not run"))
            .build();
    known.explain(relu, "too slow");
    assertEquals(Optional.of("not run"), known.callersReason(relu));
    assertEquals(Optional.of("too slow"), known.annotated().nodes().get("relu").reason());
    assertEquals(Optional.of("not run"), known.annotated().nodes().get("add").reason());
    assertEquals(Optional.empty(), context.callersReason(relu));
  }

  @Test
  void refusesASecondOwnerAndClaimsNothingOfThatMatch() {
    context.claim("first", List.of(add));
    OctetException e = refused("OCT-ANN-001", () -> context.claim("second", List.of(relu, add)));
    assertEquals("rule 'second' claims node 'add', which 'first' owns", e.fact());
    assertFalse(context.isClaimed(relu));
  }

  @Test
  void refusesANodeOfAnotherGraphWhateverIsAskedOfIt() {
    Node other = node("relu", "Relu", List.of("z"), "y");
    Node unknown = node("rela", "Relu", List.of("z"), "y");
    refused("OCT-ANN-002", () -> context.claim("r", List.of(other)));
    refused("OCT-ANN-002", () -> context.isFree(other));
    refused("OCT-ANN-002", () -> context.view(other));
    assertEquals("relu", refused("OCT-ANN-002", () -> context.scope(unknown)).candidates().get(0));
  }

  @Test
  void takesAMemberOfTheGraphForItsNode() {
    GraphValues.Member member = GraphValues.of(graph).member("add").orElseThrow();
    refused("OCT-ANN-003", () -> context.markResult(member, 0, A));
    assertTrue(context.isFree(member));
    context.claim("r", List.of(add));
    assertFalse(context.isFree(member));
    context.markOperand(member, 1, A);
    context.markResult(member, 0, B);
    refused("OCT-ANN-004", () -> context.markResult(member, 0, A));
    refused("OCT-ANN-007", () -> context.markOperand(member, 2, A));
    assertEquals(Optional.of("add"), context.lastNode());
    NodeAnnotation decision = context.annotated().nodes().get("add");
    assertEquals(Map.of(1, A), decision.operands());
    assertEquals(Map.of(0, B), decision.results());
  }

  @Test
  void refusesAMemberOfAnotherGraph() {
    Graph other =
        graph(List.of("x"), List.of("z"), Map.of(), relu, add, node("rela", "Relu", List.of(), ""));
    List<GraphValues.Member> members = GraphValues.of(other).members();
    assertTrue(context.isFree(members.get(0)), "its node is one of the graph");
    refused("OCT-ANN-002", () -> context.isFree(members.get(2)));
    refused("OCT-ANN-002", () -> context.markResult(members.get(2), 0, A));
  }

  @Test
  void refusesAMarkOnANodeThatIsNotClaimed() {
    refused("OCT-ANN-003", () -> context.markResult(relu, 0, A));
    refused("OCT-ANN-003", () -> context.mark(Point.result("unknown", 0), A));
  }

  @Test
  void refusesAPointThatDoesNotExist() {
    Node clip = node("clip", "Clip", List.of("x", "", "m"), "c");
    AnnotationContext clipped =
        AnnotationContext.of("acme", graph(List.of("x", "m"), List.of("c"), Map.of(), clip));
    clipped.claim("clip", List.of(clip));
    for (int index : new int[] {1, 3}) {
      refused("OCT-ANN-007", () -> clipped.markOperand(clip, index, A));
    }
  }

  @Test
  void refusesASecondMarkOfAPoint() {
    context.claim("r", List.of(relu));
    context.markResult(relu, 0, A);
    refused("OCT-ANN-004", () -> context.mark(Point.result("relu", 0), A));
  }

  @Test
  void keepsThePointsThatOptOut() {
    context.optOutOfImplicitSharing(Point.operand("add", 1));
    assertEquals(Set.of(Point.operand("add", 1)), context.annotated().unshared());
    refused("OCT-ANN-007", () -> context.optOutOfImplicitSharing(Point.operand("add", 2)));
  }

  @Test
  void givesTheNamesOfFoldedNodes() {
    NameMapping folded = new NameMapping(new TreeMap<>(Map.of("bn", List.of("relu"))));
    AnnotationContext users =
        AnnotationContext.builder("acme", graph).userGraph(graph, folded).build();
    assertEquals(List.of("relu", "bn"), users.userNames(relu));
    assertEquals(List.of("add"), users.userNames(add));
  }

  @Test
  void optionsOfANodeAreThoseOfThePolicyOverThoseOfTheModel() {
    AnnotationContext configured =
        AnnotationContext.builder("acme", graph)
            .options(Options.of("bits", "8", "axis", "0"))
            .directives(
                Map.of("relu", new Directive.Configured(Options.of("bits", "4"), "node 'relu'")))
            .build();
    assertEquals(Options.of("bits", "4", "axis", "0"), configured.options(relu));
    assertEquals(configured.options(), configured.options(add));
  }

  @Test
  void anOperatorSetThatTheModelDoesNotImportHasVersionZero() {
    AnnotationContext versions =
        AnnotationContext.builder("acme", graph).opsets(Map.of("", 21L)).build();
    assertEquals(21, versions.opset(""));
    assertEquals(0, versions.opset("com.acme"));
  }

  @Test
  void seesTheScopesOfNodesInBodies() {
    Node inner = node("inner", "Add", List.of("t", "w"), "u");
    Node shadowed = node("shadow", "Relu", List.of("x"), "t");
    Graph body = graph(List.of(), List.of("u"), Map.of(), shadowed, inner);
    Node choice =
        node(
            "if",
            "If",
            List.of("c"),
            "r",
            new Attribute("then_branch", new Attribute.GraphValue(body), Optional.empty()));
    Graph outer =
        graph(List.of("x", "c"), List.of("r"), Map.of("w", number(2), "v", number(3)), choice);
    AnnotationContext bodies = AnnotationContext.of("acme", outer);
    assertEquals(List.of(choice, shadowed, inner), bodies.nodes());
    assertEquals(
        List.of("if", "shadow", "inner"), List.copyOf(bodies.annotated().nodes().keySet()));
    GraphScope scope = bodies.scope(inner);
    assertEquals("u", scope.graph().outputs().get(0).name());
    assertEquals(Optional.of(choice), scope.owner());
    assertEquals(Optional.of(bodies.scope(choice)), scope.outer());
    assertEquals(Optional.empty(), bodies.scope(choice).owner());
    assertEquals(Optional.of(number(2)), scope.constant("w"));
    assertEquals(Optional.of(number(3)), scope.constant("v"));
    for (String none : List.of("x", "t", "nowhere")) {
      assertEquals(Optional.empty(), scope.constant(none), none);
    }
    assertEquals(Optional.of(number(2)), bodies.view(inner).constant(1));
  }

  @Test
  void aNameOfABodyHidesTheConstantAroundIt() {
    Node hiding = node("hiding", "Relu", List.of("x"), "w");
    Node choice =
        node(
            "if",
            "If",
            List.of("c"),
            "r",
            new Attribute(
                "then_branch",
                new Attribute.GraphValue(graph(List.of(), List.of("w"), Map.of(), hiding)),
                Optional.empty()));
    Graph outer = graph(List.of("x", "c"), List.of("r"), Map.of("w", number(2)), choice);
    AnnotationContext bodies = AnnotationContext.of("acme", outer);
    assertEquals(Optional.empty(), bodies.scope(hiding).constant("w"));
    assertEquals(Optional.of(number(2)), bodies.scope(choice).constant("w"));
  }

  @Test
  void aChildSeesWhatTheCallerDidAndKeepsItsOwn() {
    Map<String, Directive> said =
        Map.of("relu", new Directive.Configured(Options.of("bits", "4", "axis", "1"), "global"));
    AnnotationContext parent = AnnotationContext.builder("acme", graph).directives(said).build();
    parent.claim("sum", List.of(add));
    AnnotationContext child = parent.child("half", Set.of("bits"));
    assertTrue(child.isClaimed(add));
    assertFalse(child.isFree(add));
    assertEquals(Options.of("bits", "4"), child.options(relu));
    child.claim("act", List.of(relu));
    assertEquals(Optional.of("relu"), parent.lastNode());
    assertTrue(parent.isFree(relu));
    assertTrue(child.annotated().nodes().get("relu").isClaimed());
    assertFalse(parent.annotated().nodes().get("relu").isClaimed());
  }

  private AnnotationContext deciding(String input, boolean integers) {
    return AnnotationContext.builder("acme", graph)
        .boundary(Map.of(Point.input(input), new BoundaryDirective(integers, "option")))
        .build();
  }

  @Test
  void inputsAndOutputsAreMarkedWithoutAClaim() {
    assertTrue(context.isFree(Point.input("x")));
    context.mark(Point.output("z"), B);
    context.mark(Point.input("x"), A);
    assertFalse(context.isFree(Point.input("x")));
    AnnotatedGraph annotated = context.annotated();
    assertEquals(
        List.of(Point.input("x"), Point.output("z")), List.copyOf(annotated.boundary().keySet()));
    assertEquals(Optional.of(A), annotated.spec(Point.input("x")));
    assertEquals(Optional.empty(), annotated.spec(Point.output("x")));
    OctetException twice =
        assertThrows(OctetException.class, () -> context.mark(Point.input("x"), B));
    assertEquals("OCT-ANN-004", twice.id());
    OctetException absent =
        assertThrows(OctetException.class, () -> context.isFree(Point.input("y")));
    assertEquals("OCT-ANN-007", absent.id());
    assertThrows(
        IllegalArgumentException.class, () -> BoundaryAnnotation.of(Point.operand("relu", 0), A));
  }

  @Test
  void theCallersPolicyKeepsAnInputInFloat() {
    AnnotationContext excluding = deciding("x", false);
    assertFalse(excluding.isFree(Point.input("x")));
    assertFalse(excluding.child("npu", Set.of()).isFree(Point.input("x")));
    OctetException e =
        assertThrows(OctetException.class, () -> excluding.mark(Point.input("x"), A));
    assertEquals("OCT-ANN-006", e.id());
    assertEquals("a mark is for input 'x', which is excluded by option", e.fact());
    assertEquals(
        Map.of(
            Point.input("x"),
            BoundaryAnnotation.of(
                    Point.input("x"), new QuantizationSpec.KeepFloat("excluded by option"))
                .decidedBy("option")),
        excluding.annotated().boundary());
  }

  @Test
  void theCallersPolicyMakesAnInputWhatReadsIt() {
    AnnotationContext asking = deciding("x", true);
    asking.claim("r", List.of(add));
    asking.markOperand(add, 1, A);
    BoundaryAnnotation decided = asking.annotated().boundary().get(Point.input("x"));
    assertEquals(new QuantizationSpec.Shared(Point.operand("add", 1)), decided.spec());
    assertEquals(Map.of(), asking.child("npu", Set.of()).annotated().boundary());
    OctetException e = assertThrows(OctetException.class, () -> deciding("x", true).annotated());
    assertEquals("OCT-ANN-009", e.id());
    AnnotationContext marked = deciding("x", true);
    marked.mark(Point.input("x"), B);
    assertEquals(B, marked.annotated().boundary().get(Point.input("x")).spec());
  }

  @Test
  void aNeighbourGivesItsParameters() {
    assertFalse(context.markAsNeighbour(Point.output("z")));
    context.claim("r", List.of(add));
    context.markResult(add, 0, new QuantizationSpec.KeepFloat("wide"));
    assertFalse(context.markAsNeighbour(Point.output("z")), "kept in float");
    context.claim("r", List.of(relu));
    context.markOperand(relu, 0, A);
    assertTrue(context.markAsNeighbour(Point.input("x")));
    assertEquals(
        Optional.of(new QuantizationSpec.Shared(Point.operand("relu", 0))),
        context.annotated().spec(Point.input("x")));
  }
}

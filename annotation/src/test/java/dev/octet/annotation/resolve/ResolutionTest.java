package dev.octet.annotation.resolve;

import static dev.octet.annotation.resolve.Chains.A;
import static dev.octet.annotation.resolve.Chains.A_ENTROPY;
import static dev.octet.annotation.resolve.Chains.B;
import static dev.octet.annotation.resolve.Chains.derived;
import static dev.octet.annotation.resolve.Chains.graph;
import static dev.octet.annotation.resolve.Chains.node;
import static dev.octet.annotation.resolve.Chains.refused;
import static dev.octet.annotation.resolve.Chains.resolve;
import static dev.octet.annotation.resolve.Chains.shared;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResolutionTest {

  /** Two concatenations in a row, fed by three operators. */
  private static final Graph CONCATENATIONS =
      graph(
          List.of("a", "b", "c"),
          List.of("z"),
          node("op1", "Relu", List.of("a"), "v1"),
          node("op2", "Relu", List.of("b"), "v2"),
          node("cat1", "Concat", List.of("v1", "v2"), "v3"),
          node("op3", "Relu", List.of("c"), "v4"),
          node("cat2", "Concat", List.of("v3", "v4"), "z"));

  private static Map<Point, QuantizationSpec> concatenationMarks() {
    Map<Point, QuantizationSpec> marks = new LinkedHashMap<>();
    marks.put(Point.result("op1", 0), A);
    marks.put(Point.result("op2", 0), A);
    marks.put(Point.operand("cat1", 0), A);
    marks.put(Point.operand("cat1", 1), shared(Point.operand("cat1", 0)));
    marks.put(Point.result("cat1", 0), shared(Point.operand("cat1", 0)));
    marks.put(Point.result("op3", 0), A);
    marks.put(Point.operand("cat2", 1), A);
    marks.put(Point.operand("cat2", 0), shared(Point.operand("cat2", 1)));
    marks.put(Point.result("cat2", 0), shared(Point.operand("cat2", 1)));
    return marks;
  }

  @Test
  void joinsAChainOfConcatenationsIntoOneGroup() {
    ResolvedGraph resolved = resolve(CONCATENATIONS, concatenationMarks());
    assertEquals(1, resolved.groups().size());
    assertEquals(9, resolved.groups().get(0).points().size());
    assertEquals(A, resolved.groups().get(0).spec());
  }

  @Test
  void splitsTheChainWhereAPointOptsOut() {
    ResolvedGraph resolved =
        resolve(CONCATENATIONS, concatenationMarks(), Point.operand("cat2", 0));
    assertEquals(
        List.of(
            List.of(
                Point.operand("cat1", 0),
                Point.operand("cat1", 1),
                Point.result("cat1", 0),
                Point.result("op1", 0),
                Point.result("op2", 0)),
            List.of(
                Point.operand("cat2", 0),
                Point.operand("cat2", 1),
                Point.result("cat2", 0),
                Point.result("op3", 0))),
        resolved.groups().stream().map(ObserverPlan.Group::points).toList());
  }

  @Test
  void findsTheSpecWhereverItStands() {
    Graph graph =
        graph(
            List.of("x"),
            List.of("y", "z"),
            node("n1", "Relu", List.of("x"), "y"),
            node("n2", "Relu", List.of("x"), "z"));
    ResolvedGraph resolved =
        resolve(
            graph,
            Map.of(
                Point.operand("n1", 0), shared(Point.operand("n2", 0)), Point.operand("n2", 0), A));
    assertEquals(1, resolved.groups().size());
    assertEquals(A, resolved.groups().get(0).spec());
  }

  @Test
  void sharesAmongTheUsesOfAnInputWithoutAResult() {
    ResolvedGraph resolved =
        resolve(Chains.twoReaders(), Map.of(Point.operand("n1", 0), A, Point.operand("n2", 0), A));
    assertEquals(1, resolved.groups().size());
  }

  @Test
  void keepsDifferentObserversApart() {
    ResolvedGraph resolved =
        resolve(
            Chains.twoReaders(),
            Map.of(Point.operand("n1", 0), A, Point.operand("n2", 0), A_ENTROPY));
    assertEquals(2, resolved.groups().size());
  }

  @Test
  void sharesATiedWeight() {
    Graph graph =
        graph(
            List.of("x"),
            List.of("z"),
            Map.of("w", Tensor.of(new float[] {1}, 1)),
            List.of(
                node("m1", "MatMul", List.of("x", "w"), "y"),
                node("m2", "MatMul", List.of("y", "w"), "z")));
    ResolvedGraph resolved =
        resolve(graph, Map.of(Point.operand("m1", 1), A, Point.operand("m2", 1), A));
    assertEquals(1, resolved.groups().size());
  }

  @Test
  void honoursAnOptOutFromBothSides() {
    Graph graph =
        graph(
            List.of("x"),
            List.of("y", "z"),
            node("p", "Relu", List.of("x"), "v"),
            node("n1", "Relu", List.of("v"), "y"),
            node("n2", "Relu", List.of("v"), "z"));
    ResolvedGraph resolved =
        resolve(
            graph,
            Map.of(Point.result("p", 0), A, Point.operand("n1", 0), A, Point.operand("n2", 0), A),
            Point.operand("n1", 0));
    assertEquals(
        List.of(
            List.of(Point.operand("n2", 0), Point.result("p", 0)), List.of(Point.operand("n1", 0))),
        resolved.groups().stream().map(ObserverPlan.Group::points).toList());
  }

  @Test
  void marksBothOperandsOfAnOperatorThatReadsAValueTwice() {
    Graph graph = graph(List.of("x"), List.of("y"), node("add", "Add", List.of("x", "x"), "y"));
    assertEquals(
        2,
        resolve(graph, Map.of(Point.operand("add", 0), A, Point.operand("add", 1), B))
            .groups()
            .size());
    assertEquals(
        1,
        resolve(graph, Map.of(Point.operand("add", 0), A, Point.operand("add", 1), A))
            .groups()
            .size());
  }

  @Test
  void keepsDerivedAndObservedSpecsOfAValueApart() {
    Graph graph =
        graph(
            List.of("x"),
            List.of("y", "z"),
            Map.of("b", Tensor.of(new float[] {1}, 1)),
            List.of(
                node("g", "Add", List.of("x", "b"), "y"),
                node("h", "Add", List.of("x", "b"), "z")));
    ResolvedGraph resolved =
        resolve(
            graph,
            Map.of(
                Point.operand("g", 0), A,
                Point.operand("g", 1), derived(Point.operand("g", 0)),
                Point.operand("h", 1), A));
    assertEquals(3, resolved.groups().size());
  }

  @Test
  void makesNoGroupOfAPointThatStaysFloat() {
    ResolvedGraph resolved =
        resolve(
            Chains.twoReaders(),
            Map.of(
                Point.operand("n1", 0),
                new QuantizationSpec.KeepFloat("wide"),
                Point.operand("n2", 0),
                A));
    assertEquals(1, resolved.groups().size());
    assertEquals(Optional.empty(), resolved.group(Point.operand("n1", 0)));
  }

  @Test
  void numbersGroupsInTheOrderOfTheGraph() {
    Graph graph =
        graph(
            List.of("x"),
            List.of("y"),
            node("z1", "Relu", List.of("x"), "v"),
            node("a2", "Relu", List.of("v"), "y"));
    ResolvedGraph resolved =
        resolve(
            graph,
            Map.of(Point.operand("z1", 0), A, Point.result("z1", 0), A, Point.result("a2", 0), A));
    assertEquals(0, resolved.group(Point.operand("z1", 0)).orElseThrow().id());
    assertEquals(1, resolved.group(Point.result("z1", 0)).orElseThrow().id());
    assertEquals(2, resolved.group(Point.result("a2", 0)).orElseThrow().id());
  }

  @Test
  void refusesAMissingTarget() {
    OctetException e =
        refused(
            Chains.twoReaders(), Map.of(Point.operand("n1", 0), shared(Point.operand("n2", 0))));
    assertEquals("OCT-RES-001", e.id());
    assertEquals("operand 0 of 'n1' -> operand 0 of 'n2'", e.place().orElseThrow());
  }

  @Test
  void refusesToShareWithAPointThatStaysFloat() {
    OctetException e =
        refused(
            Chains.twoReaders(),
            Map.of(
                Point.operand("n1", 0),
                shared(Point.operand("n2", 0)),
                Point.operand("n2", 0),
                new QuantizationSpec.KeepFloat("wide")));
    assertEquals("OCT-RES-002", e.id());
  }

  @Test
  void refusesACycleWithoutASpecAndNamesItsMembers() {
    OctetException e =
        refused(
            Chains.twoReaders(),
            Map.of(
                Point.operand("n1", 0), shared(Point.operand("n2", 0)),
                Point.operand("n2", 0), shared(Point.result("n2", 0)),
                Point.result("n2", 0), shared(Point.operand("n2", 0))));
    assertEquals("OCT-RES-003", e.id());
    assertEquals(
        "operand 0 of 'n2' -> result 0 of 'n2' -> operand 0 of 'n2'", e.place().orElseThrow());
  }

  @Test
  void refusesAPointThatIsSharedWithItself() {
    Point self = Point.operand("n1", 0);
    assertEquals("OCT-RES-003", refused(Chains.twoReaders(), Map.of(self, shared(self))).id());
  }

  @Test
  void refusesADerivedSpecWithoutItsSource() {
    OctetException e =
        refused(
            Chains.twoReaders(), Map.of(Point.operand("n1", 0), derived(Point.operand("n2", 0))));
    assertEquals("OCT-RES-004", e.id());
  }

  @Test
  void refusesDerivedSpecsThatDependOnEachOther() {
    OctetException e =
        refused(
            Chains.twoReaders(),
            Map.of(
                Point.operand("n1", 0), derived(Point.operand("n2", 0)),
                Point.operand("n2", 0), derived(Point.operand("n1", 0))));
    assertEquals("OCT-RES-005", e.id());
    assertEquals(
        "operand 0 of 'n1' -> operand 0 of 'n2' -> operand 0 of 'n1'", e.place().orElseThrow());
  }

  @Test
  void tellsValuesOfOneNameInSiblingSubgraphsApart() {
    Graph branch1 =
        graph(
            List.of(),
            List.of("o1"),
            node("p1", "Relu", List.of("x"), "v"),
            node("q1", "Relu", List.of("v"), "o1"));
    Graph branch2 =
        graph(
            List.of(),
            List.of("o2"),
            node("p2", "Relu", List.of("x"), "v"),
            node("q2", "Relu", List.of("v"), "o2"));
    Node choice =
        Node.of(
            "if",
            OpType.onnx("If"),
            List.of("c"),
            List.of("r"),
            new Attribute("then_branch", new Attribute.GraphValue(branch1), Optional.empty()),
            new Attribute("else_branch", new Attribute.GraphValue(branch2), Optional.empty()));
    ResolvedGraph resolved =
        resolve(
            graph(List.of("x", "c"), List.of("r"), choice),
            Map.of(
                Point.operand("p1", 0), A,
                Point.operand("p2", 0), A,
                Point.result("p1", 0), A,
                Point.operand("q1", 0), A,
                Point.result("p2", 0), A,
                Point.operand("q2", 0), A));
    assertEquals(
        List.of(
            List.of(Point.operand("p1", 0), Point.operand("p2", 0)),
            List.of(Point.result("p1", 0), Point.operand("q1", 0)),
            List.of(Point.result("p2", 0), Point.operand("q2", 0))),
        resolved.groups().stream().map(ObserverPlan.Group::points).toList());
  }

  @Test
  void resolvesAChainOfAHundredThousandPoints() {
    int length = 100_000;
    List<Node> nodes = new ArrayList<>();
    Map<Point, QuantizationSpec> marks = new LinkedHashMap<>();
    for (int i = 0; i < length; i++) {
      nodes.add(node("n" + i, "Relu", List.of("v" + i), "v" + (i + 1)));
      marks.put(
          Point.result("n" + i, 0), i == length - 1 ? A : shared(Point.result("n" + (i + 1), 0)));
    }
    Graph graph = graph(List.of("v0"), List.of("v" + length), Map.of(), nodes);
    assertEquals(1, resolve(graph, marks).groups().size());
    marks.put(Point.result("n0", 0), B);
    marks.put(Point.result("n1", 0), shared(Point.result("n0", 0)));
    marks.put(Point.result("n2", 0), shared(Point.result("n1", 0)));
    assertEquals(2, resolve(graph, marks).groups().size());
    for (int i = 1; i < length; i++) {
      marks.put(Point.result("n" + i, 0), derived(Point.result("n" + (i - 1), 0)));
    }
    assertEquals(length, resolve(graph, marks).groups().size());
    marks.put(Point.result("n0", 0), derived(Point.result("n" + (length - 1), 0)));
    assertEquals("OCT-RES-005", refused(graph, marks).id());
  }
}

package dev.octet.annotation.resolve;

import static dev.octet.annotation.resolve.Chains.A;
import static dev.octet.annotation.resolve.Chains.B;
import static dev.octet.annotation.resolve.Chains.derived;
import static dev.octet.annotation.resolve.Chains.graph;
import static dev.octet.annotation.resolve.Chains.node;
import static dev.octet.annotation.resolve.Chains.refused;
import static dev.octet.annotation.resolve.Chains.resolve;
import static dev.octet.annotation.resolve.Chains.shared;
import static dev.octet.annotation.resolve.Chains.twoReaders;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of points that name another point, for every kind of spec at the end of the way. */
class ExplicitSharingTest {

  private static final QuantizationSpec FIXED =
      QuantizationSpec.Fixed.of(QuantizedType.of(Storage.INT8), 0.5f, 0);
  private static final QuantizationSpec KEPT = new QuantizationSpec.KeepFloat("wide");

  /** Four operators in a row. */
  private static final Graph ROW =
      graph(
          List.of("x"),
          List.of("v4"),
          node("n1", "Relu", List.of("x"), "v1"),
          node("n2", "Relu", List.of("v1"), "v2"),
          node("n3", "Relu", List.of("v2"), "v3"),
          node("n4", "Relu", List.of("v3"), "v4"));

  @Test
  void takesAFixedSpec() {
    ResolvedGraph resolved = resolve(ROW, Map.of(result(1), shared(result(2)), result(2), FIXED));
    assertEquals(List.of(List.of(result(1), result(2))), members(resolved));
    assertEquals(FIXED, resolved.groups().get(0).spec());
  }

  @Test
  void takesADerivedSpecWithItsSources() {
    ResolvedGraph resolved =
        resolve(
            ROW, Map.of(result(1), A, result(2), derived(result(1)), result(3), shared(result(2))));
    assertEquals(List.of(List.of(result(1)), List.of(result(2), result(3))), members(resolved));
    assertEquals(derived(result(1)), resolved.groups().get(1).spec());
  }

  @Test
  void refusesASpecThatIsDerivedFromItsOwnGroup() {
    OctetException e =
        refused(ROW, Map.of(result(1), derived(result(2)), result(2), shared(result(1))));
    assertEquals("OCT-RES-005", e.id());
    assertEquals(
        "result 0 of 'n1' -> result 0 of 'n2' -> result 0 of 'n1'", e.place().orElseThrow());
  }

  @Test
  void namesTheWholeWayToAPointThatStaysFloat() {
    OctetException e =
        refused(
            ROW,
            Map.of(
                result(1), shared(result(3)),
                result(3), shared(result(2)),
                result(2), KEPT));
    assertEquals("OCT-RES-002", e.id());
    assertEquals("result 0 of 'n3' shares parameters with a point that is kept in float", e.fact());
    assertEquals(
        "result 0 of 'n1' -> result 0 of 'n3' -> result 0 of 'n2'", e.place().orElseThrow());
  }

  @Test
  void namesTheWholeWayToAPointThatIsNotMarked() {
    OctetException e =
        refused(ROW, Map.of(result(2), shared(result(3)), result(3), shared(result(4))));
    assertEquals("OCT-RES-001", e.id());
    assertEquals(
        "result 0 of 'n2' -> result 0 of 'n3' -> result 0 of 'n4'", e.place().orElseThrow());
  }

  @Test
  void refusesAPointThatTheGraphDoesNotHave() {
    OctetException e = refused(ROW, Map.of(result(1), shared(Point.operand("gone", 3))));
    assertEquals("OCT-RES-001", e.id());
    assertEquals("result 0 of 'n1' -> operand 3 of 'gone'", e.place().orElseThrow());
  }

  @Test
  void leavesTheRestOfAValueQuantizedWhereOneReaderKeepsItInFloat() {
    ResolvedGraph resolved = resolve(ROW, Map.of(result(1), A, Point.operand("n2", 0), KEPT));
    assertEquals(List.of(List.of(result(1))), members(resolved));
  }

  @Test
  void refusesACycleOfThreeFromItsSmallestPointOn() {
    OctetException e =
        refused(
            ROW,
            Map.of(
                result(3), shared(result(1)),
                result(1), shared(result(2)),
                result(2), shared(result(3)),
                result(4), shared(result(3))));
    assertEquals("OCT-RES-003", e.id());
    assertEquals(
        "result 0 of 'n1' -> result 0 of 'n2' -> result 0 of 'n3' -> result 0 of 'n1'",
        e.place().orElseThrow());
  }

  @Test
  void refusesAResultThatIsSharedWithItself() {
    OctetException e = refused(ROW, Map.of(result(2), shared(result(2))));
    assertEquals("OCT-RES-003", e.id());
    assertEquals("result 0 of 'n2' -> result 0 of 'n2'", e.place().orElseThrow());
  }

  @Test
  void namesTheCycleWithTheSmallestPointOfSeveral() {
    OctetException e =
        refused(
            ROW,
            Map.of(
                result(4),
                shared(result(3)),
                result(3),
                shared(result(4)),
                result(2),
                shared(result(1)),
                result(1),
                shared(result(2))));
    assertEquals(
        "result 0 of 'n1' -> result 0 of 'n2' -> result 0 of 'n1'", e.place().orElseThrow());
  }

  @Test
  void cutsALongCycle() {
    List<Node> nodes = new ArrayList<>();
    Map<Point, QuantizationSpec> marks = new LinkedHashMap<>();
    for (int i = 0; i < 1000; i++) {
      nodes.add(node("n" + i, "Relu", List.of("v" + i), "v" + (i + 1)));
      marks.put(Point.result("n" + i, 0), shared(Point.result("n" + (i + 1) % 1000, 0)));
    }
    OctetException e = refused(graph(List.of("v0"), List.of("v1000"), Map.of(), nodes), marks);
    assertEquals("OCT-RES-003", e.id());
    assertTrue(e.place().orElseThrow().contains(" -> (989 more) -> "), e.place().orElseThrow());
  }

  @Test
  void leavesAValueThatIsReadByAnotherSpecInGroupsOfItsOwn() {
    // 'n2' reads with the spec of an int8 group what 'n1' gives as uint8: a requantize.
    ResolvedGraph resolved =
        resolve(
            ROW,
            Map.of(
                result(1), B,
                Point.operand("n2", 0), shared(result(4)),
                result(4), A));
    assertEquals(
        List.of(List.of(result(1)), List.of(Point.operand("n2", 0), result(4))), members(resolved));
  }

  @Test
  void joinsTwoSetsOfEqualSpecsThatMeetAtAValue() {
    Map<Point, QuantizationSpec> marks = new LinkedHashMap<>();
    marks.put(result(1), A);
    marks.put(result(4), shared(result(1)));
    marks.put(Point.operand("n2", 0), A);
    marks.put(result(2), shared(Point.operand("n2", 0)));
    assertEquals(
        List.of(List.of(result(1), Point.operand("n2", 0), result(2), result(4))),
        members(resolve(ROW, marks)));
    marks.put(Point.operand("n2", 0), B);
    assertEquals(
        List.of(List.of(result(1), result(4)), List.of(Point.operand("n2", 0), result(2))),
        members(resolve(ROW, marks)));
  }

  @Test
  void refusesASecondSpecForAPointThatIsShared() {
    Node first = ROW.node("n1").orElseThrow();
    AnnotationContext context = AnnotationContext.of("acme", ROW);
    context.claim("pass", List.of(first));
    context.markResult(first, 0, A);
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> context.markResult(first, 0, shared(Point.operand("n1", 0))));
    assertEquals("OCT-ANN-004", e.id());
    assertTrue(e.fact().startsWith("result 0 of 'n1' is marked already, as int8 affine"), e.fact());
  }

  @Test
  void keepsExplicitSharingOfAPointThatOptsOut() {
    Map<Point, QuantizationSpec> marks =
        Map.of(Point.operand("n1", 0), shared(Point.operand("n2", 0)), Point.operand("n2", 0), A);
    assertEquals(
        List.of(List.of(Point.operand("n1", 0), Point.operand("n2", 0))),
        members(resolve(twoReaders(), marks, Point.operand("n1", 0), Point.operand("n2", 0))));
  }

  @Test
  void givesEachOptedOutPointAGroupOfItsOwn() {
    Map<Point, QuantizationSpec> marks =
        Map.of(Point.operand("n1", 0), A, Point.operand("n2", 0), A);
    assertEquals(
        List.of(List.of(Point.operand("n1", 0)), List.of(Point.operand("n2", 0))),
        members(resolve(twoReaders(), marks, Point.operand("n1", 0), Point.operand("n2", 0))));
  }

  @Test
  void givesAFixedAndAnObservedUseOfAValueGroupsOfTheirOwn() {
    Map<Point, QuantizationSpec> marks =
        Map.of(Point.operand("n1", 0), FIXED, Point.operand("n2", 0), A);
    assertEquals(2, resolve(twoReaders(), marks).groups().size());
    assertEquals(
        1,
        resolve(twoReaders(), Map.of(Point.operand("n1", 0), FIXED, Point.operand("n2", 0), FIXED))
            .groups()
            .size());
  }

  @Test
  void holdsSeveralHundredPointsInOneGroup() {
    List<Node> nodes = new ArrayList<>();
    List<String> values = new ArrayList<>();
    Map<Point, QuantizationSpec> marks = new LinkedHashMap<>();
    for (int i = 0; i < 400; i++) {
      nodes.add(node("n" + i, "Relu", List.of("x"), "v" + i));
      values.add("v" + i);
      marks.put(Point.result("n" + i, 0), A);
      marks.put(Point.operand("cat", i), i == 399 ? A : shared(Point.operand("cat", i + 1)));
    }
    nodes.add(node("cat", "Concat", values, "y"));
    marks.put(Point.result("cat", 0), shared(Point.operand("cat", 0)));
    ResolvedGraph resolved = resolve(graph(List.of("x"), List.of("y"), Map.of(), nodes), marks);
    assertEquals(1, resolved.groups().size());
    assertEquals(801, resolved.groups().get(0).points().size());
    assertEquals(A, resolved.groups().get(0).spec());
  }

  @Test
  void resolvesANodeWhoseOperandsAreAllConstant() {
    Graph constants =
        graph(
            List.of(),
            List.of("y"),
            Map.of("k", Tensor.of(new float[] {1}, 1)),
            List.of(node("add", "Add", List.of("k", "k"), "y")));
    assertEquals(
        List.of(List.of(Point.operand("add", 0), Point.operand("add", 1))),
        members(
            resolve(constants, Map.of(Point.operand("add", 0), A, Point.operand("add", 1), A))));
  }

  @Test
  void resolvesAnEmptyGraphToNoGroup() {
    assertEquals(
        List.of(),
        members(resolve(graph(List.of("x"), List.of("x"), Map.of(), List.of()), Map.of())));
  }

  private static Point result(int node) {
    return Point.result("n" + node, 0);
  }

  private static List<List<Point>> members(ResolvedGraph resolved) {
    return resolved.groups().stream().map(ObserverPlan.Group::points).toList();
  }
}

package dev.octet.annotation.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.option.Options;
import dev.octet.api.tree.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyTreeTest {

  private static Tree map(Object... namesAndValues) {
    Map<String, Tree> entries = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      entries.put((String) namesAndValues[i], tree(namesAndValues[i + 1]));
    }
    return Tree.of(entries);
  }

  private static Tree tree(Object value) {
    if (value instanceof String text) {
      return Tree.of(text);
    }
    if (value instanceof Boolean truth) {
      return Tree.of((boolean) truth);
    }
    if (value instanceof List<?> list) {
      return Tree.of(list.stream().map(PolicyTreeTest::tree).toList());
    }
    return value instanceof Integer number ? Tree.of((long) number) : (Tree) value;
  }

  private static Policy policy(Tree... rules) {
    return PolicyTree.fromTree(map("rules", List.of(rules)));
  }

  private static OctetException refused(Tree rule) {
    return assertThrows(OctetException.class, () -> policy(rule));
  }

  @Test
  void writesAndReadsEverySelectorAndAction() {
    Options options = new Options(Map.of("bits", List.of("4"), "mode", List.of("a", "b")));
    Policy policy =
        Policy.builder()
            .global(options)
            .operatorType("Conv", Options.none())
            .moduleType("BasicBlock", options)
            .module("layer1.*", options)
            .moduleRegex("layer[12]", options)
            .exclude(Selector.node("stem/*"))
            .exclude(NodeCondition.selector(map("constantElementsAtLeast", 1000)))
            .boundary(BoundaryRule.of(Point.Side.INPUT, "*", BoundaryRule.Form.INTEGERS))
            .boundary(BoundaryRule.of(Point.Side.OUTPUT, "y", BoundaryRule.Form.FLOAT))
            .modules(Map.of("a", ModulePosition.of("m.n", "T"), "b", ModulePosition.of("m")))
            .build();
    assertEquals(policy, PolicyTree.fromTree(PolicyTree.toTree(policy)));
    assertEquals(Policy.none(), PolicyTree.fromTree(PolicyTree.toTree(Policy.none())));
  }

  @Test
  void keepsTheNameAloneOfAPredicateInCode() {
    Policy policy = Policy.builder().exclude(Selector.where("odd", n -> true)).build();
    assertEquals(
        map("rules", List.of(map("where", map("name", "odd"), "exclude", true))),
        PolicyTree.toTree(policy));
    OctetException e =
        assertThrows(OctetException.class, () -> PolicyTree.fromTree(PolicyTree.toTree(policy)));
    assertEquals("OCT-POL-008", e.id());
  }

  @Test
  void readsTextsNumbersAndTruthValuesAsOptions() {
    assertEquals(
        new Options(
            Map.of("bits", List.of("4"), "per-channel", List.of("true"), "m", List.of("a", "1"))),
        PolicyTree.options(map("bits", 4, "per-channel", true, "m", List.of("a", 1))));
  }

  @Test
  void refusesARuleWithoutOneSelector() {
    OctetException none = refused(map("exclude", true));
    assertEquals("OCT-POL-006", none.id());
    assertEquals(ErrorKind.INPUT, none.kind());
    assertEquals("a rule has one selector, and this one has none", none.fact());
    OctetException two = refused(map("node", "a", "operator", "Conv", "exclude", true));
    assertEquals("a rule has one selector, and this one has 'operator' and 'node'", two.fact());
    assertTrue(two.candidates().contains("module-type"));
  }

  @Test
  void refusesARuleWithoutOneAction() {
    OctetException none = refused(map("node", "a"));
    assertEquals("OCT-POL-007", none.id());
    assertTrue(none.fact().endsWith("this one has none"), none.fact());
    OctetException both = refused(map("node", "a", "exclude", true, "options", map("b", 1)));
    assertTrue(both.fact().endsWith("this one has both"), both.fact());
    assertEquals("OCT-TREE-005", refused(map("node", "a", "exclude", false)).id());
    assertEquals("OCT-TREE-005", refused(map("global", false, "exclude", true)).id());
  }

  @Test
  void refusesWhatCannotBeDoneWithWhatARuleSelects() {
    OctetException options = refused(map("input", "x", "options", map("b", 1)));
    assertEquals("OCT-POL-011", options.id());
    assertEquals("an input or output has no options of its own", options.fact());
    assertEquals(List.of("exclude", "integers"), options.candidates());
    OctetException integers = refused(map("operator", "Conv", "integers", true));
    assertEquals("OCT-POL-011", integers.id());
    assertEquals(
        "only inputs and outputs become integers, and this rule selects nodes", integers.fact());
    OctetException both = refused(map("output", "y", "exclude", true, "integers", true));
    assertEquals("OCT-POL-007", both.id());
    assertEquals(
        "a rule has either exclude: true or integers: true, and this one has both", both.fact());
    assertEquals("OCT-TREE-005", refused(map("output", "y", "integers", false)).id());
    assertEquals("OCT-POL-009", refused(map("input", "", "integers", true)).id());
  }

  @Test
  void refusesUnknownFieldsWithTheNearestOnesFirst() {
    OctetException e = refused(map("nodes", "a", "exclude", true));
    assertEquals("OCT-TREE-003", e.id());
    assertEquals("node", e.candidates().get(0));
    assertEquals("exclude", refused(map("node", "a", "exlude", true)).candidates().get(0));
  }

  @Test
  void refusesPatternsThatSelectNothing() {
    assertEquals("OCT-POL-004", refused(map("module-regex", "(", "exclude", true)).id());
    assertEquals("OCT-POL-009", refused(map("node", "", "exclude", true)).id());
    assertEquals("OCT-TREE-001", refused(map("node", 3, "exclude", true)).id());
  }

  @Test
  void refusesAnOperandIndexThatIsNone() {
    OctetException e =
        assertThrows(OctetException.class, () -> holds("constantOperands", List.of(-5)));
    assertEquals("OCT-TREE-005", e.id());
    assertEquals("'-5' is no operand index, from 0", e.fact());
  }

  /** A Conv on x[1,3,8,8] with a weight of 12 elements and a bias of 4, in a group of 2. */
  private static Graph convolution() {
    ValueInfo x = ValueInfo.of("x", ValueType.TensorType.of(DataType.FLOAT, Shape.of(1, 3, 8, 8)));
    Map<String, Tensor> constants =
        Map.of("w", Tensor.of(new float[12], 4, 3, 1, 1), "b", Tensor.of(new float[4], 4));
    Node conv =
        Node.of(
            "conv",
            OpType.onnx("Conv"),
            List.of("x", "w", "b"),
            List.of("y"),
            Attribute.of("group", 2L),
            Attribute.of("alpha", 0.1f),
            Attribute.of("strides", List.of(1L, 2L)),
            Attribute.of("auto_pad", "SAME_UPPER"));
    return new Graph(
        "g", List.of(x), List.of(), constants, List.of(conv), Map.of(), Optional.empty());
  }

  private static boolean holds(Object... condition) {
    Selector.Where where = NodeCondition.selector(map(condition));
    Subjects subjects = Subjects.named(convolution(), node -> List.of(node.name()), Map.of());
    return where.predicate().test(subjects.nodes().get(0));
  }

  @Test
  void testsOperators() {
    assertTrue(holds("operators", List.of("Gemm", "Conv")));
    assertFalse(holds("operators", List.of("Gemm")));
  }

  @Test
  void testsAttributesAsTheModelStatesThem() {
    assertTrue(holds("attributes", map("group", 2)));
    assertFalse(holds("attributes", map("group", 1)));
    assertTrue(holds("attributes", map("alpha", Tree.of(0.1f))));
    assertTrue(holds("attributes", map("strides", List.of(1, 2), "auto_pad", "SAME_UPPER")));
    assertFalse(holds("attributes", map("strides", List.of(1, 2), "auto_pad", "VALID")));
    assertFalse(holds("attributes", map("dilations", List.of(1, 1))));
  }

  @Test
  void testsRanksAndConstants() {
    assertTrue(holds("operandRanks", map("0", 4, "1", 4, "2", 1)));
    assertFalse(holds("operandRanks", map("0", 2)));
    assertFalse(holds("operandRanks", map("3", 1)));
    assertTrue(holds("constantOperands", List.of(1, 2)));
    assertFalse(holds("constantOperands", List.of(0)));
    assertFalse(holds("constantOperands", List.of(3)));
  }

  @Test
  void countsTheElementsOfAllConstants() {
    assertTrue(holds("constantElementsAtLeast", 16));
    assertFalse(holds("constantElementsAtLeast", 17));
    assertTrue(holds("constantElementsAtMost", 16));
    assertFalse(holds("constantElementsAtMost", 15));
    assertFalse(holds("constantElementsAtMost", 16, "operators", List.of("Gemm")));
  }

  @Test
  void callsAConditionByItsNameOrByItself() {
    assertEquals(
        "predicate 'large'",
        NodeCondition.selector(map("name", "large", "constantElementsAtLeast", 9)).words());
    assertEquals(
        "predicate 'operators: [Conv, Gemm], operandRanks: {0: 4}'",
        NodeCondition.selector(
                map("operators", List.of("Conv", "Gemm"), "operandRanks", map("0", 4)))
            .words());
  }

  @Test
  void refusesConditionsThatAreNotUnderstood() {
    assertEquals("OCT-POL-008", refused(map("where", map("name", "large"), "exclude", true)).id());
    OctetException unknown =
        refused(map("where", map("constantElementAtLeast", 3), "exclude", true));
    assertEquals("OCT-TREE-003", unknown.id());
    assertEquals("constantElementsAtLeast", unknown.candidates().get(0));
    assertEquals(
        "OCT-TREE-005",
        refused(map("where", map("operandRanks", map("x", 3)), "exclude", true)).id());
  }
}

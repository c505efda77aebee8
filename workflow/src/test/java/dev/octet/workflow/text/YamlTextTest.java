package dev.octet.workflow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.OctetException;
import dev.octet.api.tree.Tree;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTextTest {

  @Test
  void knowsWhereEachValueStands() {
    String text =
        """
        # a comment
        inputs:
          in:
            steps:
              - transpose: NHWC -> NCHW
              - subtract: [0.485, 0.456]
        """;
    Tree.Mapping in =
        YamlText.parse(text, "d.yaml").asMapping().get("inputs").asMapping().get("in").asMapping();
    Tree step = in.get("steps").asItems().get(0).asMapping().get("transpose");
    assertEquals("NHWC -> NCHW", step.asText());
    assertEquals("d.yaml:5:20 $.inputs.in.steps[0].transpose", step.position().toString());
    Tree list = in.get("steps").asItems().get(1).asMapping().get("subtract");
    assertEquals("d.yaml:6:27", list.asItems().get(1).position().toString().split(" ")[0]);
  }

  @ParameterizedTest
  @CsvSource({
    "12, 12",
    "-0, 0",
    "0x1F, 31",
    "0o17, 15",
    "0.5, 0.5",
    ".5, 0.5",
    "1e3, 1000",
    "5., 5"
  })
  void readsNumbersOfTheCoreSchema(String text, String expected) {
    assertEquals(
        0, YamlText.parse(text, "f").asNumber().compareTo(new java.math.BigDecimal(expected)));
  }

  @Test
  void readsNumbersOfAThousandCharacters() {
    assertEquals(
        new java.math.BigDecimal("9".repeat(1000)),
        YamlText.parse("9".repeat(1000), "f").asNumber());
    assertEquals(new java.math.BigDecimal("1e10000"), YamlText.parse("1e10000", "f").asNumber());
    for (String text :
        java.util.List.of("9".repeat(1001), "0x" + "f".repeat(999), "." + "9".repeat(1000))) {
      OctetException e =
          assertThrows(OctetException.class, () -> YamlText.parse("a: " + text, "f"));
      assertEquals("OCT-TREE-025", e.id());
      assertEquals("a number has 1001 characters, more than 1000", e.fact());
      assertEquals("f:1:4 $.a", e.place().orElseThrow());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no", "on", "y", "'1'", "\"true\"", "1_000", "12:30:45", "2020-01-01"})
  void leavesTextsOfTheOlderSchemaAsTexts(String text) {
    YamlText.parse(text, "f").asText();
  }

  @Test
  void readsTruthAndNull() {
    assertEquals(Tree.of(true), YamlText.parse("True", "f"));
    assertEquals(Tree.of(false), YamlText.parse("false", "f"));
    assertEquals(true, YamlText.parse("~", "f") instanceof Tree.Null);
  }

  @ParameterizedTest
  @CsvSource({
    "'a: [1', OCT-TREE-021",
    "'', OCT-TREE-021",
    "'a: 1\n---\nb: 2', OCT-TREE-021",
    "'[1]: 2', OCT-TREE-021",
    "'a: *x', OCT-TREE-021",
    "'a: 1\na: 2', OCT-TREE-012",
    "'!!java.net.URL [\"http://example.org\"]', OCT-TREE-022",
    "'!!str 1', OCT-TREE-022",
    "'a: &x [*x]', OCT-TREE-023",
    "'.inf', OCT-TREE-024",
    "'.nan', OCT-TREE-024",
    "1e999999999, OCT-TREE-007",
    "-1E-10001, OCT-TREE-007",
    "0e99999, OCT-TREE-007",
    "1e99999999999, OCT-TREE-024"
  })
  void refusesWhatIsNotPlain(String text, String id) {
    assertEquals(id, error(text).id());
  }

  @Test
  void namesLineAndColumnOfMalformedText() {
    assertEquals("f:2:5 $", error("a:\n b: }").place().orElseThrow());
  }

  @Test
  void followsAnchors() {
    Tree.Mapping root = YamlText.parse("a: &x [1, 2]\nb: *x", "f").asMapping();
    assertEquals(root.get("a"), root.get("b"));
  }

  @Test
  void stopsAliasesThatGrowWithoutBound() {
    StringBuilder text = new StringBuilder("a0: &a0 [1]\n");
    for (int i = 1; i < 12; i++) {
      text.append("a%d: &a%d\n".formatted(i, i)).append(" - *a%d\n".formatted(i - 1).repeat(9));
    }
    assertEquals("OCT-TREE-023", error(text.toString()).id());
  }

  @Test
  void stopsMapsThatAreMergedIntoThemselves() {
    assertEquals("OCT-TREE-023", error("q: &a {<<: *a}").id());
    assertEquals("OCT-TREE-023", error("q: &a {x: 1, <<: [*a, *a]}").id());
    assertEquals("OCT-TREE-023", error("q: &a [{<<: {y: *a}}]").id());
    assertEquals(
        Set.of("x", "y"),
        YamlText.parse("a: &a {x: 1}\nb: &b {<<: *a, y: &a 2}\nc: *b", "f")
            .asMapping()
            .get("c")
            .asMapping()
            .entries()
            .keySet());
  }

  @Test
  void stopsAtTheDepthLimit() {
    assertEquals("OCT-TREE-013", error("[".repeat(100_000)).id());
  }

  private static OctetException error(String text) {
    return assertThrows(OctetException.class, () -> YamlText.parse(text, "f"));
  }
}

package dev.octet.workflow.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.OctetException;
import dev.octet.api.tree.Position;
import dev.octet.api.tree.Tree;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

  @Test
  void writesAMapThatStandsInSeveralPlacesForEachDepth() {
    Tree shared = spec();
    assertEquals(
        JsonText.write(places(spec(), spec(), spec(), spec())),
        JsonText.write(places(shared, shared, shared, shared)));
  }

  private static Tree spec() {
    return Tree.of(Map.of("type", Tree.of(Map.of("say \"it\"", Tree.of(8)))));
  }

  private static Tree places(Tree first, Tree deep, Tree second, Tree third) {
    Map<String, Tree> root = new LinkedHashMap<>();
    root.put("first", first);
    root.put("deep", Tree.of(List.of(Tree.of(Map.of("spec", deep)), deep)));
    root.put("second", second);
    root.put("third", third);
    return Tree.of(root);
  }

  @Test
  void knowsWhereEachValueStands() {
    Tree.Mapping root =
        JsonText.parse("{\n  \"nodes\": [\n    {\"op\": \"Conv\"}, 7]}", "p.json").asMapping();
    List<Tree> nodes = root.get("nodes").asItems();
    assertEquals("p.json:1:1 $", root.position().toString());
    assertEquals("p.json:2:12 $.nodes", root.get("nodes").position().toString());
    assertEquals(
        "p.json:3:12 $.nodes[0].op", nodes.get(0).asMapping().get("op").position().toString());
    assertEquals("p.json:3:21 $.nodes[1]", nodes.get(1).position().toString());
  }

  @Test
  void quotesFieldsThatAreNoIdentifiersInPaths() {
    Tree.Mapping root = JsonText.parse("{\"a b'c\": 1}", "x").asMapping();
    assertEquals("$['a b\\'c']", root.get("a b'c").position().path());
  }

  @Test
  void countsColumnsInCharactersAfterAnUmlaut() {
    Tree.Mapping root = JsonText.parse("{\"ä\": 1, \"b\": 2}", "x").asMapping();
    assertEquals(15, root.get("b").position().column());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "nul",
        "NaN",
        "[1] 2",
        "// c\n1",
        "01",
        "'a'",
        "+1",
        "1e99999999999"
      })
  void refusesWhatIsNotJson(String text) {
    assertEquals("OCT-TREE-011", error(text).id());
  }

  @Test
  void namesLineAndColumnOfMalformedText() {
    assertEquals("f:2:2 $", error("[1,\n ?]").place().orElseThrow());
  }

  @Test
  void refusesAFieldThatStandsTwice() {
    OctetException e = error("{\"a\": 1,\n \"a\": 2}");
    assertEquals("OCT-TREE-012", e.id());
    assertEquals("f:2:2 $.a", e.place().orElseThrow());
  }

  @Test
  void readsUpToTheDepthLimitAndNoDeeper() {
    int most = JsonText.MOST_NESTED;
    JsonText.parse("[".repeat(most) + "]".repeat(most), "f");
    OctetException e = error("[".repeat(most + 1) + "]".repeat(most + 1));
    assertEquals("OCT-TREE-013", e.id());
    assertEquals("OCT-TREE-013", error("{\"a\":".repeat(100_000)).id());
  }

  @Test
  void refusesToWriteDeeperThanItReads() {
    Tree tree = Tree.of(1);
    for (int i = 0; i <= JsonText.MOST_NESTED; i++) {
      tree = Tree.of(List.of(tree));
    }
    Tree tooDeep = tree;
    assertThrows(IllegalArgumentException.class, () -> JsonText.write(tooDeep));
  }

  @Test
  void writesIndentedTextInTheOrderOfTheTree() {
    Map<String, Tree> entries = new LinkedHashMap<>();
    entries.put("z", Tree.of(List.of(Tree.of(0.1f), Tree.of(-2))));
    entries.put("a", Tree.of(List.of(Tree.of(Map.of("op", Tree.of("Conv"))))));
    entries.put("none", Tree.of(List.of()));
    entries.put("empty", Tree.of(Map.of()));
    entries.put("yes", Tree.of(true));
    String expected =
        """
        {
          "z": [0.1, -2],
          "a": [
            {
              "op": "Conv"
            }
          ],
          "none": [],
          "empty": {},
          "yes": true
        }
        """;
    assertEquals(expected, JsonText.write(Tree.of(entries)));
  }

  @ParameterizedTest
  @CsvSource({
    "0.000, 0",
    "1.50, 1.5",
    "100, 100",
    "1E+2, 100",
    "1E+20, 100000000000000000000",
    "1E+21, 1E+21",
    "0.0000001, 0.0000001",
    "0.00000001, 1E-8",
    "1.17549435E-38, 1.17549435E-38",
    "-3.4028235E38, -3.4028235E+38",
    "1E+10000, 1E+10000",
    "-1.5E-9999, -1.5E-9999"
  })
  void writesNumbersWithoutTrailingZeros(String number, String expected) {
    Tree value = new Tree.Num(new BigDecimal(number), Position.ROOT);
    assertEquals(expected + "\n", JsonText.write(value));
  }

  @ParameterizedTest
  @ValueSource(floats = {0f, Float.MIN_VALUE, Float.MAX_VALUE, 1 / 3f, 16777216f, -0.1f})
  void readsBackTheSameFloat(float value) {
    Tree read = JsonText.parse(JsonText.write(Tree.of(value)), "f");
    assertEquals(value, read.asNumber().floatValue());
  }

  @Test
  void readsBackEveryKindOfText() {
    for (String text : List.of("", "\"\\/\b\f\n\r\t\u0000\u001f", "ä€😀", "\ud800x", "x\udc00")) {
      String json = JsonText.write(Tree.of(text));
      String throughBytes = new String(JsonText.toBytes(Tree.of(text)), StandardCharsets.UTF_8);
      assertEquals(json, throughBytes);
      assertEquals(text, JsonText.parse(json, "f").asText());
    }
  }

  @Test
  void writesTheSameBytesInEveryLocale() {
    Tree tree = Tree.of(List.of(Tree.of(1234567.5), Tree.of("Iı")));
    Locale before = Locale.getDefault();
    byte[] expected = JsonText.toBytes(tree);
    try {
      Locale.setDefault(Locale.forLanguageTag("tr-TR-u-nu-arab"));
      assertArrayEquals(expected, JsonText.toBytes(tree));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void namesAFileThatIsMissingOrNotUtf8(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("none.json");
    OctetException e = assertThrows(OctetException.class, () -> JsonText.read(missing));
    assertEquals("OCT-FILE-001", e.id());
    Path latin1 = Files.write(folder.resolve("l.json"), new byte[] {'"', (byte) 0xe4, '"'});
    assertEquals(
        "OCT-TREE-015", assertThrows(OctetException.class, () -> JsonText.read(latin1)).id());
    assertEquals(
        "OCT-FILE-002", assertThrows(OctetException.class, () -> JsonText.read(folder)).id());
  }

  @Test
  void dropsAByteOrderMark(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("bom.json"), "\uFEFF[1]");
    assertEquals(Tree.of(List.of(Tree.of(1))), JsonText.read(file));
  }

  private static OctetException error(String text) {
    return assertThrows(OctetException.class, () -> JsonText.parse(text, "f"));
  }
}

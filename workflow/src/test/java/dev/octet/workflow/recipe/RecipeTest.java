package dev.octet.workflow.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.policy.ModulePosition;
import dev.octet.annotation.policy.PolicyOptions;
import dev.octet.annotation.policy.PolicyRule;
import dev.octet.annotation.policy.Selector;
import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.option.Options;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {

  private static final String WHOLE =
      """
      recipe: 1
      options: {per-channel: true}
      modules:
        Conv_3: {path: layer1.0.conv1, type: Conv2d}
      rules:
        - operator: Conv
          options: {weight-bits: 4}
        - module: layer1.*
          exclude: true
        - where: {constantElementsAtLeast: 1000}
          exclude: true
      """;

  private static OctetException refused(String text) {
    return assertThrows(OctetException.class, () -> Recipe.parse(text, "dir/recipe.yaml"));
  }

  @Test
  void holdsOptionsModulesAndRulesWithTheirLines() {
    Recipe recipe = Recipe.parse(WHOLE, "dir/recipe.yaml");
    assertEquals(Options.of("per-channel", "true"), recipe.options());
    assertEquals(
        Map.of("Conv_3", ModulePosition.of("layer1.0.conv1", "Conv2d")), recipe.policy().modules());
    assertEquals(
        List.of(
            "operator type 'Conv' (recipe.yaml, line 6)",
            "module 'layer1.*' (recipe.yaml, line 8)",
            "predicate 'constantElementsAtLeast: 1000' (recipe.yaml, line 10)"),
        recipe.policy().rules().stream().map(PolicyRule::words).toList());
    assertEquals(Selector.operatorType("Conv"), recipe.policy().rules().get(0).selector());
  }

  @Test
  void mayBeEmptyButForItsVersion() {
    assertEquals(List.of(), Recipe.parse("recipe: 1\n", "r").policy().rules());
    assertEquals(Options.none(), Recipe.parse("recipe: 1\n", "r").options());
    assertEquals(List.of(), Recipe.none().policy().rules());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "rules: []                                      | OCT-REC-001  | 1:1",
        "recipe: 2                                      | OCT-REC-002  | 1:9",
        "recipe: one                                    | OCT-TREE-001 | 1:9",
        "- recipe                                       | OCT-TREE-001 | 1:1",
        "recipe: 1;rule: []                             | OCT-TREE-003 | 2:1",
        "recipe: 1;rule:;  - node: a                    | OCT-TREE-003 | 2:1",
        "recipe: 1;rules:;  - node: a                   | OCT-POL-007  | 3:5",
        "recipe: 1;rules:;  - exclude: true             | OCT-POL-006  | 3:5",
        "recipe: 1;rules:;  - node: a;    exlude: true  | OCT-TREE-003 | 4:5",
        "recipe: 1;rules:;  - module-regex: (;    exclude: true | OCT-POL-004 | 3:19",
        "recipe: 1;rules:;  - node: a;    exclude: yes  | OCT-TREE-001 | 4:14",
        "recipe: 1;rules:;  - where: {};    exclude: true | OCT-POL-008 | 3:12",
        "recipe: 1;modules: {a: {type: T}}              | OCT-TREE-002 | 2:14",
        "recipe: 1;accept: OCT-CAL-101                  | OCT-TREE-001 | 2:9",
        "recipe: 1;accept: [one]                        | OCT-TREE-005 | 2:10",
        "recipe: 1;rules: [                             | OCT-TREE-021 | 3:1",
        "recipe: 1;recipe: 1                            | OCT-TREE-012 | 2:1"
      })
  void namesLineAndColumnOfWhatIsWrong(String text, String id, String place) {
    OctetException e = refused(text.replace(';', '\n') + "\n");
    assertEquals(id, e.id(), e.getMessage());
    assertEquals(ErrorKind.INPUT, e.kind());
    assertTrue(
        e.place().orElseThrow().startsWith("dir/recipe.yaml:" + place + " "), e.getMessage());
  }

  @Test
  void namesTheNearestFieldsFirst() {
    assertEquals("rules", refused("recipe: 1\nrule: []\n").candidates().get(0));
    assertEquals(
        "module-type",
        refused("recipe: 1\nrules:\n  - moduletype: a\n    exclude: true\n").candidates().get(0));
  }

  @Test
  void isReadFromAFileThatExists() {
    OctetException e =
        assertThrows(OctetException.class, () -> Recipe.read(Path.of("no", "recipe.yaml")));
    assertEquals("OCT-FILE-001", e.id());
  }

  @Test
  void goesUnderTheOptionsThatAreGiven() {
    Recipe recipe = Recipe.parse("recipe: 1\noptions: {mode: static, weight-bits: 8}\n", "r.yaml");
    assertEquals(
        Options.of("mode", "dynamic", "weight-bits", "8"),
        recipe.options().overriddenBy(Options.of("mode", "dynamic")));
  }

  @Test
  void namesThePlaceOfAnOptionThatTheBackendDoesNotUnderstand() {
    Recipe recipe = Recipe.parse("recipe: 1\noptions:\n  weight-bit: 8\n", "r.yaml");
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> recipe.requireFit(PolicyOptions.of(new NodeOptionsBackend())));
    assertEquals("OCT-OPT-001", e.id());
    assertEquals(Optional.of("r.yaml:3:15 $.options.weight-bit"), e.place());
    assertTrue(e.candidates().contains("weight-bits"));
  }

  @Test
  void saysWhichFindingsAreAccepted() {
    Recipe recipe = Recipe.parse("recipe: 1\naccept: [OCT-CAL-101, ACME-001]\n", "r.yaml");
    assertEquals(List.of("OCT-CAL-101", "ACME-001"), recipe.accepted());
    assertEquals(List.of(), Recipe.none().accepted());
  }
}

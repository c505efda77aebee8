package dev.octet.workflow.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.PolicyOptions;
import dev.octet.annotation.policy.Selector;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.option.Options;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedBoundary;
import dev.octet.workflow.plan.PlannedNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of docs/recipes.md do what the page says. */
class RecipeGuideTest {

  private static final Path PAGE = Path.of("..", "docs", "recipes.md");
  private static final Pattern RECIPE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final Pattern OPTION = Pattern.compile("--option '([^']*)'");

  private static final String STEM = "/stem/conv/Conv";
  private static final String FIRST = "/layer1/layer1.0/conv1/Conv";
  private static final String SECOND = "/layer1/layer1.1/conv1/Conv";
  private static final String THIRD = "Conv_3";
  private static final String HEAD = "/fc/Gemm";

  private static Model model() {
    return new Models()
        .input("x", 1, 2, 3, 3)
        .constant("w", Tensor.of(new float[] {1f, 2f, 3f, 4f}, 2, 2, 1, 1))
        .constant("v", Tensor.of(new float[1800], 18, 100))
        .node(STEM, "Conv", List.of("x", "w"), "a")
        .node(FIRST, "Conv", List.of("a", "w"), "b")
        .node(SECOND, "Conv", List.of("b", "w"), "c")
        .node(THIRD, "Conv", List.of("c", "w"), "d")
        .node("Relu_4", "Relu", List.of("d"), "e")
        .node("flat", "Flatten", List.of("e"), "f")
        .node(HEAD, "Gemm", List.of("f", "v"), "y")
        .output("y", 2)
        .model(13);
  }

  private static List<String> found(Pattern pattern) throws IOException {
    return pattern.matcher(Files.readString(PAGE)).results().map(m -> m.group(1)).toList();
  }

  private static Plan plan(Options options, Policy policy) {
    return Quantization.plan(
        QuantizationRequest.of(model(), new NodeOptionsBackend()).options(options).policy(policy));
  }

  /** Returns who decided on each of some nodes, without where that was written. */
  private static Map<String, String> deciders(Plan plan, String... nodes) {
    Map<String, String> deciders = new LinkedHashMap<>();
    for (PlannedNode node : plan.nodes()) {
      if (List.of(nodes).contains(node.name())) {
        String decision = node.quantized() ? "" : "float: ";
        deciders.put(node.name(), decision + node.decidedBy().replaceAll(" \\(.*", ""));
      }
    }
    return deciders;
  }

  private static Map<String, String> recipe(int index, String... nodes) throws IOException {
    List<String> recipes = found(RECIPE);
    assertEquals(5, recipes.size());
    Recipe recipe = Recipe.parse(recipes.get(index), "recipes.md");
    recipe.requireFit(PolicyOptions.of(new NodeOptionsBackend()));
    Options options = recipe.options();
    return deciders(plan(options, recipe.policy()), nodes);
  }

  @Test
  void theFirstRecipeExcludesANodeAndConfiguresModules() throws IOException {
    assertEquals(
        Map.of(
            STEM, "float: node '/stem/conv/Conv'",
            FIRST, "module 'layer1.*'",
            HEAD, "rule layer"),
        recipe(0, STEM, FIRST, HEAD));
  }

  @Test
  void theHigherRankWins() throws IOException {
    assertEquals(
        Map.of(
            FIRST, "module 'layer1.0'",
            SECOND, "float: operator type 'Conv'",
            HEAD, "global"),
        recipe(1, FIRST, SECOND, HEAD));
  }

  @Test
  void theThirdRecipeDecidesOnInputsAndOutputs() throws IOException {
    Recipe recipe = Recipe.parse(found(RECIPE).get(2), "recipes.md");
    Plan plan = plan(recipe.options(), recipe.policy());
    assertEquals(plan.group(Point.operand(STEM, 0)), plan.group(Point.input("x")));
    assertEquals(Optional.empty(), plan.group(Point.output("y")));
    assertEquals(
        List.of("input '*' (recipes.md, line 3)", "output 'y' (recipes.md, line 5)"),
        plan.boundary().stream().map(PlannedBoundary::decidedBy).toList());
  }

  @Test
  void theMapOfModulesGivesTypes() throws IOException {
    assertEquals(
        Map.of(
            THIRD,
            "float: module type 'Conv2d'",
            "Relu_4",
            "float: module type 'BasicBlock'",
            STEM,
            "rule layer"),
        recipe(3, THIRD, "Relu_4", STEM));
  }

  @Test
  void predicatesAreCalledByTheirNames() throws IOException {
    String words = "operators: [Conv], operandRanks: {0: 4}, constantOperands: [1]";
    assertEquals(
        Map.of(STEM, "predicate '" + words + "'", HEAD, "rule layer"), recipe(4, STEM, HEAD));
  }

  @Test
  void theOptionsSelectWhatThePageSays() throws IOException {
    List<String> deciders =
        found(OPTION).stream()
            .filter(text -> !text.matches("integers=.*|exclude=output:.*"))
            .map(text -> plan(Options.parse(List.of(text)), Policy.none()))
            .map(plan -> String.join(", ", deciders(plan, STEM, FIRST).values()))
            .toList();
    assertEquals(
        List.of(
            "float: node '/stem/*', rule layer",
            "rule layer, float: module 'layer1'",
            "float: global, float: global",
            "rule layer, module 'layer1.*'",
            "operator type 'Conv', operator type 'Conv'"),
        deciders);
  }

  @Test
  void theOptionsDecideOnInputsAndOutputs() throws IOException {
    List<String> texts =
        found(OPTION).stream().filter(t -> t.matches("integers=.*|exclude=output:.*")).toList();
    assertEquals(List.of("integers=*", "integers=input:image", "exclude=output:*"), texts);
    String input = texts.get(1).replace("image", "x");
    Plan one = plan(Options.parse(List.of(input)), Policy.none());
    assertEquals(one.group(Point.operand(STEM, 0)), one.group(Point.input("x")));
    OctetException all =
        assertThrows(
            OctetException.class, () -> plan(Options.parse(List.of(texts.get(0))), Policy.none()));
    assertEquals("output 'y' is to become integers, but no quantized point defines it", all.fact());
    Plan none = plan(Options.parse(List.of(texts.get(2))), Policy.none());
    assertEquals(1, none.boundary().size());
  }

  @Test
  void thePolicyInJavaIsTheOneOfThePage() throws IOException {
    Policy policy =
        Policy.builder()
            .module("layer1.*", Options.of("weight-bits", "4"))
            .exclude(Selector.node("/stem/*"))
            .exclude(Selector.where("small", node -> node.constantElements() < 1000))
            .build();
    String page = Files.readString(PAGE).replaceAll("\\s+", "");
    assertEquals(
        true,
        page.contains(
            ".module(\"layer1.*\",Options.of(\"weight-bits\",\"4\"))"
                + ".exclude(Selector.node(\"/stem/*\"))"
                + ".exclude(Selector.where(\"small\",node->node.constantElements()<1000))"));
    assertEquals(
        Map.of(STEM, "float: predicate 'small'", HEAD, "rule layer"),
        deciders(plan(Options.none(), policy), STEM, HEAD));
  }
}

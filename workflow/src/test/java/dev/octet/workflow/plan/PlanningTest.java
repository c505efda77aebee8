package dev.octet.workflow.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.IntegerTypes;
import dev.octet.annotation.rules.StaticIntegerRules;
import dev.octet.annotation.tree.SpecTree;
import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.ObservedGroup;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.provenance.OctetBuild;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanningTest {

  private static final QuantizationSpec INT8 =
      QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8));

  @TempDir Path folder;

  /** Conv, BatchNormalization, Relu, MaxPool, an operator that nobody knows, and a Sigmoid. */
  private static Model model() {
    return Models.convolution("n")
        .node("relu", "Relu", List.of("n"), "r")
        .node("flat", "Flatten", List.of("r"), "f")
        .node(Node.of("own", new OpType("acme", "Turn"), List.of("f"), List.of("t")))
        .node("out", "Sigmoid", List.of("t"), "y")
        .output("y", 2)
        .model(13);
  }

  /** The standard operators in int8. */
  private static Quantizer quantizer() {
    IntegerTypes types =
        new IntegerTypes(
            QuantizedType.of(Storage.INT8),
            new QuantizedType(Storage.INT8, -127, 127),
            ObserverSpec.minMax());
    return StaticIntegerRules.of("test", types).quantizer();
  }

  private static Plan plan() {
    return Quantization.plan(
        QuantizationRequest.of(model(), QuantizerProvider.of("cpu", quantizer())));
  }

  @Test
  void listsEveryNodeOfTheUserInTheOrderOfTheModel() {
    Plan plan = plan();
    assertEquals(
        List.of("conv", "bn", "relu", "flat", "own", "out"),
        plan.nodes().stream().map(PlannedNode::name).toList());
    assertEquals(
        List.of(true, true, true, true, false, false),
        plan.nodes().stream().map(PlannedNode::quantized).toList());
    PlannedNode bn = plan.nodes().get(1);
    assertEquals(Optional.of("folded into 'conv'"), bn.folded());
    assertEquals(plan.nodes().get(0).rule(), bn.rule());
    assertEquals("rule convolution", plan.nodes().get(0).decidedBy());
  }

  @Test
  void givesEveryFloatNodeAReason() {
    for (PlannedNode node : plan().nodes()) {
      assertTrue(
          node.quantized() == node.rule().isPresent()
              && node.quantized() == node.reason().isEmpty(),
          node.toString());
    }
  }

  @Test
  void namesTensorsAsTheUsersFileDoes() {
    // The folded Conv computes what the BatchNormalization did; its own result 'c' is gone.
    Graph graph = plan().prepared().model().graph();
    assertEquals(List.of("n"), graph.node("conv").orElseThrow().results());
  }

  @Test
  void watchesActivationsAndNoConstants() {
    List<ObservedGroup> groups = plan().observedGroups();
    assertEquals(
        List.of(List.of("x"), List.of("r", "f")),
        groups.stream().map(ObservedGroup::values).toList());
  }

  @Test
  void readsBackWhatItWrote(@TempDir Path folder) throws Exception {
    Plan plan = plan();
    Path file = folder.resolve("plan.json");
    plan.document().write(file);
    PlanDocument read = PlanDocument.read(file);
    assertEquals(plan.document(), read);
    Plan bound = Quantization.bind(read, model(), QuantizerProvider.of("test", quantizer()));
    assertEquals(plan.nodes(), bound.nodes());
    assertEquals(plan.groups(), bound.groups());
    assertEquals(plan.observedGroups(), bound.observedGroups());
    assertEquals(plan.contentHash(), bound.contentHash());
    try (var files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void writesTheSameTextEveryTime() {
    assertEquals(
        JsonText.write(plan().document().toTree()), JsonText.write(plan().document().toTree()));
  }

  @Test
  void keepsANodeInFloatThatAnEditSetsToFloat() {
    Plan edited = edit(node("relu", s -> s.replace("\"quantized\": true", "\"quantized\": false")));
    PlannedNode relu = node(edited, "relu");
    assertEquals(Optional.of("set to float in the plan"), relu.reason());
    assertEquals("plan", relu.decidedBy());
    assertEquals(List.of(), relu.results());
    assertEquals(Optional.empty(), edited.group(Point.result("relu", 0)));
    assertTrue(node(edited, "conv").quantized());
  }

  @Test
  void nodesAreSetToFloatByWhoeverFindsThatTheyMust() {
    Plan changed =
        plan().inFloat(Map.of("conv", "no sample reaches it", "out", "unused"), "calibration");
    PlannedNode conv = node(changed, "conv");
    assertEquals(Optional.of("no sample reaches it"), conv.reason());
    assertEquals("calibration", conv.decidedBy());
    assertEquals(List.of(), conv.operands());
    PlannedNode bn = node(changed, "bn");
    assertEquals(
        Optional.of("folded into 'conv', which stays float: no sample reaches it"), bn.reason());
    assertEquals("calibration", bn.decidedBy());
    assertEquals(node(plan(), "out"), node(changed, "out"), "in float already, it has its reason");
    assertEquals(node(plan(), "relu"), node(changed, "relu"));
    assertEquals(
        List.of(List.of("r", "f")),
        changed.observedGroups().stream().map(ObservedGroup::values).toList());
    PlanDocument read = PlanDocument.fromTree(changed.document().toTree());
    assertEquals(
        changed.nodes(),
        Quantization.bind(read, model(), QuantizerProvider.of("test", quantizer())).nodes());
  }

  @Test
  void aNodeIsInFloatWithTheOneThatItsParametersAreDerivedFrom() {
    QuantizationSpec derived =
        new QuantizationSpec.Derived(
            QuantizedType.of(Storage.INT8),
            Derivation.productOfScales(),
            List.of(Point.result("out_a", 0)));
    Quantizer deriving = splitting(name -> name.equals("out_a") ? INT8 : derived);
    Plan plan =
        Quantization.plan(QuantizationRequest.of(model(), QuantizerProvider.of("acme", deriving)));
    assertTrue(node(plan, "out_b").quantized());
    PlannedNode follower = node(plan.inFloat(Map.of("out_a", "why"), "calibration"), "out_b");
    assertEquals(
        Optional.of("its parameters are derived from 'out_a', which stays float"),
        follower.reason());
  }

  @Test
  void keepsAPointInFloatThatAnEditSetsToKeepFloat() {
    Plan plan = plan();
    int group = plan.group(Point.result("relu", 0)).orElseThrow().id();
    Plan edited =
        edit(
            node(
                "relu",
                s ->
                    s.replaceAll(
                        "\"group\": \"[^\"]+\"",
                        "$0, \"spec\": {\"kind\": \"keep-float\", \"reason\": \"too coarse\"}")));
    assertEquals(Optional.empty(), edited.group(Point.result("relu", 0)));
    assertEquals(Optional.of("too coarse"), node(edited, "relu").reason());
    // The pass-through behind it was shared with it, and keeps the spec of the group.
    assertEquals(group, edited.group(Point.result("flat", 0)).orElseThrow().id());
  }

  @Test
  void keepsTheLayerInFloatWhenAnEditSetsItsFoldedNodeToFloat() {
    Plan edited = edit(node("bn", s -> s.replace("\"quantized\": true", "\"quantized\": false")));
    assertTrue(!node(edited, "conv").quantized());
    assertTrue(!node(edited, "bn").quantized());
    assertEquals(
        Optional.of(
            "folded into 'conv', which stays float: a node that is folded into it is set to float"
                + " in the plan"),
        node(edited, "bn").reason());
  }

  /** Splits the Relu and marks the first part. */
  private static final class Splitting implements Quantizer {
    @Override
    public GraphEditor.Edited transformForAnnotation(Graph graph) {
      GraphEditor editor = new GraphEditor(graph);
      Node relu = editor.node("relu");
      editor.replace(
          "relu",
          List.of(
              Node.of("first", OpType.onnx("Relu"), relu.operands(), List.of("between")),
              Node.of("second", OpType.onnx("Abs"), List.of("between"), relu.results())));
      return editor.finish();
    }

    @Override
    public void annotate(AnnotationContext context) {
      Node first = context.graph().node("first").orElseThrow();
      context.claim("relu", List.of(first));
      context.markResult(first, 0, INT8);
    }
  }

  @Test
  void quantizesAPartOfANodeWhoseOtherPartIsFloat() {
    Plan plan =
        Quantization.plan(
            QuantizationRequest.of(model(), QuantizerProvider.of("test", new Splitting())));
    assertTrue(node(plan, "first").quantized());
    assertEquals(
        Optional.of("no rule of backend 'test' matches Abs"), node(plan, "second").reason());
    assertTrue(!node(plan, "relu").quantized());
    assertTrue(plan.group(Point.result("first", 0)).isPresent());
  }

  @Test
  void refusesThePlanOfAnotherModel() {
    Model other =
        Models.convolution("n").node("relu", "Relu", List.of("n"), "y").output("y", 4).model(13);
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                Quantization.bind(
                    plan().document(), other, QuantizerProvider.of("test", quantizer())));
    assertEquals("OCT-PLAN-002", e.id());
    assertEquals(ErrorKind.INPUT, e.kind());
  }

  @Test
  void refusesTheModelWithOneWeightChanged() {
    Model changed =
        Models.convolution("n")
            .constant("w", Tensor.of(new float[] {1f, 2f, 3f, Math.nextUp(4f)}, 2, 2, 1, 1))
            .node("relu", "Relu", List.of("n"), "r")
            .node("flat", "Flatten", List.of("r"), "f")
            .node(Node.of("own", new OpType("acme", "Turn"), List.of("f"), List.of("t")))
            .node("out", "Sigmoid", List.of("t"), "y")
            .output("y", 2)
            .model(13);
    assertEquals(
        "OCT-PLAN-002",
        assertThrows(
                OctetException.class,
                () ->
                    Quantization.bind(
                        plan().document(), changed, QuantizerProvider.of("test", quantizer())))
            .id());
  }

  @Test
  void refusesAnUnknownNodeAndNamesNearMisses() {
    OctetException e = refused(s -> s.replace("\"name\": \"relu\"", "\"name\": \"rellu\""));
    assertEquals("OCT-PLAN-003", e.id());
    assertEquals("plan.json:", e.place().orElseThrow().substring(0, 10));
    assertTrue(e.place().orElseThrow().endsWith(" $.nodes[2].name"), e.getMessage());
    assertEquals("relu", e.candidates().get(0));
  }

  @Test
  void refusesANodeThatIsListedTwice() {
    OctetException e =
        refused(
            text -> {
              int from = text.indexOf("    {\n      \"name\": \"relu\"");
              int to = text.indexOf("    {\n      \"name\": \"flat\"");
              return text.substring(0, to) + text.substring(from);
            });
    assertEquals("OCT-PLAN-017", e.id());
    assertTrue(e.place().orElseThrow().endsWith("$.nodes[3].name"), e.getMessage());
  }

  @Test
  void refusesANodeOfAnotherOperator() {
    OctetException e = refused(s -> s.replace("\"op\": \"Relu\"", "\"op\": \"Tanh\""));
    assertEquals("OCT-PLAN-019", e.id());
    assertTrue(e.place().orElseThrow().endsWith("$.nodes[2].op"), e.getMessage());
  }

  @Test
  void refusesAnIndexThatDoesNotExist() {
    OctetException e = refused(node("relu", s -> s.replace("\"index\": 0", "\"index\": 1")));
    assertEquals("OCT-PLAN-004", e.id());
    assertTrue(e.place().orElseThrow().endsWith("$.nodes[2].results[0].index"), e.getMessage());
  }

  @Test
  void refusesAnotherTensor() {
    OctetException e =
        refused(node("relu", s -> s.replace("\"tensor\": \"r\"", "\"tensor\": \"f\"")));
    assertEquals("OCT-PLAN-022", e.id());
  }

  @Test
  void saysTheSpecOfAGroupOnce() {
    Tree.Mapping tree = plan().document().toTree();
    List<String> kinds = new ArrayList<>();
    for (Tree.Mapping point : points(tree)) {
      point.find("spec").ifPresent(spec -> kinds.add(spec.asMapping().get("kind").asText()));
    }
    assertEquals(List.of("shared", "shared"), kinds);
    assertTrue(points(tree).size() > 2);
  }

  @Test
  void readsAPlanThatSaysTheSpecAtEveryPoint() {
    PlanDocument written = plan().document();
    Map<String, Tree> specs = new HashMap<>();
    for (Tree item : written.toTree().get("groups").asItems()) {
      specs.put(item.asMapping().get("group").asText(), item.asMapping().get("spec"));
    }
    Tree spelled = withSpecs(written.toTree(), specs);
    assertNotEquals(written.toTree(), spelled);
    PlanDocument read = PlanDocument.fromTree(spelled);
    assertEquals(written, read);
    assertEquals(written.toTree(), read.toTree());
    assertEquals(written.nodes(), read.nodes());
  }

  @Test
  void writesTheBytesOfItsTree(@TempDir Path folder) throws IOException {
    PlanDocument document = plan().document();
    Path file = folder.resolve("plan.json");
    document.write(file);
    assertArrayEquals(JsonText.toBytes(document.toTree()), Files.readAllBytes(file));
    assertEquals(document, PlanDocument.read(file));
  }

  @Test
  void refusesAPointWithoutSpecWhoseGroupIsNotListed() {
    OctetException e =
        refused(node("relu", s -> s.replaceAll("\"group\": \"[^\"]+\"", "\"group\": \"77\"")));
    assertEquals("OCT-PLAN-008", e.id());
    assertEquals("group '77' is not in groups", e.fact());
    assertTrue(e.place().orElseThrow().endsWith("$.nodes[2].results[0].group"), e.getMessage());
  }

  private static List<Tree.Mapping> points(Tree.Mapping plan) {
    List<Tree.Mapping> points = new ArrayList<>();
    for (Tree node : plan.get("nodes").asItems()) {
      for (String side : List.of("operands", "results")) {
        node.asMapping().get(side).asItems().forEach(point -> points.add(point.asMapping()));
      }
    }
    return points;
  }

  /** Returns a tree in which every map with a group and no spec has the spec of the group. */
  private static Tree withSpecs(Tree tree, Map<String, Tree> specs) {
    if (tree instanceof Tree.Sequence list) {
      return Tree.of(list.items().stream().map(item -> withSpecs(item, specs)).toList());
    }
    if (!(tree instanceof Tree.Mapping map)) {
      return tree;
    }
    Map<String, Tree> fields = new LinkedHashMap<>();
    map.entries().forEach((name, value) -> fields.put(name, withSpecs(value, specs)));
    map.find("group")
        .ifPresent(
            group -> fields.putIfAbsent("spec", Objects.requireNonNull(specs.get(group.asText()))));
    return Tree.of(fields);
  }

  @Test
  void refusesASpecThatDiffersFromThatOfItsGroup() {
    String other =
        JsonText.write(
            SpecTree.toTree(QuantizationSpec.Fixed.of(QuantizedType.of(Storage.INT8), 0.5f, 0)));
    OctetException e =
        refused(node("relu", s -> s.replaceAll("\"group\": \"[^\"]+\"", "$0, \"spec\": " + other)));
    assertEquals("OCT-PLAN-005", e.id());
    assertTrue(e.place().orElseThrow().endsWith("$.nodes[2].results[0].spec"), e.getMessage());
  }

  @Test
  void refusesASharedPointOutsideTheGroupOfTheOther() {
    String x = plan().group(Point.operand("conv", 0)).orElseThrow().name();
    OctetException e =
        refused(
            node("flat", s -> s.replaceFirst("\"group\": \"[^\"]+\"", "\"group\": \"" + x + "\"")));
    assertEquals("OCT-PLAN-006", e.id());
  }

  @Test
  void refusesADerivedSpecWhoseSourceStaysFloat() {
    OctetException e =
        refused(
            node(
                "conv",
                s ->
                    s.replaceFirst(
                        "\"group\": \"[^\"]+\"",
                        "$0, \"spec\": {\"kind\": \"keep-float\", \"reason\": \"why not\"}")));
    assertEquals("OCT-PLAN-007", e.id());
    assertTrue(e.getMessage().contains("operand 0 of 'conv'"), e.getMessage());
  }

  @Test
  void refusesAGroupThatIsNotListed() {
    OctetException e =
        refused(node("relu", s -> s.replaceFirst("\"group\": \"[^\"]+\"", "\"group\": \"99\"")));
    assertEquals("OCT-PLAN-008", e.id());
    assertTrue(e.place().orElseThrow().endsWith("$.nodes[2].results[0].group"), e.getMessage());
  }

  @Test
  void refusesAnUnknownFieldAndAWrongType() {
    OctetException unknown = refused(node("relu", s -> s.replace("\"decidedBy\"", "\"decideBy\"")));
    assertEquals("OCT-TREE-003", unknown.id());
    assertTrue(unknown.place().orElseThrow().endsWith("$.nodes[2].decideBy"));
    OctetException type =
        refused(node("relu", s -> s.replace("\"quantized\": true", "\"quantized\": \"yes\"")));
    assertEquals("OCT-TREE-001", type.id());
    assertTrue(type.place().orElseThrow().endsWith("$.nodes[2].quantized"));
  }

  @Test
  void refusesWhatIsNoPlan() {
    assertEquals("OCT-PLAN-001", refused(s -> s.replace("octet-plan", "octet-plane")).id());
    assertEquals(
        "OCT-PLAN-016",
        refused(s -> s.replace("\"formatVersion\": 3", "\"formatVersion\": 4")).id());
    assertEquals(
        "OCT-PLAN-029",
        refused(s -> s.replace("\"formatVersion\": 3", "\"formatVersion\": 0")).id());
    assertEquals("OCT-PLAN-001", refused(s -> "{}").id());
    assertEquals("OCT-TREE-001", refused(s -> "[]").id());
  }

  @Test
  void stopsAtAnErrorOfTheBackend() {
    Finding error =
        new Finding(Finding.Severity.ERROR, "ACME-CHIP-001", "no Conv", Optional.of("conv"));
    Quantizer quantizer =
        new Quantizer() {
          @Override
          public void annotate(AnnotationContext context) {}

          @Override
          public List<Finding> validate(AnnotatedGraph graph) {
            return List.of(error);
          }
        };
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                Quantization.plan(
                    QuantizationRequest.of(model(), QuantizerProvider.of("acme", quantizer))));
    assertEquals(ErrorKind.QUANTIZATION, e.kind());
    assertTrue(e.getMessage().contains("ACME-CHIP-001"), e.getMessage());
  }

  @Test
  void takesTheAdjustedSpecOfAGroup() {
    QuantizationSpec entropy =
        QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8))
            .withObserver(ObserverSpec.entropy());
    Quantizer quantizer =
        new Quantizer() {
          @Override
          public void annotate(AnnotationContext context) {
            quantizer().annotate(context);
          }

          @Override
          public void adjustObservers(ObserverPlan plan) {
            plan.groups().stream()
                .filter(g -> g.points().contains(Point.result("relu", 0)))
                .forEach(g -> plan.replace(g.id(), entropy));
          }
        };
    Plan plan =
        Quantization.plan(QuantizationRequest.of(model(), QuantizerProvider.of("acme", quantizer)));
    assertEquals(entropy, plan.group(Point.operand("flat", 0)).orElseThrow().spec());
    assertEquals(entropy, node(plan, "relu").results().get(0).spec());
  }

  @Test
  void followsABackendThatRewritesTheGraph() {
    Quantizer quantizer = splitting();
    Plan plan =
        Quantization.plan(QuantizationRequest.of(model(), QuantizerProvider.of("acme", quantizer)));
    assertEquals(
        List.of("conv", "bn", "relu", "flat", "own", "out", "out_a", "out_b"),
        plan.nodes().stream().map(PlannedNode::name).toList());
    PlannedNode out = node(plan, "out");
    assertTrue(out.quantized());
    assertEquals(Optional.of("replaced by 'out_a', 'out_b'"), out.folded());
    Plan bound =
        Quantization.bind(
            PlanDocument.fromTree(plan.document().toTree()),
            model(),
            QuantizerProvider.of("test", quantizer));
    assertEquals(plan.nodes(), bound.nodes());
  }

  @Test
  void refusesAPlanWhoseGraphIsPreparedDifferently() {
    Plan plan =
        Quantization.plan(
            QuantizationRequest.of(model(), QuantizerProvider.of("acme", splitting())));
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                Quantization.bind(
                    plan.document(), model(), QuantizerProvider.of("test", quantizer())));
    assertEquals("OCT-PLAN-011", e.id());
    assertTrue(e.fact().contains("here: by " + OctetBuild.current()), e.fact());
    assertTrue(
        e.nextStep().startsWith("Use " + OctetBuild.current() + " and backend 'test'"),
        e.nextStep());
    Tree.Mapping tree = plan.document().toTree();
    PlanDocument silent = PlanDocument.fromTree(without(tree, "octet"));
    OctetException unknown =
        assertThrows(
            OctetException.class,
            () -> Quantization.bind(silent, model(), QuantizerProvider.of("test", quantizer())));
    assertTrue(unknown.nextStep().contains("does not say what made it"), unknown.nextStep());
  }

  private static Tree.Mapping without(Tree.Mapping tree, String field) {
    Map<String, Tree> entries = new LinkedHashMap<>(tree.entries());
    entries.remove(field);
    return Tree.of(entries);
  }

  /** Returns a tree with numbers in the place of the names of groups, as plans had before. */
  private static Tree numbered(Tree tree, List<String> names) {
    if (tree instanceof Tree.Sequence list) {
      return Tree.of(list.items().stream().map(item -> numbered(item, names)).toList());
    }
    if (!(tree instanceof Tree.Mapping map)) {
      return tree;
    }
    Map<String, Tree> fields = new LinkedHashMap<>();
    map.entries().forEach((name, value) -> fields.put(name, numbered(value, names)));
    fields.computeIfPresent(
        "group",
        (field, name) -> {
          assertTrue(names.contains(name.asText()), names::toString);
          return Tree.of(names.indexOf(name.asText()));
        });
    return Tree.of(fields);
  }

  @Test
  void aPlanOfTheVersionBeforeHasTheSameHashesAndIsWrittenWithNames() {
    Plan plan =
        Quantization.plan(QuantizationRequest.of(model(), QuantizerProvider.of("t", quantizer())));
    Tree.Mapping now = without(plan.document().toTree(), "octet");
    List<String> names =
        now.get("groups").asItems().stream()
            .map(group -> group.asMapping().get("group").asText())
            .toList();
    Map<String, Tree> before = new LinkedHashMap<>(numbered(now, names).asMapping().entries());
    before.put("formatVersion", Tree.of(1L));
    PlanDocument read = PlanDocument.fromTree(Tree.of(before));
    assertEquals(OctetBuild.unknown(), read.octet());
    assertEquals(now, read.toTree());
    Plan bound = Quantization.bind(read, model(), QuantizerProvider.of("t", quantizer()));
    assertEquals(plan.contentHash(), bound.contentHash());
  }

  @Test
  void keepsFieldsThatAreSomebodyElses() {
    Plan plan =
        Quantization.plan(QuantizationRequest.of(model(), QuantizerProvider.of("t", quantizer())));
    String text =
        JsonText.write(plan.document().toTree())
            .replace("\"name\": \"relu\",", "\"name\": \"relu\", \"x-note\": [1, \"two\"],")
            .replace(
                "\"group\": \"x\",\n      \"spec\"",
                "\"group\": \"x\",\n      \"x-of\": 0,\n      \"spec\"")
            .replace("\"formatVersion\": 3,", "\"formatVersion\": 3, \"x-\": {\"nodes\": null},");
    PlanDocument read = PlanDocument.fromTree(JsonText.parse(text, "p.json"));
    Tree.Mapping written = read.toTree();
    assertEquals(JsonText.parse(text, "p.json"), written);
    assertEquals(
        List.of("x-", "x-note", "x-of"),
        Pattern.compile("x-\\w*")
            .matcher(JsonText.write(written))
            .results()
            .map(MatchResult::group)
            .sorted()
            .toList());
    Plan bound = Quantization.bind(read, model(), QuantizerProvider.of("t", quantizer()));
    assertEquals(written, bound.document().toTree());
    assertEquals(plan.contentHash(), bound.contentHash());
    Path file = folder.resolve("p.json");
    bound.document().write(file);
    assertEquals(written, JsonText.read(file));
  }

  @Test
  void saysWhyANodeIsNotFolded() {
    Model model = Models.convolution("n").output("n", 4).output("c", 4).model(13);
    Plan plan =
        Quantization.plan(QuantizationRequest.of(model, QuantizerProvider.of("cpu", quantizer())));
    assertEquals(
        Optional.of("not folded into 'conv': the layer's result has other readers"),
        node(plan, "bn").reason());
  }

  @Test
  void hashesWhatAModelMeans() {
    assertEquals(ModelHash.of(model()), ModelHash.of(model()));
    assertNotEquals(ModelHash.of(model()), ModelHash.of(model().withOpset("", 14)));
    Graph graph = model().graph();
    GraphEditor editor = new GraphEditor(graph);
    editor.setOperand("relu", 0, "c");
    assertNotEquals(
        ModelHash.of(model()), ModelHash.of(model().withGraph(editor.finish().graph())));
  }

  @Test
  void listsTheNodesThatTheReferenceKernelsCannotRun() {
    Plan plan = plan();
    List<Finding> found =
        plan.findings().stream().filter(f -> f.node().equals(Optional.of("own"))).toList();
    assertEquals(1, found.size(), plan.findings().toString());
    assertEquals("OCT-PLAN-010", found.get(0).id());
    assertEquals(Finding.Severity.WARNING, found.get(0).severity());
  }

  @Test
  void refusesAPlanThatLacksANode() {
    OctetException e =
        refused(
            text -> {
              int from = text.indexOf("    {\n      \"name\": \"relu\"");
              int to = text.indexOf("    {\n      \"name\": \"flat\"");
              return text.substring(0, from) + text.substring(to);
            });
    assertEquals("OCT-PLAN-018", e.id());
    assertEquals("node 'relu' is missing", e.fact());
  }

  @Test
  void refusesPointsOfANodeThatIsFolded() {
    OctetException e =
        refused(
            node(
                "bn",
                s ->
                    s.replaceFirst(
                        "\"results\": \\[\\]",
                        "\"results\": [{\"index\": 0, \"tensor\": \"n\", \"group\": \"x\"}]")));
    assertEquals("OCT-PLAN-020", e.id());
    assertEquals("node 'bn' is folded into 'conv' and has no points", e.fact());
  }

  @Test
  void refusesAPointThatIsListedTwice() {
    OctetException e =
        refused(
            node(
                "relu",
                s ->
                    s.replaceFirst(
                        "(?s)\"results\": \\[(.*?\\})(\\s*\\])", "\"results\": [$1, $1$2")));
    assertEquals("OCT-PLAN-021", e.id());
    assertEquals("result 0 is listed twice", e.fact());
  }

  @Test
  void refusesAPointThatSharesWithNothing() {
    OctetException e =
        refused(
            node(
                "relu",
                s ->
                    s.replaceFirst(
                        "\"group\": \"[^\"]+\"",
                        "$0, \"spec\": " + shared(Point.result("reluu", 0)))));
    assertEquals("OCT-PLAN-023", e.id());
    assertTrue(e.fact().contains("'reluu', which does not exist"), e.fact());
  }

  @Test
  void refusesAGroupThatIsListedTwice() {
    OctetException e =
        refused(
            s ->
                s.replaceFirst(
                    "(\"groups\": \\[\\s*)(\\{\\s*\"group\": )(\"[^\"]+\")",
                    "$1$2$3, \"spec\": " + fixed() + "}, $2$3"));
    assertEquals("OCT-PLAN-025", e.id());
  }

  @Test
  void namesTheFileThatAPlanCannotBeWrittenTo() {
    Path file = folder.resolve("none").resolve("plan.json");
    OctetException e = assertThrows(OctetException.class, () -> plan().document().write(file));
    assertEquals("OCT-PLAN-012", e.id());
    assertEquals(file.toString(), e.place().orElseThrow());
  }

  @Test
  void refusesABackendThatChangesTheOutputs() {
    Quantizer quantizer =
        new Quantizer() {
          @Override
          public GraphEditor.Edited transformForAnnotation(Graph graph) {
            GraphEditor editor =
                new GraphEditor(
                    new Graph(
                        graph.name(),
                        graph.inputs(),
                        List.of(ValueInfo.of("t", graph.outputs().get(0).type())),
                        graph.initializers(),
                        graph.nodes(),
                        Map.of(),
                        Optional.empty()));
            return editor.finish();
          }

          @Override
          public void annotate(AnnotationContext context) {}
        };
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                Quantization.plan(
                    QuantizationRequest.of(model(), QuantizerProvider.of("acme", quantizer))));
    assertEquals("OCT-PLAN-013", e.id());
    assertTrue(e.fact().endsWith("from [x] -> [y] to [x] -> [t]"), e.fact());
  }

  @Test
  void refusesADerivedSpecOfItself() {
    OctetException e = refused(s -> s.replaceAll("(?s)(\"sources\": \\[.*?\"operand\": )1", "$12"));
    assertEquals("OCT-PLAN-024", e.id());
    assertTrue(e.fact().endsWith(" depend on each other"), e.fact());
  }

  private static String fixed() {
    return JsonText.write(
        SpecTree.toTree(QuantizationSpec.Fixed.of(QuantizedType.of(Storage.INT8), 0.5f, 0)));
  }

  private static String shared(Point with) {
    return JsonText.write(SpecTree.toTree(new QuantizationSpec.Shared(with)));
  }

  private static Quantizer splitting() {
    return splitting(name -> INT8);
  }

  /** Quantizes the last node as two, the result of each as it is told. */
  private static Quantizer splitting(Function<String, QuantizationSpec> results) {
    return new Quantizer() {
      @Override
      public GraphEditor.Edited transformForAnnotation(Graph graph) {
        GraphEditor editor = new GraphEditor(graph);
        editor.replace(
            "out",
            List.of(
                Node.of("out_a", OpType.onnx("Relu"), List.of("t"), List.of("half")),
                Node.of("out_b", OpType.onnx("Sigmoid"), List.of("half"), List.of("y"))));
        return editor.finish();
      }

      @Override
      public void annotate(AnnotationContext context) {
        for (String name : List.of("out_a", "out_b")) {
          Node node = context.graph().node(name).orElseThrow();
          context.claim("half", List.of(node));
          context.markResult(node, 0, results.apply(name));
        }
      }
    };
  }

  private static PlannedNode node(Plan plan, String name) {
    return plan.nodes().stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }

  /** Returns an edit of the text of one node of a plan. */
  private static UnaryOperator<String> node(String name, UnaryOperator<String> edit) {
    return text -> {
      int from = text.indexOf("    {\n      \"name\": \"" + name + "\"");
      int to = text.indexOf("\n    }", from);
      assertTrue(from >= 0 && to > from, text);
      String changed = edit.apply(text.substring(from, to));
      assertNotEquals(text.substring(from, to), changed);
      return text.substring(0, from) + changed + text.substring(to);
    };
  }

  private static Plan edit(UnaryOperator<String> edit) {
    String text = JsonText.write(plan().document().toTree());
    Tree tree = JsonText.parse(edit.apply(text), "plan.json");
    return Quantization.bind(
        PlanDocument.fromTree(tree), model(), QuantizerProvider.of("test", quantizer()));
  }

  private static OctetException refused(UnaryOperator<String> edit) {
    return assertThrows(OctetException.class, () -> edit(edit));
  }
}

package dev.octet.annotation.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModulesTest {

  private static final String PATHS = "['', 'layer1', 'layer1.0', 'layer1.0.conv1', 'conv2d_3']";
  private static final String TYPES =
      "['net.ResNet', 'torch.nn.Sequential', 'net.BasicBlock', 'torch.nn.Conv2d', 'aten.conv2d']";

  private static List<String> selected(
      Selector selector, Map<String, ModulePosition> modules, Node... nodes) {
    Policy policy = Policy.builder().exclude(selector).modules(modules).build();
    return List.copyOf(PolicyTest.decide(policy, PolicyTest.graph(nodes)).directives().keySet());
  }

  private static OctetException refused(Selector selector, Node... nodes) {
    return assertThrows(OctetException.class, () -> selected(selector, Map.of(), nodes));
  }

  private static List<String> paths(String name) {
    return new ModuleScopes(Map.of())
        .of(name, Optional.empty()).stream().map(ModulePosition::path).toList();
  }

  @Test
  void areReadFromTheMetadataOfTheNode() {
    Node conv = PolicyTest.in("node_3", "Conv", PATHS, TYPES);
    Node other = PolicyTest.node("other", "Relu", Map.of());
    for (String path : List.of("layer1", "layer1.0", "layer1.0.conv1", "*.conv1")) {
      assertEquals(List.of("node_3"), selected(Selector.module(path), Map.of(), conv, other), path);
    }
    for (String type : List.of("ResNet", "BasicBlock", "net.BasicBlock", "Conv2d", "nn.Conv2d")) {
      assertEquals(
          List.of("node_3"), selected(Selector.moduleType(type), Map.of(), conv, other), type);
    }
    assertEquals("OCT-POL-001", refused(Selector.module("conv2d_3"), conv).id());
    assertEquals("OCT-POL-001", refused(Selector.moduleType("Block"), conv).id());
    assertEquals("OCT-POL-001", refused(Selector.moduleType("aten.conv2d"), conv).id());
  }

  @Test
  void areThoseOfTheMetadataBeforeThoseOfTheMapBeforeThoseOfTheName() {
    Map<String, ModulePosition> modules =
        Map.of("/a/Conv", ModulePosition.of("b", "B"), "/c/Conv", ModulePosition.of("d", "D"));
    Node stated = PolicyTest.in("/a/Conv", "Conv", PATHS, TYPES);
    Node given = PolicyTest.node("/c/Conv", "Conv", Map.of());
    Node named = PolicyTest.node("/e/Conv", "Conv", Map.of());
    Node[] all = {stated, given, named};
    assertEquals(List.of("/a/Conv"), selected(Selector.module("layer1"), modules, all));
    assertEquals(List.of("/c/Conv"), selected(Selector.module("d"), modules, all));
    assertEquals(List.of("/c/Conv"), selected(Selector.moduleType("D"), modules, all));
    assertEquals(List.of("/e/Conv"), selected(Selector.module("e"), modules, all));
    for (String hidden : List.of("a", "b", "c")) {
      OctetException e =
          assertThrows(OctetException.class, () -> selected(Selector.module(hidden), modules, all));
      assertEquals("OCT-POL-001", e.id(), hidden);
    }
  }

  @Test
  void ofTheMapHaveTheTypesThatTheMapGivesElsewhere() {
    Map<String, ModulePosition> modules =
        Map.of(
            "conv", ModulePosition.of("layer1.0.conv1", "Conv2d"),
            "relu", ModulePosition.of("layer1.0", "BasicBlock"));
    Node conv = PolicyTest.node("conv", "Conv", Map.of());
    Node relu = PolicyTest.node("relu", "Relu", Map.of());
    assertEquals(
        List.of("conv", "relu"), selected(Selector.moduleType("BasicBlock"), modules, conv, relu));
    assertEquals(List.of("conv"), selected(Selector.moduleType("Conv2d"), modules, conv, relu));
    assertEquals(List.of("conv", "relu"), selected(Selector.module("layer1"), modules, conv, relu));
  }

  @Test
  void areThePartsOfTheNameWithoutTheLast() {
    assertEquals(
        List.of("layer1", "layer1.0", "layer1.0.conv1"), paths("/layer1/layer1.0/conv1/Conv"));
    assertEquals(
        List.of("enc", "enc.layers", "enc.layers.0", "enc.layers.0.fc"),
        paths("/enc/layers/layers.0/fc/MatMul"));
    assertEquals(
        List.of("layer1", "layer10"), List.of(paths("layer1/x").get(0), paths("layer10/x").get(0)));
    assertEquals(List.of("layer1", "layer1.layer10"), paths("layer1/layer10/x"));
    assertEquals(List.of(), paths("conv"));
    assertEquals(List.of(), paths("/conv"));
  }

  @Test
  void areMissedByASelectorOfAModelWithoutAny() {
    OctetException e =
        refused(Selector.module("layer1"), PolicyTest.node("conv", "Conv", Map.of()));
    assertEquals("OCT-POL-002", e.id());
    assertEquals(
        "OCT-POL-002: the model has no modules: its nodes have no metadata that names them, no map"
            + " of modules does, and no node's name has a '/' (at module 'layer1'). Select by node"
            + " or operator, or give a map of modules.",
        e.getMessage());
    assertEquals(
        "OCT-POL-002",
        refused(Selector.moduleRegex("layer1"), PolicyTest.node("conv", "Conv", Map.of())).id());
  }

  @Test
  void haveNoTypesWhereOnlyNamesTellThem() {
    OctetException e =
        refused(Selector.moduleType("Conv2d"), PolicyTest.node("/a/Conv", "Conv", Map.of()));
    assertEquals("OCT-POL-002", e.id());
    assertEquals(
        "the model has no module types: its nodes have no metadata that names them, and no map of"
            + " modules does",
        e.fact());
  }

  @Test
  void areNamedNearestFirstWhenNoneMatches() {
    Node conv = PolicyTest.in("node_3", "Conv", PATHS, TYPES);
    OctetException byPath = refused(Selector.module("layr1"), conv);
    assertEquals("no module's path matches 'layr1'", byPath.fact());
    assertEquals(List.of("layer1", "layer1.0", "layer1.0.conv1"), byPath.candidates());
    OctetException byType = refused(Selector.moduleType("BasicBlok"), conv);
    assertEquals("no module is a 'BasicBlok'", byType.fact());
    assertEquals("BasicBlock", byType.candidates().get(0));
    assertEquals(
        "net.BasicBlock", refused(Selector.moduleType("net.Basic"), conv).candidates().get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "layer1", "['a'", "['a' 'b']", "[a]", "['a']x", "['\\q']", "[]"})
  void areNotReadFromMetadataOfAnotherForm(String paths) {
    Node node = PolicyTest.in("/e/Conv", "Conv", paths, TYPES);
    assertEquals(List.of("/e/Conv"), selected(Selector.module("e"), Map.of(), node));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`['a', 'b']`, a|b",
        "`[\"it's\", 'x']`, it's|x",
        "`['a\\'b','c']`, a'b|c",
        "`['\\x41\\u0042\\\\', \"\\\"\"]`, `AB\\|\"`"
      })
  void areReadAsPythonWritesStrings(String text, String expected) {
    assertEquals(Optional.of(List.of(expected.split("\\|"))), PythonStrings.parse(text));
  }

  @Test
  void ofNodesInSubgraphsSelectToo() {
    Graph body = PolicyTest.graph(PolicyTest.node("/loop/body/Conv", "Conv", Map.of()));
    Node loop =
        Node.of(
            "/loop/Loop",
            OpType.onnx("Loop"),
            List.of(),
            List.of(),
            new Attribute("body", new Attribute.GraphValue(body), Optional.empty()));
    assertEquals(
        List.of("/loop/body/Conv"), selected(Selector.module("loop.body"), Map.of(), loop));
    assertEquals(
        List.of("/loop/Loop", "/loop/body/Conv"),
        selected(Selector.module("loop"), Map.of(), loop));
    assertEquals(List.of("/loop/body/Conv"), selected(Selector.node("*Conv"), Map.of(), loop));
  }
}

package dev.octet.backend.xnnpack;

import static dev.octet.backend.xnnpack.XnnpackConfig.dynamic;
import static dev.octet.backend.xnnpack.XnnpackConfig.perChannel;
import static dev.octet.backend.xnnpack.XnnpackConfig.quantizationAware;
import static dev.octet.backend.xnnpack.XnnpackConfig.symmetric;
import static dev.octet.backend.xnnpack.XnnpackConfig.weightBits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.annotation.policy.ModulePosition;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.fixtures.graph.Network;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class XnnpackQuantizerTest {

  /** The caller's map: the nodes themselves say nothing of modules. */
  private static final Map<String, ModulePosition> MODULES =
      Map.of(
          "c1", ModulePosition.of("conv1", "Conv2d"),
          "c2", ModulePosition.of("layer1.0.conv1", "Conv2d"),
          "sum", ModulePosition.of("layer1.0", "BasicBlock"),
          "fc", ModulePosition.of("fc", "Linear"));

  @Test
  void nothingIsQuantizedUntilSomethingIsConfigured() {
    AnnotatedGraph annotated = annotated(new XnnpackQuantizer());
    annotated.nodes().values().forEach(n -> assertEquals(Optional.empty(), n.rule(), n.node()));
  }

  @Test
  void aGlobalConfigurationDecidesAsTheProviderWithTheSameOptions() {
    AnnotatedGraph expected =
        network()
            .annotated(
                "xnnpack",
                new XnnpackProvider().create(Options.of("weight-bits", "4", "mode", "qat")));
    AnnotatedGraph actual =
        annotated(
            new XnnpackQuantizer()
                .setGlobal(symmetric(perChannel(), quantizationAware(), weightBits(4))));
    expected
        .nodes()
        .forEach(
            (name, node) -> {
              assertEquals(node.rule(), actual.nodes().get(name).rule(), name);
              assertEquals(node.operands(), actual.nodes().get(name).operands(), name);
              assertEquals(node.results(), actual.nodes().get(name).results(), name);
              assertEquals(Optional.of("global"), actual.nodes().get(name).decidedBy(), name);
            });
  }

  @Test
  void nullKeepsAConvolutionOfAModuleFloat() {
    AnnotatedGraph annotated =
        annotated(
            new XnnpackQuantizer()
                .setGlobal(symmetric(perChannel()))
                .setModuleName("conv1", null)
                .setModules(MODULES));
    assertEquals(Optional.empty(), annotated.nodes().get("c1").rule());
    assertEquals(Optional.of("module 'conv1'"), annotated.nodes().get("c1").decidedBy());
    assertEquals(Optional.of("conv"), annotated.nodes().get("c2").rule());
  }

  @Test
  void aModuleNameSelectsTheConvolutionsInsideTheModule() {
    AnnotatedGraph annotated =
        annotated(
            new XnnpackQuantizer()
                .setModuleName("layer1", symmetric(weightBits(4)))
                .setModules(MODULES));
    assertEquals(Optional.empty(), annotated.nodes().get("c1").rule());
    assertEquals(Optional.of("conv"), annotated.nodes().get("c2").rule());
    assertEquals(-8, weight(annotated, "c2").type().min());
    assertEquals(new Granularity.PerTensor(), weight(annotated, "c2").granularity());
  }

  @Test
  void aModuleTypeIsStrongerThanAnOperatorAndAModuleNameIsStrongerStill() {
    AnnotatedGraph annotated =
        annotated(
            new XnnpackQuantizer()
                .setModuleName("layer1.0.conv1", symmetric(perChannel(), weightBits(4)))
                .setModuleType("Conv2d", symmetric(perChannel()))
                .setOperatorType("Conv", symmetric())
                .setGlobal(symmetric(dynamic()))
                .setModules(MODULES));
    assertEquals(new Granularity.PerChannel(0), weight(annotated, "c1").granularity());
    assertEquals(-127, weight(annotated, "c1").type().min());
    assertEquals(-8, weight(annotated, "c2").type().min());
    assertEquals(Mode.DYNAMIC, observed(annotated, Point.operand("fc", 0)).mode());
    assertEquals(Optional.empty(), annotated.nodes().get("sum").rule());
  }

  @Test
  void aLayerCanBeDynamicWhereAllElseIsStatic() {
    AnnotatedGraph annotated =
        annotated(
            new XnnpackQuantizer()
                .setGlobal(symmetric(perChannel()))
                .setOperatorType("MatMul", symmetric(perChannel(), dynamic())));
    assertEquals(Mode.DYNAMIC, observed(annotated, Point.operand("fc", 0)).mode());
    assertEquals(Optional.empty(), annotated.spec(Point.result("fc", 0)));
    assertEquals(Mode.STATIC, observed(annotated, Point.operand("c1", 0)).mode());
  }

  @Test
  void aFilterKeepsNodesFloatAgainstEveryOtherConfiguration() {
    AnnotatedGraph annotated =
        annotated(
            new XnnpackQuantizer()
                .setFilter(node -> !node.names().contains("c2"))
                .setGlobal(symmetric(perChannel()))
                .setModuleName("layer1.0.conv1", symmetric())
                .setModules(MODULES));
    assertEquals(Optional.empty(), annotated.nodes().get("c2").rule());
    assertEquals(Optional.of("predicate 'filter'"), annotated.nodes().get("c2").decidedBy());
    assertEquals(Optional.of("add"), annotated.nodes().get("sum").rule());
  }

  @Test
  void aFilterThatKeepsNothingOutChangesNothing() {
    AnnotatedGraph filtered =
        annotated(
            new XnnpackQuantizer().setFilter(node -> true).setGlobal(symmetric(perChannel())));
    AnnotatedGraph plain = annotated(new XnnpackQuantizer().setGlobal(symmetric(perChannel())));
    assertEquals(plain.nodes(), filtered.nodes());
  }

  @Test
  void aModuleThatTheModelDoesNotHaveIsRefusedWithNearOnes() {
    XnnpackQuantizer quantizer =
        new XnnpackQuantizer().setModuleName("layer1.0.conv2", symmetric()).setModules(MODULES);
    OctetException error = assertThrows(OctetException.class, () -> annotated(quantizer));
    assertEquals("layer1.0.conv1", error.candidates().get(0));
  }

  @Test
  void weightsOfOtherWidthsAreRefused() {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> symmetric(weightBits(5)));
    assertEquals("weights have 8 or 4 bits, not 5", error.getMessage());
  }

  private static Network network() {
    return new Network()
        .constant("w1", 3, 3, 1, 1)
        .constant("w2", 3, 3, 1, 1)
        .constant("w3", 8, 4)
        .node("c1", "Conv", List.of("x", "w1"), "a")
        .node("c2", "Conv", List.of("a", "w2"), "b")
        .node("sum", "Add", List.of("a", "b"), "s")
        .node("fc", "MatMul", List.of("s", "w3"), "y");
  }

  private static AnnotatedGraph annotated(XnnpackQuantizer quantizer) {
    return network().annotated("xnnpack", quantizer);
  }

  private static QuantizationSpec.Observed weight(AnnotatedGraph annotated, String node) {
    return observed(annotated, Point.operand(node, 1));
  }

  private static QuantizationSpec.Observed observed(AnnotatedGraph annotated, Point point) {
    return (QuantizationSpec.Observed) annotated.spec(point).orElseThrow();
  }
}

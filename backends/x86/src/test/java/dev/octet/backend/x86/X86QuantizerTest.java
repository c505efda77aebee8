package dev.octet.backend.x86;

import static dev.octet.backend.x86.X86Config.defaultConfig;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.annotation.policy.ModulePosition;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.fixtures.graph.Network;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class X86QuantizerTest {

  /** The caller's map: the nodes themselves say nothing of modules. */
  private static final Map<String, ModulePosition> MODULES =
      Map.of(
          "c1", ModulePosition.of("conv1", "Conv2d"),
          "c2", ModulePosition.of("layer1.0.conv1", "Conv2d"),
          "fc", ModulePosition.of("fc", "Linear"));

  @Test
  void nothingIsQuantizedUntilSomethingIsConfigured() {
    AnnotatedGraph annotated = network().annotated("x86", new X86Quantizer());
    annotated.nodes().values().forEach(n -> assertEquals(Optional.empty(), n.rule(), n.node()));
  }

  @Test
  void aGlobalConfigurationDecidesAsTheProviderWithTheSameOptions() {
    AnnotatedGraph expected =
        network().annotated("x86", new X86Provider().create(Options.of("reduce-range", "true")));
    AnnotatedGraph actual =
        network()
            .annotated("x86", new X86Quantizer().setGlobal(defaultConfig().withReducedRange()));
    expected
        .nodes()
        .forEach(
            (name, node) -> {
              assertEquals(node.rule(), actual.nodes().get(name).rule(), name);
              assertEquals(node.operands(), actual.nodes().get(name).operands(), name);
              assertEquals(node.results(), actual.nodes().get(name).results(), name);
            });
  }

  @Test
  void nullKeepsAModuleAndAModuleTypeFloat() {
    AnnotatedGraph annotated =
        network()
            .annotated(
                "x86",
                new X86Quantizer()
                    .setGlobal(defaultConfig())
                    .setModuleType("Linear", null)
                    .setModuleName("conv1", null)
                    .setModules(MODULES));
    assertEquals(Optional.empty(), annotated.nodes().get("c1").rule());
    assertEquals(Optional.of("module 'conv1'"), annotated.nodes().get("c1").decidedBy());
    assertEquals(Optional.of("conv"), annotated.nodes().get("c2").rule());
    assertEquals(Optional.empty(), annotated.nodes().get("fc").rule());
    assertEquals(Optional.of("module type 'Linear'"), annotated.nodes().get("fc").decidedBy());
  }

  @Test
  void onlyTheConfiguredOperatorIsQuantizedAndNothingIsHandedOn() {
    AnnotatedGraph annotated =
        network().annotated("x86", new X86Quantizer().setOperatorType("Conv", defaultConfig()));
    assertEquals(Optional.of("conv"), annotated.nodes().get("c2").rule());
    assertEquals(Optional.empty(), annotated.nodes().get("pool").rule());
    assertEquals(Optional.empty(), annotated.nodes().get("fc").rule());
  }

  @Test
  void configurationsOfDifferentModesStandInOneModel() {
    AnnotatedGraph annotated =
        network()
            .annotated(
                "x86",
                new X86Quantizer()
                    .setGlobal(defaultConfig())
                    .setOperatorType("MatMul", defaultConfig().dynamic())
                    .setModuleName("layer1", defaultConfig().quantizationAware())
                    .setModules(MODULES));
    assertEquals(Mode.STATIC, mode(annotated, "c1"));
    assertEquals(Mode.QUANTIZATION_AWARE, mode(annotated, "c2"));
    assertEquals(Mode.DYNAMIC, mode(annotated, "fc"));
  }

  private static Network network() {
    return new Network()
        .constant("w1", 3, 3, 1, 1)
        .constant("w2", 3, 3, 1, 1)
        .constant("w3", 8, 4)
        .node("c1", "Conv", List.of("x", "w1"), "a")
        .node("c2", "Conv", List.of("a", "w2"), "b")
        .node("pool", "MaxPool", List.of("b"), "p")
        .node("fc", "MatMul", List.of("p", "w3"), "y");
  }

  private static Mode mode(AnnotatedGraph annotated, String node) {
    return ((QuantizationSpec.Observed) annotated.spec(Point.operand(node, 0)).orElseThrow())
        .mode();
  }
}

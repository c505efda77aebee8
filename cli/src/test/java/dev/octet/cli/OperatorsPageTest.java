package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.RuleBackend;
import dev.octet.api.graph.OpType;
import dev.octet.api.operator.OperatorSignature;
import dev.octet.fixtures.jdk.GeneratedPage;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.operators.Operators;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * docs/operators.md is written from the definitions, and what lowers is claimed or left on purpose.
 */
class OperatorsPageTest {

  private static final Path PAGE = Path.of("..", "docs", "operators.md");

  private static final String STEEP =
      "it is steep where its operand is small or large, and turns steps of that into many";
  private static final String JUMPS = "it jumps: one step of its operand may be many of its result";
  private static final String PERIODIC =
      "it is periodic: where its operand spans many periods, a step is a part of one";

  /** What lowers where another tool has quantized a model, and cpu's own rules leave in float. */
  private static final SortedMap<String, String> DELIBERATE =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("Acos", STEEP),
              Map.entry("Acosh", STEEP),
              Map.entry("Asin", STEEP),
              Map.entry("Asinh", "it is rare"),
              Map.entry("Atanh", STEEP),
              Map.entry("Ceil", JUMPS),
              Map.entry("Cos", PERIODIC),
              Map.entry("Cosh", STEEP),
              Map.entry("Floor", JUMPS),
              Map.entry("Round", JUMPS),
              Map.entry("Shrink", JUMPS),
              Map.entry("Sin", PERIODIC),
              Map.entry("Sinh", STEEP),
              Map.entry("Swish", "ONNX Runtime 1.29, which is to run files of `cpu`, has none"),
              Map.entry("Tan", STEEP),
              Map.entry("ThresholdedRelu", JUMPS)));

  /** What ONNX Runtime has in the domain of the standard, which does not have it. */
  private static final Set<String> OF_ONNX_RUNTIME = Set.of("SimplifiedLayerNormalization");

  @Test
  void thePageIsCurrent() throws IOException {
    String page = OperatorsPage.markdown(BackendPagesTest.backends(), DELIBERATE);
    new GeneratedPage("cli", OperatorsPageTest.class).requireCurrent(PAGE, page);
  }

  @Test
  void whatLowersIsClaimedByCpuOrLeftAloneOnPurpose() {
    List<RuleBackend> cpu =
        BackendPagesTest.backends().stream().filter(b -> b.name().equals("cpu")).toList();
    assertEquals(1, cpu.size());
    Set<OpType> claimed = OperatorsPage.claims(cpu).keySet();
    Set<String> unclaimed = new TreeSet<>();
    for (OperatorDefinition definition : Operators.byType().values()) {
      boolean lowers =
          !definition.computesIntegers() && Operators.onIntegers(definition.op()).isPresent();
      if (lowers && !claimed.contains(definition.op())) {
        unclaimed.add(definition.op().toString());
      }
    }
    assertEquals(DELIBERATE.keySet(), unclaimed);
  }

  @Test
  void whatLowersWithEightBitsLowersWithSixteen() {
    for (OperatorDefinition definition : Operators.byType().values()) {
      definition
          .lowering()
          .ifPresent(
              rule -> assertEquals(Short.SIZE, rule.mostBits(), () -> definition.op().toString()));
    }
  }

  @Test
  void everyOperatorWithAKernelRunsSinceItsStandardHasIt() {
    for (OperatorDefinition definition : Operators.byType().values()) {
      if (definition.kernel().isPresent()
          && definition.op().domain().isEmpty()
          && !OF_ONNX_RUNTIME.contains(definition.op().name())) {
        long first = OperatorSignature.of(definition.op()).orElseThrow().versions().first();
        long version = Math.max(first, OperatorDefinition.OLDEST_OPSET);
        assertEquals(version, definition.since(), definition::toString);
      }
    }
  }

  @Test
  void whatIsLoweredFromIsDefined() {
    for (OperatorDefinition definition : Operators.byType().values()) {
      for (OpType from : definition.loweredFrom()) {
        assertTrue(
            Operators.find(from).flatMap(OperatorDefinition::kernel).isPresent(),
            () -> definition + " is lowered from " + from + ", which has no kernel");
      }
    }
  }

  @Test
  void everyOperatorOnIntegersHasAFormulaAndAnExactRule() {
    for (OperatorDefinition definition : Operators.byType().values()) {
      boolean integers =
          !definition.loweredFrom().isEmpty() || definition.op().name().endsWith("Integer");
      assertEquals(
          definition.exact().isPresent(), !definition.formula().isEmpty(), definition::toString);
      assertTrue(!integers || definition.exact().isPresent(), definition::toString);
    }
  }
}

package dev.octet.cli;

import static dev.octet.annotation.rules.MatchPoint.operand;
import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.float16;
import static dev.octet.annotation.rules.Specs.inputChannel;
import static dev.octet.annotation.rules.Specs.int8;
import static dev.octet.annotation.rules.Specs.outputChannel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.SpecTemplate;
import dev.octet.annotation.rules.Specs;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Storage;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.inspect.Inspection;
import dev.octet.workflow.report.Report;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code inspect} says of constants that one DequantizeLinear cannot give. */
class FloatFormInspectionTest {

  private static final float[] WEIGHTS = {3f, 6f, -1f, -2f, 0.2f, 0.4f, -0.3f, -0.6f};

  private static Report inspected(SpecTemplate weight) {
    Model model =
        CommandFixture.model(
            List.of(Node.of("dense", OpType.onnx("MatMul"), List.of("x", "w"), List.of("y"))),
            Map.of("w", Tensor.of(WEIGHTS, 4, 2)),
            13,
            CommandFixture.value("x", 2, 4),
            CommandFixture.value("y", 2, 2));
    BackendRules rules =
        BackendRules.named("acme")
            .rule("dense", op("MatMul").constantOperand(1))
            .mark(operand(1), weight)
            .build();
    return Inspection.of(VendorRun.of(rules, model, Map.of()).quantized());
  }

  private static Tree.Mapping json(Report report) {
    return report.json(true).asMapping();
  }

  /** The only point of a model: operand 1 of the product, by the name of the user's constant. */
  private static Tree.Mapping point(Report report) {
    List<Tree> nodes = json(report).get("nodes").asItems();
    assertEquals(1, nodes.size(), nodes::toString);
    assertEquals("dense", nodes.get(0).asMapping().get("name").asText());
    List<Tree> operands = nodes.get(0).asMapping().get("operands").asItems();
    assertEquals(1, operands.size(), operands::toString);
    assertEquals(1, operands.get(0).asMapping().get("index").asInt());
    assertEquals("w", operands.get(0).asMapping().get("tensor").asText());
    return operands.get(0).asMapping().get("spec").asMapping();
  }

  private static List<Float> numbers(Report report, String field) {
    return json(report)
        .get("parameters")
        .asMapping()
        .get("0")
        .asMapping()
        .get(field)
        .asItems()
        .stream()
        .map(number -> number.asNumber().floatValue())
        .toList();
  }

  @Test
  void zeroPointsThatAreFractionsOfChannels() {
    Report report =
        inspected(
            Specs.of(Storage.UINT2)
                .symmetric()
                .realZeroPoints()
                .weightOnly()
                .perChannel(outputChannel()));
    assertEquals("uint2", point(report).get("type").asText());
    assertEquals("per-channel", point(report).get("granularity").asText());
    assertEquals(1, point(report).get("axis").asInt());
    assertEquals(List.of(2.0f, 4.0f), numbers(report, "scale"));
    assertEquals(List.of(1.5f, 1.5f), numbers(report, "zeroPoint"));
    assertTrue(report.text().contains("2 scales per-channel on axis 1"), report.text());
  }

  @Test
  void zeroPointsThatAreFractionsOfGroups() {
    Report report =
        inspected(
            Specs.of(Storage.UINT2)
                .symmetric()
                .realZeroPoints()
                .weightOnly()
                .perGroup(inputChannel(), 2));
    assertEquals("per-group", point(report).get("granularity").asText());
    assertEquals(0, point(report).get("axis").asInt());
    assertEquals(2, point(report).get("groupSize").asInt());
    assertEquals(List.of(1.5f, 1.5f, 1.5f, 1.5f), numbers(report, "zeroPoint"));
    assertTrue(report.text().contains("4 scales per-group on axis 0"), report.text());
  }

  @Test
  void oneZeroPointThatIsAFraction() {
    Report report = inspected(Specs.of(Storage.UINT2).symmetric().realZeroPoints().weightOnly());
    assertEquals("per-tensor", point(report).get("granularity").asText());
    assertEquals(List.of(4.0f), numbers(report, "scale"));
    assertTrue(report.text().contains("scale 4.0, zero point 1.5"), report.text());
  }

  @Test
  void blocksOverTwoAxes() {
    Report report =
        inspected(
            int8()
                .range(-127, 127)
                .symmetric()
                .weightOnly()
                .granularity(new Granularity.PerBlock(List.of(2L, 2L))));
    assertEquals("per-block", point(report).get("granularity").asText());
    assertEquals(
        List.of(2, 2),
        point(report).get("blockSizes").asItems().stream().map(Tree::asInt).toList());
    assertEquals(List.of(6f / 127, 0.6f / 127), numbers(report, "scale"));
    assertEquals(List.of(0f, 0f), numbers(report, "zeroPoint"));
    assertTrue(report.text().contains("2 scales per-block of blocks of [2, 2]"), report.text());
  }

  @Test
  void aNarrowerFloatHasNoScale() {
    Report report = inspected(float16());
    Tree.Mapping node = json(report).get("nodes").asItems().get(1).asMapping();
    assertEquals("dense", node.get("name").asText());
    Tree.Mapping operand = node.get("operands").asItems().get(0).asMapping();
    assertEquals("narrow-float", operand.get("spec").asMapping().get("kind").asText());
    assertEquals("float16", operand.get("spec").asMapping().get("type").asText());
    assertTrue(json(report).get("parameters").asMapping().entries().isEmpty());
    assertTrue(
        report.text().matches("(?s).*operand 1 +\\S+ +0 +FLOAT16 +no scale.*"), report.text());
  }
}

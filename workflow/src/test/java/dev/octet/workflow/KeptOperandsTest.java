package dev.octet.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.text.JsonText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeptOperandsTest {

  private static final QuantizationSpec INT8 =
      QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8));
  private static final QuantizationSpec KEPT = new QuantizationSpec.KeepFloat("wide");
  private static final Point READER = Point.operand("sum", 0);

  private static Model model() {
    return new Models()
        .input("x", 2)
        .constant("w", Tensor.of(new float[] {1, 2}, 2))
        .node("turn", "Neg", List.of("x"), "t")
        .node("sum", "Add", List.of("t", "w"), "y")
        .output("y", 1)
        .output("t", 1)
        .model(13);
  }

  private static List<Finding> findings(Map<Point, QuantizationSpec> marks) {
    return MarkingQuantizer.plan(model(), marks).findings();
  }

  @Test
  void saysThatAnOperandReadsWhatItsProducerQuantizes() {
    List<Finding> findings =
        findings(
            Map.of(READER, KEPT, Point.result("turn", 0), INT8, Point.operand("sum", 1), INT8));
    assertEquals(1, findings.size());
    Finding finding = findings.get(0);
    assertEquals("OCT-PLAN-102", finding.id());
    assertEquals(Finding.Severity.INFO, finding.severity());
    assertEquals(Optional.of("sum"), finding.node());
    assertEquals(
        "Operand 0 of 'sum' is to stay float (wide), but result 0 of 'turn' gives 't' as int8: it"
            + " reads those integers, dequantized.",
        finding.message());
  }

  @Test
  void saysNothingOfAnOperandThatReadsAFloat() {
    assertEquals(List.of(), findings(Map.of(READER, KEPT, Point.operand("sum", 1), INT8)));
    assertEquals(
        List.of(),
        findings(
            Map.of(READER, KEPT, Point.result("turn", 0), KEPT, Point.result("sum", 0), INT8)));
    assertEquals(
        List.of(), findings(Map.of(Point.operand("sum", 1), KEPT, Point.result("turn", 0), INT8)));
  }

  @Test
  void saysItOfAnOperandThatAnEditOfThePlanKeeps() {
    MarkingQuantizer quantizer =
        new MarkingQuantizer(
            Map.of(READER, INT8, Point.operand("sum", 1), INT8, Point.result("turn", 0), INT8),
            Set.of());
    QuantizerProvider provider = QuantizerProvider.of("test", quantizer);
    Plan plan = Quantization.plan(QuantizationRequest.of(model(), provider));
    assertEquals(List.of(), plan.findings());
    String text = JsonText.write(plan.document().toTree());
    int sum = text.indexOf("\"name\": \"sum\"");
    String edited =
        text.substring(0, sum)
            + text.substring(sum)
                .replaceFirst(
                    "\"group\": \"[^\"]*\"",
                    "\"spec\": {\"kind\": \"keep-float\", \"reason\": \"by hand\"}");
    PlanDocument document = PlanDocument.fromTree(JsonText.parse(edited, "plan.json"));
    Plan bound = Quantization.bind(document, model(), provider);
    assertEquals(Optional.empty(), bound.group(READER));
    Finding finding = bound.findings().get(0);
    assertEquals("OCT-PLAN-102", finding.id());
    assertEquals(
        "Operand 0 of 'sum' is to stay float (by hand), but result 0 of 'turn' gives 't' as int8:"
            + " it reads those integers, dequantized.",
        finding.message());
    assertEquals(1, bound.findings().size());
  }

  @Test
  void saysItOnceOfAPlanThatIsTakenUp() {
    MarkingQuantizer quantizer =
        new MarkingQuantizer(
            Map.of(READER, KEPT, Point.operand("sum", 1), INT8, Point.result("turn", 0), INT8),
            Set.of());
    QuantizerProvider provider = QuantizerProvider.of("test", quantizer);
    Plan plan = Quantization.plan(QuantizationRequest.of(model(), provider));
    Plan bound = Quantization.bind(plan.document(), model(), provider);
    assertEquals(1, plan.findings().size());
    assertEquals(plan.findings(), bound.findings());
  }
}

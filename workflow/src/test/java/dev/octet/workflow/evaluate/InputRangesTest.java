package dev.octet.workflow.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.Finding;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.report.Report;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InputRangesTest {

  /** Quantizes what is handed on of x. */
  private static Models quantized(float scale, Tensor zero) {
    return new Models()
        .samples("x", 2)
        .constant("s", Tensor.of(new float[] {scale}))
        .constant("z", zero)
        .node("turn", "Transpose", List.of("x"), "t", Attribute.of("perm", List.of(0L, 1L)))
        .node("q", "QuantizeLinear", List.of("t", "s", "z"), "xq")
        .node("d", "DequantizeLinear", List.of("xq", "s", "z"), "y")
        .output("y", 2);
  }

  private static Tensor zero(DataType type, int value) {
    return Tensor.of(type, new byte[] {(byte) value});
  }

  private static InputRanges seen(Model model, float... data) {
    InputRanges ranges = InputRanges.of(model);
    ranges.add(Map.of("x", Tensor.of(data, data.length)));
    return ranges;
  }

  private static InputRange range(Model model, float... data) {
    return seen(model, data).list().get(0);
  }

  @Test
  void tellsTheRangeThatTheIntegersMean() {
    InputRange unsigned = range(quantized(0.5f, zero(DataType.UINT8, 10)).model(13), 0, 100);
    assertEquals(-5, unsigned.min());
    assertEquals(122.5, unsigned.max());
    assertEquals(100 / 127.5, unsigned.used());
    assertEquals(0, unsigned.clipped());
    InputRange signed = range(quantized(0.5f, zero(DataType.INT8, 0)).model(13), 0);
    assertEquals(-64, signed.min());
    assertEquals(63.5, signed.max());
    assertEquals(0, signed.used());
  }

  /** The last integer also stands for what lies half a step further. */
  @Test
  void clipsWhatNoIntegerIsNear() {
    Model model = quantized(0.5f, zero(DataType.UINT8, 0)).model(13);
    InputRange range =
        range(
            model,
            127.5f,
            127.74f,
            127.8f,
            -0.25f,
            -0.26f,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.NaN);
    assertEquals(7, range.elements());
    assertEquals(4, range.clipped());
    assertEquals(-0.26f, range.dataMin());
    assertEquals(127.8f, range.dataMax());
    assertEquals(1, range.used());
  }

  private static List<String> findings(Model model, float... data) {
    Report report = new Report();
    seen(model, data).addTo(report);
    return report.findings().stream().map(Finding::id).toList();
  }

  @Test
  void findsDataThatIsNotWhatWasCalibratedFor() {
    Model model = quantized(1 / 255f, zero(DataType.UINT8, 0)).model(13);
    assertEquals(List.of("OCT-CLI-103"), findings(model, 0, 128, 255));
    assertEquals(List.of("OCT-CLI-104"), findings(model, 0, 0.5f / 255, 1 / 255f));
    assertEquals(List.of(), findings(model, 0, 0.5f, 1));
    float[] once = new float[100];
    once[0] = 1;
    once[1] = 2;
    assertEquals(List.of(), findings(model, once), "one of a hundred");
    once[2] = 2;
    assertEquals(List.of("OCT-CLI-103"), findings(model, once), "two of a hundred");
  }

  @Test
  void inputsWithoutOneScaleHaveNoRange() {
    Model each =
        quantized(1, zero(DataType.UINT8, 0))
            .constant("s", Tensor.of(new float[] {1, 2}, 2))
            .constant("z", Tensor.of(DataType.UINT8, new byte[2], 2))
            .model(13);
    assertEquals(List.of(), seen(each, 1).list());
    Model none = new Models().samples("x", 2).node("r", "Relu", List.of("x"), "y").model(13);
    assertEquals(List.of(), seen(none, 1).list());
    assertEquals(List.of(), findings(none, 1));
  }
}

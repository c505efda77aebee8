package dev.octet.cli.forms;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What backends emit runs in ONNX Runtime at its defaults. */
class FormSweepTest {

  private final FormSweep sweep = new FormSweep();

  private static OperatorForm average(long pad, Attribute... attributes) {
    return OperatorForm.of(
            Place.IMAGE,
            "AveragePool",
            Attribute.of("kernel_shape", List.of(3L, 3L)),
            Attribute.of("strides", List.of(2L, 2L)),
            Attribute.of("pads", List.of(pad, pad, pad, pad)))
        .with(attributes)
        .from(10);
  }

  static Stream<OperatorForm> kinds() {
    Attribute ceil = Attribute.of("ceil_mode", 1);
    Attribute counted = Attribute.of("count_include_pad", 1);
    Attribute apart = Attribute.of("dilations", List.of(2L, 2L));
    OperatorForm pad = OperatorForm.of(Place.IMAGE, "Pad").indices("pads", 1, 0, 0, 2);
    return Stream.of(
        average(1, ceil, counted).called("that counts padding in windows that leave it"),
        average(1, ceil).called("with windows that leave the padding").mustBeInteger(),
        average(0, ceil, counted).called("that counts no padding").mustBeInteger(),
        average(1, counted).called("that counts padding").mustBeInteger(),
        average(1, ceil, apart).called("with dilations").from(19),
        average(1, Attribute.of("dilations", List.of(1L, 1L)))
            .called("with dilations of one")
            .from(19)
            .mustBeInteger(),
        pad.reads("").indices("axes", 2, 3).called("of two axes").from(18).mustBeInteger(),
        pad.constant("value", Tensor.of(new float[] {0}))
            .indices("axes", 1, -1)
            .called("of two axes, with a value")
            .from(18)
            .mustBeInteger(),
        OperatorForm.of(Place.ROWS, "Gemm")
            .constant("w", Place.numbers(3, 8, 8))
            .constant("b", Place.numbers(5, 8))
            .called("with a bias")
            .mustBeInteger());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyBackendEmitsWhatOnnxRuntimeRunsAtItsDefaults(OperatorForm form) {
    List<String> wrong = new ArrayList<>();
    for (long opset : List.of(form.since(), form.until())) {
      for (FormSweep.Target target : FormSweep.targets()) {
        FormSweep.Result result = sweep.tried(form, opset, target);
        boolean ours = target.backend().equals("cpu") || target.backend().equals("onnxruntime");
        if (result.outcome() != FormSweep.Outcome.EQUAL
            || (ours && form.integer() && !result.integer())) {
          wrong.add(form.name() + " on " + opset + " for " + target + ": " + result);
        }
      }
    }
    assertEquals(List.of(), wrong);
  }
}

package dev.octet.cli;

import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.float16;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file with float16 points gives the same numbers wherever it runs. */
class NarrowFloatRuntimesTest {

  private static final float[] IN = {
    1 + 0x1p-11f, -(1 + 0x3p-11f), 65504, 65519.996f, 65520, 0x1p-25f, 0x1.8p-25f, 1f / 3
  };
  private static final float[] OUT = {
    1, 0, 65504, 65504, Float.POSITIVE_INFINITY, 0, 0x1p-24f, 0x1.554p-2f
  };

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "onnxruntime"})
  void roundsHalfToEvenInTheFile(String runtime) {
    Model floats =
        CommandFixture.model(
            List.of(CommandFixture.node("Relu", "in", "out")),
            Map.of(),
            13,
            CommandFixture.value("in", IN.length),
            CommandFixture.value("out", IN.length));
    BackendRules rules =
        BackendRules.named("acme").rule("relu", op("Relu")).activation(float16()).build();
    Model narrow =
        Quantization.convert(
                Quantization.plan(
                    QuantizationRequest.of(
                        floats, QuantizerProvider.of("acme", rules.quantizer()))))
            .model();
    OnnxFormat onnx = new OnnxFormat();
    Model read = onnx.read(onnx.toBytes(narrow), "float16.onnx");
    assertEquals(
        List.of("Cast", "Cast", "Relu"),
        read.graph().nodes().stream().map(node -> node.op().name()).toList());
    try (ExecutableModel loaded =
        QuantizerCatalog.discover(getClass().getClassLoader())
            .runtime(runtime)
            .load(LoadRequest.of(read, Parallelism.threads(1)))) {
      Tensor out = loaded.run(Map.of("in", Tensor.of(IN, IN.length))).get("out");
      assertArrayEquals(OUT, out.floats());
    }
  }
}

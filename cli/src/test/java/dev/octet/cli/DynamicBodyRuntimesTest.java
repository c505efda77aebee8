package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec.Observed;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A file with scales for each row inside of a Loop gives the same numbers wherever it runs. */
class DynamicBodyRuntimesTest {

  private static final float[] IN = {0.5f, -1.25f, 3f, 0.125f, -7f, 0.25f, 0.0625f, 100f};

  /** int8 activations for each row, int8 weights that stand outside of the body. */
  private static final Quantizer BY_HAND =
      new Quantizer() {
        @Override
        public void annotate(AnnotationContext context) {
          for (Node node : context.nodes()) {
            if (node.op().is("MatMul")) {
              context.claim("product", List.of(node));
              context.markOperand(
                  node,
                  0,
                  Observed.of(QuantizedType.of(Storage.INT8))
                      .withMode(Mode.DYNAMIC)
                      .withGranularity(new Granularity.PerToken()));
              context.markOperand(
                  node,
                  1,
                  Observed.of(new QuantizedType(Storage.INT8, -127, 127))
                      .withScheme(Scheme.symmetric()));
            }
          }
        }
      };

  @Test
  void cpuAndOnnxRuntimeAgreeOnALoop() {
    Model converted =
        Quantization.convert(
                Quantization.plan(
                    QuantizationRequest.of(loop(), QuantizerProvider.of("acme", BY_HAND))))
            .model();
    OnnxFormat onnx = new OnnxFormat();
    Model read = onnx.read(onnx.toBytes(converted), "loop.onnx");
    Graph body = read.graph().node("loop").orElseThrow().subgraphs().get(0);
    assertEquals(1, body.nodes().stream().filter(n -> n.op().is("QuantizeLinear")).count());
    assertArrayEquals(run("cpu", read), run("onnxruntime", read), 1e-5f);
  }

  private float[] run(String runtime, Model model) {
    try (ExecutableModel loaded =
        QuantizerCatalog.discover(getClass().getClassLoader())
            .runtime(runtime)
            .load(LoadRequest.of(model, Parallelism.threads(1)))) {
      return loaded.run(Map.of("in", Tensor.of(IN, 2, 4))).get("out").floats();
    }
  }

  private static Model loop() {
    float[] weights = new float[16];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (i * 7 % 11 - 5) / 16f;
    }
    ValueType rows = ValueType.TensorType.of(DataType.FLOAT, Shape.of(2, 4));
    Graph body =
        new Graph(
            "body",
            List.of(
                scalar("i", DataType.INT64), scalar("go", DataType.BOOL), ValueInfo.of("v", rows)),
            List.of(scalar("more", DataType.BOOL), ValueInfo.of("o", rows)),
            Map.of(),
            List.of(
                Node.of("hold", OpType.onnx("Identity"), List.of("go"), List.of("more")),
                Node.of("gate", OpType.onnx("Relu"), List.of("v"), List.of("r")),
                Node.of("inner", OpType.onnx("MatMul"), List.of("r", "w"), List.of("o"))),
            Map.of(),
            Optional.empty());
    Node loop =
        Node.of(
            "loop",
            OpType.onnx("Loop"),
            List.of("m", "", "in"),
            List.of("out"),
            new Attribute("body", new Attribute.GraphValue(body), Optional.empty()));
    return CommandFixture.model(
        List.of(loop),
        Map.of("w", Tensor.of(weights, 4, 4), "m", Tensor.of(new long[] {3})),
        21,
        CommandFixture.value("in", 2, 4),
        CommandFixture.value("out", 2, 4));
  }

  private static ValueInfo scalar(String name, DataType type) {
    return ValueInfo.of(name, ValueType.TensorType.of(type, Shape.of()));
  }
}

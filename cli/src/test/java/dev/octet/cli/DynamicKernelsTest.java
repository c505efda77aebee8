package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.lower.QdqLowering;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.source.Int8DynActInt4WeightQuantizer;
import dev.octet.workflow.source.Int8DynamicActivationInt8WeightConfig;
import dev.octet.workflow.source.SourceQuantization;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever asks for activations that are quantized while the model runs gets the same kernels. */
class DynamicKernelsTest {

  private static final OpType PRODUCT = new OpType("dev.octet", "MatMulIntegerToFloat");

  /** Two MatMuls with a Relu between them. */
  private static Model model() {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    Random random = new Random(3);
    for (String name : List.of("w", "v")) {
      float[] elements = new float[64 * 64];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = (float) random.nextGaussian();
      }
      constants.put(name, Tensor.of(elements, 64, 64));
    }
    List<Node> nodes =
        List.of(
            Node.of("first", OpType.onnx("MatMul"), List.of("in", "w"), List.of("a")),
            Node.of("relu", OpType.onnx("Relu"), List.of("a"), List.of("b")),
            Node.of("second", OpType.onnx("MatMul"), List.of("b", "v"), List.of("out")));
    return CommandFixture.model(
        nodes,
        constants,
        21,
        CommandFixture.value("in", "N", 64),
        CommandFixture.value("out", "N", 64));
  }

  /** Returns the operators that multiply after lowering. */
  private static List<OpType> products(Model quantized) {
    return QdqLowering.lower(quantized, OperatorSet.standard()).model().graph().nodes().stream()
        .map(Node::op)
        .filter(op -> op.name().contains("MatMul"))
        .toList();
  }

  @Test
  void sourceQuantization() {
    assertEquals(
        List.of(PRODUCT, PRODUCT),
        products(
            Int8DynActInt4WeightQuantizer.builder()
                .groupSize(32)
                .build()
                .quantize(model())
                .model()));
    assertEquals(
        List.of(PRODUCT, PRODUCT),
        products(
            SourceQuantization.quantize(
                    model(), Int8DynamicActivationInt8WeightConfig.builder().build())
                .model()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"xnnpack", "x86"})
  void dynamicModesOfBackends(String backend) {
    QuantizerProvider provider =
        QuantizerCatalog.discover(getClass().getClassLoader()).provider(backend);
    QuantizationRequest request =
        QuantizationRequest.of(model(), provider).options(Options.of("mode", "dynamic"));
    assertEquals(
        List.of(PRODUCT, PRODUCT),
        products(Quantization.convert(Quantization.plan(request)).model()));
  }

  /** Weights of 4 bits in groups of 32, and activations per row. */
  private static final class Vendor implements QuantizerProvider {
    @Override
    public String name() {
      return "acme";
    }

    @Override
    public String description() {
      return "blocks of four bits";
    }

    @Override
    public List<Capability> capabilities(Options options) {
      return List.of();
    }

    @Override
    public Quantizer create(Options options) {
      return Vendor::annotate;
    }

    private static void annotate(AnnotationContext context) {
      QuantizationSpec rows =
          QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8))
              .withGranularity(new Granularity.PerToken())
              .withMode(Mode.DYNAMIC)
              .withObserver(ObserverSpec.minMax());
      QuantizationSpec groups =
          QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT4))
              .withScheme(Scheme.symmetric())
              .withGranularity(new Granularity.PerGroup(0, 32))
              .withMode(Mode.WEIGHT_ONLY)
              .withObserver(ObserverSpec.minMax());
      for (Node node : context.graph().nodes()) {
        if (node.op().is("MatMul")) {
          context.claim("product", List.of(node));
          context.markOperand(node, 0, rows);
          context.markOperand(node, 1, groups);
        }
      }
    }
  }

  @Test
  void fourBitsInBlocksOfAVendor() {
    Model quantized =
        Quantization.convert(Quantization.plan(QuantizationRequest.of(model(), new Vendor())))
            .model();
    assertEquals(List.of(PRODUCT, PRODUCT), products(quantized));
    assertEquals(
        2,
        Stream.of("w", "v")
            .filter(
                name ->
                    quantized.graph().initializers().get(name + "_quantized").byteCount() == 2048)
            .count());
  }
}

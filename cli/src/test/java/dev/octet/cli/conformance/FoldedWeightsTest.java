package dev.octet.cli.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.api.tree.Tree;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.SeenSamples;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.text.JsonText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Folds the BatchNormalization of real models, quantizes the weights per channel as PyTorch's
 * XNNPACK quantizer does, and compares scales and integers with its own, bit for bit.
 */
class FoldedWeightsTest {

  private static final Scheme SCHEME =
      Scheme.symmetric().withProfile(NumericProfile.torch().withScaleFloor(0x1p-12f));

  @ParameterizedTest
  @CsvSource({
    "models/mlperf_kws/kws_ds_cnn.onnx, kws, 10, 9",
    "models/cifar_resnet20/resnet20.onnx, resnet20, 20, 19"
  })
  void weightsHaveTheBitsOfPyTorch(String file, String golden, int layers, int folded)
      throws Exception {
    Model model = new OnnxFormat().read(existing("octet.corpora", file));
    Path expected =
        existing("octet.goldens", "backends/models/" + golden + "/xnnpack.static_pc.b1.json");
    Plan plan =
        Quantization.plan(
            QuantizationRequest.of(model, QuantizerProvider.of("test", weightsOnly())));
    assertEquals(folded, plan.nodes().stream().filter(node -> node.folded().isPresent()).count());
    Calibration none =
        new Calibration(plan.prepared().preparedHash(), SeenSamples.unknown(0), List.of());
    Graph graph = Quantization.convert(plan, none).model().graph();
    List<Tree.Mapping> weights = weights(JsonText.read(expected));
    List<Node> quantized = graph.nodes().stream().filter(FoldedWeightsTest::isLayer).toList();
    assertEquals(layers, weights.size());
    assertEquals(layers, quantized.size());
    for (int i = 0; i < layers; i++) {
      compare(graph, quantized.get(i), weights.get(i));
    }
  }

  private static void compare(Graph graph, Node layer, Tree.Mapping golden) throws Exception {
    Node dequantize = graph.producer(layer.operands().get(1)).orElseThrow();
    Tensor scale = constant(graph, dequantize.operands().get(1));
    List<String> bits = new ArrayList<>();
    for (float s : scale.floats()) {
      bits.add("%08x".formatted(Float.floatToRawIntBits(s)));
    }
    assertEquals(golden.get("scale_f32_hex").asText(), String.join(" ", bits), layer.name());
    Tree.Mapping values = golden.get("values").asMapping();
    Tree hash = values.find("sha256_without_grown").orElseGet(() -> values.get("sha256"));
    Tensor integers = constant(graph, dequantize.operands().get(0));
    byte[] bytes = integers.bytes();
    if (axis(layer) == 1) {
      bytes = transposed(bytes, integers.sizes());
    }
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
    assertEquals(hash.asText(), HexFormat.of().formatHex(digest), layer.name());
  }

  private static byte[] transposed(byte[] matrix, long[] sizes) {
    int rows = (int) sizes[0];
    int columns = (int) sizes[1];
    byte[] turned = new byte[matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      turned[i % columns * rows + i / columns] = matrix[i];
    }
    return turned;
  }

  /** Marks the weight of every Conv and Gemm. */
  private static Quantizer weightsOnly() {
    return new Quantizer() {
      @Override
      public void annotate(AnnotationContext context) {
        for (Node node : context.graph().nodes()) {
          if (isLayer(node)) {
            context.claim("weight", List.of(node));
            context.markOperand(
                node,
                1,
                QuantizationSpec.Observed.of(new QuantizedType(Storage.INT8, -127, 127))
                    .withScheme(SCHEME)
                    .withGranularity(new Granularity.PerChannel(axis(node))));
          }
        }
      }
    };
  }

  private static boolean isLayer(Node node) {
    return node.op().is("Conv") || node.op().is("Gemm");
  }

  private static int axis(Node node) {
    return node.op().is("Gemm") && node.intAttribute("transB", 0) == 0 ? 1 : 0;
  }

  private static List<Tree.Mapping> weights(Tree golden) {
    return golden.asMapping().get("qparams").asItems().stream()
        .map(Tree::asMapping)
        .filter(q -> q.get("producer_op").asText().equals("constant"))
        .toList();
  }

  private static Tensor constant(Graph graph, String name) {
    Map<String, Tensor> constants = graph.initializers();
    assertTrue(constants.containsKey(name), name);
    return constants.get(name);
  }

  private static Path existing(String property, String relative) {
    String folder = System.getProperty(property);
    assumeTrue(folder != null, property + " is not set");
    Path path = Path.of(folder, relative);
    assumeTrue(Files.exists(path), path + " is not there");
    return path;
  }
}

package dev.octet.cli.conformance;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.tree.Tree;
import dev.octet.cli.conformance.GoldenDecisions.TorchSpec;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.SeenSamples;
import dev.octet.workflow.plan.Plan;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Compares the integers and scales of constants that are watched by min-max, bit for bit. They need
 * no samples: the constants alone are quantized, as the plan says.
 */
final class ConstantComparison {

  private final GoldenDecisions golden;
  private final SortedMap<Point, Tree.Mapping> expected = new TreeMap<>();
  private final List<String> differences = new ArrayList<>();
  private int equal;
  private int atOtherFloors;

  private ConstantComparison(GoldenDecisions golden) {
    this.golden = golden;
  }

  static ConstantComparison of(Model model, Plan plan, GoldenDecisions golden) {
    ConstantComparison comparison = new ConstantComparison(golden);
    comparison.findConstants(plan.prepared().model().graph());
    comparison.compare(model, plan);
    return comparison;
  }

  int equal() {
    return equal;
  }

  List<String> differences() {
    return differences;
  }

  /** Returns how many constants have the smallest scale in the file, where ours is another. */
  int atOtherFloors() {
    return atOtherFloors;
  }

  private void findConstants(Graph graph) {
    GoldenPoints points = GoldenPoints.of(golden, graph);
    for (Tree.Mapping constant : golden.constants()) {
      TorchSpec spec = golden.specs().get(constant.get("group").asInt());
      if (!spec.isWatchedByMinMax()) {
        continue;
      }
      if (isAtOtherFloor(constant, spec)) {
        atOtherFloors++;
        continue;
      }
      for (Tree use : constant.get("used_by").asItems()) {
        String node = use.asItems().get(0).asText();
        Optional<Point> point = points.operand(node, use.asItems().get(1).asText());
        if (point.isPresent()) {
          expected.put(point.get(), constant);
        } else {
          differences.add("no operand for " + constant.get("tensor").asText());
        }
      }
    }
  }

  private boolean isAtOtherFloor(Tree.Mapping constant, TorchSpec spec) {
    return golden.hasOtherFloor(constant.get("group").asInt())
        && constant.get("scale_f32_hex").asText().equals(hex(spec.floor()));
  }

  private void compare(Model model, Plan plan) {
    SortedMap<Point, QuantizationSpec> specs = new TreeMap<>();
    for (Point point : expected.keySet()) {
      plan.group(point)
          .ifPresentOrElse(
              group -> specs.put(point, group.spec()), () -> differences.add(point + " is float"));
    }
    if (specs.isEmpty()) {
      return;
    }
    Plan constants =
        Quantization.plan(
            QuantizationRequest.of(
                model, QuantizerProvider.of("constants", new MarksOfConstants(specs))));
    Calibration none =
        new Calibration(constants.prepared().preparedHash(), SeenSamples.unknown(0), List.of());
    Graph quantized = Quantization.convert(constants, none).model().graph();
    specs.keySet().forEach(point -> compare(quantized, point));
  }

  private void compare(Graph quantized, Point point) {
    Tree.Mapping constant = expected.get(point);
    Node layer = quantized.node(point.node()).orElseThrow();
    Node dequantize = quantized.producer(layer.operands().get(point.index())).orElseThrow();
    Map<String, Tensor> constants = quantized.initializers();
    String scales = hex(constants.get(dequantize.operands().get(1)));
    String integers = digest(layer, constants.get(dequantize.operands().get(0)));
    Tree.Mapping values = constant.get("values").asMapping();
    String wanted =
        values.find("sha256_without_grown").orElseGet(() -> values.get("sha256")).asText();
    boolean sameScales = scales.equals(constant.get("scale_f32_hex").asText());
    if (sameScales && integers.equals(wanted)) {
      equal++;
    } else {
      differences.add((sameScales ? "integers of " : "scales of ") + point);
    }
  }

  private static String hex(Tensor scales) {
    List<String> bits = new ArrayList<>();
    for (float scale : scales.floats()) {
      bits.add(hex(scale));
    }
    return String.join(" ", bits);
  }

  private static String hex(float scale) {
    return "%08x".formatted(Float.floatToRawIntBits(scale));
  }

  private static String digest(Node layer, Tensor integers) {
    byte[] bytes = new byte[(int) integers.byteCount()];
    integers.data().get(bytes);
    if (DecisionComparison.holdsItsWeightTransposed(layer) && integers.rank() == 2) {
      bytes = transposed(bytes, integers.sizes());
    }
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] transposed(byte[] matrix, long[] sizes) {
    int rows = (int) sizes[0];
    int columns = (int) sizes[1];
    int width = matrix.length / (rows * columns);
    byte[] turned = new byte[matrix.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int from = (row * columns + column) * width;
        System.arraycopy(matrix, from, turned, (column * rows + row) * width, width);
      }
    }
    return turned;
  }

  /** Marks constants alone, each as it is told. */
  private record MarksOfConstants(SortedMap<Point, QuantizationSpec> specs) implements Quantizer {
    @Override
    public void annotate(AnnotationContext context) {
      specs.forEach(
          (point, spec) -> {
            Node node = context.graph().node(point.node()).orElseThrow();
            if (!context.isClaimed(node)) {
              context.claim("constant", List.of(node));
            }
            context.markOperand(node, point.index(), spec);
          });
    }
  }
}

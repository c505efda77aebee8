package dev.octet.tck.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Tree;
import dev.octet.tck.integers.Meaning;
import dev.octet.tck.integers.Operand;
import dev.octet.tck.integers.Step;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The float rounding of sums is that of XNNPACK, whose own integers are compared. */
class XnnpackGoldensTest {

  private static final Pattern SHAPE =
      Pattern.compile("'descr': '.(\\w\\d)'.*'shape': \\((.*?)\\)");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "conv3x3",
        "conv3x3_dilated",
        "conv_grouped",
        "linear",
        "linear_long_k",
        "linear_per_tensor"
      })
  void floatHalfEvenGivesTheIntegersOfXnnpack(String name) throws IOException {
    String goldens = System.getProperty("octet.goldens", "");
    Path folder = Path.of(goldens, "backends", "xnnpack", name);
    assumeTrue(
        !goldens.isEmpty() && Files.isDirectory(folder),
        "octet.goldens names no folder with backends/xnnpack/" + name);
    Tree.Mapping root =
        JsonText.parse(Files.readString(folder.resolve("case.json")), name).asMapping();
    Tensor expected = npy(folder.resolve("y_xnnpack_q.npy"));
    Map<String, Tensor> integers =
        Map.of(
            "x", npy(folder.resolve("x0_q.npy")),
            "w", npy(folder.resolve("weight_q.npy")),
            "b", npy(folder.resolve("bias_i32.npy")));
    Allowed allowed = Sums.of(step(root), integers, expected.sizes()).floatHalfEven();
    long[] computed = new long[expected.integers().length];
    Arrays.setAll(computed, allowed::expected);
    assertArrayEquals(expected.integers(), computed);
  }

  private static Step step(Tree.Mapping root) {
    Tree.Mapping node =
        root.get("nodes").asItems().stream()
            .map(Tree::asMapping)
            .filter(n -> n.get("op").asText().startsWith("aten."))
            .findFirst()
            .orElseThrow();
    boolean convolution = node.get("op").asText().startsWith("aten.conv");
    List<Tree> qparams = root.get("qparams").asItems();
    List<Operand> operands = new ArrayList<>();
    operands.add(new Operand.Stored("x", meaning(qparams.get(0).asMapping())));
    operands.add(new Operand.Stored("w", meaning(qparams.get(1).asMapping())));
    operands.add(new Operand.Stored("b", Meaning.perTensor(DataType.INT32, 1, 0)));
    return new Step(
        "n",
        OpType.onnx(convolution ? "Conv" : "Gemm"),
        convolution ? attributes(node) : List.of(Attribute.of("transB", 1)),
        operands,
        "y",
        meaning(qparams.get(2).asMapping()));
  }

  private static List<Attribute> attributes(Tree.Mapping node) {
    List<Attribute> attributes = new ArrayList<>();
    for (Tree operand : node.get("operands").asItems()) {
      Tree.Mapping one = operand.asMapping();
      switch (one.get("operand").asText()) {
        case "3" -> attributes.add(Attribute.of("strides", numbers(one)));
        case "4" -> {
          List<Long> pads = new ArrayList<>(numbers(one));
          pads.addAll(numbers(one));
          attributes.add(Attribute.of("pads", pads));
        }
        case "5" -> attributes.add(Attribute.of("dilations", numbers(one)));
        case "6" -> attributes.add(Attribute.of("group", one.get("literal").asLong()));
        default -> {}
      }
    }
    return attributes;
  }

  private static List<Long> numbers(Tree.Mapping operand) {
    return operand.get("literal").asItems().stream().map(Tree::asLong).toList();
  }

  private static Meaning meaning(Tree.Mapping parameters) {
    List<Float> scales =
        Arrays.stream(parameters.get("scale_f32_hex").asText().split(" "))
            .map(hex -> Float.intBitsToFloat(Integer.parseUnsignedInt(hex, 16)))
            .toList();
    return scales.size() > 1
        ? Meaning.perChannel(DataType.INT8, scales, 0)
        : new Meaning(DataType.INT8, scales, List.of(zeroPoint(parameters)), OptionalInt.empty());
  }

  private static long zeroPoint(Tree.Mapping parameters) {
    Tree zero = parameters.get("zero_point");
    return zero.isList() ? zero.asItems().get(0).asLong() : zero.asMapping().get("all").asLong();
  }

  /** Reads little-endian integers of 8 or 32 bits. */
  private static Tensor npy(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int length = (bytes[8] & 0xff) + ((bytes[9] & 0xff) << 8);
    String header = new String(bytes, 10, length, StandardCharsets.US_ASCII);
    Matcher matcher = SHAPE.matcher(header);
    if (!matcher.find()) {
      throw new IOException(file + ": " + header);
    }
    long[] sizes =
        Arrays.stream(matcher.group(2).split(","))
            .map(String::strip)
            .filter(size -> !size.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray();
    ByteBuffer data = ByteBuffer.wrap(bytes, 10 + length, bytes.length - 10 - length).slice();
    DataType type = matcher.group(1).equals("i1") ? DataType.INT8 : DataType.INT32;
    return Tensor.ofBytes(type, sizes, data);
  }
}

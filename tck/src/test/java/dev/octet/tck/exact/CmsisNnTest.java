package dev.octet.tck.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
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
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The double rounding is that of CMSIS-NN, whose own golden outputs are compared. */
class CmsisNnTest {

  @Test
  void doubleRoundingGivesTheConvolutionsOfCmsisNn() throws IOException {
    String corpora = System.getProperty("octet.corpora", "");
    Path folder = Path.of(corpora, "conformance", "cmsis_nn_json");
    assumeTrue(
        !corpora.isEmpty() && Files.isDirectory(folder),
        "octet.corpora names no folder with conformance/cmsis_nn_json");
    int compared = 0;
    boolean singleDiffers = false;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        Case golden = new Case(file);
        if (golden.isConvolution()) {
          assertArrayEquals(golden.array("output"), golden.outputs(true), file.toString());
          singleDiffers |= !Arrays.equals(golden.array("output"), golden.outputs(false));
          compared++;
        }
      }
    }
    assertTrue(compared >= 20, compared + " convolutions were compared");
    assertTrue(singleDiffers, "a single rounding gives the same, so nothing was told apart");
  }

  @Test
  void doubleRoundingGivesTheSumsOfCmsisNn() throws IOException {
    Path folder = Path.of(System.getProperty("octet.corpora", ""), "conformance", "cmsis_nn_json");
    for (String name : List.of("add", "add_s16_spill")) {
      Path file = folder.resolve(name + ".json");
      assumeTrue(Files.exists(file), "octet.corpora names no folder with " + file.getFileName());
      Case golden = new Case(file);
      assertArrayEquals(golden.array("output"), golden.sums(), file.toString());
    }
  }

  /** One file: numbers by the ends of their names. */
  private static final class Case {
    private final String name;
    private final Tree.Mapping config;
    private final Tree.Mapping arrays;

    private Case(Path file) throws IOException {
      Tree.Mapping root = JsonText.parse(Files.readString(file), file.toString()).asMapping();
      this.name = file.getFileName().toString().replace(".json", "");
      this.config = root.get("config").asMapping();
      this.arrays = root.get("arrays").asMapping();
    }

    private boolean isConvolution() {
      boolean named =
          Stream.of("conv_", "kernel1x1", "stride2pad1", "grouped_conv").anyMatch(name::startsWith);
      return named
          && !name.contains("int4")
          && Stream.of("input", "weights", "biases", "output_mult", "output_shift", "output")
              .allMatch(this::has)
          && arrays.entries().keySet().stream().noneMatch(key -> key.endsWith("_int16"));
    }

    private boolean has(String end) {
      return arrays.find(name + "_" + end).isPresent()
          || arrays.find(name + "_" + end + "_ref").isPresent();
    }

    private long[] array(String end) {
      return arrays
          .find(name + "_" + end)
          .or(() -> arrays.find(name + "_" + end + "_ref"))
          .orElseThrow()
          .asMapping()
          .get("data")
          .asItems()
          .stream()
          .mapToLong(Tree::asLong)
          .toArray();
    }

    private int number(String end) {
      return config.get(name.toUpperCase(Locale.ROOT) + "_" + end).asInt();
    }

    /** Both operands have the scale 1; the factors of the file are those of a result of scale 2. */
    private long[] sums() {
      assertEquals(0, number("INPUT1_SHIFT"));
      assertEquals(1 - number("LEFT_SHIFT"), number("OUTPUT_SHIFT"));
      DataType type = number("LEFT_SHIFT") == 20 ? DataType.INT8 : DataType.INT16;
      Step step =
          new Step(
              name,
              OpType.onnx("Add"),
              List.of(),
              List.of(
                  stored("a", type, -number("INPUT1_OFFSET")),
                  stored("b", type, -number("INPUT2_OFFSET"))),
              "y",
              Meaning.perTensor(type, 2, number("OUTPUT_OFFSET")));
      long[] sizes = {number("DST_SIZE")};
      Allowed allowed =
          Rescaled.of(
              step,
              Map.of(
                  "a", Tensor.ofIntegers(type, array("input1"), sizes),
                  "b", Tensor.ofIntegers(type, array("input2"), sizes)),
              sizes,
              true);
      long[] results = new long[number("DST_SIZE")];
      Arrays.setAll(
          results,
          i ->
              Math.max(
                  number("OUT_ACTIVATION_MIN"),
                  Math.min(number("OUT_ACTIVATION_MAX"), allowed.expected(i))));
      return results;
    }

    /** The outputs in the order of CMSIS-NN: channels last. */
    private long[] outputs(boolean twice) {
      int batches = number("INPUT_BATCHES");
      int outs = number("OUT_CH");
      int height = number("OUTPUT_H");
      int width = number("OUTPUT_W");
      long[] sizes = {batches, outs, height, width};
      Sums sums = Sums.of(step(), integers(), sizes);
      long[] multipliers = array("output_mult");
      long[] shifts = array("output_shift");
      long[] results = new long[batches * outs * height * width];
      for (int i = 0; i < results.length; i++) {
        int channel = i % outs;
        int position = i / outs % (height * width);
        int index = (i / outs / (height * width) * outs + channel) * height * width + position;
        FixedPoint factor = new FixedPoint(multipliers[channel], (int) shifts[channel]);
        BigInteger acc = sums.accumulator(index);
        long scaled = (twice ? factor.doubled(acc) : factor.single(acc)).longValueExact();
        results[i] =
            Math.max(
                number("OUT_ACTIVATION_MIN"),
                Math.min(number("OUT_ACTIVATION_MAX"), scaled + number("OUTPUT_OFFSET")));
      }
      return results;
    }

    private int group() {
      return number("IN_CH")
          * number("FILTER_X")
          * number("FILTER_Y")
          * number("OUT_CH")
          / array("weights").length;
    }

    private Step step() {
      List<Operand> operands = new ArrayList<>();
      operands.add(stored("x", DataType.INT8, -number("INPUT_OFFSET")));
      operands.add(stored("w", DataType.INT8, 0));
      operands.add(stored("b", DataType.INT32, 0));
      long y = number("PAD_Y");
      long x = number("PAD_X");
      return new Step(
          name,
          OpType.onnx("Conv"),
          List.of(
              Attribute.of("pads", List.of(y, x, y, x)),
              Attribute.of(
                  "strides", List.of((long) number("STRIDE_Y"), (long) number("STRIDE_X"))),
              Attribute.of(
                  "dilations", List.of((long) number("DILATION_Y"), (long) number("DILATION_X"))),
              Attribute.of("group", group())),
          operands,
          "y",
          Meaning.perTensor(DataType.INT8, 1, 0));
    }

    private static Operand stored(String value, DataType type, long zero) {
      return new Operand.Stored(value, Meaning.perTensor(type, 1, zero));
    }

    private Map<String, Tensor> integers() {
      int ins = number("IN_CH");
      return Map.of(
          "x",
          channelsFirst(
              array("input"), number("INPUT_BATCHES"), number("INPUT_H"), number("INPUT_W"), ins),
          "w",
          channelsFirst(
              array("weights"),
              number("OUT_CH"),
              number("FILTER_Y"),
              number("FILTER_X"),
              ins / group()),
          "b",
          Tensor.ofIntegers(DataType.INT32, array("biases"), number("OUT_CH")));
    }

    private static Tensor channelsFirst(long[] values, int n, int height, int width, int channels) {
      long[] moved = new long[values.length];
      for (int i = 0; i < values.length; i++) {
        int channel = i % channels;
        int position = i / channels % (height * width);
        int image = i / channels / (height * width);
        moved[(image * channels + channel) * height * width + position] = values[i];
      }
      return Tensor.ofIntegers(DataType.INT8, moved, n, channels, height, width);
    }
  }
}

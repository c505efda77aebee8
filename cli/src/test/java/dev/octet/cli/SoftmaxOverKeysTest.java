package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.option.Options;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.backend.cpu.CpuProvider;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Softmax between two products, over more and more keys, whose probabilities get smaller. */
class SoftmaxOverKeysTest {

  private static final int QUERIES = 8;
  private static final int WIDTH = 64;

  @ParameterizedTest(name = "{0} keys, logits of standard deviation {1}: {2} dB")
  @CsvSource({
    "64, 0.4, 35", "197, 0.4, 35", "512, 0.4, 35", "1500, 0.4, 35",
    "64, 1.2, 32", "197, 1.2, 30", "512, 1.2, 27", "1500, 1.2, 25",
  })
  void probabilitiesHaveAGridThatFitsThem(int keys, float deviation, double decibels) {
    Map<String, Tensor> inputs = inputs(keys, deviation);
    VendorRun run =
        VendorRun.of(
            new CpuProvider().rules(Options.of("observer", "min-max")), model(keys), inputs);
    float scale = run.stored("p_scale").floats()[0];
    assertEquals(Math.round(1 / scale), 1 / scale, "of the grid " + ScaleGrid.integerReciprocals());
    assertEquals(
        6,
        run.quantized().graph().nodes().stream().filter(n -> n.op().is("QuantizeLinear")).count(),
        "one for each input, the logits, the probabilities and the result");
    float[] wanted = VendorRun.run(model(keys), "cpu", inputs);
    double ceiling = sqnr(wanted, withFloatProbabilities(inputs, wanted));
    for (String runtime : List.of("cpu", "onnxruntime")) {
      double found = sqnr(wanted, VendorRun.run(run.quantized(), runtime, inputs));
      String words =
          String.format(
              Locale.ROOT,
              "%d keys, %.1f: %.1f dB, with float probabilities %.1f dB",
              keys,
              deviation,
              found,
              ceiling);
      System.out.println(words + " in " + runtime);
      assertTrue(found >= decibels, words + " in " + runtime);
    }
  }

  private static Model model(int keys) {
    List<Node> nodes =
        List.of(
            node("scores", "MatMul", "s", "q", "k"),
            node("softmax", "Softmax", "p", "s"),
            node("mix", "MatMul", "y", "p", "v"));
    List<ValueInfo> inputs =
        List.of(
            CommandFixture.value("q", 1, QUERIES, WIDTH),
            CommandFixture.value("k", 1, WIDTH, keys),
            CommandFixture.value("v", 1, keys, WIDTH));
    List<ValueInfo> outputs = List.of(CommandFixture.value("y", 1, QUERIES, WIDTH));
    return Model.of(
        new Graph("g", inputs, outputs, Map.of(), nodes, Map.of(), Optional.empty()), 17);
  }

  private static Node node(String name, String op, String result, String... operands) {
    return Node.of(name, OpType.onnx(op), List.of(operands), List.of(result));
  }

  /** Queries of one length, so that the logits of every row have the same deviation. */
  private static Map<String, Tensor> inputs(int keys, float deviation) {
    Random random = new Random(keys);
    float[] queries = gaussian(random, QUERIES * WIDTH);
    for (int row = 0; row < QUERIES; row++) {
      double squares = 0;
      for (int i = row * WIDTH; i < (row + 1) * WIDTH; i++) {
        squares += (double) queries[i] * queries[i];
      }
      for (int i = row * WIDTH; i < (row + 1) * WIDTH; i++) {
        queries[i] *= (float) (deviation / Math.sqrt(squares));
      }
    }
    return Map.of(
        "q", Tensor.of(queries, 1, QUERIES, WIDTH),
        "k", Tensor.of(gaussian(random, WIDTH * keys), 1, WIDTH, keys),
        "v", Tensor.of(gaussian(random, keys * WIDTH), 1, keys, WIDTH));
  }

  private static float[] gaussian(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Computes the model with everything on the grids of 8 bits of its ranges, but probabilities. */
  private static float[] withFloatProbabilities(Map<String, Tensor> inputs, float[] wanted) {
    Tensor k = inputs.get("k");
    int keys = (int) k.sizes()[2];
    float[] exact = product(inputs.get("q").floats(), k.floats(), keys, WIDTH);
    float[] logits = product(gridded(inputs.get("q").floats()), gridded(k.floats()), keys, WIDTH);
    float[] probabilities = softmax(gridded(logits, exact), keys);
    float[] mixed = product(probabilities, gridded(inputs.get("v").floats()), WIDTH, keys);
    return gridded(mixed, wanted);
  }

  private static float[] product(float[] left, float[] right, int columns, int terms) {
    float[] product = new float[left.length / terms * columns];
    for (int i = 0; i < product.length; i++) {
      double sum = 0;
      for (int t = 0; t < terms; t++) {
        sum += (double) left[i / columns * terms + t] * right[t * columns + i % columns];
      }
      product[i] = (float) sum;
    }
    return product;
  }

  private static float[] softmax(float[] logits, int keys) {
    float[] shares = new float[logits.length];
    for (int row = 0; row < logits.length; row += keys) {
      double sum = 0;
      for (int i = row; i < row + keys; i++) {
        sum += Math.exp(logits[i]);
      }
      for (int i = row; i < row + keys; i++) {
        shares[i] = (float) (Math.exp(logits[i]) / sum);
      }
    }
    return shares;
  }

  private static float[] gridded(float[] values) {
    return gridded(values, values);
  }

  /** Puts values on the grid of 8 bits from the least to the largest of others. */
  private static float[] gridded(float[] values, float[] range) {
    double least = 0;
    double largest = 0;
    for (float value : range) {
      least = Math.min(least, value);
      largest = Math.max(largest, value);
    }
    double scale = (largest - least) / 255;
    double zero = Math.rint(-least / scale);
    float[] gridded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      double step = Math.rint(values[i] / scale) + zero;
      gridded[i] = (float) ((Math.max(0, Math.min(255, step)) - zero) * scale);
    }
    return gridded;
  }

  private static double sqnr(float[] wanted, float[] found) {
    double signal = 0;
    double noise = 0;
    for (int i = 0; i < wanted.length; i++) {
      signal += (double) wanted[i] * wanted[i];
      noise += ((double) wanted[i] - found[i]) * ((double) wanted[i] - found[i]);
    }
    return 10 * Math.log10(signal / noise);
  }
}

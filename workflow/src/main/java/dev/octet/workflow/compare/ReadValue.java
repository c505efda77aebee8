package dev.octet.workflow.compare;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.qdq.QdqLayout;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.kernels.quantize.QuantizeLinear;
import dev.octet.workflow.evaluate.IntegerRange;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is read of a value that the quantized model computes.
 *
 * @param name the name of what is read: floats, or integers where their meaning is told
 * @param chain the nodes that make it of what is computed, in their order; none where that is read
 *     itself
 * @param meaning what the integers mean; empty for floats
 * @param range the range that the value is quantized to; empty where it has none that is one for
 *     all elements and known before the model runs
 */
record ReadValue(
    String name, List<Node> chain, Optional<QuantizedValue> meaning, Optional<IntegerRange> range) {

  /** Copies the list. */
  ReadValue {
    Objects.requireNonNull(name, "name");
    chain = List.copyOf(chain);
    Objects.requireNonNull(meaning, "meaning");
    Objects.requireNonNull(range, "range");
  }

  /** Returns the numbers that a tensor of it means. */
  float[] floats(Tensor tensor) {
    return meaning.map(quantized -> dequantized(quantized, tensor)).orElseGet(tensor::floats);
  }

  private static float[] dequantized(QuantizedValue quantized, Tensor integers) {
    float[] scales = quantized.scale().floats();
    long[] zeros = quantized.zero().map(Tensor::integers).orElseGet(() -> new long[scales.length]);
    return QuantizeLinear.dequantize(
            integers,
            granularity(quantized.layout(), integers.rank()),
            QuantizationParameters.of(scales, zeros))
        .floats();
  }

  private static Granularity granularity(QdqLayout layout, int rank) {
    return layout.match(
        new QdqLayout.Cases<Granularity>(
            whole -> new Granularity.PerTensor(),
            channels -> new Granularity.PerChannel(axis(channels.axis(), rank)),
            blocks -> new Granularity.PerGroup(axis(blocks.axis(), rank), blocks.size())));
  }

  private static int axis(long stated, int rank) {
    return Math.toIntExact(stated < 0 ? stated + rank : stated);
  }
}

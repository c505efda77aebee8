package dev.octet.workflow.data;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Samples in memory, each an array of its own. */
final class SampleArrays {

  private SampleArrays() {}

  /** See {@link DataSource#of(Graph, long[], float[]...)}. */
  static DataSource floats(Graph graph, long[] shape, float[]... samples) {
    requireSamples(samples.length);
    long size = Shape.count(shape);
    float[] all = new float[Math.toIntExact(Math.multiplyExact(size, samples.length))];
    int each = Math.toIntExact(size);
    for (int i = 0; i < samples.length; i++) {
      if (samples[i].length != each) {
        throw DataErrors.RAGGED
            .error(
                "sample %s has %s elements, the shape %s has %s"
                    .formatted(i, samples[i].length, Arrays.toString(shape), each))
            .build();
      }
      System.arraycopy(samples[i], 0, all, i * each, each);
    }
    long[] sizes = LongStream.concat(LongStream.of(samples.length), LongStream.of(shape)).toArray();
    List<ValueInfo> inputs = graph.inputs();
    return DataSource.of(
        graph, inputs.isEmpty() ? Map.of() : Map.of(inputs.get(0).name(), Tensor.of(all, sizes)));
  }

  /** See {@link DataSource#tokens(Graph, long[]...)}. */
  static DataSource tokens(Graph graph, long[]... sequences) {
    requireSamples(sequences.length);
    List<long[]> checked = new ArrayList<>();
    for (long[] sequence : sequences) {
      checked.add(TokenSamples.checked(sequence.clone(), "sequence " + checked.size()));
    }
    return DataDescription.ofTokens(graph, checked);
  }

  static long[][] widened(int[]... sequences) {
    return Arrays.stream(sequences)
        .map(sequence -> Arrays.stream(sequence).asLongStream().toArray())
        .toArray(long[][]::new);
  }

  private static void requireSamples(int count) {
    if (count == 0) {
      throw DataErrors.noSamples();
    }
  }
}

package dev.octet.tck.check;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.tck.graphs.RandomFloats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Inputs on which two float models show that they differ. */
final class FloatSamples {

  /** The size of a dimension that is not known. */
  private static final long UNKNOWN = 3;

  /** Makes the element at an index of one that is random. */
  @FunctionalInterface
  private interface Content {
    float at(float random, int index);
  }

  private FloatSamples() {}

  /**
   * Returns inputs of a graph, by what is special about them: random, large, small and zero, in
   * steps through the places where functions bend, and one element alone.
   */
  static Map<String, Map<String, Tensor>> of(Graph graph, long seed) {
    Map<String, Content> contents = new LinkedHashMap<>();
    contents.put("random", (random, i) -> random);
    contents.put("large", (random, i) -> random * 0x1p30f);
    contents.put("small", (random, i) -> random * 0x1p-40f);
    contents.put("zero", (random, i) -> i % 2 == 0 ? 0f : -0f);
    contents.put("rising", (random, i) -> (i % 65 - 32) * 0.25f);
    contents.put("single", (random, i) -> i == 1 ? 2f : 0f);
    Map<String, Map<String, Tensor>> samples = new LinkedHashMap<>();
    contents.forEach((name, content) -> samples.put(name, inputs(graph, seed, name, content)));
    return samples;
  }

  private static Map<String, Tensor> inputs(Graph graph, long seed, String name, Content content) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (ValueInfo input : graph.inputs()) {
      TensorType type = input.tensorType().orElseThrow();
      long[] sizes = sizes(type.shape().orElseThrow());
      inputs.put(
          input.name(),
          type.dataType() == DataType.BOOL
              ? Tensor.of(new boolean[] {name.length() % 2 == 0}, sizes)
              : floats(seed, name + "/" + input.name(), sizes, content));
    }
    return inputs;
  }

  private static long[] sizes(Shape shape) {
    List<Dimension> dimensions = shape.dimensions();
    return dimensions.stream().mapToLong(size -> size.known().orElse(UNKNOWN)).toArray();
  }

  private static Tensor floats(long seed, String name, long[] sizes, Content content) {
    float[] values = RandomFloats.tensor(seed, name, sizes).floats();
    for (int i = 0; i < values.length; i++) {
      values[i] = content.at(values[i], i);
    }
    return Tensor.of(values, sizes);
  }
}

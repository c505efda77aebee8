package dev.octet.api.format;

import dev.octet.api.graph.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Test data that stands beside a model: sets of inputs with the outputs that are expected of them.
 * Immutable.
 *
 * @param inputs the inputs of each set by name, in the model's order
 * @param outputs the expected outputs of each set by name; empty maps where none are given
 * @param files the files that were read
 */
public record TestData(
    List<Map<String, Tensor>> inputs, List<Map<String, Tensor>> outputs, List<Path> files) {

  /**
   * Copies the lists and their maps, keeping the order.
   *
   * @throws IllegalArgumentException if there are not as many sets of outputs as of inputs
   */
  public TestData {
    inputs = inputs.stream().map(TestData::copy).toList();
    outputs = outputs.stream().map(TestData::copy).toList();
    files = List.copyOf(files);
    if (inputs.size() != outputs.size()) {
      throw new IllegalArgumentException(
          inputs.size() + " sets of inputs, " + outputs.size() + " sets of outputs");
    }
  }

  private static Map<String, Tensor> copy(Map<String, Tensor> tensors) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }
}

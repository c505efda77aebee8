package dev.octet.kernels.execute;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Checks what a caller supplies against the inputs of a graph. */
final class InputCheck {

  private final List<ValueInfo> declared;

  InputCheck(List<ValueInfo> declared) {
    this.declared = declared;
  }

  /**
   * Checks names, element types and shapes.
   *
   * @throws OctetException {@code OCT-RUN-001} if an input is missing or unknown, {@code
   *     OCT-RUN-002} if a type or shape does not fit
   */
  void check(Map<String, Tensor> given) {
    checkNames(given);
    Map<String, Long> symbols = new HashMap<>();
    for (ValueInfo input : declared) {
      Tensor tensor = given.get(input.name());
      if (tensor != null) {
        checkType(input, tensor, symbols);
      }
    }
  }

  private void checkNames(Map<String, Tensor> given) {
    List<String> names = declared.stream().map(ValueInfo::name).toList();
    for (String name : new TreeSet<>(given.keySet())) {
      if (!names.contains(name)) {
        throw OctetException.usage("OCT-RUN-001", "the model has no input '" + name + "'")
            .candidates(names)
            .next("Give one tensor for each input of the model.");
      }
    }
    for (String name : names) {
      if (!given.containsKey(name)) {
        throw OctetException.usage("OCT-RUN-001", "input '" + name + "' is missing")
            .candidates(new TreeSet<>(given.keySet()))
            .next("Give one tensor for each input of the model.");
      }
    }
  }

  private static void checkType(ValueInfo input, Tensor tensor, Map<String, Long> symbols) {
    if (input.tensorType().isEmpty()) {
      throw misfit(input, tensor, "Inputs that are no dense tensors are not run.");
    }
    TensorType type = input.tensorType().get();
    if (type.dataType() != tensor.dataType()) {
      throw misfit(input, tensor, "Convert the elements, or choose the right array.");
    }
    if (type.shape().isPresent()) {
      checkShape(input, type.shape().get(), tensor, symbols);
    }
  }

  private static void checkShape(
      ValueInfo input, Shape shape, Tensor tensor, Map<String, Long> symbols) {
    long[] sizes = tensor.sizes();
    boolean fits = sizes.length == shape.rank();
    for (int i = 0; fits && i < sizes.length; i++) {
      Dimension dimension = shape.dimensions().get(i);
      Optional<String> symbol = dimension.symbol();
      fits = dimension.known().orElse(sizes[i]) == sizes[i];
      if (symbol.isPresent()) {
        Long bound = symbols.putIfAbsent(symbol.get(), sizes[i]);
        fits = bound == null || bound == sizes[i];
      }
    }
    if (!fits) {
      throw misfit(input, tensor, "Reshape or batch the data; equal symbols take equal sizes.");
    }
  }

  private static OctetException misfit(ValueInfo input, Tensor tensor, String next) {
    return OctetException.usage(
            "OCT-RUN-002", "input '" + input.name() + "' takes " + input.type() + ", not " + tensor)
        .next(next);
  }
}

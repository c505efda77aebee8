package dev.octet.api.runtime;

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

/**
 * Checks what a caller supplies against the inputs of a loaded model, so that every runtime refuses
 * the same tensors in the same words. Thread-safe.
 */
public final class InputCheck {

  private final List<ValueInfo> declared;

  /**
   * Makes the check of a model.
   *
   * @param declared the model's inputs
   */
  public InputCheck(List<ValueInfo> declared) {
    this.declared = List.copyOf(declared);
  }

  /**
   * Checks names, element types and shapes; sizes that have the same symbol must be equal.
   *
   * @param given one tensor for each input, by name
   * @throws OctetException {@code OCT-RUN-001} for a name that is no input, {@code OCT-RUN-006} for
   *     an input without a tensor, {@code OCT-RUN-002} for a type or a shape that does not fit
   */
  public void check(Map<String, Tensor> given) {
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
        throw RunErrors.UNKNOWN_INPUT
            .error("the model has no input '" + name + "'")
            .candidates(names)
            .build();
      }
    }
    for (String name : names) {
      if (!given.containsKey(name)) {
        throw RunErrors.MISSING_INPUT
            .error("input '" + name + "' is missing")
            .candidates(new TreeSet<>(given.keySet()))
            .build();
      }
    }
  }

  private static void checkType(ValueInfo input, Tensor tensor, Map<String, Long> symbols) {
    if (input.tensorType().isEmpty()) {
      throw misfit(input, tensor, "Inputs that are no dense tensors are not run.");
    }
    TensorType type = input.tensorType().get();
    if (type.dataType() != tensor.dataType()) {
      throw misfit(
          input,
          tensor,
          "Give "
              + type.dataType()
              + ": convert the elements, or choose the array or the model that was meant.");
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
    return RunErrors.UNFIT_INPUT
        .error("input '" + input.name() + "' takes " + input.type() + ", not " + tensor)
        .next(next);
  }
}

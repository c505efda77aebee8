package dev.octet.api.provider;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.guard.Guard;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.ExecutableModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A loaded model of which every call is guarded, and the outputs of every run are checked. */
final class GuardedModel implements ExecutableModel {

  private final ExecutableModel model;
  private final Guard guard;
  private final List<ValueInfo> inputs;
  private final List<ValueInfo> outputs;
  private volatile boolean closed;

  private GuardedModel(
      ExecutableModel model, Guard guard, List<ValueInfo> inputs, List<ValueInfo> outputs) {
    this.model = model;
    this.guard = guard;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /** Guards what a runtime made of a model, whose inputs and outputs it has. */
  static GuardedModel of(ExecutableModel model, Graph graph, Guard guard) {
    List<ValueInfo> inputs = guard.list("inputs", model::inputs);
    List<ValueInfo> outputs = guard.list("outputs", model::outputs);
    requireSame(guard, "inputs", graph.inputs(), inputs);
    requireSame(guard, "outputs", graph.outputs(), outputs);
    return new GuardedModel(model, guard, inputs, outputs);
  }

  private static void requireSame(
      Guard guard, String method, List<ValueInfo> ofModel, List<ValueInfo> told) {
    if (!names(ofModel).stream().sorted().toList().equals(names(told).stream().sorted().toList())) {
      throw guard.breach(
          method, "it returned " + names(told) + ", and the model has " + names(ofModel));
    }
  }

  @Override
  public List<ValueInfo> inputs() {
    return inputs;
  }

  @Override
  public List<ValueInfo> outputs() {
    return outputs;
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> given, Cancellation cancellation) {
    if (closed) {
      throw closed();
    }
    Map<String, Tensor> results = results(given, cancellation);
    if (results.size() > outputs.size()) {
      throw guard.breach("run", "it gave " + results.keySet() + " for outputs " + names(outputs));
    }
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    for (ValueInfo output : outputs) {
      Tensor tensor = checked(output, results);
      requireSamples(output, tensor, given);
      ordered.put(output.name(), tensor);
    }
    return ordered;
  }

  /** An output that begins with the dimension that an input begins with is as long. */
  private void requireSamples(ValueInfo output, Tensor tensor, Map<String, Tensor> given) {
    Optional<String> samples = firstSymbol(output);
    for (ValueInfo input : inputs) {
      Tensor fed = given.get(input.name());
      if (samples.isPresent()
          && fed != null
          && samples.equals(firstSymbol(input))
          && fed.rank() > 0
          && fed.sizes()[0] != tensor.sizes()[0]) {
        throw guard.breach(
            "run",
            "output '"
                + output.name()
                + "' is "
                + tensor
                + ", and input '"
                + input.name()
                + "' was "
                + fed);
      }
    }
  }

  private static Optional<String> firstSymbol(ValueInfo value) {
    return value
        .tensorType()
        .flatMap(TensorType::shape)
        .filter(shape -> shape.rank() > 0)
        .flatMap(shape -> shape.dimensions().get(0).symbol());
  }

  /** A run of a closed model is the caller's mistake and not the backend's. */
  private static IllegalStateException closed() {
    return new IllegalStateException("the model is closed");
  }

  private Map<String, Tensor> results(Map<String, Tensor> given, Cancellation cancellation) {
    try {
      return guard.map("run", () -> model.run(given, cancellation));
    } catch (OctetException e) {
      throw closed && e.getCause() instanceof IllegalStateException ? closed() : e;
    }
  }

  @Override
  public void close() {
    closed = true;
    guard.run("close", model::close);
  }

  private Tensor checked(ValueInfo output, Map<String, Tensor> results) {
    Tensor tensor = results.get(output.name());
    if (tensor == null) {
      throw guard.breach(
          "run", "it gave " + results.keySet() + ", without output '" + output.name() + "'");
    }
    if (output.tensorType().map(type -> !fits(type, tensor)).orElse(false)) {
      throw guard.breach(
          "run", "output '" + output.name() + "' is " + tensor + " and not " + output.type());
    }
    return tensor;
  }

  private static boolean fits(TensorType type, Tensor tensor) {
    return type.dataType() == tensor.dataType()
        && type.shape().map(shape -> fits(shape, tensor.sizes())).orElse(true);
  }

  private static boolean fits(Shape shape, long[] sizes) {
    if (shape.rank() != sizes.length) {
      return false;
    }
    for (int i = 0; i < sizes.length; i++) {
      Dimension dimension = shape.dimensions().get(i);
      if (dimension.known().orElse(sizes[i]) != sizes[i]) {
        return false;
      }
    }
    return true;
  }

  private static List<String> names(List<ValueInfo> values) {
    return values.stream().map(ValueInfo::name).toList();
  }
}

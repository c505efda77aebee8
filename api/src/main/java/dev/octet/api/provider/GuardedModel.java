package dev.octet.api.provider;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Dimension;
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

  static GuardedModel of(ExecutableModel model, Guard guard) {
    return new GuardedModel(
        model, guard, guard.list("inputs", model::inputs), guard.list("outputs", model::outputs));
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
      throw guard.breach("run", "it gave " + results.keySet() + " for outputs " + names());
    }
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    outputs.forEach(output -> ordered.put(output.name(), checked(output, results)));
    return ordered;
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

  private List<String> names() {
    return outputs.stream().map(ValueInfo::name).toList();
  }
}

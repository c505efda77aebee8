package dev.octet.workflow.run;

import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.workflow.boundary.IntegerBoundary;
import java.util.List;
import java.util.Map;

/**
 * A model that takes floats where its inputs are integers with a meaning, and, if asked, gives
 * floats where its outputs are.
 */
final class FloatBoundary implements ExecutableModel {

  private final ExecutableModel model;
  private final IntegerBoundary boundary;
  private final boolean floatOutputs;

  FloatBoundary(ExecutableModel model, IntegerBoundary boundary, boolean floatOutputs) {
    this.model = model;
    this.boundary = boundary;
    this.floatOutputs = floatOutputs;
  }

  @Override
  public List<ValueInfo> inputs() {
    return model.inputs();
  }

  @Override
  public List<ValueInfo> outputs() {
    return model.outputs();
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> inputs, Cancellation cancellation) {
    Map<String, Tensor> outputs = model.run(boundary.quantized(inputs), cancellation);
    return floatOutputs ? boundary.dequantized(outputs) : outputs;
  }

  @Override
  public void close() {
    model.close();
  }
}

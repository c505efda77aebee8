package dev.octet.backend.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.InputCheck;
import dev.octet.api.runtime.RunGuard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A session of ONNX Runtime behind the runtime interface. Thread-safe, as sessions are. A run that
 * has begun is not cancelled.
 */
final class OnnxRuntimeModel implements ExecutableModel {

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final RunGuard guard;
  private final List<ValueInfo> inputs;
  private final InputCheck check;
  private final List<ValueInfo> outputs;

  OnnxRuntimeModel(
      OrtEnvironment environment,
      OrtSession session,
      List<ValueInfo> inputs,
      List<ValueInfo> outputs) {
    this.environment = environment;
    this.session = session;
    this.guard = new RunGuard(() -> free(session));
    this.inputs = inputs;
    this.check = new InputCheck(inputs);
    this.outputs = outputs;
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
    cancellation.throwIfCancelled();
    return guard.run(() -> runOpen(given));
  }

  @Override
  public void close() {
    guard.close();
  }

  private Map<String, Tensor> runOpen(Map<String, Tensor> given) {
    check.check(given);
    Map<String, OnnxTensorLike> natives = new LinkedHashMap<>();
    try {
      for (ValueInfo input : inputs) {
        Tensor tensor = given.get(input.name());
        if (tensor != null) {
          natives.put(input.name(), OrtTensors.toNative(environment, tensor));
        }
      }
      try (OrtSession.Result results = session.run(natives)) {
        return collect(results);
      }
    } catch (OrtException e) {
      throw OrtErrors.STOPPED.error("ONNX Runtime stopped: " + e.getMessage()).cause(e).build();
    } finally {
      natives.values().forEach(OnnxTensorLike::close);
    }
  }

  private static void free(OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime's session does not close", e);
    }
  }

  private Map<String, Tensor> collect(OrtSession.Result results) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (ValueInfo output : outputs) {
      OnnxValue value = results.get(output.name()).orElseThrow();
      if (!(value instanceof OnnxTensor tensor)) {
        throw OrtErrors.NO_TENSOR.error("output '" + output.name() + "' is no tensor").build();
      }
      tensors.put(output.name(), OrtTensors.fromNative(tensor));
    }
    return tensors;
  }
}

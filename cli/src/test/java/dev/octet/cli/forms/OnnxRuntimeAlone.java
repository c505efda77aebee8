package dev.octet.cli.forms;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** ONNX Runtime as any program has it, without what Octet's own runtime keeps it from. */
final class OnnxRuntimeAlone {

  /** The environment matches the command line with a recursive matcher when it is made. */
  private static final long STACK = 256L << 20;

  private OnnxRuntimeAlone() {}

  /**
   * Runs a file once and returns the FLOAT output y.
   *
   * @param level how far ONNX Runtime optimises; {@code ALL_OPT} is its default
   * @throws OrtException in ONNX Runtime's words, where it refuses the file or stops
   */
  static Tensor run(byte[] file, Map<String, Tensor> inputs, OptLevel level) throws OrtException {
    OrtEnvironment environment = environment();
    Map<String, OnnxTensor> given = new LinkedHashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      options.setOptimizationLevel(level);
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        given.put(input.getKey(), tensor(environment, input.getValue()));
      }
      try (OrtSession session = environment.createSession(file, options);
          OrtSession.Result results = session.run(given)) {
        OnnxTensor y = (OnnxTensor) results.get("y").orElseThrow();
        return Tensor.ofBytes(DataType.FLOAT, y.getInfo().getShape(), y.getByteBuffer());
      }
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor tensor(OrtEnvironment environment, Tensor tensor) throws OrtException {
    ByteBuffer data =
        ByteBuffer.allocateDirect(Math.toIntExact(tensor.byteCount()))
            .order(ByteOrder.nativeOrder());
    data.put(tensor.data()).flip();
    return switch (tensor.dataType()) {
      case FLOAT -> OnnxTensor.createTensor(environment, data.asFloatBuffer(), tensor.sizes());
      case INT64 -> OnnxTensor.createTensor(environment, data.asLongBuffer(), tensor.sizes());
      case BOOL -> OnnxTensor.createTensor(environment, data, tensor.sizes(), OnnxJavaType.BOOL);
      default -> throw new IllegalArgumentException("no form takes " + tensor);
    };
  }

  private static OrtEnvironment environment() {
    Thread maker = new Thread(null, OrtEnvironment::getEnvironment, "environment", STACK);
    maker.start();
    try {
      maker.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return OrtEnvironment.getEnvironment();
  }
}

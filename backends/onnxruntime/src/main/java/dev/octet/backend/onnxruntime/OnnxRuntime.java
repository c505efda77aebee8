package dev.octet.backend.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.OpType;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.Exactness;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.api.runtime.RuntimeOptions;
import dev.octet.format.onnx.OnnxFormat;

/**
 * Runs models in ONNX Runtime with its default graph optimisations, but for the fusion into integer
 * operators where that would misread a bias ({@link BiasScales}). Thread-safe.
 *
 * <p>ONNX Runtime computes on threads of its own, as many as {@link RuntimeOptions#threads()} says;
 * it cannot use those of an executor.
 */
final class OnnxRuntime implements BackendRuntime {

  @Override
  public RequantizationProfile requantization() {
    return RequantizationProfile.FLOAT_ROUND_HALF_EVEN;
  }

  /**
   * One step: what is not fused runs in float, where a value near a tie may round the other way.
   */
  @Override
  public Exactness exactness(OpType op) {
    return op.domain().isEmpty() ? new Exactness.Bounded(1) : new Exactness.Unsupported();
  }

  @Override
  public ExecutableModel load(Model model, RuntimeOptions options) {
    byte[] bytes = new OnnxFormat().toBytes(model);
    try (OrtSession.SessionOptions sessionOptions = new OrtSession.SessionOptions()) {
      sessionOptions.setIntraOpNumThreads(options.threads());
      // Its warnings are about how the user's file is laid out, and would stand between our lines.
      sessionOptions.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      if (BiasScales.haveOnesOfTheirOwn(model.graph())) {
        sessionOptions.addConfigEntry("session.disable_quant_qdq", "1");
      }
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      OrtSession session = environment.createSession(bytes, sessionOptions);
      return new OnnxRuntimeModel(
          environment, session, model.graph().inputs(), model.graph().outputs());
    } catch (OrtException e) {
      throw OrtErrors.REFUSED
          .error("ONNX Runtime refuses the model: " + e.getMessage())
          .cause(e)
          .build();
    } catch (LinkageError e) {
      throw OrtErrors.NO_LIBRARY
          .error("ONNX Runtime's native library does not load: " + e.getMessage())
          .cause(e)
          .build();
    }
  }
}

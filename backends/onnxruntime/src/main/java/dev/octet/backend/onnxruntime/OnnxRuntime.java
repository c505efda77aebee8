package dev.octet.backend.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.NodeRefusals;
import dev.octet.api.runtime.RuntimeUses;
import dev.octet.format.onnx.OnnxFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Runs models in ONNX Runtime with its default graph optimisations, but for the fusion into integer
 * operators where that would misread a bias ({@link BiasScales}) or groups of a weight ({@link
 * GroupedWeights}), stop at a weight ({@link StackedWeights}), give 0 for 1 ({@link LoneSoftmax})
 * or average otherwise ({@link MisfusedAverages}), and but for floats that it would quantize on its
 * own account. Thread-safe.
 *
 * <p>ONNX Runtime computes on threads of its own, as many as {@link LoadRequest#parallelism} says;
 * it cannot use those of an executor.
 */
final class OnnxRuntime implements BackendRuntime {

  private static final String OPTIMIZATION = "graph-optimization";

  /** The levels by the names that ONNX Runtime's documentation has for them. */
  private static final Map<String, OptLevel> LEVELS =
      Map.of(
          "none", OptLevel.NO_OPT,
          "basic", OptLevel.BASIC_OPT,
          "extended", OptLevel.EXTENDED_OPT,
          "all", OptLevel.ALL_OPT);

  /**
   * What a MatMul of floats with weights in few bits becomes: by default ONNX Runtime makes a
   * MatMulNBits that quantizes the floats, too, which the model does not say.
   */
  private static final String NBITS_ACCURACY = "session.qdq_matmulnbits_accuracy_level";

  private static final String FLOAT_ACTIVATIONS = "1";

  /** The domains of operators that are compiled into ONNX Runtime. */
  private static final Set<String> DOMAINS =
      Set.of("", "ai.onnx.ml", "ai.onnx.preview.training", "com.microsoft", "com.ms.internal.nhwc");

  @Override
  public List<OptionDescriptor> options() {
    return List.of(
        OptionDescriptor.word(
                OPTIMIZATION,
                "How far ONNX Runtime optimises the graph; operators are fused onto integers from"
                    + " extended on.",
                "none",
                "basic",
                "extended",
                "all")
            .defaultValue("all"));
  }

  @Override
  public Optional<String> version() {
    try {
      return Optional.of(Environment.get().getVersion());
    } catch (LinkageError e) {
      throw noLibrary(e);
    }
  }

  @Override
  public RuntimeUses uses(Options options) {
    boolean fuses = level(options).compareTo(OptLevel.EXTENDED_OPT) >= 0;
    return fuses ? OnnxRuntimeUses.fused() : OnnxRuntimeUses.simulated();
  }

  private OptLevel level(Options options) {
    String word = options.resolveForRuntime("onnxruntime", options()).word(OPTIMIZATION);
    return Objects.requireNonNull(LEVELS.get(word), word);
  }

  @Override
  public ExecutableModel load(LoadRequest request) {
    Model model = request.model();
    refuseForeignOperators(model.graph());
    byte[] bytes = new OnnxFormat().toBytes(model);
    try (OrtSession.SessionOptions sessionOptions = new OrtSession.SessionOptions()) {
      sessionOptions.setIntraOpNumThreads(request.parallelism().threads());
      // Its warnings are about how the user's file is laid out, and would stand between our lines.
      sessionOptions.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      sessionOptions.setOptimizationLevel(level(request.options()));
      sessionOptions.addConfigEntry(NBITS_ACCURACY, FLOAT_ACTIVATIONS);
      if (isFusedWrongly(model)) {
        sessionOptions.addConfigEntry("session.disable_quant_qdq", "1");
      }
      OrtEnvironment environment = Environment.get();
      OrtSession session = environment.createSession(bytes, sessionOptions);
      return new OnnxRuntimeModel(
          environment, session, model.graph().inputs(), model.graph().outputs());
    } catch (OrtException e) {
      throw OrtErrors.REFUSED
          .error("ONNX Runtime refuses the model: " + e.getMessage())
          .cause(e)
          .build();
    } catch (LinkageError e) {
      throw noLibrary(e);
    }
  }

  private static OctetException noLibrary(LinkageError e) {
    return OrtErrors.NO_LIBRARY
        .error("ONNX Runtime's native library does not load: " + e.getMessage())
        .cause(e)
        .build();
  }

  private static boolean isFusedWrongly(Model model) {
    Graph graph = model.graph();
    return BiasScales.haveOnesOfTheirOwn(graph)
        || StackedWeights.haveScalesOfChannels(graph)
        || GroupedWeights.meetDynamicOperands(graph)
        || LoneSoftmax.isIn(model)
        || MisfusedAverages.areIn(graph);
  }

  /** ONNX Runtime names the first such operator, and no node. */
  private static void refuseForeignOperators(Graph graph) {
    NodeRefusals refusals = NodeRefusals.of(graph);
    for (Node node : graph.nodesWithSubgraphs()) {
      if (!DOMAINS.contains(node.op().domain())) {
        refusals.refuse(node, "ONNX Runtime has no operators of domain " + node.op().domain());
      }
    }
    refusals.throwIfAny();
  }
}

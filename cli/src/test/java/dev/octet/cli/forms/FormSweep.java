package dev.octet.cli.forms;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Quantizes forms of operators for backends, runs what comes out in ONNX Runtime with every
 * optimisation and with none, and compares with the reference executor, which computes each node of
 * the file by itself.
 */
final class FormSweep {

  /** A layer behind the form adds up steps of 1/255 of the range, some of which a tie may move. */
  private static final double CLOSE = 0.06;

  /** One step, with the roundings of floats. */
  private static final double TIE = 1.001;

  private static final OnnxFormat ONNX = new OnnxFormat();

  private final QuantizerCatalog catalog =
      QuantizerCatalog.discover(FormSweep.class.getClassLoader());

  /**
   * What became of a form.
   *
   * @param outcome how it ended
   * @param words the reason where it was refused, else what is wrong; empty where all is well
   * @param integer whether the form was quantized
   */
  record Result(Outcome outcome, String words, boolean integer) {}

  /** How it ended. */
  enum Outcome {
    EQUAL,
    REFUSED_BY_OCTET,
    UNKNOWN_TO_ONNX_RUNTIME,
    DIFFERENT
  }

  /** A backend and one set of its options; arm is told to leave inputs and outputs float. */
  record Target(String backend, Options options) {
    @Override
    public String toString() {
      return backend + options;
    }
  }

  static List<Target> targets() {
    return List.of(
        new Target("cpu", Options.none()),
        new Target("onnxruntime", Options.none()),
        new Target("xnnpack", Options.none()),
        new Target("xnnpack", Options.of("per-channel", "false")),
        new Target("x86", Options.none()),
        new Target("arm", Options.parse(List.of("exclude=input:x", "exclude=output:y"))),
        new Target("qnn", Options.none()));
  }

  /** Numbers of what was tried. */
  static final class Count {
    private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    private final Map<String, Integer> reasons = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();

    private void add(OperatorForm form, long opset, Target target, Around around, Result result) {
      outcomes.merge(result.outcome(), 1, Integer::sum);
      String where = form.name() + " of operator set " + opset + " for " + target + ", " + around;
      boolean ours = target.backend().equals("cpu") || target.backend().equals("onnxruntime");
      if (result.outcome() == Outcome.DIFFERENT) {
        wrong.add(where + ": " + result.words());
      } else if (ours && form.integer() && !result.integer()) {
        wrong.add(where + ": it stays float, or is refused: " + result.words());
      } else if (result.outcome() != Outcome.EQUAL) {
        reasons.merge(form.node().op() + ": " + result.words(), 1, Integer::sum);
      }
    }

    /** Returns what is not as it must be. */
    List<String> wrong() {
      return wrong;
    }

    @Override
    public String toString() {
      return outcomes
          + System.lineSeparator()
          + String.join(System.lineSeparator(), reasons.keySet());
    }
  }

  /**
   * Tries the forms of the table.
   *
   * @param all whether on all operator sets, for all backends and in all surroundings, else on the
   *     newest one and, each form in turn, for one backend and in one of these beside {@code
   *     onnxruntime} between layers alone
   */
  Count count(boolean all) {
    Count count = new Count();
    int turn = 0;
    for (OperatorForm form : FormTable.forms()) {
      List<Long> opsets = form.opsets();
      List<Long> tried = all ? opsets : opsets.subList(opsets.size() - 1, opsets.size());
      turn++;
      for (long opset : tried) {
        for (Case each : all ? cases() : inTurn(turn)) {
          Result result = tried(form, opset, each);
          count.add(form, opset, each.target(), each.around(), result);
        }
      }
    }
    return count;
  }

  /** A backend and what stands around a form. */
  private record Case(Target target, Around around) {}

  private static List<Case> cases() {
    return targets().stream()
        .flatMap(target -> Arrays.stream(Around.values()).map(around -> new Case(target, around)))
        .toList();
  }

  /** The numbers of backends and surroundings share no divisor, so that all pairs have a turn. */
  private static List<Case> inTurn(int turn) {
    List<Target> targets = targets();
    Around[] surroundings = Around.values();
    return List.of(
        new Case(targets.get(1), Around.LAYERS),
        new Case(targets.get(turn % targets.size()), surroundings[turn % surroundings.length]));
  }

  private Result tried(OperatorForm form, long opset, Case each) {
    Tensor input = each.around().input(form.place().input().get("x"));
    Model network = each.around().network(form.place().network(form, opset));
    return tried(network, List.of(Map.of("x", input)), each.target());
  }

  /**
   * Tries a model with the FLOAT output y.
   *
   * @param inputs what it is calibrated on; it is run with the first of them
   */
  Result tried(Model model, List<Map<String, Tensor>> inputs, Target target) {
    Model quantized;
    try {
      quantized = quantized(model, target, inputs);
    } catch (OctetException refused) {
      return new Result(Outcome.REFUSED_BY_OCTET, refused.getMessage(), false);
    }
    Map<String, Tensor> input = inputs.get(0);
    Tensor wanted = executed(quantized, input);
    boolean integer = OperatorForm.isInteger(quantized.graph());
    byte[] file = ONNX.toBytes(quantized);
    for (OptLevel level : List.of(OptLevel.NO_OPT, OptLevel.ALL_OPT)) {
      String wrong;
      try {
        wrong = difference(wanted, OnnxRuntimeAlone.run(file, input, level), step(quantized));
      } catch (OrtException e) {
        wrong = e.getMessage();
      }
      if (!wrong.isEmpty()) {
        return new Result(outcome(wrong, level), level + ": " + wrong, integer);
      }
    }
    return new Result(Outcome.EQUAL, "", integer);
  }

  private static Outcome outcome(String wrong, OptLevel level) {
    boolean unknown = level == OptLevel.NO_OPT && wrong.contains("ORT_NOT_IMPLEMENTED");
    return unknown ? Outcome.UNKNOWN_TO_ONNX_RUNTIME : Outcome.DIFFERENT;
  }

  /** Returns what a backend makes of a model, as a file of it is read. */
  Model quantized(Model model, Target target, List<Map<String, Tensor>> inputs) {
    Model read = ONNX.read(ONNX.toBytes(model), "float");
    QuantizerProvider provider = catalog.provider(target.backend());
    Plan plan = Quantization.plan(QuantizationRequest.of(read, provider).options(target.options()));
    QuantizedModel converted =
        plan.observedGroups().isEmpty()
            ? Quantization.convert(plan)
            : Quantization.convert(
                plan,
                Quantization.calibrate(
                    plan,
                    DataSource.of(plan.prepared().model().graph(), inputs),
                    Execution.threads(1)));
    return converted.model();
  }

  private static Tensor executed(Model model, Map<String, Tensor> input) {
    try (GraphExecutor executor = GraphExecutor.of(model, 1)) {
      return executor.run(input).get("y");
    }
  }

  /** Returns one step of the output, which a tie may move; 0 where it is no integer. */
  private static double step(Model quantized) {
    Graph graph = quantized.graph();
    return graph
        .producer("y")
        .filter(node -> node.op().is("DequantizeLinear"))
        .map(node -> graph.initializers().get(node.operands().get(1)))
        .filter(scale -> scale.elementCount() == 1)
        .map(scale -> scale.floats()[0])
        .orElse(0f);
  }

  private static String difference(Tensor wanted, Tensor computed, double step) {
    if (!Arrays.equals(wanted.sizes(), computed.sizes())) {
      return "it is " + computed + ", not " + wanted;
    }
    double largest = 0;
    double range = 1e-6;
    for (int i = 0; i < wanted.floats().length; i++) {
      double difference = Math.abs((double) wanted.floats()[i] - computed.floats()[i]);
      largest = difference <= largest ? largest : difference;
      range = Math.max(range, Math.abs(wanted.floats()[i]));
    }
    return largest <= Math.max(CLOSE * range, TIE * step)
        ? ""
        : largest + " off in a range of " + range;
  }
}

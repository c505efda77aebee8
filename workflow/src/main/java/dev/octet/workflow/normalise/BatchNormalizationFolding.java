package dev.octet.workflow.normalise;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OutputChannels;
import dev.octet.api.graph.Tensor;
import dev.octet.workflow.normalise.Normaliser.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Folds a BatchNormalization into the Conv or Gemm whose result it alone reads.
 *
 * <p>In float32, every step rounded once to nearest with ties to even: {@code factor = gamma * (1 /
 * sqrt(variance + epsilon))}; each weight of an output channel is multiplied by the channel's
 * {@code factor}; {@code bias = (bias - mean) * factor + beta}, where a missing bias is 0. Source:
 * the definition of ONNX BatchNormalization in inference, in the order of operations of PyTorch's
 * folding.
 *
 * <p>The layer keeps its name and takes over the name of the BatchNormalization's result. A
 * BatchNormalization that does not fulfil every precondition stays, with the reason why.
 */
final class BatchNormalizationFolding {

  private final long opset;
  private final GraphEditor editor;
  private final ValueUses uses;
  private final Map<String, Tensor> constants;
  private final Map<String, Tensor> changed = new HashMap<>();
  private final Map<String, String> producers = new HashMap<>();
  private final List<FoldedNode> folded = new ArrayList<>();
  private final Map<String, String> refusals = new LinkedHashMap<>();

  private BatchNormalizationFolding(Model model) {
    this.opset = model.opset();
    this.editor = new GraphEditor(model.graph());
    this.uses = new ValueUses(model.graph());
    this.constants = model.graph().initializers();
  }

  static Outcome fold(Model model) {
    if (model.graph().nodes().stream().noneMatch(n -> n.op().is("BatchNormalization"))) {
      return Outcome.unchanged(model.graph());
    }
    BatchNormalizationFolding folding = new BatchNormalizationFolding(model);
    for (Node node : model.graph().nodes()) {
      if (node.op().is("BatchNormalization")) {
        folding.visit(node);
      } else if (node.op().is("Conv") || node.op().is("Gemm")) {
        folding.producers.put(node.results().get(0), node.name());
      }
    }
    return new Outcome(folding.editor.finish(), folding.folded, folding.refusals);
  }

  private void visit(Node node) {
    String layerName = producers.get(node.operands().get(0));
    if (layerName == null) {
      refusals.put(node.name(), "not folded: it does not follow a Conv or Gemm");
      return;
    }
    Node layer = editor.node(layerName);
    Optional<String> refusal = refusal(node, layer);
    if (refusal.isPresent()) {
      refusals.put(node.name(), "not folded into '" + layerName + "': " + refusal.get());
    } else {
      merge(node, layer);
    }
  }

  private Optional<String> refusal(Node node, Node layer) {
    if (!isInference(node)) {
      return Optional.of("it is in training mode");
    }
    if (node.results().stream().skip(1).anyMatch(r -> uses.count(r) > 0 && !r.isEmpty())) {
      return Optional.of("more than one of its results is used");
    }
    if (uses.count(layer.results().get(0)) != 1) {
      return Optional.of("the layer's result has other readers");
    }
    return layerRefusal(layer).or(() -> statisticsRefusal(node, layer));
  }

  private boolean isInference(Node node) {
    if (opset >= 14) {
      return node.intAttribute("training_mode", 0) == 0;
    }
    // Before opset 7 the mode is an attribute, from 7 on the number of results.
    boolean oldInference = opset >= 7 || node.intAttribute("is_test", 0) == 1;
    return oldInference && node.intAttribute("spatial", 1) == 1;
  }

  private Optional<String> layerRefusal(Node layer) {
    Optional<Tensor> weight = constant(layer, 1);
    if (weight.isEmpty()) {
      return Optional.of("the weight is not constant");
    }
    if (uses.count(layer.operands().get(1)) != 1) {
      return Optional.of("the weight '" + layer.operands().get(1) + "' has other readers");
    }
    if (layer.op().is("Gemm")
        && (layer.floatAttribute("alpha", 1f) != 1f || layer.floatAttribute("beta", 1f) != 1f)) {
      return Optional.of("alpha or beta is not 1");
    }
    if (weight.get().dataType() != DataType.FLOAT || weight.get().rank() < 2) {
      return Optional.of(
          "the weight is " + weight.get() + ", not a FLOAT tensor of rank 2 or more");
    }
    return layer.operand(2).flatMap(bias -> biasRefusal(layer, bias));
  }

  private Optional<String> biasRefusal(Node layer, String name) {
    Tensor bias = constant(name);
    if (bias == null) {
      return Optional.of("the bias is not constant");
    }
    if (uses.count(name) != 1) {
      return Optional.of("the bias '" + name + "' has other readers");
    }
    long[] sizes = bias.sizes();
    int channels = channels(layer);
    boolean runsAlongChannels =
        bias.dataType() == DataType.FLOAT
            && sizes.length >= 1
            && sizes[sizes.length - 1] == channels
            && bias.elementCount() == channels;
    return runsAlongChannels
        ? Optional.empty()
        : Optional.of("the bias is " + bias + ", not one FLOAT for each output channel");
  }

  private Optional<String> statisticsRefusal(Node node, Node layer) {
    int channels = channels(layer);
    for (int i = 1; i <= 4; i++) {
      Optional<Tensor> statistic = constant(node, i);
      if (statistic.isEmpty()) {
        return Optional.of("operand " + i + " of the BatchNormalization is not constant");
      }
      if (statistic.get().dataType() != DataType.FLOAT
          || statistic.get().elementCount() != channels) {
        return Optional.of(
            "operand " + i + " is " + statistic.get() + ", not " + channels + " FLOATs");
      }
    }
    for (float factor : factors(node)) {
      if (!Float.isFinite(factor)) {
        return Optional.of("its scale or variance gives a factor that is not finite");
      }
    }
    return Optional.empty();
  }

  private void merge(Node node, Node layer) {
    float[] factors = factors(node);
    String weightName = layer.operands().get(1);
    Tensor weight = scaled(layer, factors);
    Tensor bias = bias(node, layer, factors);
    put(weightName, weight);
    String biasName =
        layer.operand(2).orElseGet(() -> editor.freshValueName(layer.name() + "_bias"));
    put(biasName, bias);
    uses.add(layer.operand(2).isPresent() ? List.of() : List.of(biasName));
    String result = node.results().get(0);
    List<String> operands = List.of(layer.operands().get(0), weightName, biasName);
    editor.removeValue(layer.results().get(0));
    editor.remove(node.name(), layer.name());
    editor.update(layer.name(), layer.withOperands(operands).withResults(List.of(result)));
    uses.remove(node.operands());
    node.operands().subList(1, 5).forEach(this::dropWhenUnread);
    producers.put(result, layer.name());
    folded.add(
        new FoldedNode(
            node.name(), node.op(), List.of(layer.name()), "folded into '" + layer.name() + "'"));
  }

  private float[] factors(Node node) {
    float epsilon = node.floatAttribute("epsilon", 1e-5f);
    float[] gamma = floats(node, 1);
    float[] variance = floats(node, 4);
    float[] factors = new float[gamma.length];
    for (int c = 0; c < factors.length; c++) {
      // The square root of a float32 in float64, rounded to float32, is the correctly rounded one.
      float deviation = (float) Math.sqrt((double) (variance[c] + epsilon));
      factors[c] = gamma[c] * (1f / deviation);
    }
    return factors;
  }

  private Tensor scaled(Node layer, float[] factors) {
    Tensor weight = weight(layer);
    float[] values = weight.floats();
    int inner = 1;
    for (int axis = channelAxis(layer) + 1; axis < weight.rank(); axis++) {
      inner *= (int) weight.sizes()[axis];
    }
    for (int i = 0; i < values.length; i++) {
      values[i] *= factors[i / inner % factors.length];
    }
    return Tensor.of(values, weight.sizes());
  }

  private Tensor bias(Node node, Node layer, float[] factors) {
    float[] beta = floats(node, 2);
    float[] mean = floats(node, 3);
    Optional<Tensor> before = constant(layer, 2);
    float[] values = before.map(Tensor::floats).orElseGet(() -> new float[factors.length]);
    for (int c = 0; c < values.length; c++) {
      values[c] = (values[c] - mean[c]) * factors[c] + beta[c];
    }
    long[] sizes = before.map(Tensor::sizes).orElseGet(() -> new long[] {factors.length});
    return Tensor.of(values, sizes);
  }

  private void put(String name, Tensor tensor) {
    changed.put(name, tensor);
    editor.putInitializer(name, tensor);
  }

  private void dropWhenUnread(String name) {
    if (uses.count(name) == 0) {
      editor.removeInitializer(name);
    }
  }

  private int channels(Node layer) {
    return (int) weight(layer).sizes()[channelAxis(layer)];
  }

  private Tensor weight(Node layer) {
    return constant(layer, 1).orElseThrow();
  }

  private int channelAxis(Node layer) {
    return OutputChannels.axis(layer, () -> weight(layer).rank());
  }

  private float[] floats(Node node, int operand) {
    return constant(node, operand).orElseThrow().floats();
  }

  private Optional<Tensor> constant(Node node, int operand) {
    return node.operand(operand).map(this::constant);
  }

  private @Nullable Tensor constant(String name) {
    Tensor tensor = changed.get(name);
    return tensor != null ? tensor : constants.get(name);
  }
}

package dev.octet.workflow.normalise;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OutputChannels;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.workflow.normalise.Normaliser.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
 * BatchNormalization that does not fulfil every precondition stays, with the reason why. In the
 * body of an If, Loop or Scan both stand in that body; the constants may be those of a graph around
 * it.
 */
final class BatchNormalizationFolding {

  private final Graph graph;
  private final Optional<BatchNormalizationFolding> outer;
  private final Pass pass;
  private final ValueUses uses;
  private final Map<String, Tensor> changed = new HashMap<>();
  private final Map<String, String> producers = new HashMap<>();

  /** The node of the graph that is being looked at: it stands where its constants are put. */
  private String current = "";

  /** What all graphs of a model share. */
  private record Pass(
      long opset,
      GraphEditor editor,
      List<FoldedNode> folded,
      Map<String, String> refusals,
      Set<String> gone) {}

  private BatchNormalizationFolding(
      Graph graph, Optional<BatchNormalizationFolding> outer, Pass pass) {
    this.graph = graph;
    this.outer = outer;
    this.pass = pass;
    this.uses = new ValueUses(graph);
  }

  static Outcome fold(Model model) {
    if (model.graph().nodesWithSubgraphs().stream()
        .noneMatch(n -> n.op().is("BatchNormalization"))) {
      return Outcome.unchanged(model.graph());
    }
    Pass pass =
        new Pass(
            model.opset(),
            new GraphEditor(model.graph()),
            new ArrayList<>(),
            new LinkedHashMap<>(),
            new HashSet<>());
    new BatchNormalizationFolding(model.graph(), Optional.empty(), pass).run();
    GraphEditor.Edited edited = pass.editor().finish();
    return new Outcome(
        new GraphEditor.Edited(without(edited.graph(), pass.gone()), edited.mapping()),
        pass.folded(),
        pass.refusals());
  }

  private void run() {
    for (Node node : graph.nodes()) {
      current = node.name();
      if (node.op().is("BatchNormalization")) {
        visit(node);
      } else if (node.op().is("Conv") || node.op().is("Gemm")) {
        producers.put(node.results().get(0), node.name());
      }
      for (Graph body : node.subgraphs()) {
        new BatchNormalizationFolding(body, Optional.of(this), pass).run();
      }
    }
  }

  /** Drops the stated types of values that are gone. */
  private static Graph without(Graph graph, Set<String> gone) {
    Map<String, ValueInfo> values = new LinkedHashMap<>(graph.values());
    values.keySet().removeAll(gone);
    List<Node> nodes =
        graph.nodes().stream()
            .map(
                node ->
                    node.subgraphs().isEmpty()
                        ? node
                        : node.withSubgraphs(
                            node.subgraphs().stream().map(body -> without(body, gone)).toList()))
            .toList();
    return new Graph(
        graph.name(),
        graph.inputs(),
        graph.outputs(),
        graph.initializers(),
        nodes,
        values,
        graph.origin());
  }

  private void visit(Node node) {
    String layerName = producers.get(node.operands().get(0));
    if (layerName == null) {
      pass.refusals().put(node.name(), "not folded: it does not follow a Conv or Gemm");
      return;
    }
    Node layer = pass.editor().node(layerName);
    Optional<String> refusal = refusal(node, layer);
    if (refusal.isPresent()) {
      pass.refusals().put(node.name(), "not folded into '" + layerName + "': " + refusal.get());
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
    if (pass.opset() >= 14) {
      return node.intAttribute("training_mode", 0) == 0;
    }
    // Before opset 7 the mode is an attribute, from 7 on the number of results.
    boolean oldInference = pass.opset() >= 7 || node.intAttribute("is_test", 0) == 1;
    return oldInference && node.intAttribute("spatial", 1) == 1;
  }

  private Optional<String> layerRefusal(Node layer) {
    Optional<Tensor> weight = constant(layer, 1);
    if (weight.isEmpty()) {
      return Optional.of("the weight is not constant");
    }
    if (readers(layer.operands().get(1)) != 1) {
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
    if (readers(name) != 1) {
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
        layer.operand(2).orElseGet(() -> pass.editor().freshValueName(layer.name() + "_bias"));
    put(biasName, bias);
    if (layer.operand(2).isEmpty()) {
      forAll(scope -> scope.uses.add(List.of(biasName)));
    }
    String result = node.results().get(0);
    List<String> operands = List.of(layer.operands().get(0), weightName, biasName);
    pass.gone().add(layer.results().get(0));
    forAll(scope -> scope.uses.remove(node.operands()));
    node.operands().subList(1, 5).forEach(this::dropWhenUnread);
    pass.editor().remove(node.name(), layer.name());
    current = layer.name();
    pass.editor().update(layer.name(), layer.withOperands(operands).withResults(List.of(result)));
    producers.put(result, layer.name());
    pass.folded()
        .add(
            new FoldedNode(
                node.name(),
                node.op(),
                List.of(layer.name()),
                "folded into '" + layer.name() + "'"));
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
    int axis = channelAxis(layer);
    return scaled(weight, axis, factors).remadeFrom(weight, () -> scaled(weight, axis, factors));
  }

  private static Tensor scaled(Tensor weight, int channelAxis, float[] factors) {
    float[] values = weight.floats();
    int inner = 1;
    for (int axis = channelAxis + 1; axis < weight.rank(); axis++) {
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
    BatchNormalizationFolding owner = owner(name).orElse(this);
    owner.changed.put(name, tensor);
    pass.editor().putInitializerBeside(owner.current, name, tensor);
  }

  private void dropWhenUnread(String name) {
    owner(name)
        .filter(owner -> owner.uses.count(name) == 0)
        .ifPresent(owner -> pass.editor().removeInitializerBeside(owner.current, name));
  }

  private int readers(String constant) {
    return owner(constant).map(owner -> owner.uses.count(constant)).orElse(0);
  }

  /** Does the same for this graph and for all around it, whose readers are those of the bodies. */
  private void forAll(Consumer<BatchNormalizationFolding> change) {
    change.accept(this);
    outer.ifPresent(scope -> scope.forAll(change));
  }

  /** Returns the graph whose constant a name means here; empty when it is no constant's. */
  private Optional<BatchNormalizationFolding> owner(String name) {
    if (changed.containsKey(name) || graph.initializers().containsKey(name)) {
      return Optional.of(this);
    }
    boolean hidden =
        graph.producer(name).isPresent()
            || graph.inputs().stream().anyMatch(input -> input.name().equals(name));
    return hidden ? Optional.empty() : outer.flatMap(scope -> scope.owner(name));
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
    return owner(name).map(owner -> owner.own(name)).orElse(null);
  }

  private @Nullable Tensor own(String name) {
    Tensor tensor = changed.get(name);
    return tensor != null ? tensor : graph.initializers().get(name);
  }
}

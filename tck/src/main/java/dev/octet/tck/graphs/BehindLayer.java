package dev.octet.tck.graphs;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.workflow.normalise.NormalisedModel;
import dev.octet.workflow.normalise.Normaliser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A user's model with a BatchNormalization behind a layer, and what quantizers see of it: the same
 * model with the BatchNormalization folded into the layer. Immutable.
 *
 * @param user the user's model
 * @param folded the model that quantizers see
 * @param mapping what became of the user's nodes
 */
public record BehindLayer(Model user, Model folded, NameMapping mapping) {

  private static final String NAME = "normalization";

  /** Returns such a model; empty where the layer takes no BatchNormalization. */
  static Optional<BehindLayer> of(Model plain, String layer) {
    return plain
        .graph()
        .type(layer + "_out")
        .flatMap(type -> type.tensor())
        .filter(
            type -> type.shape().filter(shape -> shape.isKnown() && shape.rank() > 1).isPresent())
        .flatMap(type -> of(plain, layer, type));
  }

  private static Optional<BehindLayer> of(Model plain, String layer, TensorType type) {
    Model user = plain.withGraph(normalised(plain.graph(), layer, type));
    NormalisedModel seen = Normaliser.normalise(user);
    return seen.model().graph().node(NAME).isEmpty()
        ? Optional.of(new BehindLayer(user, seen.model(), seen.mapping()))
        : Optional.empty();
  }

  private static Graph normalised(Graph plain, String layer, TensorType type) {
    String made = layer + "_plain";
    List<Node> nodes = new ArrayList<>();
    for (Node node : plain.nodes()) {
      if (node.name().equals(layer)) {
        nodes.add(node.withResults(List.of(made)));
        nodes.add(node(made, layer + "_out"));
      } else {
        nodes.add(node);
      }
    }
    Map<String, Tensor> constants = new LinkedHashMap<>(plain.initializers());
    int channels = Math.toIntExact(type.shape().map(Shape::sizes).orElseThrow()[1]);
    List.of("factor", "bias", "mean", "variance")
        .forEach(name -> constants.put(NAME + "_" + name, constant(name, channels)));
    Map<String, ValueInfo> values = new LinkedHashMap<>(plain.values());
    values.put(made, ValueInfo.of(made, type));
    return new Graph(
        plain.name(), plain.inputs(), plain.outputs(), constants, nodes, values, Optional.empty());
  }

  private static Node node(String read, String result) {
    return Node.of(
        NAME,
        OpType.onnx("BatchNormalization"),
        List.of(read, NAME + "_factor", NAME + "_bias", NAME + "_mean", NAME + "_variance"),
        List.of(result));
  }

  private static Tensor constant(String name, int channels) {
    float[] all = new float[channels];
    Arrays.fill(all, name.equals("variance") ? 1.5f : 0.5f);
    return Tensor.of(all, channels);
  }

  /** Returns the nodes of the user's model whose work a node does. */
  public List<Node> userNodes(Node node) {
    List<Node> users = new ArrayList<>(List.of(node));
    mapping
        .replaced()
        .forEach(
            (name, now) -> {
              if (now.contains(node.name())) {
                user.graph().node(name).ifPresent(users::add);
              }
            });
    return users;
  }
}

package dev.octet.workflow.normalise;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds small models. */
public final class Models {

  private final List<ValueInfo> inputs = new ArrayList<>();
  private final List<ValueInfo> outputs = new ArrayList<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  /** Adds a FLOAT input of known sizes. */
  public Models input(String name, long... sizes) {
    inputs.add(ValueInfo.of(name, ValueType.TensorType.of(DataType.FLOAT, Shape.of(sizes))));
    return this;
  }

  /** Adds a FLOAT input of any number of samples, each of known sizes. */
  public Models samples(String name, long... sizes) {
    List<Dimension> dimensions = new ArrayList<>();
    dimensions.add(new Dimension.Symbolic("N"));
    for (long size : sizes) {
      dimensions.add(Dimension.of(size));
    }
    inputs.add(ValueInfo.of(name, ValueType.TensorType.of(DataType.FLOAT, new Shape(dimensions))));
    return this;
  }

  /** Adds a FLOAT input of unknown sizes. */
  public Models unknown(String name, int rank) {
    inputs.add(ofRank(name, rank));
    return this;
  }

  /** Adds a FLOAT output of unknown sizes. */
  public Models output(String name, int rank) {
    outputs.add(ofRank(name, rank));
    return this;
  }

  /** Adds an output of unknown sizes. */
  public Models output(String name, DataType type, int rank) {
    outputs.add(ofRank(name, type, rank));
    return this;
  }

  /** Returns a FLOAT value of unknown sizes. */
  static ValueInfo ofRank(String name, int rank) {
    return ofRank(name, DataType.FLOAT, rank);
  }

  private static ValueInfo ofRank(String name, DataType type, int rank) {
    List<Dimension> unknown = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      unknown.add(new Dimension.Unknown());
    }
    return ValueInfo.of(name, ValueType.TensorType.of(type, new Shape(unknown)));
  }

  /** Adds a constant. */
  public Models constant(String name, Tensor tensor) {
    constants.put(name, tensor);
    return this;
  }

  /** Adds a constant vector of floats. */
  public Models vector(String name, float... elements) {
    return constant(name, Tensor.of(elements, elements.length));
  }

  /** Adds a node with one result. */
  public Models node(
      String name, String op, List<String> operands, String result, Attribute... attributes) {
    return node(Node.of(name, OpType.onnx(op), operands, List.of(result), attributes));
  }

  /** Adds a node. */
  public Models node(Node node) {
    nodes.add(node);
    return this;
  }

  /** Returns the model on an operator set. */
  public Model model(long opset) {
    return Model.of(
        new Graph("g", inputs, outputs, constants, nodes, Map.of(), Optional.empty()), opset);
  }

  /**
   * Returns a Conv of 2 channels in and out with kernel 1, and a BatchNormalization behind it, to
   * which the caller adds outputs.
   */
  public static Models convolution(String... batchNormalizationResults) {
    return new Models()
        .input("x", 1, 2, 3, 3)
        .constant("w", Tensor.of(new float[] {1f, 2f, 3f, 4f}, 2, 2, 1, 1))
        .vector("b", 0.5f, -1f)
        .vector("gamma", 2f, 0.1f)
        .vector("beta", 1f, 3f)
        .vector("mean", 0.25f, 0.3f)
        .vector("variance", 4f, 0.7f)
        .node("conv", "Conv", List.of("x", "w", "b"), "c")
        .node(
            Node.of(
                "bn",
                OpType.onnx("BatchNormalization"),
                List.of("c", "gamma", "beta", "mean", "variance"),
                List.of(batchNormalizationResults),
                Attribute.of("epsilon", 0f)));
  }
}

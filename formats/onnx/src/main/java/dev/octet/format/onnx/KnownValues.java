package dev.octet.format.onnx;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a model states of its values, subgraphs included: types and constants by name; and ranks
 * that follow from what is stated. A name that two graphs use for values of different types or
 * constants is not known.
 */
final class KnownValues {

  private static final Set<DataType> FLOATS =
      EnumSet.of(DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE, DataType.BFLOAT16);

  private final Map<String, Optional<DataType>> dataTypes = new HashMap<>();
  private final Map<String, Optional<Integer>> ranks = new HashMap<>();
  private final Map<String, Optional<Tensor>> constants = new HashMap<>();
  private final Set<String> read = new HashSet<>();
  private final Set<DataType> floats = EnumSet.noneOf(DataType.class);

  KnownValues(Graph graph) {
    ModelWriter.graphs(graph).forEach(this::add);
  }

  Optional<Tensor> constant(String value) {
    return constants.getOrDefault(value, Optional.empty());
  }

  Optional<Integer> rank(String value) {
    return ranks.getOrDefault(value, Optional.empty());
  }

  /** Returns the type of a value of floats: the stated one, or the only float type of the model. */
  Optional<DataType> floatType(String value) {
    Optional<DataType> stated = dataTypes.getOrDefault(value, Optional.empty());
    return stated.isEmpty() && floats.size() == 1 ? floats.stream().findFirst() : stated;
  }

  /** Tells whether a node reads a value, or a graph puts it out. */
  boolean isRead(String value) {
    return read.contains(value);
  }

  private void add(Graph graph) {
    graph.outputs().forEach(output -> read.add(output.name()));
    graph.nodes().forEach(node -> read.addAll(node.operands()));
    List<ValueInfo> stated = new ArrayList<>(graph.inputs());
    stated.addAll(graph.outputs());
    stated.addAll(graph.values().values());
    for (ValueInfo value : stated) {
      value.tensorType().ifPresent(type -> add(value.name(), type));
    }
    graph.initializers().forEach(this::add);
    graph.nodes().stream().filter(node -> !node.results().isEmpty()).forEach(this::add);
  }

  private void add(Node node) {
    String result = node.results().get(0);
    Optional<Tensor> tensor = node.tensorAttribute("value");
    if (node.op().is("Constant")) {
      tensor.ifPresent(value -> add(result, value));
    } else if (node.op().is("ConstantOfShape")) {
      tensor.map(Tensor::dataType).ifPresent(type -> merge(dataTypes, result, type));
      addFloat(tensor.map(Tensor::dataType).orElse(DataType.FLOAT));
    } else if (node.op().is("Cast")) {
      DataType.ofOnnxNumber(node.intAttribute("to", 0)).ifPresent(this::addFloat);
    } else if (node.op().domain().isEmpty()) {
      rankOf(node).ifPresent(rank -> merge(ranks, result, rank));
    }
  }

  /** Returns the rank of what attention and layers compute; of other operators it is not asked. */
  private Optional<Integer> rankOf(Node node) {
    return switch (node.op().name()) {
      case "Gemm", "Flatten" -> Optional.of(2);
      case "Transpose" -> node.intsAttribute("perm").map(List::size).or(() -> highestRank(node, 1));
      case "Reshape" ->
          node.operand(1).flatMap(this::constant).map(sizes -> (int) sizes.elementCount());
      case "Unsqueeze" ->
          node.intsAttribute("axes")
              .flatMap(axes -> highestRank(node, 1).map(rank -> rank + axes.size()));
      case "Add", "Sub", "Mul", "Div", "Where" -> highestRank(node, node.operands().size());
      case "MatMul" -> highestRank(node, 2).filter(rank -> isMatrices(node));
      case "Cast", "Dropout", "Identity", "Relu", "Softmax" -> highestRank(node, 1);
      default -> Optional.empty();
    };
  }

  /** Returns the rank that the first operands are stretched to; empty if one is not known. */
  private Optional<Integer> highestRank(Node node, int operands) {
    int highest = 0;
    for (int i = 0; i < operands; i++) {
      Optional<Integer> rank = node.operand(i).flatMap(this::rank);
      if (rank.isEmpty()) {
        return rank;
      }
      highest = Math.max(highest, rank.get());
    }
    return Optional.of(highest);
  }

  /** A product with a vector has one axis less. */
  private boolean isMatrices(Node product) {
    return product.operands().stream().allMatch(o -> rank(o).filter(r -> r >= 2).isPresent());
  }

  private void addFloat(DataType type) {
    if (FLOATS.contains(type)) {
      floats.add(type);
    }
  }

  private void add(String name, Tensor constant) {
    add(name, constant.type());
    merge(constants, name, constant);
  }

  private void add(String name, ValueType.TensorType type) {
    merge(dataTypes, name, type.dataType());
    addFloat(type.dataType());
    type.shape().map(Shape::rank).ifPresent(rank -> merge(ranks, name, rank));
  }

  private static <T> void merge(Map<String, Optional<T>> known, String name, T value) {
    Optional<T> before = known.putIfAbsent(name, Optional.of(value));
    if (before != null && !before.equals(Optional.of(value))) {
      known.put(name, Optional.empty());
    }
  }
}

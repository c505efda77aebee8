package dev.octet.annotation;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Graphs and specs of the tests. */
final class Chains {

  static final QuantizationSpec A = observed(Storage.INT8, ObserverSpec.minMax());
  static final QuantizationSpec A_ENTROPY = observed(Storage.INT8, ObserverSpec.entropy());
  static final QuantizationSpec B = observed(Storage.UINT8, ObserverSpec.minMax());

  private Chains() {}

  static QuantizationSpec observed(Storage storage, ObserverSpec observer) {
    return new QuantizationSpec.Observed(
        QuantizedType.of(storage),
        Scheme.affine(),
        new Granularity.PerTensor(),
        observer,
        Mode.STATIC);
  }

  static Node node(String name, String op, List<String> operands, String... results) {
    return Node.of(name, OpType.onnx(op), operands, List.of(results));
  }

  static Graph graph(List<String> inputs, List<String> outputs, Node... nodes) {
    return graph(inputs, outputs, Map.of(), List.of(nodes));
  }

  static Graph graph(
      List<String> inputs, List<String> outputs, Map<String, Tensor> constants, List<Node> nodes) {
    return new Graph(
        "g", infos(inputs), infos(outputs), constants, nodes, Map.of(), Optional.empty());
  }

  private static List<ValueInfo> infos(List<String> names) {
    ValueType type = ValueType.TensorType.of(DataType.FLOAT, Shape.of(4));
    return names.stream().map(name -> ValueInfo.of(name, type)).toList();
  }
}

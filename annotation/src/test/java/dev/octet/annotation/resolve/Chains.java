package dev.octet.annotation.resolve;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Graphs and specs of the tests. */
public final class Chains {

  public static final QuantizationSpec A = observed(Storage.INT8, ObserverSpec.minMax());
  public static final QuantizationSpec A_ENTROPY = observed(Storage.INT8, ObserverSpec.entropy());
  public static final QuantizationSpec B = observed(Storage.UINT8, ObserverSpec.minMax());

  private Chains() {}

  public static QuantizationSpec observed(Storage storage, ObserverSpec observer) {
    return QuantizationSpec.Observed.of(QuantizedType.of(storage)).withObserver(observer);
  }

  public static Node node(String name, String op, List<String> operands, String... results) {
    return Node.of(name, OpType.onnx(op), operands, List.of(results));
  }

  public static Graph graph(List<String> inputs, List<String> outputs, Node... nodes) {
    return graph(inputs, outputs, Map.of(), List.of(nodes));
  }

  public static Graph graph(
      List<String> inputs, List<String> outputs, Map<String, Tensor> constants, List<Node> nodes) {
    return new Graph(
        "g", infos(inputs), infos(outputs), constants, nodes, Map.of(), Optional.empty());
  }

  private static List<ValueInfo> infos(List<String> names) {
    ValueType type = ValueType.TensorType.of(DataType.FLOAT, Shape.of(4));
    return names.stream().map(name -> ValueInfo.of(name, type)).toList();
  }

  public static Graph twoReaders() {
    return graph(
        List.of("x"),
        List.of("y", "z"),
        node("n1", "Relu", List.of("x"), "y"),
        node("n2", "Relu", List.of("x"), "z"));
  }

  public static QuantizationSpec shared(Point with) {
    return new QuantizationSpec.Shared(with);
  }

  public static QuantizationSpec derived(Point... sources) {
    return new QuantizationSpec.Derived(
        QuantizedType.of(Storage.INT32), Derivation.productOfScales(), List.of(sources));
  }

  public static OctetException refused(Graph graph, Map<Point, QuantizationSpec> marks) {
    return assertThrows(OctetException.class, () -> resolve(graph, marks));
  }

  public static ResolvedGraph resolve(
      Graph graph, Map<Point, QuantizationSpec> marks, Point... unshared) {
    Map<String, NodeAnnotation.Builder> nodes = new LinkedHashMap<>();
    marks.forEach(
        (point, spec) -> {
          NodeAnnotation.Builder node =
              nodes.computeIfAbsent(point.node(), name -> NodeAnnotation.claimed(name, "rule"));
          if (point.side() == Point.Side.OPERAND) {
            node.operand(point.index(), spec);
          } else {
            node.result(point.index(), spec);
          }
        });
    AnnotatedGraph.Builder annotated = AnnotatedGraph.builder(graph);
    nodes.values().forEach(node -> annotated.node(node.build()));
    List.of(unshared).forEach(annotated::unshared);
    return Resolution.resolve(annotated.build());
  }
}

package dev.octet.backend.onnxruntime;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueType;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.List;
import java.util.OptionalLong;

/**
 * Finds a Softmax that ONNX Runtime fuses and then computes wrongly.
 *
 * <p>Over one element it is 1, which is 256 steps of 1/256, and its QLinearSoftmax of uint8 stores
 * the lowest 8 bits of that: 0.
 */
final class LoneSoftmax {

  /** From this operator set on it goes along one axis; before, along that and all behind it. */
  private static final long ONE_AXIS = 13;

  private LoneSoftmax() {}

  /** Tells whether some Softmax of a model goes over one element. */
  static boolean isIn(Model model) {
    Graph graph = model.graph();
    return graph.nodes().stream()
        .filter(node -> node.op().is("Softmax"))
        .anyMatch(node -> isOverOneElement(graph, node, model.opset()));
  }

  private static boolean isOverOneElement(Graph graph, Node softmax, long opset) {
    return graph
        .type(softmax.operands().get(0))
        .flatMap(ValueType::tensor)
        .flatMap(TensorType::shape)
        .filter(shape -> shape.rank() > 0)
        .map(shape -> isOverOneElement(shape.dimensions(), softmax, opset))
        .orElse(false);
  }

  private static boolean isOverOneElement(List<Dimension> sizes, Node softmax, long opset) {
    long stated = softmax.intAttribute("axis", opset < ONE_AXIS ? 1 : -1);
    int axis = Math.toIntExact(Math.floorMod(stated, (long) sizes.size()));
    int end = opset < ONE_AXIS ? sizes.size() : axis + 1;
    return sizes.subList(axis, end).stream()
        .allMatch(size -> size.known().equals(OptionalLong.of(1)));
  }
}

package dev.octet.workflow.evaluate;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.operators.OperatorSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is compared of the rows of an output, beside its signal to noise. */
enum RowMeasure {
  /** Where the largest element stands: the elements are scores of classes. */
  AGREEMENT,
  /** The angle between two rows: they are vectors. */
  COSINE,
  /** Nothing: what a row is cannot be told. */
  NONE;

  private static final Set<String> HAND_ON =
      Set.of("QuantizeLinear", "DequantizeLinear", "Identity");
  private static final Set<String> CLASSES = Set.of("Softmax", "LogSoftmax");

  /**
   * Returns what is compared of each output, in their order.
   *
   * @param scored whether the elements of the first output are known to be scores of classes
   */
  static Map<String, RowMeasure> of(Model model, boolean scored) {
    Graph graph = ShapeInference.infer(model, OperatorSet.standard());
    Map<String, RowMeasure> measures = new LinkedHashMap<>();
    for (ValueInfo output : graph.outputs()) {
      boolean first = measures.isEmpty();
      measures.put(output.name(), first && scored ? AGREEMENT : of(graph, output));
    }
    return measures;
  }

  private static RowMeasure of(Graph graph, ValueInfo output) {
    boolean matrix =
        graph
            .type(output.name())
            .flatMap(ValueType::tensor)
            .flatMap(type -> type.shape())
            .map(shape -> shape.rank() == 2)
            .orElse(false);
    if (!matrix) {
      return NONE;
    }
    return endsInSoftmax(graph, output.name()) ? AGREEMENT : COSINE;
  }

  private static boolean endsInSoftmax(Graph graph, String output) {
    Optional<Node> last = graph.producer(output);
    while (last.isPresent() && HAND_ON.contains(last.get().op().name())) {
      last = graph.producer(last.get().operands().get(0));
    }
    return last.filter(node -> CLASSES.contains(node.op().name()))
        .filter(node -> List.of(-1L, 1L).contains(node.intAttribute("axis", -1)))
        .isPresent();
  }
}

package dev.octet.workflow.evaluate;

import dev.octet.api.graph.DataType;
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

/** What is compared of an output, beside its signal to noise or in its place. */
enum RowMeasure {
  /** Where the largest element stands: the elements are scores of classes. */
  AGREEMENT,
  /** The angle between two rows: they are vectors. */
  COSINE,
  /** Nothing: what a row is cannot be told. */
  NONE,
  /** How many elements are equal: indices and truth values, of which no difference is small. */
  EQUALITY;

  /** What indices and truth values are of; integers of fewer bits are taken for numbers. */
  private static final Set<DataType> WHOLE =
      Set.of(DataType.BOOL, DataType.INT32, DataType.INT64, DataType.UINT32, DataType.UINT64);

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
    Optional<ValueType.TensorType> type = graph.type(output.name()).flatMap(ValueType::tensor);
    if (type.filter(known -> WHOLE.contains(known.dataType())).isPresent()) {
      return EQUALITY;
    }
    if (type.flatMap(known -> known.shape()).filter(shape -> shape.rank() == 2).isEmpty()) {
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

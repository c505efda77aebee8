package dev.octet.kernels.execute;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.infer.ShapeInference;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a model states of its outputs, beside what they are. */
final class StatedOutputs {

  private StatedOutputs() {}

  /**
   * Requires outputs whose element types are those that the model states, as far as they are
   * inferred. Shapes that are stated wrong are common, and are left to a run.
   *
   * @throws OctetException {@code OCT-GRAPH-008} that names the node of an output of another type
   */
  static void requireTypes(ShapeInference.Inferred inferred) {
    for (ValueInfo output : inferred.graph().outputs()) {
      TensorType type = inferred.outputs().get(output.name());
      Optional<DataType> stated = output.tensorType().map(TensorType::dataType);
      if (type != null && stated.isPresent() && stated.get() != type.dataType()) {
        throw contradiction(inferred.graph(), output, type.toString());
      }
    }
  }

  /**
   * Requires results that are of the types and shapes that the model states.
   *
   * @param results the outputs of a run, by name
   * @throws OctetException {@code OCT-GRAPH-008} that names the node of one that is not
   */
  static void require(Graph graph, Map<String, Tensor> results) {
    for (ValueInfo output : graph.outputs()) {
      Tensor result = results.get(output.name());
      if (result != null && output.tensorType().filter(type -> !fits(type, result)).isPresent()) {
        throw contradiction(graph, output, result.type().toString());
      }
    }
  }

  private static boolean fits(TensorType stated, Tensor result) {
    return stated.dataType() == result.dataType()
        && stated.shape().map(shape -> fits(shape, result.sizes())).orElse(true);
  }

  private static boolean fits(Shape stated, long[] sizes) {
    List<Dimension> dimensions = stated.dimensions();
    boolean fits = dimensions.size() == sizes.length;
    for (int i = 0; fits && i < sizes.length; i++) {
      fits = dimensions.get(i).known().orElse(sizes[i]) == sizes[i];
    }
    return fits;
  }

  private static OctetException contradiction(Graph graph, ValueInfo output, String is) {
    return ExecutionErrors.OTHER_OUTPUT
        .error(
            "output '%s' is %s, where the model states %s"
                .formatted(output.name(), is, output.type()))
        .at(
            graph.nodes().stream()
                .filter(node -> node.results().contains(output.name()))
                .findFirst()
                .map(node -> "node '" + node.name() + "', " + node.op())
                .orElse("graph '" + graph.name() + "'"))
        .build();
  }
}

package dev.octet.workflow.data;

import dev.octet.api.format.ModelFormat;
import dev.octet.api.format.TestData;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.operators.OperatorSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Test data that a model's format keeps in folders. */
final class StoredTests {

  private StoredTests() {}

  static TestData read(Path folder, Model model) {
    return ModelFormat.of(model)
        .flatMap(format -> format.testData(folder, model))
        .orElseThrow(
            () ->
                DataErrors.NO_TEST_DATA
                    .error("the model's format has no test data in folders")
                    .at(folder.toString())
                    .build());
  }

  /** Returns the main graph of a model with its types as they are for inputs of these shapes. */
  static Graph typed(Model model, Map<String, Tensor> inputs) {
    Graph graph = model.graph();
    List<ValueInfo> given = graph.inputs().stream().map(i -> given(i, inputs)).toList();
    return ShapeInference.inferThroughout(
        model.withGraph(
            new Graph(
                graph.name(),
                given,
                graph.outputs(),
                graph.initializers(),
                graph.nodes(),
                graph.values(),
                graph.origin())),
        OperatorSet.standard());
  }

  private static ValueInfo given(ValueInfo input, Map<String, Tensor> inputs) {
    Optional<Tensor> tensor = Optional.ofNullable(inputs.get(input.name()));
    return input
        .tensorType()
        .flatMap(t -> tensor.map(x -> TensorType.of(t.dataType(), Shape.of(x.sizes()))))
        .map(type -> ValueInfo.of(input.name(), type))
        .orElse(input);
  }
}

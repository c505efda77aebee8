package dev.octet.kernels.integer;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.ExactResult;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.kernels.operators.Operators;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the kernels give for one node on constant operands, beside what exact arithmetic gives. */
record NodeRun(Node node, Map<String, Tensor> operands, Map<String, Tensor> results) {

  private static final long OPSET = 21;

  static NodeRun of(Node node, Map<String, Tensor> operands) {
    List<ValueInfo> outputs = new ArrayList<>();
    for (String result : node.results()) {
      outputs.add(ValueInfo.of(result, new ValueType.Other("computed")));
    }
    Graph graph =
        new Graph("one", List.of(), outputs, operands, List.of(node), Map.of(), Optional.empty());
    Model model =
        Model.of(graph, OPSET)
            .withOpset(IntegerDialect.MICROSOFT, 1)
            .withOpset(IntegerDialect.OCTET, 1);
    try (GraphExecutor executor = GraphExecutor.of(model, 3)) {
      return new NodeRun(node, operands, executor.run(Map.of()));
    }
  }

  /** Returns result 0 of the kernels. */
  Tensor result() {
    return results.values().iterator().next();
  }

  /** Returns result 0 in exact arithmetic. */
  ExactResult exact() {
    return ExactResult.of(
        Operators.find(node.op()).flatMap(OperatorDefinition::exact).orElseThrow(),
        new ExactOperands(node, OPSET, operands, 0, result().type()));
  }
}

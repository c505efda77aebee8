package com.lyra.octet;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.Exactness;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.InputCheck;
import dev.octet.api.runtime.NodeRefusals;
import dev.octet.api.runtime.OperatorUse;
import dev.octet.api.runtime.RunGuard;
import dev.octet.api.runtime.RuntimeUses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A loaded model: steps on stored integers, one after the other. What a run changes is its own. */
final class LyraModel implements ExecutableModel {

  private record Step(List<String> operands, String result, Kernel kernel) {}

  private final Graph graph;
  private final QdqGraph quantized;
  private final List<Step> steps = new ArrayList<>();
  private final InputCheck check;
  private final RunGuard guard = new RunGuard(() -> {});

  LyraModel(Graph graph, RuntimeUses uses) {
    this.graph = graph;
    this.quantized = new QdqGraph(graph);
    this.check = new InputCheck(graph.inputs());
    NodeRefusals refusals = NodeRefusals.of(graph);
    Set<String> floats = floats();
    for (Node node : graph.nodes()) {
      boolean converts = QdqGraph.isConversion(node);
      if (!converts || floats.contains(node.operands().get(0) + node.results().get(0))) {
        compile(node, uses, refusals);
      }
    }
    refusals.throwIfAny();
  }

  /**
   * The conversions that stand for themselves. Others are the operands and results of the operator
   * beside them, which reads and gives the integers.
   */
  private Set<String> floats() {
    Set<String> all = new HashSet<>();
    Set<String> read = new HashSet<>();
    graph.outputs().forEach(output -> read.add(output.name()));
    for (Node node : graph.nodes()) {
      String from = node.operand(0).orElse("");
      boolean behindOperator =
          graph.producer(from).filter(before -> !QdqGraph.isConversion(before)).isPresent();
      if (QdqGraph.isQuantize(node) && !behindOperator) {
        read.add(from);
        all.add(from + node.results().get(0));
      }
    }
    for (Node node : graph.nodes()) {
      if (QdqGraph.isDequantize(node) && read.contains(node.results().get(0))) {
        all.add(node.operands().get(0) + node.results().get(0));
      }
    }
    return all;
  }

  private void compile(Node node, RuntimeUses uses, NodeRefusals refusals) {
    OperatorUse use = OperatorUse.of(quantized, node);
    Optional<String> refusal =
        uses.support(use)
            .exactness()
            .match(
                Exactness.Cases.<Optional<String>>otherwise(supported -> Optional.empty())
                    .unsupported(no -> Optional.of(no.reason() + ": " + use)));
    try {
      if (refusal.isEmpty()) {
        steps.add(QdqGraph.isConversion(node) ? conversion(node) : operator(node));
      }
    } catch (Kernel.Unfit e) {
      refusal = Optional.of(e.getMessage());
    }
    refusal.ifPresent(why -> refusals.refuse(node, why));
  }

  private Step conversion(Node node) {
    String from = node.operands().get(0);
    String to = node.results().get(0);
    if (QdqGraph.isQuantize(node)) {
      Affine affine = Stored.of(quantized.quantized(node).orElseThrow()).affine();
      return new Step(List.of(from), to, read -> affine.quantize(read.get(0)));
    }
    Affine affine = Stored.of(quantized.dequantized(to).orElseThrow()).affine();
    return new Step(List.of(from), to, read -> affine.floats(read.get(0)));
  }

  private Step operator(Node node) {
    List<Stored> operands = new ArrayList<>();
    for (int i = 0; i < node.operands().size(); i++) {
      operands.add(Stored.of(quantized.operand(node, i).orElseThrow()));
    }
    Stored result = Stored.of(quantized.result(node, 0).orElseThrow());
    return new Step(
        operands.stream().map(Stored::name).toList(),
        result.name(),
        Kernel.of(node, operands, result));
  }

  @Override
  public List<ValueInfo> inputs() {
    return graph.inputs();
  }

  @Override
  public List<ValueInfo> outputs() {
    return graph.outputs();
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> inputs, Cancellation cancellation) {
    return guard.run(() -> compute(inputs, cancellation));
  }

  private Map<String, Tensor> compute(Map<String, Tensor> inputs, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    check.check(inputs);
    Map<String, Tensor> values = new HashMap<>(graph.initializers());
    values.putAll(inputs);
    for (Step step : steps) {
      cancellation.throwIfCancelled();
      values.put(
          step.result(), step.kernel().run(step.operands().stream().map(values::get).toList()));
    }
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    graph.outputs().forEach(output -> outputs.put(output.name(), values.get(output.name())));
    return outputs;
  }

  @Override
  public void close() {
    guard.close();
  }
}

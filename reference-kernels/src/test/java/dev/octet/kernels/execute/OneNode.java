package dev.octet.kernels.execute;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model of one node, to run one operator. Operands are graph inputs unless they are constants.
 */
public final class OneNode {

  private final OpType op;
  private final long opset;
  private final List<Attribute> attributes = new ArrayList<>();
  private final List<String> operands = new ArrayList<>();
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final Set<Integer> unasked = new HashSet<>();
  private int results = 1;

  private OneNode(OpType op, long opset) {
    this.op = op;
    this.opset = opset;
  }

  public static OneNode of(String onnxName, long opset) {
    return of(OpType.onnx(onnxName), opset);
  }

  public static OneNode of(OpType op, long opset) {
    return new OneNode(op, opset);
  }

  public OneNode with(Attribute attribute) {
    attributes.add(attribute);
    return this;
  }

  public OneNode with(String name, long... values) {
    List<Long> list = new ArrayList<>();
    for (long value : values) {
      list.add(value);
    }
    return with(Attribute.of(name, list));
  }

  public OneNode input(Tensor tensor) {
    String name = "operand" + operands.size();
    operands.add(name);
    inputs.put(name, tensor);
    return this;
  }

  public OneNode constant(Tensor tensor) {
    String name = "operand" + operands.size();
    operands.add(name);
    constants.put(name, tensor);
    return this;
  }

  public OneNode absent() {
    operands.add("");
    return this;
  }

  public OneNode results(int count) {
    results = count;
    return this;
  }

  /** Leaves out a result before the last one. */
  public OneNode unasked(int result) {
    unasked.add(result);
    return this;
  }

  public Model model() {
    List<String> names = new ArrayList<>();
    List<ValueInfo> outputs = new ArrayList<>();
    for (int i = 0; i < results; i++) {
      boolean asked = !unasked.contains(i);
      names.add(asked ? "result" + i : "");
      if (asked) {
        ValueType type = new ValueType.TensorType(DataType.FLOAT, Optional.empty());
        outputs.add(ValueInfo.of("result" + i, type));
      }
    }
    List<ValueInfo> declared = new ArrayList<>();
    inputs.forEach((name, tensor) -> declared.add(ValueInfo.of(name, tensor.type())));
    Node node = Node.of("node", op, operands, names, attributes.toArray(Attribute[]::new));
    return Model.of(
        new Graph("g", declared, outputs, constants, List.of(node), Map.of(), Optional.empty()),
        opset);
  }

  /** Returns the tensors of its inputs by name. */
  public Map<String, Tensor> inputs() {
    return Collections.unmodifiableMap(inputs);
  }

  public List<Tensor> runAll(int threads) {
    try (GraphExecutor executor = GraphExecutor.of(model(), threads)) {
      return List.copyOf(executor.run(inputs).values());
    }
  }

  public Tensor run() {
    return runAll(1).get(0);
  }

  public Tensor run(int threads) {
    return runAll(threads).get(0);
  }
}

package dev.octet.format.onnx;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.format.onnx.GraphOrigin.InputSlot;
import dev.octet.format.onnx.GraphOrigin.ValueSlot;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.NodeProto;
import dev.octet.format.onnx.proto.OnnxMl.SparseTensorProto;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import dev.octet.format.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one graph of a model, and its subgraphs with readers of their own. */
final class GraphReader {

  private final GraphProto proto;
  private final Source source;
  private final TensorReader tensors;
  private final NodeNames names;
  private final Scope scope;
  private final NodeKinds kinds = new NodeKinds();
  private final AttributeReader attributes;

  GraphReader(
      GraphProto proto,
      Source source,
      TensorReader tensors,
      NodeNames names,
      @Nullable Scope outer) {
    this.proto = proto;
    this.source = source;
    this.tensors = tensors;
    this.names = names;
    this.scope = new Scope(outer, proto.getInitializerCount() + proto.getNodeCount());
    this.attributes =
        new AttributeReader(
            tensors, graph -> new GraphReader(graph, source, tensors, names, scope).read());
  }

  Graph read() {
    Map<String, Tensor> initializers = initializers();
    List<ValueInfo> inputs = new ArrayList<>();
    List<InputSlot> inputSlots = inputs(initializers.keySet(), inputs);
    List<Node> nodes = nodes();
    List<ValueInfo> outputs = outputs();
    Map<String, ValueInfo> values = new LinkedHashMap<>();
    List<ValueSlot> valueSlots = values(initializers.keySet(), values);
    GraphProto rest =
        proto.toBuilder()
            .clearNode()
            .clearInitializer()
            .clearSparseInitializer()
            .clearInput()
            .clearOutput()
            .clearValueInfo()
            .build();
    GraphOrigin origin =
        new GraphOrigin(rest, inputSlots, valueSlots, Set.copyOf(initializers.keySet()));
    return new Graph(
        proto.getName(), inputs, outputs, initializers, nodes, values, Optional.of(origin));
  }

  private Map<String, Tensor> initializers() {
    Map<String, Tensor> initializers = new LinkedHashMap<>(2 * proto.getInitializerCount());
    for (TensorProto initializer : proto.getInitializerList()) {
      String place = "initializer '" + initializer.getName() + "'";
      define(initializer.getName(), place);
      initializers.put(initializer.getName(), tensors.constant(initializer, place));
    }
    for (SparseTensorProto sparse : proto.getSparseInitializerList()) {
      String name = sparse.getValues().getName();
      String place = "sparse initializer '" + name + "'";
      define(name, place);
      initializers.put(name, new SparseReader(source, tensors).read(sparse, place));
    }
    return initializers;
  }

  private List<InputSlot> inputs(Set<String> initializers, List<ValueInfo> inputs) {
    List<InputSlot> slots = new ArrayList<>();
    Set<String> constants = new HashSet<>();
    for (ValueInfoProto input : proto.getInputList()) {
      ValueInfo value = Types.read(input);
      boolean constant = initializers.contains(value.name()) && constants.add(value.name());
      if (!constant) {
        define(value.name(), "graph input '" + value.name() + "'");
        inputs.add(value);
      }
      slots.add(new InputSlot(value.name(), constant ? Optional.of(value) : Optional.empty()));
    }
    return slots;
  }

  private List<Node> nodes() {
    List<Node> nodes = new ArrayList<>(proto.getNodeCount());
    for (NodeProto node : TopologicalOrder.of(proto, source, names::of)) {
      nodes.add(node(node));
    }
    return nodes;
  }

  private Node node(NodeProto node) {
    String name = names.of(node);
    String place = "node '" + name + "'";
    check(node, place);
    List<String> operands = operands(node, place);
    Map<String, Attribute> byName = attributes(node, place);
    for (String result : node.getOutputList()) {
      if (!result.isEmpty()) {
        define(result, place);
      }
    }
    NodeKinds.Kind kind = kinds.of(node);
    NodeOrigin origin = origin(node, name, kind);
    return new Node(
        name,
        kind.op(),
        operands,
        node.getOutputList(),
        byName,
        origin.metadata(),
        Optional.of(origin));
  }

  private static NodeOrigin origin(NodeProto node, String name, NodeKinds.Kind kind) {
    if (node.getName().equals(name) && NodeKinds.isPlain(node)) {
      return new NodeOrigin(kind.rest(), name, true, Map.of());
    }
    NodeProto rest = node.toBuilder().clearInput().clearOutput().clearAttribute().build();
    return new NodeOrigin(rest, name, false, Metadata.read(node.getMetadataPropsList()));
  }

  private void check(NodeProto node, String place) {
    if (node.getOpType().isEmpty()) {
      throw source.error(OnnxErrors.NO_OPERATOR, "a node has no operator", place).build();
    }
  }

  private List<String> operands(NodeProto node, String place) {
    List<String> operands = new ArrayList<>(node.getInputCount());
    for (String operand : node.getInputList()) {
      String seen = operand.isEmpty() ? operand : scope.seen(operand);
      if (seen == null) {
        throw undefined(operand, place);
      }
      operands.add(seen);
    }
    return operands;
  }

  private Map<String, Attribute> attributes(NodeProto node, String place) {
    if (node.getAttributeCount() == 0) {
      return Map.of();
    }
    Map<String, Attribute> byName = new LinkedHashMap<>();
    for (AttributeProto attribute : node.getAttributeList()) {
      if (byName.put(attribute.getName(), attributes.read(attribute, place)) != null) {
        throw source
            .error(
                OnnxErrors.ATTRIBUTE_TWICE,
                "attribute '" + attribute.getName() + "' stands twice",
                place)
            .build();
      }
    }
    return byName;
  }

  private List<ValueInfo> outputs() {
    List<ValueInfo> outputs = new ArrayList<>();
    for (ValueInfoProto output : proto.getOutputList()) {
      if (!scope.sees(output.getName())) {
        throw undefined(output.getName(), "the outputs of graph '" + proto.getName() + "'");
      }
      outputs.add(Types.read(output));
    }
    return outputs;
  }

  private List<ValueSlot> values(Set<String> initializers, Map<String, ValueInfo> values) {
    Set<String> stated = new HashSet<>(initializers);
    proto.getInputList().forEach(v -> stated.add(v.getName()));
    proto.getOutputList().forEach(v -> stated.add(v.getName()));
    List<ValueSlot> slots = new ArrayList<>();
    for (ValueInfoProto info : proto.getValueInfoList()) {
      String name = info.getName();
      boolean modelled = !name.isEmpty() && stated.add(name);
      if (modelled) {
        values.put(name, Types.read(info));
      }
      slots.add(
          new ValueSlot(
              name, scope.defines(name), modelled ? Optional.empty() : Optional.of(info)));
    }
    return slots;
  }

  private void define(String name, String place) {
    if (name.isEmpty()) {
      throw source.error(OnnxErrors.UNNAMED_VALUE, "a value has no name", place).build();
    }
    if (!scope.define(name)) {
      throw source
          .error(OnnxErrors.DEFINED_TWICE, "value '" + name + "' is defined twice", place)
          .build();
    }
  }

  private OctetException undefined(String value, String place) {
    return source
        .error(OnnxErrors.UNDEFINED_VALUE, "value '" + value + "' is read but never defined", place)
        .build();
  }
}

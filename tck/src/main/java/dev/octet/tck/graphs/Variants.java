package dev.octet.tck.graphs;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.operator.OperatorSignature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Models made of a composed one by changing what its capability says nothing of: names, order, what
 * stands beside it, sizes that are not known.
 */
public final class Variants {
  /** The name of the node of {@link #followedBy}. */
  public static final String UNKNOWN_NODE = "unknown0";

  private static final Shape SCALAR = Shape.of();

  /** Before that, operator sets have another form of quantization. */
  private static final long OLDEST = 13;

  private Variants() {}

  /** Returns a model with other names of its nodes and values, equal in all else. */
  public static Model renamed(Model model, UnaryOperator<String> rename) {
    return typed(model.graph().name(), parts(model.graph(), rename)).orElseThrow();
  }

  /**
   * Returns two models in one, each with a prefix to its names.
   *
   * @param backwards whether the second stands first
   */
  public static Model beside(Model first, Model second, boolean backwards) {
    Parts a = parts(first.graph(), name -> "a_" + name);
    Parts b = parts(second.graph(), name -> "b_" + name);
    return typed("beside", backwards ? b.and(a) : a.and(b)).orElseThrow();
  }

  /** Returns two models in one, their nodes taking turns. */
  public static Model interleaved(Model first, Model second) {
    Parts both =
        parts(first.graph(), name -> "a_" + name).and(parts(second.graph(), name -> "b_" + name));
    int split = first.graph().nodes().size();
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < Math.max(split, both.nodes.size() - split); i++) {
      if (split + i < both.nodes.size()) {
        nodes.add(both.nodes.get(split + i));
      }
      if (i < split) {
        nodes.add(both.nodes.get(i));
      }
    }
    return typed("beside", both.of(nodes)).orElseThrow();
  }

  /** Returns a model with every node twice: both read the same inputs and the same constants. */
  public static Model tied(Model model) {
    Graph graph = model.graph();
    Parts all = parts(graph, UnaryOperator.identity());
    Parts again =
        parts(
            graph,
            name ->
                graph.initializers().containsKey(name) || isInput(graph, name)
                    ? name
                    : "again_" + name);
    all.nodes.addAll(again.nodes);
    all.outputs.addAll(again.outputs);
    return typed("tied", all).orElseThrow();
  }

  /** Returns a model that also gives every value between its nodes as an output. */
  public static Model showingAll(Model model) {
    Parts all = parts(model.graph(), UnaryOperator.identity());
    for (Node node : model.graph().nodes()) {
      String result = node.results().get(0);
      if (!all.outputs.contains(result)) {
        all.outputs.add(result);
      }
    }
    return typed("showing-all", all).orElseThrow();
  }

  /** Returns a model that also gives the first result of a node as an output. */
  static Optional<Model> showing(Model model, String node) {
    Parts all = parts(model.graph(), UnaryOperator.identity());
    model.graph().node(node).map(known -> known.results().get(0)).ifPresent(all.outputs::add);
    return typed("showing", all);
  }

  /**
   * Returns a model of the kit's operator set with the types of all values as they follow from its
   * inputs; empty when they do not, or an operator is none of ONNX's or has a body.
   */
  static Optional<Model> typedAnew(Model model) {
    boolean known =
        model.graph().nodes().stream()
            .allMatch(
                node -> OperatorSignature.of(node.op()).isPresent() && node.subgraphs().isEmpty());
    return known
        ? typed(model.graph().name(), parts(model.graph(), UnaryOperator.identity()))
        : Optional.empty();
  }

  /** Returns a model in which another node reads each constant of floats; empty without one. */
  public static Optional<Model> readingConstants(Model model) {
    Parts all = parts(model.graph(), UnaryOperator.identity());
    List<String> floats =
        all.constants.entrySet().stream()
            .filter(constant -> constant.getValue().dataType() == DataType.FLOAT)
            .map(Map.Entry::getKey)
            .toList();
    all.inputs.add(ValueInfo.of("factor", TensorType.of(DataType.FLOAT, SCALAR)));
    for (String name : floats) {
      String result = "elsewhere_" + name;
      all.nodes.add(Node.of(result, OpType.onnx("Mul"), List.of(name, "factor"), List.of(result)));
      all.outputs.add(result);
    }
    return floats.isEmpty() ? Optional.empty() : typed("reading-constants", all);
  }

  /**
   * Returns a model with a node of an operator of floats in front of its first input and behind
   * those of its outputs that are floats.
   */
  public static Model framed(Model model, OpType op, String prefix) {
    Parts all = parts(model.graph(), UnaryOperator.identity());
    ValueInfo first = all.inputs.get(0);
    all.inputs.set(0, ValueInfo.of(prefix + "_input", first.type()));
    all.nodes.add(
        0, Node.of(prefix + "_front", op, List.of(prefix + "_input"), List.of(first.name())));
    for (int i = 0; i < all.outputs.size(); i++) {
      if (isFloat(model.graph().outputs().get(i))) {
        String behind = prefix + "_behind" + i;
        all.nodes.add(Node.of(behind, op, List.of(all.outputs.get(i)), List.of(behind + "_out")));
        all.outputs.set(i, behind + "_out");
      }
    }
    return typed("framed", all).orElseThrow();
  }

  /**
   * Returns a model of which two nodes of an operator of floats read each output, in whose place
   * theirs are; empty where an output is no float.
   */
  public static Optional<Model> readTwice(Model model, OpType op, String prefix) {
    if (!model.graph().outputs().stream().allMatch(Variants::isFloat)) {
      return Optional.empty();
    }
    Parts all = parts(model.graph(), UnaryOperator.identity());
    List<String> outputs = List.copyOf(all.outputs);
    all.outputs.clear();
    for (String output : outputs) {
      for (String which : List.of("_first_", "_second_")) {
        String reader = prefix + which + output;
        all.nodes.add(Node.of(reader, op, List.of(output), List.of(reader + "_out")));
        all.outputs.add(reader + "_out");
      }
    }
    return typed("read-twice", all);
  }

  private static boolean isFloat(ValueInfo value) {
    return value.tensorType().filter(type -> type.dataType() == DataType.FLOAT).isPresent();
  }

  /** Returns a model of which a node of an operator reads each input and each output beside. */
  public static Optional<Model> readBeside(Model model, OpType op, String prefix) {
    Parts all = parts(model.graph(), UnaryOperator.identity());
    List<String> ends = new ArrayList<>(List.copyOf(all.outputs));
    all.inputs.forEach(input -> ends.add(input.name()));
    for (String end : ends) {
      String reader = prefix + "_" + end;
      all.nodes.add(Node.of(reader, op, List.of(end), List.of(reader + "_out")));
      all.outputs.add(reader + "_out");
    }
    return typed("read-beside", all);
  }

  /**
   * Returns a model whose graph has another name, and whose nodes have notes that mean nothing to
   * anybody.
   *
   * @param name the name of the graph
   */
  public static Model labelled(Model model, String name) {
    Graph graph = model.graph();
    return model
        .withGraph(
            new Graph(
                name,
                graph.inputs(),
                graph.outputs(),
                graph.initializers(),
                graph.nodes().stream()
                    .map(node -> node.withMetadata(Map.of("tck.note", "drawn at the left")))
                    .toList(),
                graph.values(),
                graph.origin()))
        .withMetadata(Map.of("tck.note", "for the archive"));
  }

  /** Returns a model of one node that reads an input of floats. */
  public static Model single(OpType op, String node, Shape shape) {
    Parts all =
        new Parts(new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>(), new ArrayList<>());
    all.inputs.add(ValueInfo.of(node + "_input", TensorType.of(DataType.FLOAT, shape)));
    all.nodes.add(Node.of(node, op, List.of(node + "_input"), List.of(node + "_out")));
    all.outputs.add(node + "_out");
    return typed(node, all).orElseThrow();
  }

  /**
   * Returns a model whose inputs have a first size that is not known; empty when a node cannot take
   * that.
   */
  public static Optional<Model> ofUnknownBatch(Model model) {
    return ofFirstSize(model, new Dimension.Symbolic("batch"), "unknown-batch");
  }

  /** Returns a model of whose values nothing is known but the types of their elements. */
  public static Optional<Model> ofUnknownRank(Model model) {
    Graph graph = model.graph();
    return Optional.of(
        model.withGraph(
            new Graph(
                "unknown-rank",
                graph.inputs().stream().map(Variants::ofUnknownRank).toList(),
                graph.outputs().stream().map(Variants::ofUnknownRank).toList(),
                graph.initializers(),
                graph.nodes(),
                Map.of(),
                Optional.empty())));
  }

  private static ValueInfo ofUnknownRank(ValueInfo value) {
    DataType elements = value.type().tensor().map(TensorType::dataType).orElse(DataType.FLOAT);
    return ValueInfo.of(value.name(), new TensorType(elements, Optional.empty()));
  }

  /**
   * Returns a model of nodes behind each other, of one operator that keeps sizes.
   *
   * @param count how many
   * @param shape the sizes of all values
   */
  public static Model inSequence(OpType op, int count, Shape shape) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(Node.of("n" + i, op, List.of("v" + i), List.of("v" + (i + 1))));
    }
    TensorType type = TensorType.of(DataType.FLOAT, shape);
    return Model.of(
        new Graph(
            "in-sequence",
            List.of(ValueInfo.of("v0", type)),
            List.of(ValueInfo.of("v" + count, type)),
            Map.of(),
            nodes,
            Map.of(),
            Optional.empty()),
        GraphDraft.OPSET);
  }

  /** Returns a model whose inputs have no element; empty when a node cannot take that. */
  public static Optional<Model> ofNoElement(Model model) {
    return ofFirstSize(model, Dimension.of(0), "no-element");
  }

  private static Optional<Model> ofFirstSize(Model model, Dimension size, String name) {
    Parts all = parts(model.graph(), UnaryOperator.identity());
    all.inputs.replaceAll(
        input -> {
          List<Dimension> dimensions = new ArrayList<>(shape(input).dimensions());
          if (!dimensions.isEmpty()) {
            dimensions.set(0, size);
          }
          return ValueInfo.of(input.name(), TensorType.of(DataType.FLOAT, new Shape(dimensions)));
        });
    return typed(name, all);
  }

  /**
   * Returns a model of whole numbers in the place of floats; empty when a node takes only floats.
   */
  public static Optional<Model> ofWholeNumbers(Model model) {
    Parts all = parts(model.graph(), UnaryOperator.identity());
    all.inputs.replaceAll(
        input -> ValueInfo.of(input.name(), TensorType.of(DataType.INT64, shape(input))));
    all.constants.replaceAll((name, content) -> whole(content));
    return typed("whole-numbers", all);
  }

  private static Tensor whole(Tensor content) {
    if (content.dataType() != DataType.FLOAT) {
      return content;
    }
    float[] floats = content.floats();
    long[] rounded = new long[floats.length];
    Arrays.setAll(rounded, i -> Math.round(8.0 * floats[i]));
    return Tensor.of(rounded, content.sizes());
  }

  /**
   * Returns a model of which one node has another attribute; empty when the sizes do not fit then.
   *
   * @param node the name of the node
   * @param attribute takes the place of that of its name
   */
  public static Optional<Model> withAttribute(Model model, String node, Attribute attribute) {
    Parts all = parts(model.graph(), UnaryOperator.identity());
    all.nodes.replaceAll(each -> each.name().equals(node) ? withAttribute(each, attribute) : each);
    return typed("with-attribute", all);
  }

  private static Node withAttribute(Node node, Attribute attribute) {
    Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
    attributes.put(attribute.name(), attribute);
    return Node.of(
        node.name(),
        node.op(),
        node.operands(),
        node.results(),
        attributes.values().toArray(Attribute[]::new));
  }

  /**
   * Returns a model of which an input that one node reads is a constant of random floats; empty
   * when the operand reads something else.
   *
   * @param node the name of the node
   * @param operand the operand's index
   * @param seed what the floats depend on
   */
  public static Optional<Model> withConstant(Model model, String node, int operand, long seed) {
    Parts all = parts(model.graph(), UnaryOperator.identity());
    Optional<ValueInfo> read =
        model
            .graph()
            .node(node)
            .flatMap(known -> known.operand(operand))
            .flatMap(
                value ->
                    all.inputs.stream().filter(input -> input.name().equals(value)).findFirst());
    return read.flatMap(
        input -> {
          all.inputs.remove(input);
          all.constants.put(
              input.name(), RandomFloats.tensor(seed, input.name(), shape(input).sizes()));
          return typed("with-constant", all);
        });
  }

  /**
   * Returns a model with a node of an operator that nobody has behind it, of which nothing else
   * reads.
   *
   * @param op the operator
   */
  public static Model followedBy(Model model, OpType op) {
    Graph graph = model.graph();
    List<Node> nodes = new ArrayList<>(graph.nodes());
    nodes.add(
        Node.of(
            UNKNOWN_NODE,
            op,
            List.of(graph.outputs().get(0).name()),
            List.of(UNKNOWN_NODE + "_out")));
    return model
        .withGraph(
            new Graph(
                graph.name(),
                graph.inputs(),
                graph.outputs(),
                graph.initializers(),
                nodes,
                graph.values(),
                graph.origin()))
        .withOpset(op.domain(), 1);
  }

  /** Returns a model that does the work of another in both branches of an If. */
  public static Model insideIf(Model model) {
    Graph graph = model.graph();
    List<ValueInfo> inputs = new ArrayList<>(graph.inputs());
    inputs.add(ValueInfo.of("condition", TensorType.of(DataType.BOOL, SCALAR)));
    Node choice =
        Node.of(
            "choice",
            OpType.onnx("If"),
            List.of("condition"),
            graph.outputs().stream().map(output -> "chosen_" + output.name()).toList(),
            new Attribute(
                "then_branch", new Attribute.GraphValue(branch(graph, "then_")), Optional.empty()),
            new Attribute(
                "else_branch", new Attribute.GraphValue(branch(graph, "else_")), Optional.empty()));
    List<ValueInfo> outputs =
        graph.outputs().stream()
            .map(
                output -> new ValueInfo("chosen_" + output.name(), output.type(), Optional.empty()))
            .toList();
    Graph whole =
        new Graph(
            "inside-if",
            inputs,
            outputs,
            graph.initializers(),
            List.of(choice),
            Map.of(),
            Optional.empty());
    return model.withGraph(whole);
  }

  /**
   * Returns a model that does the work of another in both branches of an If, and of the If around
   * it.
   */
  public static Model insideIfs(Model model) {
    Model within = insideIf(model);
    Graph choice = within.graph();
    Graph inner =
        new Graph(
            "inner",
            List.of(),
            choice.outputs(),
            Map.of(),
            choice.nodes(),
            Map.of(),
            Optional.empty());
    Node outer =
        Node.of(
            "outer_choice",
            OpType.onnx("If"),
            List.of("condition"),
            choice.outputs().stream().map(output -> "outer_" + output.name()).toList(),
            new Attribute("then_branch", new Attribute.GraphValue(inner), Optional.empty()),
            new Attribute(
                "else_branch",
                new Attribute.GraphValue(branch(model.graph(), "outer_else_")),
                Optional.empty()));
    List<ValueInfo> outputs =
        choice.outputs().stream()
            .map(output -> ValueInfo.of("outer_" + output.name(), output.type()))
            .toList();
    return model.withGraph(
        new Graph(
            "inside-ifs",
            choice.inputs(),
            outputs,
            choice.initializers(),
            List.of(outer),
            Map.of(),
            Optional.empty()));
  }

  /** Returns a model that does the work of another in the body of a Scan of two steps. */
  public static Model insideScan(Model model) {
    Graph graph = model.graph();
    Graph work = branch(graph, "scan_");
    TensorType tick = TensorType.of(DataType.FLOAT, SCALAR);
    Graph body =
        new Graph(
            "body",
            List.of(ValueInfo.of("tick", tick)),
            work.outputs(),
            Map.of(),
            work.nodes(),
            work.values(),
            Optional.empty());
    List<ValueInfo> inputs = new ArrayList<>(graph.inputs());
    inputs.add(ValueInfo.of("ticks", TensorType.of(DataType.FLOAT, Shape.of(2))));
    Node scan =
        Node.of(
            "scan",
            OpType.onnx("Scan"),
            List.of("ticks"),
            graph.outputs().stream().map(output -> "scanned_" + output.name()).toList(),
            new Attribute("body", new Attribute.GraphValue(body), Optional.empty()),
            Attribute.of("num_scan_inputs", 1L));
    List<ValueInfo> outputs =
        graph.outputs().stream()
            .map(output -> ValueInfo.of("scanned_" + output.name(), stacked(output)))
            .toList();
    return model.withGraph(
        new Graph(
            "inside-scan",
            inputs,
            outputs,
            graph.initializers(),
            List.of(scan),
            Map.of(),
            Optional.empty()));
  }

  /** Returns a model that does the work of another in the body of a Loop. */
  public static Model insideLoop(Model model) {
    Graph graph = model.graph();
    List<ValueInfo> outer = new ArrayList<>(graph.inputs());
    ValueInfo goOn = ValueInfo.of("condition", TensorType.of(DataType.BOOL, SCALAR));
    outer.add(goOn);
    Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    constants.put("trips", Tensor.ofIntegers(DataType.INT64, new long[] {2}));
    Graph work = branch(graph, "body_");
    List<Node> nodes = new ArrayList<>(work.nodes());
    nodes.add(Node.of("body_go_on", OpType.onnx("Identity"), List.of("go_on"), List.of("goes_on")));
    List<ValueInfo> results = new ArrayList<>();
    results.add(ValueInfo.of("goes_on", goOn.type()));
    results.addAll(work.outputs());
    Graph body =
        new Graph(
            "body",
            List.of(
                ValueInfo.of("trip", TensorType.of(DataType.INT64, SCALAR)),
                ValueInfo.of("go_on", goOn.type())),
            results,
            Map.of(),
            nodes,
            work.values(),
            Optional.empty());
    Node loop =
        Node.of(
            "loop",
            OpType.onnx("Loop"),
            List.of("trips", "condition"),
            graph.outputs().stream().map(output -> "stacked_" + output.name()).toList(),
            new Attribute("body", new Attribute.GraphValue(body), Optional.empty()));
    List<ValueInfo> outputs =
        graph.outputs().stream()
            .map(output -> ValueInfo.of("stacked_" + output.name(), stacked(output)))
            .toList();
    return model.withGraph(
        new Graph(
            "inside-loop", outer, outputs, constants, List.of(loop), Map.of(), Optional.empty()));
  }

  /** A Loop puts the results of its trips behind one another along a new first axis. */
  private static TensorType stacked(ValueInfo output) {
    List<Dimension> dimensions = new ArrayList<>();
    dimensions.add(Dimension.of(2));
    dimensions.addAll(shape(output).dimensions());
    DataType type = output.tensorType().map(TensorType::dataType).orElse(DataType.FLOAT);
    return TensorType.of(type, new Shape(dimensions));
  }

  /**
   * Returns a model of the oldest operator set in which every operator has the version that it has
   * in the model's own; empty when there is none.
   */
  public static Optional<Model> ofOlderOperatorSet(Model model) {
    for (long opset = OLDEST; opset < GraphDraft.OPSET; opset++) {
      long older = opset;
      if (model.graph().nodes().stream().allMatch(node -> isTheSame(node, older))) {
        return Optional.of(model.withOpset("", older));
      }
    }
    return Optional.empty();
  }

  private static boolean isTheSame(Node node, long opset) {
    return OperatorSignature.of(node.op())
        .filter(op -> op.since(opset).isPresent())
        .filter(op -> op.since(opset).equals(op.since(GraphDraft.OPSET)))
        .isPresent();
  }

  private static Graph branch(Graph graph, String prefix) {
    UnaryOperator<String> rename =
        name ->
            graph.initializers().containsKey(name) || isInput(graph, name) ? name : prefix + name;
    Parts parts = parts(graph, rename);
    Map<String, ValueInfo> types = new LinkedHashMap<>();
    List<ValueInfo> outputs = new ArrayList<>();
    for (Node node : graph.nodes()) {
      for (String result : node.results()) {
        graph
            .type(result)
            .ifPresent(
                type -> types.put(rename.apply(result), ValueInfo.of(rename.apply(result), type)));
      }
    }
    parts.outputs.forEach(
        output -> Optional.ofNullable(types.remove(output)).ifPresent(outputs::add));
    return new Graph(prefix, List.of(), outputs, Map.of(), parts.nodes, types, Optional.empty());
  }

  /** Returns a model that hands its input on, without a node. */
  public static Model withoutNode() {
    ValueInfo input = ValueInfo.of("x", TensorType.of(DataType.FLOAT, Shape.of(2, 3)));
    return Model.of(
        new Graph(
            "without-node",
            List.of(input),
            List.of(input),
            Map.of(),
            List.of(),
            Map.of(),
            Optional.empty()),
        GraphDraft.OPSET);
  }

  private static boolean isInput(Graph graph, String name) {
    return graph.inputs().stream().anyMatch(input -> input.name().equals(name));
  }

  private static Shape shape(ValueInfo value) {
    return value.tensorType().flatMap(TensorType::shape).orElse(SCALAR);
  }

  /** What a graph is made of, without the types that follow. */
  private record Parts(
      List<ValueInfo> inputs,
      List<String> outputs,
      Map<String, Tensor> constants,
      List<Node> nodes) {
    Parts and(Parts other) {
      inputs.addAll(other.inputs);
      outputs.addAll(other.outputs);
      constants.putAll(other.constants);
      nodes.addAll(other.nodes);
      return this;
    }

    Parts of(List<Node> reordered) {
      return new Parts(inputs, outputs, constants, reordered);
    }
  }

  private static Parts parts(Graph graph, UnaryOperator<String> rename) {
    UnaryOperator<String> each = name -> name.isEmpty() ? name : rename.apply(name);
    Parts parts =
        new Parts(new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>(), new ArrayList<>());
    graph
        .inputs()
        .forEach(input -> parts.inputs.add(ValueInfo.of(each.apply(input.name()), input.type())));
    graph.outputs().forEach(output -> parts.outputs.add(each.apply(output.name())));
    graph.initializers().forEach((name, content) -> parts.constants.put(each.apply(name), content));
    for (Node node : graph.nodes()) {
      parts.nodes.add(
          Node.of(
              each.apply(node.name()),
              node.op(),
              node.operands().stream().map(each).toList(),
              node.results().stream().map(each).toList(),
              node.attributes().values().toArray(Attribute[]::new)));
    }
    return parts;
  }

  private static Optional<Model> typed(String name, Parts parts) {
    Graph open =
        new Graph(
            name,
            parts.inputs,
            List.of(),
            parts.constants,
            parts.nodes,
            Map.of(),
            Optional.empty());
    Map<String, ValueInfo> values = new LinkedHashMap<>(InferredTypes.of(open, GraphDraft.OPSET));
    List<ValueInfo> outputs = new ArrayList<>();
    for (String output : parts.outputs) {
      ValueInfo type = values.remove(output);
      if (type == null || type.tensorType().flatMap(TensorType::shape).isEmpty()) {
        return Optional.empty();
      }
      outputs.add(type);
    }
    Graph whole =
        new Graph(
            name, parts.inputs, outputs, parts.constants, parts.nodes, values, Optional.empty());
    return Optional.of(Model.of(whole, GraphDraft.OPSET));
  }
}

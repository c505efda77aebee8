package dev.octet.cli.forms;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.operator.OperatorSignature;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A form of an operator in which a constant, an attribute or the operands are not as the operator
 * wants them.
 *
 * @param what the form, and what was changed
 * @param model its network
 */
record HostileForms(String what, Model model) {

  private static final long[] INTEGERS = {0, -1, 16, 1L << 40, Long.MIN_VALUE};

  /** Returns a form and what is made of it, each also without the shape of the network's input. */
  static List<HostileForms> of(OperatorForm form) {
    List<Long> opsets = form.opsets();
    long opset = opsets.get(opsets.size() - 1);
    Model valid = form.place().network(form, opset);
    List<HostileForms> all = new ArrayList<>(List.of(new HostileForms(form.name(), valid)));
    constants(form, valid, all);
    attributes(form, valid, all);
    operands(form, valid, all);
    List<HostileForms> open = all.stream().map(HostileForms::withoutShape).toList();
    all.addAll(open);
    return all;
  }

  private static void constants(OperatorForm form, Model valid, List<HostileForms> all) {
    form.constants()
        .forEach(
            (name, tensor) -> {
              for (Tensor other : others(tensor)) {
                Map<String, Tensor> changed = new LinkedHashMap<>(valid.graph().initializers());
                changed.replace(name, other);
                Graph graph = graph(valid.graph(), valid.graph().inputs(), changed);
                String words = form.name() + " | " + name + " is " + other;
                all.add(new HostileForms(words, valid.withGraph(graph)));
              }
            });
  }

  private static List<Tensor> others(Tensor tensor) {
    long[] sizes = tensor.sizes();
    List<Tensor> others = new ArrayList<>();
    others.add(zeros(tensor.dataType(), 0));
    others.add(zeros(tensor.dataType()));
    others.add(zeros(tensor.dataType(), tensor.elementCount() + 1));
    others.add(
        zeros(
            tensor.dataType(),
            LongStream.concat(LongStream.of(2), Arrays.stream(sizes)).toArray()));
    others.add(zeros(tensor.dataType() == DataType.FLOAT ? DataType.INT64 : DataType.FLOAT, sizes));
    others.add(zeros(tensor.dataType(), sizes));
    if (tensor.dataType().isInteger() && tensor.dataType().bits() == Long.SIZE) {
      for (long value : INTEGERS) {
        long[] all = new long[(int) tensor.elementCount()];
        Arrays.fill(all, value);
        others.add(Tensor.of(all, sizes));
      }
    }
    return others;
  }

  private static Tensor zeros(DataType type, long... sizes) {
    long count = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
    return Tensor.ofBytes(type, sizes, ByteBuffer.allocate((int) type.packedBytes(count)));
  }

  private static void attributes(OperatorForm form, Model valid, List<HostileForms> all) {
    for (String name : attributes(form.node())) {
      for (long value : INTEGERS) {
        all.add(with(form, valid, Attribute.of(name, value)));
        all.add(with(form, valid, Attribute.of(name, List.of(value, value))));
      }
      all.add(with(form, valid, Attribute.of(name, List.of())));
      all.add(with(form, valid, Attribute.of(name, "text")));
      all.add(with(form, valid, Attribute.of(name, Float.NaN)));
    }
  }

  /** Returns what the standard knows of an operator, or what a form of another domain has. */
  private static Collection<String> attributes(Node node) {
    Optional<OperatorSignature> signature = OperatorSignature.of(node.op());
    return signature.isPresent() ? signature.get().attributes() : node.attributes().keySet();
  }

  private static HostileForms with(OperatorForm form, Model valid, Attribute attribute) {
    String words = form.name() + " | " + attribute.name() + " is " + attribute.value();
    return replaced(words, valid, node -> node.withAttribute(attribute));
  }

  private static void operands(OperatorForm form, Model valid, List<HostileForms> all) {
    List<String> operands = form.node().operands();
    for (int count = 0; count < operands.size(); count++) {
      List<String> fewer = operands.subList(0, count);
      all.add(replaced(form.name() + " | of " + fewer, valid, node -> node.withOperands(fewer)));
      List<String> same = new ArrayList<>(operands);
      same.set(count, "x");
      all.add(replaced(form.name() + " | of " + same, valid, node -> node.withOperands(same)));
    }
  }

  private interface Change {
    Node of(Node node);
  }

  private static HostileForms replaced(String words, Model valid, Change change) {
    Graph graph = valid.graph();
    List<Node> nodes =
        graph.nodes().stream()
            .map(node -> node.name().equals("form") ? change.of(node) : node)
            .toList();
    return new HostileForms(
        words,
        valid.withGraph(
            new Graph(
                graph.name(),
                graph.inputs(),
                graph.outputs(),
                graph.initializers(),
                nodes,
                Map.of(),
                Optional.empty())));
  }

  private HostileForms withoutShape() {
    List<ValueInfo> inputs =
        List.of(ValueInfo.of("x", new TensorType(DataType.FLOAT, Optional.empty())));
    Graph graph = graph(model.graph(), inputs, model.graph().initializers());
    return new HostileForms(what + " | of an unknown shape", model.withGraph(graph));
  }

  private static Graph graph(Graph from, List<ValueInfo> inputs, Map<String, Tensor> constants) {
    return new Graph(
        from.name(), inputs, from.outputs(), constants, from.nodes(), Map.of(), Optional.empty());
  }

  /** Returns the form and what was changed. */
  @Override
  public String toString() {
    return what;
  }
}

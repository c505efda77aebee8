package dev.octet.tck.broken;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Backends that rewrite graphs wrongly before they annotate them. */
final class WrongRewritings {

  private WrongRewritings() {}

  /** A change of one graph. */
  @FunctionalInterface
  private interface Rewrite {
    GraphEditor.Edited of(Graph graph);
  }

  private static WrongBackend wrong(String rule, String mistake, Rewrite rewrite, String says) {
    return new WrongBackend(
        rule,
        mistake,
        () ->
            new Tampered() {
              @Override
              protected GraphEditor.Edited rewrite(Graph graph) {
                return rewrite.of(graph);
              }
            },
        says);
  }

  private static Stream<Node> nodes(Graph graph, String op) {
    return graph.nodes().stream().filter(node -> node.op().is(op));
  }

  static List<WrongBackend> all() {
    List<WrongBackend> all = new ArrayList<>();
    all.addAll(ends());
    all.addAll(graphs());
    all.addAll(mappings());
    all.addAll(floats());
    all.addAll(memories());
    return all;
  }

  private static List<WrongBackend> ends() {
    return List.of(
        wrong(
            "TCK-TRF-001",
            "gives the outputs in the opposite order",
            graph -> {
              GraphEditor editor = new GraphEditor(graph);
              List<ValueInfo> outputs = new ArrayList<>(graph.outputs());
              Collections.reverse(outputs);
              editor.setOutputs(outputs);
              return editor.finish();
            },
            "the outputs were"),
        wrong(
            "TCK-TRF-001",
            "fixes the batch that is not known",
            graph -> {
              GraphEditor editor = new GraphEditor(graph);
              editor.setInputs(graph.inputs().stream().map(WrongRewritings::fixed).toList());
              return editor.finish();
            },
            "the inputs were"));
  }

  private static ValueInfo fixed(ValueInfo input) {
    TensorType type = input.tensorType().orElseThrow();
    long[] sizes =
        type.shape().orElseThrow().dimensions().stream()
            .mapToLong(size -> size.known().orElse(1))
            .toArray();
    return ValueInfo.of(input.name(), TensorType.of(type.dataType(), Shape.of(sizes)));
  }

  private static List<WrongBackend> graphs() {
    return List.of(
        wrong(
            "TCK-TRF-002",
            "removes a constant that others read",
            graph -> {
              GraphEditor editor = new GraphEditor(graph);
              nodes(graph, "Sub")
                  .filter(node -> graph.initializers().containsKey(node.operands().get(1)))
                  .forEach(
                      node -> {
                        String constant = node.operands().get(1);
                        editor.putInitializer(
                            node.name() + "_negated",
                            Equipped.negated(graph.initializers().get(constant)));
                        editor.update(node.name(), Equipped.added(node, node.name() + "_negated"));
                        editor.removeInitializer(constant);
                      });
              return editor.finish();
            },
            "nobody defines"),
        wrong(
            "TCK-TRF-002",
            "looks for the constant in the wrong graph",
            graph -> {
              GraphEditor editor = new GraphEditor(graph);
              for (Node node : graph.nodesWithSubgraphs()) {
                if (node.op().is("Relu")) {
                  Node main = graph.node(node.name()).orElseThrow();
                  editor.update(node.name(), main);
                }
              }
              return editor.finish();
            },
            "it cannot be rewritten"),
        wrong(
            "TCK-TRF-002",
            "leaves the type of a value that is another one now",
            graph -> {
              GraphEditor editor = new GraphEditor(graph);
              nodes(graph, "Identity")
                  .filter(node -> graph.values().containsKey(node.results().get(0)))
                  .forEach(
                      node ->
                          editor.update(
                              node.name(),
                              Node.of(
                                  node.name(),
                                  OpType.onnx("Flatten"),
                                  node.operands(),
                                  node.results())));
              return editor.finish();
            },
            "is stated to be"));
  }

  private static List<WrongBackend> mappings() {
    return List.of(
        new WrongBackend(
            "TCK-TRF-003",
            "gives the identity as mapping of replaced nodes",
            () ->
                new Equipped() {
                  @Override
                  protected GraphEditor.Edited rewrite(Graph graph) {
                    return new GraphEditor.Edited(
                        super.rewrite(graph).graph(), NameMapping.identity());
                  }
                },
            "its mapping does not say what it became"),
        new WrongBackend(
            "TCK-TRF-003",
            "maps names that are not there",
            () ->
                new Equipped() {
                  @Override
                  protected GraphEditor.Edited rewrite(Graph graph) {
                    GraphEditor.Edited right = super.rewrite(graph);
                    TreeMap<String, List<String>> more = new TreeMap<>(right.mapping().replaced());
                    if (!more.isEmpty()) {
                      more.put("unknown", List.of());
                    }
                    return new GraphEditor.Edited(right.graph(), new NameMapping(more));
                  }
                },
            "its mapping names node 'unknown'"),
        wrong(
            "TCK-TRF-003",
            "puts a Relu behind a Relu that nobody can exclude",
            graph -> {
              GraphEditor editor = new GraphEditor(graph);
              nodes(graph, "Relu")
                  .filter(node -> !node.name().endsWith("_first"))
                  .forEach(
                      node -> {
                        String value = editor.freshValueName(node.name() + "_middle");
                        editor.insertBefore(
                            node.name(),
                            Node.of(
                                node.name() + "_first",
                                node.op(),
                                node.operands(),
                                List.of(value)));
                        editor.setOperand(node.name(), 0, value);
                      });
              return editor.finish();
            },
            "does not say whose work the node does"));
  }

  private static List<WrongBackend> floats() {
    return List.of(
        wrong(
            "TCK-TRF-004",
            "takes the weights in the wrong order, but only where groups are above 1",
            graph -> {
              GraphEditor editor = new GraphEditor(graph);
              nodes(graph, "Conv")
                  .filter(node -> node.intAttribute("group", 1) > 1)
                  .filter(node -> graph.initializers().containsKey(node.operands().get(1)))
                  .forEach(
                      node -> {
                        Tensor weight = graph.initializers().get(node.operands().get(1));
                        float[] floats = weight.floats();
                        float[] turned = new float[floats.length];
                        for (int i = 0; i < floats.length; i++) {
                          turned[i] = floats[floats.length - 1 - i];
                        }
                        editor.putInitializer(
                            node.name() + "_turned", Tensor.of(turned, weight.sizes()));
                        editor.setOperand(node.name(), 1, node.name() + "_turned");
                      });
              return editor.finish();
            },
            "gives another float on random data"),
        new WrongBackend(
            "TCK-TRF-004",
            "changes a constant in its place, whoever reads it",
            () ->
                new Equipped() {
                  @Override
                  protected void addNegated(GraphEditor editor, Node node, Tensor constant) {
                    String name = node.operands().get(1);
                    editor.putInitializerBeside(node.name(), name, negated(constant));
                    editor.update(node.name(), added(node, name));
                  }
                },
            "elsewhere_"),
        wrong(
            "TCK-TRF-004",
            "takes another formula for Gelu",
            graph -> {
              GraphEditor editor = new GraphEditor(graph);
              nodes(graph, "Gelu")
                  .forEach(
                      node ->
                          editor.update(
                              node.name(),
                              node.withAttribute(Attribute.of("approximate", "tanh"))));
              return editor.finish();
            },
            "gives another float on"),
        wrong(
            "TCK-TRF-004",
            "cuts off what is large",
            graph -> {
              GraphEditor editor = new GraphEditor(graph);
              nodes(graph, "Relu")
                  .forEach(
                      node -> {
                        String most = editor.freshValueName("most");
                        String least = editor.freshValueName("least");
                        editor.putInitializer(least, Tensor.of(new float[] {0}));
                        editor.putInitializer(most, Tensor.of(new float[] {1e6f}));
                        editor.update(
                            node.name(),
                            Node.of(
                                node.name(),
                                OpType.onnx("Clip"),
                                List.of(node.operands().get(0), least, most),
                                node.results()));
                      });
              return editor.finish();
            },
            "on large data"),
        new WrongBackend(
            "TCK-TRF-004",
            "keeps constants by name from model to model",
            () ->
                new Equipped() {
                  private final Map<String, Tensor> kept = new HashMap<>();

                  @Override
                  protected void addNegated(GraphEditor editor, Node node, Tensor constant) {
                    String name = node.operands().get(1);
                    Tensor negated = kept.computeIfAbsent(name, n -> negated(constant));
                    editor.putInitializerBeside(node.name(), name + "_negated", negated);
                    editor.update(node.name(), added(node, name + "_negated"));
                  }
                },
            "gives another float on"),
        new WrongBackend(
            "TCK-TRF-004",
            "forgets the sign in the second branch",
            () ->
                new Equipped() {
                  @Override
                  protected void addNegated(GraphEditor editor, Node node, Tensor constant) {
                    if (node.name().startsWith("else_")) {
                      editor.update(node.name(), added(node, node.operands().get(1)));
                    } else {
                      super.addNegated(editor, node, constant);
                    }
                  }
                },
            "chosen_"));
  }

  private static List<WrongBackend> memories() {
    return List.of(
        wrong(
            "TCK-TRF-005",
            "puts an Identity behind every model, each time",
            graph -> {
              GraphEditor editor = new GraphEditor(graph);
              graph.inputs().stream()
                  .filter(input -> input.tensorType().orElseThrow().dataType() == DataType.FLOAT)
                  .forEach(
                      input ->
                          editor.insertFirst(
                              Node.of(
                                  editor.freshNodeName("same"),
                                  OpType.onnx("Identity"),
                                  List.of(input.name()),
                                  List.of(editor.freshValueName("same")))));
              return editor.finish();
            },
            "is rewritten again"),
        new WrongBackend(
            "TCK-TRF-006",
            "numbers the nodes that it makes from model to model",
            () ->
                new Equipped() {
                  private int count;

                  @Override
                  protected void multiplyByGate(GraphEditor editor, Node node) {
                    editor.replace(
                        node.name(),
                        List.of(
                            Node.of("made" + count++, node.op(), node.operands(), node.results())));
                  }
                },
            "it is rewritten otherwise"),
        wrong(
            "TCK-TRF-007",
            "walks the main graph alone",
            graph -> {
              GraphEditor editor = new GraphEditor(graph);
              nodes(graph, "HardSwish")
                  .forEach(node -> new Equipped().multiplyByGate(editor, node));
              return editor.finish();
            },
            "not where it stands in the branches"));
  }
}

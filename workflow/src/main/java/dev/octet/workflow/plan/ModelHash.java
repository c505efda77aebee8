package dev.octet.workflow.plan;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.workflow.digest.ContentHash;
import java.util.Collection;
import java.util.List;

/**
 * Hashes what a model means: operator sets, inputs, outputs, constants, and nodes with names,
 * operands, results and attributes, subgraphs included. Metadata, doc strings, stated types of
 * inner values and the layout of the file take no part.
 */
public final class ModelHash {

  private final ContentHash content = new ContentHash();

  private ModelHash() {}

  /** Returns the SHA-256 of a node, in lower-case hexadecimal digits. */
  public static String of(Node node) {
    ModelHash hash = new ModelHash();
    hash.node(node);
    return hash.content.digits();
  }

  /** Returns the SHA-256 in lower-case hexadecimal digits. */
  public static String of(Model model) {
    ModelHash hash = new ModelHash();
    hash.number(model.opsets().size());
    model
        .opsets()
        .forEach(
            (domain, version) -> {
              hash.text(domain);
              hash.number(version);
            });
    hash.graph(model.graph());
    return hash.content.digits();
  }

  private void graph(Graph graph) {
    values(graph.inputs());
    values(graph.outputs());
    number(graph.initializers().size());
    graph
        .initializers()
        .forEach(
            (name, tensor) -> {
              text(name);
              tensor(tensor);
            });
    number(graph.nodes().size());
    graph.nodes().forEach(this::node);
  }

  private void values(Collection<ValueInfo> values) {
    number(values.size());
    for (ValueInfo value : values) {
      text(value.name());
      text(value.type().toString());
    }
  }

  private void node(Node node) {
    text(node.name());
    text(node.op().domain());
    text(node.op().name());
    texts(node.operands());
    texts(node.results());
    number(node.attributes().size());
    node.attributes().values().forEach(this::attribute);
  }

  private void attribute(Attribute attribute) {
    text(attribute.name());
    text(attribute.value().getClass().getSimpleName());
    value(attribute.value());
  }

  private void value(Attribute.Value value) {
    Runnable digesting =
        value.match(
            new Attribute.Value.Cases<Runnable>(
                v -> () -> number(v.value()),
                v -> () -> number(Float.floatToRawIntBits(v.value())),
                v -> () -> text(v.value()),
                v -> () -> numbers(v.values()),
                v -> () -> floats(v.values()),
                v -> () -> texts(v.values()),
                v -> () -> tensor(v.value()),
                v -> () -> graph(v.graph()),
                v -> () -> graphs(v.graphs()),
                v -> () -> text(v.kind())));
    digesting.run();
  }

  private void numbers(List<Long> values) {
    number(values.size());
    values.forEach(this::number);
  }

  private void floats(List<Float> values) {
    number(values.size());
    values.forEach(value -> number(Float.floatToRawIntBits(value)));
  }

  private void graphs(List<Graph> graphs) {
    number(graphs.size());
    graphs.forEach(this::graph);
  }

  private void tensor(Tensor tensor) {
    text(tensor.dataType().name());
    content.numbers(tensor.sizes());
    if (tensor.dataType() == DataType.STRING) {
      for (byte[] string : tensor.strings()) {
        content.bytes(string);
      }
    } else {
      tensor.forEachWindow((offset, window) -> content.raw(window));
    }
  }

  private void texts(List<String> texts) {
    number(texts.size());
    for (int i = 0; i < texts.size(); i++) {
      text(texts.get(i));
    }
  }

  private void text(String text) {
    content.text(text);
  }

  private void number(long number) {
    content.number(number);
  }
}

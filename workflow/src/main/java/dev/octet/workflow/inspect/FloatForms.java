package dev.octet.workflow.inspect;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.qdq.QdqGraph;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Recognises the nodes that give a constant's meaning where one DequantizeLinear cannot: one of
 * scale 1 (or a Cast of INT64), perhaps a Sub of real zero points, a Mul by the scales, and two
 * Reshapes around them where axes are cut into runs.
 */
final class FloatForms {

  private final Graph graph;
  private final QdqGraph values;

  FloatForms(Graph graph, QdqGraph values) {
    this.graph = graph;
    this.values = values;
  }

  /**
   * A constant and what its integers mean.
   *
   * @param stored the name of the integers
   * @param integers the integers
   * @param scale the scales; their shape broadcasts to {@code split}
   * @param zeroPoint the zero points, one for each scale; empty for zeros
   * @param split the sizes while axes are cut into runs; those of the integers where none is
   * @param nodes the nodes of the form
   */
  record Form(
      String stored,
      Tensor integers,
      Tensor scale,
      Optional<Tensor> zeroPoint,
      List<Long> split,
      Set<String> nodes) {

    /** Returns how many elements along each axis share a scale. */
    List<Long> extents() {
      List<Long> extents = new ArrayList<>();
      int at = 0;
      for (long size : integers.sizes()) {
        boolean whole = split.get(at) == size;
        long runs = broadcast(at);
        extents.add(whole ? (runs == 1 ? size : 1) : split.get(at + 1));
        at += whole ? 1 : 2;
      }
      return extents;
    }

    /** Returns the size of the scales along an axis of {@code split}. */
    private long broadcast(int axis) {
      int own = axis - split.size() + scale.rank();
      return own < 0 ? 1 : scale.sizes()[own];
    }
  }

  /** Returns the form that gives a value. */
  Optional<Form> of(String value) {
    Set<String> nodes = new LinkedHashSet<>();
    Optional<Node> last = producer(value, "Reshape", nodes);
    Optional<Node> mul = producer(last.map(FloatForms::first).orElse(value), "Mul", nodes);
    Optional<Tensor> scale = mul.flatMap(node -> floats(node));
    if (scale.isEmpty()) {
      return Optional.empty();
    }
    String scaled = first(mul.orElseThrow());
    Optional<Node> sub = producer(scaled, "Sub", nodes);
    Optional<Tensor> zeroPoint = sub.flatMap(node -> floats(node));
    String shifted = sub.map(FloatForms::first).orElse(scaled);
    Optional<Node> cut = last.isPresent() ? producer(shifted, "Reshape", nodes) : Optional.empty();
    return stored(cut.map(FloatForms::first).orElse(shifted), nodes)
        .flatMap(
            stored ->
                split(cut, stored)
                    .map(
                        sizes ->
                            new Form(
                                stored,
                                values.constant(stored).orElseThrow(),
                                scale.get(),
                                zeroPoint,
                                sizes,
                                nodes)))
        .filter(form -> sub.isEmpty() || form.zeroPoint.isPresent())
        .filter(form -> isWhole(form));
  }

  /** Tells whether the sizes are those of the integers, perhaps with axes cut in two. */
  private static boolean isWhole(Form form) {
    int at = 0;
    for (long size : form.integers.sizes()) {
      boolean whole = at < form.split.size() && form.split.get(at) == size;
      boolean cut =
          at + 1 < form.split.size() && form.split.get(at) * form.split.get(at + 1) == size;
      if (!whole && !cut) {
        return false;
      }
      at += whole ? 1 : 2;
    }
    return at == form.split.size() && form.scale.rank() <= form.split.size();
  }

  private Optional<List<Long>> split(Optional<Node> cut, String stored) {
    Optional<long[]> sizes =
        cut.isPresent()
            ? cut.get().operand(1).flatMap(values::constant).map(Tensor::integers)
            : values.constant(stored).map(Tensor::sizes);
    return sizes.map(
        all -> {
          List<Long> list = new ArrayList<>();
          for (long size : all) {
            list.add(size);
          }
          return list;
        });
  }

  /** Returns the constant integers whose values, as floats, are what is given. */
  private Optional<String> stored(String value, Set<String> nodes) {
    Optional<Node> dequantize =
        graph
            .producer(value)
            .filter(QdqGraph::isDequantize)
            .filter(node -> node.operand(2).isEmpty())
            .filter(node -> floats(node).filter(FloatForms::isOne).isPresent());
    Optional<Node> cast =
        graph
            .producer(value)
            .filter(node -> node.op().is("Cast"))
            .filter(
                node ->
                    values
                        .constant(first(node))
                        .filter(tensor -> tensor.dataType() == DataType.INT64)
                        .isPresent());
    Optional<Node> found = dequantize.or(() -> cast);
    found.ifPresent(node -> nodes.add(node.name()));
    return found.map(FloatForms::first).filter(name -> values.constant(name).isPresent());
  }

  private static boolean isOne(Tensor scale) {
    return scale.elementCount() == 1 && scale.floats()[0] == 1f;
  }

  private static String first(Node node) {
    return node.operands().get(0);
  }

  /** Returns the constant floats at operand 1. */
  private Optional<Tensor> floats(Node node) {
    return node.operand(1)
        .flatMap(values::constant)
        .filter(tensor -> tensor.dataType() == DataType.FLOAT);
  }

  private Optional<Node> producer(String value, String op, Set<String> nodes) {
    Optional<Node> producer = graph.producer(value).filter(node -> node.op().is(op));
    producer.ifPresent(node -> nodes.add(node.name()));
    return producer;
  }
}

package dev.octet.kernels.lower;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.qdq.QdqLayout;
import dev.octet.api.qdq.QdqValue;
import dev.octet.api.qdq.QuantizedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Gather that takes rows of a constant matrix of integers, a table of embeddings: it takes rows
 * of the integers, of their scales and of their zero points, and those rows alone are dequantized.
 * A row means what it means in the whole matrix, so that the floats are the same.
 */
final class TableRows {

  private final Node gather;
  private final QuantizedValue table;
  private final Lowering lowering;
  private String last;

  private TableRows(Node gather, QuantizedValue table, Lowering lowering) {
    this.gather = gather;
    this.table = table;
    this.lowering = lowering;
    this.last = gather.name();
  }

  /**
   * How the rows that were taken are dequantized.
   *
   * @param perRow whether each row has scales of its own
   * @param column whether a row has one, and the scales are no matrix yet
   * @param attributes what DequantizeLinear must know; the innermost axis is that of a row
   */
  private record Scales(boolean perRow, boolean column, List<Attribute> attributes) {}

  /** Lets a Gather take rows of integers; returns whether it is one that can. */
  static boolean take(Node node, Lowering lowering) {
    boolean chooses = node.op().is("Gather") && node.intAttribute("axis", 0) == 0;
    Optional<QuantizedValue> table =
        chooses ? lowering.graph().operand(node, 0).flatMap(TableRows::constant) : Optional.empty();
    Optional<Tensor> integers =
        table.flatMap(t -> lowering.graph().constant(t.value())).filter(t -> t.rank() == 2);
    Optional<Scales> scales =
        integers.flatMap(matrix -> scales(table.orElseThrow(), matrix.sizes()));
    scales.ifPresent(known -> new TableRows(node, table.orElseThrow(), lowering).take(known));
    return scales.isPresent();
  }

  private static Optional<QuantizedValue> constant(QdqValue value) {
    return value.match(new QdqValue.Cases<>(Optional::of, dynamic -> Optional.empty()));
  }

  private static Optional<Scales> scales(QuantizedValue table, long[] sizes) {
    return table
        .layout()
        .match(
            new QdqLayout.Cases<Optional<Scales>>(
                whole -> Optional.of(new Scales(false, false, List.of())),
                channels -> ofChannels(table, axis(channels.axis()), sizes),
                blocks ->
                    axis(blocks.axis()) == 1 && table.scale().rank() == 2
                        ? Optional.of(new Scales(true, false, blocks(blocks.size())))
                        : Optional.empty()));
  }

  private static Optional<Scales> ofChannels(QuantizedValue table, long axis, long[] sizes) {
    if (axis == 1) {
      return Optional.of(new Scales(false, false, List.of(Attribute.of("axis", -1L))));
    }
    boolean fits = axis == 0 && table.scale().elementCount() == sizes[0] && sizes[1] > 0;
    return fits ? Optional.of(new Scales(true, true, blocks(sizes[1]))) : Optional.empty();
  }

  private static List<Attribute> blocks(long size) {
    return List.of(Attribute.of("axis", -1L), Attribute.of("block_size", size));
  }

  private static long axis(long stated) {
    return stated < 0 ? stated + 2 : stated;
  }

  private void take(Scales scales) {
    List<String> operands = new ArrayList<>();
    String integers = lowering.editor().freshValueName(table.value() + "_rows");
    List<String> read = new ArrayList<>(gather.operands());
    read.set(0, table.value());
    lowering
        .editor()
        .update(gather.name(), gather.withOperands(read).withResults(List.of(integers)));
    operands.add(integers);
    operands.add(parameters(scales, lowering.scale(table), table.scale()));
    table.zero().ifPresent(z -> operands.add(parameters(scales, lowering.zero(table), z)));
    insert("DequantizeLinear", operands, gather.results().get(0), scales.attributes);
  }

  /** Returns the scales or zero points of the rows that are taken. */
  private String parameters(Scales scales, String name, Tensor constant) {
    if (!scales.perRow) {
      return name;
    }
    String matrix = scales.column ? lowering.column(name, constant) : name;
    String rows = lowering.editor().freshValueName(name + "_rows");
    insert("Gather", List.of(matrix, gather.operands().get(1)), rows, List.of());
    return rows;
  }

  private void insert(String op, List<String> operands, String result, List<Attribute> attributes) {
    String name = lowering.editor().freshNodeName(gather.name() + "_" + op);
    Attribute[] given = attributes.toArray(Attribute[]::new);
    Node node = Node.of(name, OpType.onnx(op), operands, List.of(result), given);
    lowering.editor().insertAfter(last, node);
    last = name;
  }
}

package dev.octet.tck.graphs;

import dev.octet.api.graph.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One way in which an operator can be used behind a value of known sizes: what stands at its
 * operands, and its attributes. Immutable.
 *
 * @param name what tells it from the other forms of the operator, in file-name letters
 * @param operands what stands at each operand
 * @param attributes the attributes that are stated
 * @param results how many results are asked for
 */
record NodeForm(String name, List<OperandForm> operands, List<Attribute> attributes, int results) {

  NodeForm {
    operands = List.copyOf(operands);
    attributes = List.copyOf(attributes);
  }

  static NodeForm of(String name, OperandForm... operands) {
    return new NodeForm(name, List.of(operands), List.of(), 1);
  }

  NodeForm with(Attribute... more) {
    List<Attribute> all = new ArrayList<>(attributes);
    all.addAll(List.of(more));
    return new NodeForm(name, operands, all, results);
  }

  /** Returns the form with another operand, and more to its name. */
  NodeForm with(int operand, OperandForm other, String suffix) {
    List<OperandForm> changed = new ArrayList<>(operands);
    changed.set(operand, other);
    return new NodeForm(name + suffix, changed, attributes, results);
  }

  /** Returns the form with another size at some axes of its operands, and more to its name. */
  NodeForm sized(List<Slot> slots, long size) {
    List<OperandForm> changed = new ArrayList<>(operands);
    for (Slot slot : slots) {
      changed.set(slot.operand(), changed.get(slot.operand()).sized(slot.axis(), size));
    }
    Slot first = slots.get(0);
    String suffix = "-" + first.operand() + "." + first.axis() + "=" + size;
    return new NodeForm(name + suffix, changed, attributes, results);
  }

  /** Returns the form with attributes in the place of those of their names, and another name. */
  NodeForm stating(String suffix, List<Attribute> stated) {
    List<String> names = stated.stream().map(Attribute::name).toList();
    List<Attribute> all =
        new ArrayList<>(attributes.stream().filter(a -> !names.contains(a.name())).toList());
    all.addAll(stated);
    return new NodeForm(name + "-" + suffix, operands, all, results);
  }

  /**
   * An axis of an operand.
   *
   * @param operand the operand's index
   * @param axis the axis, from the outermost
   */
  record Slot(int operand, int axis) {}

  /** Returns the indices of the operands that are inputs of the model. */
  List<Integer> inputs() {
    return IntStream.range(0, operands.size())
        .filter(i -> operands.get(i).input().isPresent())
        .boxed()
        .toList();
  }

  NodeForm asking(int count) {
    return new NodeForm(name, operands, attributes, count);
  }
}

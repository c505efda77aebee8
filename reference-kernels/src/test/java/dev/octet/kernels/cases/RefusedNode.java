package dev.octet.kernels.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.OpType;
import dev.octet.kernels.execute.OneNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One node that no valid model has, and the error that it should give. */
final class RefusedNode {

  private final StringBuilder name;
  private final OneNode node;
  private String id = "";
  private String fact = "";

  private RefusedNode(OpType op, long opset) {
    this.name = new StringBuilder(op + "-" + opset);
    this.node = OneNode.of(op, opset);
  }

  static RefusedNode of(String onnxName, long opset) {
    return new RefusedNode(OpType.onnx(onnxName), opset);
  }

  static RefusedNode of(OpType op) {
    return new RefusedNode(op, 17);
  }

  RefusedNode input(String tensor) {
    name.append(' ').append(tensor);
    node.input(TensorLiteral.tensor(tensor));
    return this;
  }

  RefusedNode constant(String tensor) {
    name.append(" constant ").append(tensor);
    node.constant(TensorLiteral.tensor(tensor));
    return this;
  }

  /** Leaves an operand out. */
  RefusedNode absent() {
    name.append(" -");
    node.absent();
    return this;
  }

  RefusedNode integer(String attribute, long value) {
    return with(Attribute.of(attribute, value));
  }

  RefusedNode integers(String attribute, long... values) {
    List<Long> list = new ArrayList<>();
    for (long value : values) {
      list.add(value);
    }
    return with(Attribute.of(attribute, list));
  }

  RefusedNode text(String attribute, String value) {
    return with(Attribute.of(attribute, value));
  }

  RefusedNode texts(String attribute, String... values) {
    return with(
        new Attribute(attribute, new Attribute.StringsValue(List.of(values)), Optional.empty()));
  }

  RefusedNode results(int count) {
    node.results(count);
    return this;
  }

  private RefusedNode with(Attribute attribute) {
    name.append(' ').append(attribute.name()).append('=').append(attribute.value());
    node.with(attribute);
    return this;
  }

  /** States the id, and a part of the message. */
  RefusedNode fails(String expectedId, String part) {
    id = expectedId;
    fact = part;
    return this;
  }

  void check() {
    OctetException error = assertThrows(OctetException.class, node::run, name.toString());
    assertEquals(id, error.id(), error::getMessage);
    assertTrue(String.valueOf(error.getMessage()).contains(fact), error::getMessage);
  }

  @Override
  public String toString() {
    return name.toString();
  }
}

package dev.octet.kernels.cases;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.execute.OneNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One node of an operator, its operands, and the results that it should give. */
final class OperatorCase {

  private final OpType op;
  private final StringBuilder name;
  private final OneNode node;
  private List<Tensor> expected = List.of();
  private int ulps;
  private boolean zerosAreEqual;

  private OperatorCase(OpType op, long opset) {
    this.op = op;
    this.name = new StringBuilder(op + "-" + opset);
    this.node = OneNode.of(op, opset);
  }

  static OperatorCase of(String onnxName, long opset) {
    return new OperatorCase(OpType.onnx(onnxName), opset);
  }

  static OperatorCase of(OpType op) {
    return new OperatorCase(op, 17);
  }

  /** Adds an operand that is an input of the graph, see {@link TensorLiteral}. */
  OperatorCase input(String tensor) {
    return input(TensorLiteral.tensor(tensor));
  }

  OperatorCase input(Tensor tensor) {
    name.append(' ').append(tensor.dataType()).append(tensor.shape());
    node.input(tensor);
    return this;
  }

  /** Adds an operand that is an initializer. */
  OperatorCase constant(String tensor) {
    return constant(TensorLiteral.tensor(tensor));
  }

  OperatorCase constant(Tensor tensor) {
    name.append(" constant ").append(tensor.dataType()).append(tensor.shape());
    node.constant(tensor);
    return this;
  }

  /** Leaves an operand out. */
  OperatorCase absent() {
    name.append(" -");
    node.absent();
    return this;
  }

  OperatorCase with(Attribute attribute) {
    name.append(' ').append(attribute.name()).append('=').append(attribute.value());
    node.with(attribute);
    return this;
  }

  OperatorCase integer(String attribute, long value) {
    return with(Attribute.of(attribute, value));
  }

  OperatorCase integers(String attribute, long... values) {
    List<Long> list = new ArrayList<>();
    for (long value : values) {
      list.add(value);
    }
    return with(Attribute.of(attribute, list));
  }

  OperatorCase real(String attribute, float value) {
    return with(Attribute.of(attribute, value));
  }

  OperatorCase reals(String attribute, float... values) {
    List<Float> list = new ArrayList<>();
    for (float value : values) {
      list.add(value);
    }
    return with(new Attribute(attribute, new Attribute.FloatsValue(list), Optional.empty()));
  }

  OperatorCase texts(String attribute, String... values) {
    return with(
        new Attribute(attribute, new Attribute.StringsValue(List.of(values)), Optional.empty()));
  }

  OperatorCase text(String attribute, String value) {
    return with(Attribute.of(attribute, value));
  }

  /**
   * States the results, which should have exactly these bits; any NaN equals any other. One without
   * text is not asked for.
   */
  OperatorCase gives(String... tensors) {
    List<Tensor> results = new ArrayList<>();
    for (int i = 0; i < tensors.length; i++) {
      if (tensors[i].isEmpty()) {
        node.unasked(i);
      } else {
        results.add(TensorLiteral.tensor(tensors[i]));
      }
    }
    gives(results.toArray(Tensor[]::new));
    node.results(tensors.length);
    return this;
  }

  OperatorCase gives(Tensor... tensors) {
    expected = List.of(tensors);
    node.results(tensors.length);
    return this;
  }

  /** Lets floats differ by some units in the last place of what is expected; zeros are equal. */
  OperatorCase within(int unitsInTheLastPlace) {
    ulps = unitsInTheLastPlace;
    return this;
  }

  /** Lets a zero have either sign: for values from arithmetic that knows one zero only. */
  OperatorCase withEqualZeros() {
    zerosAreEqual = true;
    return this;
  }

  OpType op() {
    return op;
  }

  /** Returns the node, to be run otherwise. */
  OneNode node() {
    return node;
  }

  /** Runs the node on a number of threads and compares what it gives. */
  void check(int threads) {
    List<Tensor> actual = node.runAll(threads);
    assertEquals(expected.size(), actual.size(), "results");
    for (int i = 0; i < actual.size(); i++) {
      assertSame(expected.get(i), actual.get(i), "result " + i + " of " + this);
    }
  }

  private void assertSame(Tensor wanted, Tensor got, String where) {
    assertEquals(wanted.dataType(), got.dataType(), where);
    assertArrayEquals(wanted.sizes(), got.sizes(), where);
    if (ulps > 0 && wanted.dataType() == DataType.FLOAT) {
      assertClose(wanted.floats(), got.floats(), where);
    } else {
      assertArrayEquals(elements(wanted), elements(got), where);
    }
  }

  private String[] elements(Tensor tensor) {
    String[] elements = TensorLiteral.elements(tensor);
    for (int i = 0; zerosAreEqual && i < elements.length; i++) {
      elements[i] = elements[i].equals("-0.0") ? "0.0" : elements[i];
    }
    return elements;
  }

  private void assertClose(float[] wanted, float[] got, String where) {
    for (int i = 0; i < wanted.length; i++) {
      float bound = Float.isFinite(wanted[i]) ? ulps * Math.ulp(wanted[i]) : Float.MIN_VALUE;
      assertEquals(wanted[i] + 0f, got[i] + 0f, bound, where + " [" + i + "]");
    }
  }

  @Override
  public String toString() {
    return name.toString();
  }
}

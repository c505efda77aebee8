package dev.octet.tck.graphs;

import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;

/** What stands at one operand of a {@link NodeForm}. */
sealed interface OperandForm {

  /**
   * Puts it into a graph.
   *
   * @param draft the graph
   * @param value what a constant of it is called
   * @param flow the value that the chain hands on
   * @return the name of the value that stands at the operand; empty for none
   */
  String put(GraphDraft draft, String value, String flow);

  /** The value that the chain hands on; for the first node of a chain, an input of the model. */
  record Flow() implements OperandForm {
    @Override
    public String put(GraphDraft draft, String value, String flow) {
      return flow;
    }
  }

  /** Another input of the model. */
  record Input(Shape shape) implements OperandForm {
    @Override
    public String put(GraphDraft draft, String value, String flow) {
      return draft.input(shape);
    }
  }

  /** A constant of random floats. */
  record Weight(Shape shape) implements OperandForm {
    @Override
    public String put(GraphDraft draft, String value, String flow) {
      return draft.randomConstant(value, shape);
    }
  }

  /** A constant whose content matters. */
  record Given(Tensor content) implements OperandForm {
    @Override
    public String put(GraphDraft draft, String value, String flow) {
      return draft.constant(value, content);
    }
  }

  /** Nothing: the operand is left out. */
  record Absent() implements OperandForm {
    @Override
    public String put(GraphDraft draft, String value, String flow) {
      return "";
    }
  }

  /** Returns the value of the chain. */
  static OperandForm flow() {
    return new Flow();
  }

  /** Returns an input of the model of the given sizes. */
  static OperandForm input(long... sizes) {
    return new Input(Shape.of(sizes));
  }

  /** Returns a constant of random floats of the given sizes. */
  static OperandForm weight(long... sizes) {
    return new Weight(Shape.of(sizes));
  }

  /** Returns a constant of given content. */
  static OperandForm given(Tensor content) {
    return new Given(content);
  }

  /** Returns an operand that is left out. */
  static OperandForm absent() {
    return new Absent();
  }
}

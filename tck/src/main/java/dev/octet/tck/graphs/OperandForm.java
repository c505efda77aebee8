package dev.octet.tck.graphs;

import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import java.util.Optional;

/** What stands at one operand of a {@link NodeForm}. */
sealed interface OperandForm {

  /** The step of a {@link Result} that is the value in front of the chain. */
  int FRONT = -1;

  /** Returns what the method for this kind of form returns. */
  <T> T put(Places<T> places);

  /** Returns this form where it is the result of an earlier step; empty elsewhere. */
  default Optional<Result> result() {
    return Optional.empty();
  }

  /** Returns this form where it is an input of the model; empty elsewhere. */
  default Optional<Input> input() {
    return Optional.empty();
  }

  /** Returns the sizes that this form states of a value that nothing before it makes. */
  default Optional<Shape> own() {
    return Optional.empty();
  }

  /** Returns this form with another size along an axis of what it states; itself elsewhere. */
  default OperandForm sized(int axis, long size) {
    return this;
  }

  private static Shape with(Shape shape, int axis, long size) {
    long[] sizes = shape.sizes();
    sizes[axis] = size;
    return Shape.of(sizes);
  }

  /**
   * Puts forms of each kind into a graph.
   *
   * @param <T> what stands at an operand
   */
  interface Places<T> {
    /** Puts the value of the chain. */
    T flow();

    /** Puts the first result of an earlier step of the pattern. */
    T result(int step);

    /** Puts an input of the model. */
    T input(Shape shape);

    /** Puts a constant of random numbers. */
    T weight(Shape shape);

    /** Puts a constant. */
    T given(Tensor content);

    /** Puts nothing. */
    T absent();
  }

  /** The value that the chain hands on; for the first node of a chain, an input of the model. */
  record Flow() implements OperandForm {
    @Override
    public <T> T put(Places<T> places) {
      return places.flow();
    }
  }

  /**
   * The first result of an earlier step.
   *
   * @param step the step, by its place in the pattern; negative for the value in front of the chain
   * @param shape its sizes
   */
  record Result(int step, Shape shape) implements OperandForm {
    @Override
    public Optional<Result> result() {
      return Optional.of(this);
    }

    @Override
    public <T> T put(Places<T> places) {
      return places.result(step);
    }
  }

  /** Another input of the model. */
  record Input(Shape shape) implements OperandForm {
    @Override
    public Optional<Input> input() {
      return Optional.of(this);
    }

    @Override
    public Optional<Shape> own() {
      return Optional.of(shape);
    }

    @Override
    public OperandForm sized(int axis, long size) {
      return new Input(with(shape, axis, size));
    }

    @Override
    public <T> T put(Places<T> places) {
      return places.input(shape);
    }
  }

  /** A constant of random floats. */
  record Weight(Shape shape) implements OperandForm {
    @Override
    public Optional<Shape> own() {
      return Optional.of(shape);
    }

    @Override
    public OperandForm sized(int axis, long size) {
      return new Weight(with(shape, axis, size));
    }

    @Override
    public <T> T put(Places<T> places) {
      return places.weight(shape);
    }
  }

  /** A constant whose content matters. */
  record Given(Tensor content) implements OperandForm {
    @Override
    public <T> T put(Places<T> places) {
      return places.given(content);
    }
  }

  /** Nothing: the operand is left out. */
  record Absent() implements OperandForm {
    @Override
    public <T> T put(Places<T> places) {
      return places.absent();
    }
  }

  /** Returns the value of the chain. */
  static OperandForm flow() {
    return new Flow();
  }

  /** Returns the first result of an earlier step, of the given sizes. */
  static OperandForm result(int step, long... sizes) {
    return new Result(step, Shape.of(sizes));
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

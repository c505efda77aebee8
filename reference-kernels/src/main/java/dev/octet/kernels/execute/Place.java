package dev.octet.kernels.execute;

import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.TensorArray;

/** Where a value of a plan stands. */
sealed interface Place {

  /** Returns the type of the value. */
  ArrayType type();

  /** Returns the value among the arrays of a run. */
  TensorArray in(Object[] arrays);

  /** Tells whether the array is made whenever somebody asks for it, and nobody keeps it. */
  default boolean isPassing() {
    return false;
  }

  /**
   * In an array that all runs read.
   *
   * @param value what is known of it before a run: all
   */
  record Constant(TensorArray value) implements Place {
    @Override
    public ArrayType type() {
      return value.type();
    }

    @Override
    public TensorArray in(Object[] arrays) {
      return value;
    }
  }

  /**
   * In an array that is made whenever a run asks for it.
   *
   * @param type its type
   * @param value the constant, which may have other sizes
   */
  record Passing(ArrayType type, dev.octet.kernels.array.Constant value) implements Place {
    @Override
    public TensorArray in(Object[] arrays) {
      return new TensorArray(type, value.array().array());
    }

    @Override
    public boolean isPassing() {
      return true;
    }
  }

  /**
   * In an array that each run has of its own.
   *
   * @param type its type
   * @param index the index of the array
   */
  record Slot(ArrayType type, int index) implements Place {
    @Override
    public TensorArray in(Object[] arrays) {
      return new TensorArray(type, arrays[index]);
    }
  }
}

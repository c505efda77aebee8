package dev.octet.kernels.primitive;

import dev.octet.api.graph.DataType;
import java.util.Arrays;
import java.util.Optional;

/** How weights of some bits stand in ints, and the loops that multiply them there. */
enum Packing {
  /** Four k of two columns in an int, each column in a half. */
  NIBBLES(4, 2) {
    @Override
    void begin(int[] acc, int[] zeros, int place, int factor, int count) {
      NibbleLoops.begin(acc, zeros, place, factor, count);
    }

    @Override
    void addFour(int[] factors, int i, int[] w, int[] acc, int count) {
      NibbleLoops.addFour(factors, i, w, acc, count);
    }

    @Override
    void addEight(int[] factors, int i, int[] w, int[] v, int[] acc, int count) {
      NibbleLoops.addEight(factors, i, w, v, acc, count);
    }

    @Override
    void end(int[] acc, int side, int[] sums, int count) {
      if (side == 0) {
        NibbleLoops.addLow(acc, sums, count);
      } else {
        NibbleLoops.addHigh(acc, sums, count);
      }
    }
  },

  /** Four k of one column in an int. */
  BYTES(8, 1) {
    @Override
    void begin(int[] acc, int[] zeros, int place, int factor, int count) {
      ByteLoops.begin(acc, zeros, place, factor, count);
    }

    @Override
    void addFour(int[] factors, int i, int[] w, int[] acc, int count) {
      ByteLoops.addFour(factors, i, w, acc, count);
    }

    @Override
    void addEight(int[] factors, int i, int[] w, int[] v, int[] acc, int count) {
      ByteLoops.addEight(factors, i, w, v, acc, count);
    }

    @Override
    void end(int[] acc, int side, int[] sums, int count) {
      ByteLoops.add(acc, sums, count);
    }
  };

  /** Neighbouring k of a column in an int. */
  static final int EACH = 4;

  private final int bits;
  private final int sides;

  Packing(int bits, int sides) {
    this.bits = bits;
    this.sides = sides;
  }

  /** Returns how integers of a type stand in ints; empty where they do not. */
  static Optional<Packing> of(DataType type) {
    return Arrays.stream(values()).filter(p -> p.bits == type.bits()).findFirst();
  }

  /** Returns how many bits an integer has. */
  int bits() {
    return bits;
  }

  /** Returns how many columns there are in an int. */
  int sides() {
    return sides;
  }

  /** Sets {@code acc} to {@code factor} times one integer of each column of {@code zeros}. */
  abstract void begin(int[] acc, int[] zeros, int place, int factor, int count);

  /** Adds the products of four left integers, whose factors begin at {@code i}. */
  abstract void addFour(int[] factors, int i, int[] w, int[] acc, int count);

  /** Adds the products of eight left integers, whose factors begin at {@code i}. */
  abstract void addEight(int[] factors, int i, int[] w, int[] v, int[] acc, int count);

  /** Adds what was collected for the columns of one side. */
  abstract void end(int[] acc, int side, int[] sums, int count);
}

package dev.octet.kernels.primitive;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.thread.Workers;

/**
 * Arrays of the numbers that integers are widened to.
 *
 * @param <A> float[] or double[]
 */
interface RowArrays<A> {

  /** Floats. */
  RowArrays<float[]> FLOATS =
      new RowArrays<>() {
        @Override
        public float[][] rows(Workers.Scratch scratch, int count, int length) {
          return scratch.rows(count, length);
        }

        @Override
        public float[] one(Workers.Scratch scratch, int length) {
          return scratch.floats(length);
        }

        @Override
        public void widen(
            DataType type, byte[] x, int from, int count, int zeroPoint, float[] into, int at) {
          Widening.widen(type, x, from, count, zeroPoint, into, at);
        }

        @Override
        public void clear(float[] array, int from, int to) {
          for (int i = from; i < to; i++) {
            array[i] = 0f;
          }
        }

        @Override
        public void copy(float[] array, int from, int stride, float[] into, int at, int count) {
          if (stride == 1) {
            System.arraycopy(array, from, into, at, count);
            return;
          }
          for (int i = 0; i < count; i++) {
            into[at + i] = array[from + i * stride];
          }
        }
      };

  /** Doubles. */
  RowArrays<double[]> DOUBLES =
      new RowArrays<>() {
        @Override
        public double[][] rows(Workers.Scratch scratch, int count, int length) {
          return scratch.doubleRows(count, length);
        }

        @Override
        public double[] one(Workers.Scratch scratch, int length) {
          return scratch.doubles(length);
        }

        @Override
        public void widen(
            DataType type, byte[] x, int from, int count, int zeroPoint, double[] into, int at) {
          Widening.widen(type, x, from, count, zeroPoint, into, at);
        }

        @Override
        public void clear(double[] array, int from, int to) {
          for (int i = from; i < to; i++) {
            array[i] = 0.0;
          }
        }

        @Override
        public void copy(double[] array, int from, int stride, double[] into, int at, int count) {
          if (stride == 1) {
            System.arraycopy(array, from, into, at, count);
            return;
          }
          for (int i = 0; i < count; i++) {
            into[at + i] = array[from + i * stride];
          }
        }
      };

  /** Returns a worker's rows; see {@link Workers.Scratch#rows}. */
  A[] rows(Workers.Scratch scratch, int count, int length);

  /** Returns a worker's array beside its rows. */
  A one(Workers.Scratch scratch, int length);

  /** Writes neighbouring integers, less a zero point; see {@link Widening}. */
  void widen(DataType type, byte[] x, int from, int count, int zeroPoint, A into, int at);

  /** Sets elements {@code from} to {@code to - 1} to zero. */
  void clear(A array, int from, int to);

  /** Copies elements that stand at a distance of {@code stride} beside each other. */
  void copy(A array, int from, int stride, A into, int at, int count);
}

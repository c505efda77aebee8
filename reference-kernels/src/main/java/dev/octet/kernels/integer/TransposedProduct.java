package dev.octet.kernels.integer;

import dev.octet.kernels.primitive.Destination;
import dev.octet.kernels.primitive.MatrixGeometry;
import dev.octet.kernels.primitive.MatrixOperand;
import dev.octet.kernels.primitive.MatrixProduct;
import dev.octet.kernels.primitive.MatrixWeights;
import dev.octet.kernels.primitive.Primitives;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/**
 * A transposed convolution over integers of 8 bits with sums of 32 bits: for some input positions
 * at a time, a matrix product gives what each of them adds at each tap, and these are added where
 * the taps meet the result.
 *
 * @param geometry the sizes
 * @param x the input
 * @param w the weights, one matrix for each group; see {@link TransposedGeometry#matrices}
 * @param bias one number for each output channel, or none
 * @param destination where the sums go; its channels are those of a group
 */
@SuppressWarnings("ArrayRecordComponent") // Internal: never compared, read only.
record TransposedProduct(
    TransposedGeometry geometry,
    MatrixOperand x,
    MatrixWeights w,
    int[] bias,
    Destination destination) {

  /** How many products of positions and taps are kept at a time; they should stay in a cache. */
  private static final int MOST_TERMS = 1 << 20;

  /** Computes it; the order of the additions does not matter to integers. */
  void run(Workers workers) {
    int[] sums = new int[Math.multiplyExact(geometry.results(), geometry.plane())];
    for (int image = 0; image < geometry.images(); image++) {
      start(sums);
      int step = Math.max(1, MOST_TERMS / Math.max(1, geometry.results() * geometry.taps()));
      for (int from = 0; from < geometry.positions(); from += step) {
        add(image, from, Math.min(step, geometry.positions() - from), sums, workers);
      }
      write(image, sums, workers);
    }
  }

  private void start(int[] sums) {
    int plane = geometry.plane();
    for (int m = 0; m < geometry.results(); m++) {
      Arrays.fill(sums, m * plane, (m + 1) * plane, bias.length == 0 ? 0 : bias[m]);
    }
  }

  private void add(int image, int from, int count, int[] sums, Workers workers) {
    int[] terms = terms(image, from, count, workers);
    int[] places = geometry.places(from, count);
    workers.forRange(
        geometry.results(),
        1,
        (begin, end) -> {
          for (int m = begin; m < end; m++) {
            scatter(terms, places, count, m, sums);
          }
        });
  }

  /** What positions add at the taps of the channels of a group, for every group. */
  private int[] terms(int image, int from, int count, Workers workers) {
    int[] each = new int[geometry.groups()];
    Arrays.setAll(each, group -> group);
    int columns = geometry.perGroup() * geometry.taps();
    int[] terms = new int[Math.multiplyExact(geometry.groups() * count, columns)];
    MatrixGeometry.Right right =
        new MatrixGeometry.Right(geometry.groups(), geometry.depth(), columns, false);
    Primitives.chosen()
        .multiply(
            new MatrixProduct(
                new MatrixGeometry(each.length, each, each, count, true, right),
                new MatrixOperand(x.type(), some(image, from, count), x.zeroPoints()),
                w,
                MatrixProduct.Addend.none(),
                new Destination.Integers(terms)),
            workers);
    return terms;
  }

  /** The channels of an image at some positions. */
  private byte[] some(int image, int from, int count) {
    byte[] some = new byte[geometry.channels() * count];
    for (int c = 0; c < geometry.channels(); c++) {
      int at = (image * geometry.channels() + c) * geometry.positions() + from;
      System.arraycopy(x.array(), at, some, c * count, count);
    }
    return some;
  }

  private void scatter(int[] terms, int[] places, int count, int m, int[] sums) {
    int taps = geometry.taps();
    int columns = geometry.perGroup() * taps;
    int first = m / geometry.perGroup() * count * columns + m % geometry.perGroup() * taps;
    int to = m * geometry.plane();
    for (int position = 0; position < count; position++) {
      int term = first + position * columns;
      for (int tap = 0; tap < taps; tap++) {
        int place = places[position * taps + tap];
        if (place != TransposedGeometry.OUTSIDE) {
          sums[to + place] += terms[term + tap];
        }
      }
    }
  }

  private void write(int image, int[] sums, Workers workers) {
    int plane = geometry.plane();
    workers.forEach(
        geometry.results(),
        (m, worker) -> {
          float[] rounded = workers.scratch(worker).floats(plane);
          for (int i = 0; i < plane; i++) {
            rounded[i] = (float) sums[m * plane + i];
          }
          int at = (image * geometry.results() + m) * plane;
          destination.write(rounded, 0, plane, m % geometry.perGroup(), at);
        });
  }
}

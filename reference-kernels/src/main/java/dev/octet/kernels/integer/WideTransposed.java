package dev.octet.kernels.integer;

import dev.octet.kernels.primitive.Destination;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/**
 * A transposed convolution over integers of at most 16 bits with sums of 64 bits: the written rule.
 *
 * @param geometry the sizes
 * @param x the input less its zero point
 * @param w the weights less their zero points
 * @param bias one number for each output channel, or none
 * @param destination where the sums go; its channels are those of a group
 */
@SuppressWarnings("ArrayRecordComponent") // Internal: never compared, read only.
record WideTransposed(
    TransposedGeometry geometry, int[] x, int[] w, long[] bias, Destination destination) {

  void run(Workers workers) {
    int[] places = geometry.places(0, geometry.positions());
    int plane = geometry.plane();
    workers.forEach(
        geometry.images() * geometry.results(),
        (unit, worker) -> {
          long[] sums = new long[plane];
          int m = unit % geometry.results();
          Arrays.fill(sums, bias.length == 0 ? 0 : bias[m]);
          add(unit / geometry.results(), m, places, sums);
          float[] rounded = workers.scratch(worker).floats(plane);
          for (int i = 0; i < plane; i++) {
            rounded[i] = (float) sums[i];
          }
          destination.write(rounded, 0, plane, m % geometry.perGroup(), unit * plane);
        });
  }

  private void add(int image, int m, int[] places, long[] sums) {
    int taps = geometry.taps();
    int first = m / geometry.perGroup() * geometry.depth();
    for (int c = first; c < first + geometry.depth(); c++) {
      int from = (image * geometry.channels() + c) * geometry.positions();
      int weights = (c * geometry.perGroup() + m % geometry.perGroup()) * taps;
      for (int i = 0; i < places.length; i++) {
        if (places[i] != TransposedGeometry.OUTSIDE) {
          sums[places[i]] += (long) x[from + i / taps] * w[weights + i % taps];
        }
      }
    }
  }
}

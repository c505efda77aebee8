package dev.octet.kernels.floats;

import dev.octet.kernels.index.WindowAxis;
import dev.octet.kernels.index.WindowGeometry;
import java.util.Arrays;

/**
 * Copies the input elements that a tile of output positions meets into rows: row {@code ((c * kD +
 * kd) * kH + kh) * kW + kw} holds, for every output position of the tile, the element under that
 * window position, and 0.0 where it lies in the padding.
 *
 * <p>Output positions are counted through all images: {@code ((n * outD + od) * outH + oh) * outW +
 * ow}.
 */
final class ColumnPanel {

  private final WindowGeometry geometry;
  private final int channels;
  private final int imageStride;

  /**
   * Makes the copier.
   *
   * @param channels channels of one group
   * @param imageStride elements from one image to the next
   */
  ColumnPanel(WindowGeometry geometry, int channels, int imageStride) {
    this.geometry = geometry;
    this.channels = channels;
    this.imageStride = imageStride;
  }

  /** Returns the number of rows: weights of one filter. */
  int rows() {
    return channels * geometry.kernel();
  }

  /**
   * Fills the rows for output positions {@code from} to {@code to - 1}.
   *
   * @param x the input
   * @param offset where the first channel of the group stands in the first image
   */
  void fill(float[] x, int offset, int from, int to, float[][] rows) {
    WindowAxis depth = geometry.depth();
    WindowAxis height = geometry.height();
    int row = 0;
    for (int c = 0; c < channels; c++) {
      int channel = offset + c * geometry.inputs();
      for (int kd = 0; kd < depth.kernel(); kd++) {
        for (int kh = 0; kh < height.kernel(); kh++) {
          for (int kw = 0; kw < geometry.width().kernel(); kw++) {
            fillRow(x, channel, kd, kh, kw, from, to, rows[row++]);
          }
        }
      }
    }
  }

  /** One row, in pieces that belong to one row of output positions. */
  private void fillRow(
      float[] x, int channel, int kd, int kh, int kw, int from, int to, float[] row) {
    WindowAxis width = geometry.width();
    int first = width.first(kw);
    int end = width.end(kw);
    int line = from / width.out();
    int ow = from % width.out();
    for (int at = from; at < to; line++, ow = 0) {
      int length = Math.min(width.out() - ow, to - at);
      int source = lineOffset(line, kd, kh);
      if (source < 0) {
        Arrays.fill(row, at - from, at - from + length, 0f);
      } else {
        int base = channel + source + width.input(0, kw);
        fillPiece(x, base, ow, ow + length, first, end, row, at - from);
      }
      at += length;
    }
  }

  /** Where the input line under a line of output positions begins; -1 when it is padding. */
  private int lineOffset(int line, int kd, int kh) {
    WindowAxis depth = geometry.depth();
    WindowAxis height = geometry.height();
    int oh = line % height.out();
    int rest = line / height.out();
    int ih = height.input(oh, kh);
    int id = depth.input(rest % depth.out(), kd);
    boolean inside = ih >= 0 && ih < height.in() && id >= 0 && id < depth.in();
    int image = rest / depth.out();
    return inside ? image * imageStride + (id * height.in() + ih) * geometry.width().in() : -1;
  }

  /**
   * Output positions {@code ow} to {@code owEnd - 1} of a line; those inside are first to end - 1.
   */
  private void fillPiece(
      float[] x, int base, int ow, int owEnd, int first, int end, float[] row, int at) {
    int inside = Math.min(Math.max(first, ow), owEnd);
    int outside = Math.max(inside, Math.min(end, owEnd));
    int stride = geometry.width().stride();
    Arrays.fill(row, at, at + inside - ow, 0f);
    // A tap that lies in the padding throughout has no place in the line.
    if (stride == 1 && inside < outside) {
      System.arraycopy(x, base + inside, row, at + inside - ow, outside - inside);
    } else {
      for (int o = inside, to = at + inside - ow; o < outside; o++, to++) {
        row[to] = x[base + o * stride];
      }
    }
    Arrays.fill(row, at + outside - ow, at + owEnd - ow, 0f);
  }
}

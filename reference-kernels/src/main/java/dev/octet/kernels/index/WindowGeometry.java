package dev.octet.kernels.index;

import dev.octet.kernels.shape.TransposedWindow;
import dev.octet.kernels.shape.Window;

/**
 * A window over one to three spatial axes; axes that an operator lacks are absent in front.
 *
 * @param depth the outermost axis
 * @param height the middle axis
 * @param width the innermost axis
 */
public record WindowGeometry(WindowAxis depth, WindowAxis height, WindowAxis width) {

  /** The most spatial axes. */
  public static final int MOST_AXES = 3;

  /**
   * Returns the geometry of a window over known sizes.
   *
   * @param window the window, of at most {@link #MOST_AXES} axes
   * @param input sizes of the input, {@code [N, C, in...]}
   * @param output sizes of the output, {@code [N, M, out...]}
   */
  public static WindowGeometry of(Window window, int[] input, int[] output) {
    WindowAxis[] axes = {WindowAxis.ABSENT, WindowAxis.ABSENT, WindowAxis.ABSENT};
    for (int i = 0; i < window.rank(); i++) {
      int in = input[i + 2];
      axes[MOST_AXES - window.rank() + i] =
          new WindowAxis(
              in,
              output[i + 2],
              window.kernel(i),
              window.stride(i),
              window.dilation(i),
              window.padBegin(i, in),
              window.padEnd(i, in));
    }
    return new WindowGeometry(axes[0], axes[1], axes[2]).merged();
  }

  /**
   * Returns the geometry of a transposed convolution over known sizes: its output takes the place
   * of a convolution's input, and its input that of a convolution's output.
   *
   * @param window the window, of at most {@link #MOST_AXES} axes
   * @param input sizes of the input, {@code [N, C, in...]}
   * @param output sizes of the output, {@code [N, M, out...]}
   */
  public static WindowGeometry of(TransposedWindow window, int[] input, int[] output) {
    WindowAxis[] axes = {WindowAxis.ABSENT, WindowAxis.ABSENT, WindowAxis.ABSENT};
    for (int i = 0; i < window.rank(); i++) {
      int in = input[i + 2];
      int out = output[i + 2];
      axes[MOST_AXES - window.rank() + i] =
          new WindowAxis(
              out,
              in,
              window.kernel(i),
              window.stride(i),
              window.dilation(i),
              window.padBegin(i, in, out),
              0);
    }
    return new WindowGeometry(axes[0], axes[1], axes[2]);
  }

  /** Returns the output positions of one channel. */
  public int outputs() {
    return depth.out() * height.out() * width.out();
  }

  /** Returns the input elements of one channel. */
  public int inputs() {
    return depth.in() * height.in() * width.in();
  }

  /** Returns the elements of the window in one channel. */
  public int kernel() {
    return depth.kernel() * height.kernel() * width.kernel();
  }

  /** A window that meets each input element once, in order, slides along one long axis. */
  private WindowGeometry merged() {
    if (!depth.isIdentity() || !height.isIdentity() || !width.isIdentity()) {
      return this;
    }
    int all = inputs();
    return new WindowGeometry(
        WindowAxis.ABSENT, WindowAxis.ABSENT, new WindowAxis(all, all, 1, 1, 1, 0, 0));
  }
}

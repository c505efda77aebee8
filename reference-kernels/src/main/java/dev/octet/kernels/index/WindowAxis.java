package dev.octet.kernels.index;

/**
 * A window that slides along one axis: output position {@code o} and kernel position {@code k} meet
 * at input position {@code o * stride + k * dilation - pad}, which lies in the padding when it is
 * negative or not below {@code in}.
 *
 * @param in input size
 * @param out number of output positions
 * @param kernel size of the window
 * @param stride distance of neighbouring windows
 * @param dilation distance of neighbouring window elements
 * @param pad padding before the first input element
 * @param padEnd padding behind the last input element
 */
public record WindowAxis(
    int in, int out, int kernel, int stride, int dilation, int pad, int padEnd) {

  /** An axis of size 1 under a window of size 1, for the axes that an operator lacks. */
  public static final WindowAxis ABSENT = new WindowAxis(1, 1, 1, 1, 1, 0, 0);

  /** Returns the input position that an output and a kernel position meet at. */
  public int input(int o, int k) {
    return o * stride + k * dilation - pad;
  }

  /**
   * Returns the first output position, at most {@code out}, that meets a kernel position inside.
   */
  public int first(int k) {
    int missing = pad - k * dilation;
    return missing <= 0 ? 0 : Math.min(out, (missing + stride - 1) / stride);
  }

  /** Returns the position behind the last output position that meets a kernel position inside. */
  public int end(int k) {
    int last = in - 1 + pad - k * dilation;
    return last < 0 ? first(k) : Math.max(first(k), Math.min(out, last / stride + 1));
  }

  /** Returns the first kernel position that an output position meets inside. */
  public int firstKernel(int o) {
    int missing = pad - o * stride;
    return missing <= 0 ? 0 : Math.min(kernel, (missing + dilation - 1) / dilation);
  }

  /** Returns the position behind the last kernel position that an output position meets inside. */
  public int endKernel(int o) {
    int last = in - 1 + pad - o * stride;
    return last < 0
        ? firstKernel(o)
        : Math.max(firstKernel(o), Math.min(kernel, last / dilation + 1));
  }

  /** Tells whether output position i meets exactly input position i. */
  public boolean isIdentity() {
    return kernel == 1 && stride == 1 && pad == 0 && in == out;
  }
}

package dev.octet.kernels.recurrent;

/**
 * The weights of one direction: rows of gates, of which each meets the input and the hidden state.
 *
 * @param hidden the size of the hidden state
 * @param input the size of the input
 * @param w weights {@code [directions, gates * hidden, input]}
 * @param r weights {@code [directions, gates * hidden, hidden]}
 * @param b biases {@code [directions, 2 * gates * hidden]}
 * @param gates the gates of a cell
 * @param direction which direction
 */
record Gates(int hidden, int input, Row w, Row r, Row b, int gates, int direction) {

  /** Numbers in one array. */
  static final class Row {
    private final double[] values;

    Row(double[] values) {
      this.values = values;
    }
  }

  private int row(int gate, int unit) {
    return (direction * gates + gate) * hidden + unit;
  }

  /** The input's part of a gate, with its bias: products in the order of the input. */
  double fromInput(int gate, int unit, double[] x, int at) {
    double sum = inputBias(gate, unit);
    int begin = row(gate, unit) * input;
    for (int i = 0; i < input; i++) {
      sum += w.values[begin + i] * x[at + i];
    }
    return sum;
  }

  /** The hidden state's part of a gate without its bias. */
  double fromState(int gate, int unit, double[] h) {
    double sum = 0;
    int begin = row(gate, unit) * hidden;
    for (int i = 0; i < hidden; i++) {
      sum += r.values[begin + i] * h[i];
    }
    return sum;
  }

  private double inputBias(int gate, int unit) {
    return b.values[(2 * direction * gates + gate) * hidden + unit];
  }

  /** The bias of the hidden state's part of a gate. */
  double stateBias(int gate, int unit) {
    return b.values[((2 * direction + 1) * gates + gate) * hidden + unit];
  }

  /** Both parts of a gate with their biases. */
  double sum(int gate, int unit, double[] x, int at, double[] h) {
    return fromInput(gate, unit, x, at) + (fromState(gate, unit, h) + stateBias(gate, unit));
  }
}

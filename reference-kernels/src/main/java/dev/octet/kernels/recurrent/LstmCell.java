package dev.octet.kernels.recurrent;

/**
 * LSTM: {@code i = f(W x + Wb + R h + Rb + P c)}, the same for the forget gate, {@code n = g(...)},
 * {@code c = forget * c + i * n}, {@code o = f(... + P c)} of the new c, {@code h = o * h(c)}. With
 * input_forget the forget gate is {@code 1 - i}.
 *
 * @param peepholes weights {@code [directions, 3 * hidden]} of input, output and forget gate
 */
record LstmCell(
    Gates gates, Activation f, Activation g, Activation h, boolean coupled, Peepholes peepholes)
    implements Cell {

  private static final int INPUT = 0;
  private static final int OUTPUT = 1;
  private static final int FORGET = 2;
  private static final int NEW = 3;

  /** Weights between the state of the cell and its gates. */
  static final class Peepholes {
    private final double[] values;
    private final int begin;
    private final int hidden;

    Peepholes(double[] values, int direction, int hidden) {
      this.values = values;
      this.begin = 3 * direction * hidden;
      this.hidden = hidden;
    }

    double weight(int gate, int unit) {
      return values[begin + gate * hidden + unit];
    }
  }

  @Override
  public void step(double[] x, int at, double[] state, double[] c) {
    double[] old = state.clone();
    for (int u = 0; u < c.length; u++) {
      double input = f.apply(gate(INPUT, u, x, at, old, c[u]));
      double forget = coupled ? 1 - input : f.apply(gate(FORGET, u, x, at, old, c[u]));
      double fresh = g.apply(gates.sum(NEW, u, x, at, old));
      c[u] = forget * c[u] + input * fresh;
      double output = f.apply(gate(OUTPUT, u, x, at, old, c[u]));
      state[u] = output * h.apply(c[u]);
    }
  }

  private double gate(int gate, int unit, double[] x, int at, double[] old, double c) {
    return gates.sum(gate, unit, x, at, old) + peepholes.weight(gate, unit) * c;
  }
}

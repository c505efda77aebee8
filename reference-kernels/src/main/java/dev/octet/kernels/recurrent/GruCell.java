package dev.octet.kernels.recurrent;

/**
 * GRU: {@code z = f(...)}, {@code r = f(...)}, {@code n = g(W x + Wb + R (r * h) + Rb)}, or {@code
 * g(W x + Wb + r * (R h + Rb))} with linear_before_reset, and {@code h = (1 - z) * n + z * h}.
 */
record GruCell(Gates gates, Activation f, Activation g, boolean linearFirst) implements Cell {

  private static final int UPDATE = 0;
  private static final int RESET = 1;
  private static final int NEW = 2;

  @Override
  public void step(double[] x, int at, double[] h, double[] c) {
    double[] old = h.clone();
    double[] reset = new double[h.length];
    double[] partial = new double[h.length];
    for (int i = 0; i < h.length; i++) {
      reset[i] = f.apply(gates.sum(RESET, i, x, at, old));
      partial[i] = reset[i] * old[i];
    }
    for (int i = 0; i < h.length; i++) {
      double z = f.apply(gates.sum(UPDATE, i, x, at, old));
      double state =
          linearFirst
              ? reset[i] * (gates.fromState(NEW, i, old) + gates.stateBias(NEW, i))
              : gates.fromState(NEW, i, partial) + gates.stateBias(NEW, i);
      double fresh = g.apply(gates.fromInput(NEW, i, x, at) + state);
      h[i] = (1 - z) * fresh + z * old[i];
    }
  }
}

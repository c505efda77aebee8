package dev.octet.kernels.recurrent;

/** RNN: {@code h = f(W x + Wb + R h + Rb)}. */
record RnnCell(Gates gates, Activation f) implements Cell {

  @Override
  public void step(double[] x, int at, double[] h, double[] c) {
    double[] old = h.clone();
    for (int i = 0; i < h.length; i++) {
      h[i] = f.apply(gates.sum(0, i, x, at, old));
    }
  }
}

package dev.octet.kernels.recurrent;

/** One direction of a recurrent layer: how a step changes its states. Thread-safe. */
interface Cell {

  /**
   * Makes a step.
   *
   * @param x the input, from an index on
   * @param at that index
   * @param h the hidden state, which is overwritten
   * @param c the state of the cell, which is overwritten; empty for cells without
   */
  void step(double[] x, int at, double[] h, double[] c);
}

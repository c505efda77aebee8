package dev.octet.kernels.primitive;

import java.util.Arrays;

/**
 * How {@link PlainConvolution} walks over the sizes of a convolution.
 *
 * <p>The last spatial dimension is that of columns, the one before that of lines; the others are
 * outer ones, whose output positions are planes of their own. A group's input is laid out in rows:
 * one for each input channel, outer tap, phase of lines (the lines that a stride meets have the
 * same remainder) and column tap. Line taps are shifts by whole lines: the accumulators move
 * instead of the rows.
 *
 * @param columnTaps column taps
 * @param lineTaps line taps
 * @param outerTaps products of outer taps
 * @param phases phases of lines
 * @param shift for each line tap, how many lines it shifts
 * @param phase for each line tap, its phase
 * @param rowOf for each line tap, the row of each of its terms
 * @param weightOf for each line tap, the weight of each of its terms
 */
@SuppressWarnings("ArrayRecordComponent") // Internal: never compared, never handed out.
record ConvPlan(
    int columnTaps,
    int lineTaps,
    int outerTaps,
    int phases,
    int[] shift,
    int[] phase,
    int[][] rowOf,
    int[][] weightOf) {

  static ConvPlan of(ConvGeometry geometry) {
    int axis = geometry.kernel().length - 2;
    int lineTaps = geometry.kernel()[axis];
    int columnTaps = geometry.kernel()[axis + 1];
    int outerTaps = lineTaps * columnTaps == 0 ? 0 : geometry.taps() / (lineTaps * columnTaps);
    int stride = geometry.strides()[axis];
    int[] shift = new int[lineTaps];
    int[] phase = new int[lineTaps];
    int[] phaseOfRemainder = new int[stride];
    int phases = 0;
    Arrays.fill(phaseOfRemainder, -1);
    for (int tap = 0; tap < lineTaps; tap++) {
      int distance = tap * geometry.dilations()[axis];
      shift[tap] = distance / stride;
      if (phaseOfRemainder[distance % stride] < 0) {
        phaseOfRemainder[distance % stride] = phases++;
      }
      phase[tap] = phaseOfRemainder[distance % stride];
    }
    int terms = geometry.inChannels() * outerTaps * columnTaps;
    ConvPlan plan =
        new ConvPlan(
            columnTaps,
            lineTaps,
            outerTaps,
            phases,
            shift,
            phase,
            new int[lineTaps][terms],
            new int[lineTaps][terms]);
    plan.fill(geometry.inChannels());
    return plan;
  }

  private void fill(int channels) {
    for (int tap = 0; tap < lineTaps; tap++) {
      int term = 0;
      for (int outer = 0; outer < channels * outerTaps; outer++) {
        for (int column = 0; column < columnTaps; column++) {
          rowOf[tap][term] = row(outer, phase[tap], column);
          weightOf[tap][term] = (outer * lineTaps + tap) * columnTaps + column;
          term++;
        }
      }
    }
  }

  /** Returns a row; {@code outer} counts input channels and, for each, outer taps. */
  int row(int outer, int phase, int column) {
    return (outer * phases + phase) * columnTaps + column;
  }

  /** Returns the number of rows of a group of some input channels. */
  int rows(int channels) {
    return channels * outerTaps * phases * columnTaps;
  }

  /** Returns the lines that a row has behind those of the output. */
  int extraLines() {
    int extra = 0;
    for (int lines : shift) {
      extra = Math.max(extra, lines);
    }
    return extra;
  }

  /** Returns the first line tap of a phase; its distance is that of the phase's lines. */
  int firstTap(int wanted) {
    int tap = 0;
    while (phase[tap] != wanted) {
      tap++;
    }
    return tap;
  }
}

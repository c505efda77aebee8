package dev.octet.kernels.primitive;

import java.util.HashMap;
import java.util.Map;

/**
 * How {@link PlainConvolution} walks over the sizes of a convolution.
 *
 * <p>The last spatial dimension is that of columns, the one before that of lines; the others are
 * outer ones, whose output positions are planes of their own. A group's input is laid out in rows:
 * for each phase of lines (the lines that a stride meets have the same remainder) one for each
 * input channel, outer tap and column tap: the terms of a line tap. Line taps are shifts by whole
 * lines: the accumulators move instead of the rows.
 *
 * @param geometry the sizes
 * @param columnTaps column taps
 * @param lineTaps line taps
 * @param outerTaps products of outer taps
 * @param phases phases of lines
 * @param shift for each line tap, how many lines it shifts
 * @param phase for each line tap, its phase
 * @param terms terms of a line tap
 * @param places for each weight of an output channel, its place when line taps are outermost
 */
@SuppressWarnings("ArrayRecordComponent") // Internal: never compared, never handed out.
record ConvPlan(
    ConvGeometry geometry,
    int columnTaps,
    int lineTaps,
    int outerTaps,
    int phases,
    int[] shift,
    int[] phase,
    int terms,
    int[] places) {

  static ConvPlan of(ConvGeometry geometry) {
    int axis = geometry.kernel().length - 2;
    int lineTaps = geometry.kernel()[axis];
    int columnTaps = geometry.kernel()[axis + 1];
    int outerTaps = lineTaps * columnTaps == 0 ? 0 : geometry.taps() / (lineTaps * columnTaps);
    int stride = geometry.strides()[axis];
    int[] shift = new int[lineTaps];
    int[] phase = new int[lineTaps];
    // A stride may be longer than memory, and has no more phases than taps.
    Map<Integer, Integer> phaseOfRemainder = new HashMap<>();
    for (int tap = 0; tap < lineTaps; tap++) {
      int distance = tap * geometry.dilations()[axis];
      shift[tap] = distance / stride;
      phase[tap] = phaseOfRemainder.getOrDefault(distance % stride, phaseOfRemainder.size());
      phaseOfRemainder.put(distance % stride, phase[tap]);
    }
    int terms = geometry.inChannels() * outerTaps * columnTaps;
    int[] places = new int[terms * lineTaps];
    for (int weight = 0; weight < places.length; weight++) {
      int outer = weight / columnTaps / lineTaps;
      int term = outer * columnTaps + weight % columnTaps;
      places[weight] = weight / columnTaps % lineTaps * terms + term;
    }
    return new ConvPlan(
        geometry,
        columnTaps,
        lineTaps,
        outerTaps,
        phaseOfRemainder.size(),
        shift,
        phase,
        terms,
        places);
  }

  /** Returns the number of weights of an output channel. */
  int depth() {
    return places.length;
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

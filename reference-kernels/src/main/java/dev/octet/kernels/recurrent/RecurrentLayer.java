package dev.octet.kernels.recurrent;

import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealOperands;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;
import java.util.List;

/**
 * RNN, GRU and LSTM: runs the cells of each direction over the steps of each sequence, in double;
 * results are rounded once, states between steps are not. Behind the end of a sequence that is
 * shorter than others the result is 0; a reverse layer begins at its last step.
 */
final class RecurrentLayer implements RealKernel.Body {

  private final int steps;
  private final int batch;
  private final int input;
  private final int hidden;
  private final int directions;
  private final boolean batchFirst;
  private final boolean reverse;
  private final CellMaker maker;

  /** Makes the cell of a direction of the operands of a run. */
  interface CellMaker {
    Cell cell(RealOperands operands, int direction);
  }

  private RecurrentLayer(Preparation preparation, CellMaker maker) {
    Node node = preparation.node();
    ArrayType x = preparation.operand(0);
    String direction = node.stringAttribute("direction", "forward");
    this.batchFirst = node.intAttribute("layout", 0) != 0;
    this.steps = x.size(batchFirst ? 1 : 0);
    this.batch = x.size(batchFirst ? 0 : 1);
    this.input = x.size(2);
    this.hidden = preparation.operand(2).size(2);
    this.directions = RecurrentShape.directions(direction);
    this.reverse = direction.equals("reverse");
    this.maker = maker;
  }

  static RealKernel.Body of(Preparation preparation, CellMaker maker) {
    return new RecurrentLayer(preparation, maker);
  }

  @Override
  public void run(RealOperands operands, double[][] results, Workers workers) {
    double[] x = operands.reals(0);
    long[] lengths = lengths(operands);
    int states = directions * batch * hidden;
    double[] h = operands.reals(5, states, 0);
    double[] c = operands.reals(6, states, 0);
    Cell[] cells = new Cell[directions];
    Arrays.setAll(cells, d -> maker.cell(operands, d));
    workers.forRange(
        directions * batch,
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int d = i / batch;
            int b = i % batch;
            sequence(cells[d], x, (int) lengths[b], d, b, List.of(h, c), results[0]);
          }
        });
    for (int i = 1; i < results.length; i++) {
      System.arraycopy(i == 1 ? h : c, 0, results[i], 0, states);
    }
  }

  private long[] lengths(RealOperands operands) {
    if (!operands.has(4)) {
      long[] all = new long[batch];
      Arrays.fill(all, steps);
      return all;
    }
    long[] lengths = operands.integers(4);
    for (long length : lengths) {
      if (length < 0 || length > steps) {
        throw new KernelDataException("a sequence of " + length + " among " + steps + " steps");
      }
    }
    return lengths;
  }

  /** Runs one direction over one sequence; its states are parts of those of all. */
  private void sequence(
      Cell cell, double[] x, int length, int d, int b, List<double[]> states, double[] y) {
    int at = (batchFirst ? b * directions + d : d * batch + b) * hidden;
    double[] h = Arrays.copyOfRange(states.get(0), at, at + hidden);
    double[] c = Arrays.copyOfRange(states.get(1), at, at + hidden);
    boolean backwards = reverse || d == 1;
    for (int i = 0; i < length; i++) {
      int t = backwards ? length - 1 - i : i;
      cell.step(x, (batchFirst ? b * steps + t : t * batch + b) * input, h, c);
      int to = batchFirst ? (b * steps + t) * directions + d : (t * directions + d) * batch + b;
      System.arraycopy(h, 0, y, to * hidden, hidden);
    }
    System.arraycopy(h, 0, states.get(0), at, hidden);
    System.arraycopy(c, 0, states.get(1), at, hidden);
  }
}

package dev.octet.kernels.execute;

import dev.octet.kernels.array.TensorArray;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs a subgraph again and again: a Loop or a Scan.
 *
 * @param body the subgraph; a Loop's begins with the number of the iteration and the condition
 * @param loop whether it is a Loop
 * @param carried how many values go from one iteration to the next
 * @param length how often it runs at most where that is known beforehand; -1 where it is not
 */
record Iterations(Body body, boolean loop, int carried, long length) implements SubgraphKernel {

  /** A Loop that has run so often is taken for one that never ends. */
  static final long MOST = 1L << 22;

  @Override
  public void run(
      @Nullable Object[] operands,
      @Nullable Object[] results,
      Workers workers,
      Set<String> observed,
      ValueListener listener) {
    int first = loop ? 2 : 0;
    for (int i = 0; i < carried; i++) {
      Body.copy(present(operands[first + i]), input(first + i));
    }
    long most = most(operands);
    boolean goes = !loop || condition(operands[1]);
    long done = 0;
    while (goes && done < most) {
      if (done == MOST) {
        throw new KernelDataException("the loop has run " + MOST + " times and goes on");
      }
      // Nodes of the iteration before may have used these arrays again, once they were read.
      body.capture(operands);
      begin(done, operands);
      body.run(workers, observed, listener);
      goes = end(done, results);
      done++;
    }
    if (done < length && results.length > carried) {
      throw new KernelDataException(
          "the loop ended after " + done + " of " + length + " iterations, whose results it gives");
    }
    for (int i = 0; i < carried; i++) {
      give(input(first + i), results[i], 0);
    }
  }

  private long most(@Nullable Object[] operands) {
    if (loop && operands[0] instanceof long[] trips) {
      return trips[0];
    }
    return loop ? Long.MAX_VALUE : length;
  }

  /** Sets the number and the condition of a Loop, or the slices of a Scan. */
  private void begin(long done, @Nullable Object[] operands) {
    if (loop) {
      ((long[]) input(0).array())[0] = done;
      ((byte[]) input(1).array())[0] = 1;
      return;
    }
    for (int i = carried; i < body.inputs().size(); i++) {
      TensorArray slice = input(i);
      int count = slice.type().count();
      System.arraycopy(
          present(operands[i]), Math.toIntExact(done * count), slice.array(), 0, count);
    }
  }

  /** Takes over what an iteration gave; returns whether another one follows. */
  private boolean end(long done, @Nullable Object[] results) {
    int first = loop ? 1 : 0;
    boolean goes = !loop || condition(output(0).array());
    for (int i = carried; i < results.length; i++) {
      give(output(first + i), results[i], done);
    }
    // An output may be the array of another input, so that none is written before all are read.
    List<TensorArray> next = new ArrayList<>();
    for (int i = 0; i < carried; i++) {
      TensorArray value = output(first + i);
      Object copy = value.type().kind().allocate(value.type().count());
      System.arraycopy(value.array(), 0, copy, 0, value.type().count());
      next.add(new TensorArray(value.type(), copy));
    }
    for (int i = 0; i < carried; i++) {
      Body.copy(next.get(i).array(), input((loop ? 2 : 0) + i));
    }
    return goes;
  }

  private TensorArray input(int index) {
    return body.inputs().get(index).value();
  }

  private TensorArray output(int index) {
    return body.outputs().get(index);
  }

  private static boolean condition(@Nullable Object operand) {
    return !(operand instanceof byte[] stated) || stated[0] != 0;
  }

  private static Object present(@Nullable Object operand) {
    if (operand == null) {
      throw new IllegalStateException("a value that is carried has no array");
    }
    return operand;
  }

  /** Copies a value to its place in a result, when somebody asked for that. */
  static void give(TensorArray value, @Nullable Object result, long place) {
    if (result != null) {
      int count = value.type().count();
      System.arraycopy(value.array(), 0, result, Math.toIntExact(place * count), count);
    }
  }
}

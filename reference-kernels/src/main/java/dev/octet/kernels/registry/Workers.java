package dev.octet.kernels.registry;

import dev.octet.api.error.OctetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one run: the calling thread and helpers, with scratch arrays for each. One caller
 * uses it at a time.
 *
 * <p>Tasks of one call run in any order on any thread, so a task may write only what no other task
 * reads or writes.
 */
public final class Workers {

  private final HelperThreads helpers;
  private final List<Scratch> scratch = new ArrayList<>();

  /**
   * Makes the workers of one caller.
   *
   * @param helpers threads that other callers may use as well
   */
  public Workers(HelperThreads helpers) {
    this.helpers = helpers;
    for (int i = 0; i < helpers.threads(); i++) {
      scratch.add(new Scratch());
    }
  }

  /** A piece of work. */
  @FunctionalInterface
  public interface Task {
    /**
     * Does one piece.
     *
     * @param index which piece, from 0
     * @param worker which thread does it, from 0 to {@link Workers#threads} - 1; two pieces that
     *     run at the same time have different workers
     */
    void run(int index, int worker);
  }

  /** A piece of a range. */
  @FunctionalInterface
  public interface RangeTask {
    /** Does the indices from {@code from} to {@code to - 1}. */
    void run(int from, int to);
  }

  /** Returns the number of threads that compute, the caller included. */
  public int threads() {
    return helpers.threads();
  }

  /** Returns the scratch arrays of a worker. */
  public Scratch scratch(int worker) {
    return scratch.get(worker);
  }

  /**
   * Does all pieces of some work and returns when they are done.
   *
   * @param tasks number of pieces
   * @throws OctetException {@code OCT-RUN-003} if the calling thread was interrupted; its interrupt
   *     status stays set
   */
  public void forEach(int tasks, Task task) {
    Loop loop = new Loop(tasks, task);
    int more = Math.min(threads(), tasks) - 1;
    for (int i = 1; i <= more; i++) {
      int worker = i;
      helpers.execute(() -> loop.help(worker));
    }
    loop.work(0, true);
    loop.end();
    loop.rethrow();
  }

  /**
   * Does a range of indices in pieces of nearly equal length.
   *
   * @param count number of indices
   * @param grain indices that are worth the cost of another thread, at least 1
   * @throws OctetException as {@link #forEach}
   */
  public void forRange(int count, int grain, RangeTask task) {
    int pieces = (int) Math.min(threads(), Math.max(1L, count / (long) grain));
    if (pieces == 1) {
      requireNotInterrupted();
      task.run(0, count);
      return;
    }
    forEach(
        pieces,
        (i, worker) ->
            task.run((int) ((long) count * i / pieces), (int) ((long) count * (i + 1) / pieces)));
  }

  /**
   * Ends the run if the calling thread was interrupted.
   *
   * @throws OctetException {@code OCT-RUN-003}; the interrupt status stays set
   */
  public static void requireNotInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw WorkerErrors.INTERRUPTED.error("the run was interrupted").build();
    }
  }

  /** The pieces of one call, claimed one by one. */
  private static final class Loop {
    private final int tasks;
    private final Task task;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private int helping;
    private boolean over;

    Loop(int tasks, Task task) {
      this.tasks = tasks;
      this.task = task;
    }

    void work(int worker, boolean caller) {
      try {
        int index;
        while (failure.get() == null && (index = next.getAndIncrement()) < tasks) {
          if (caller) {
            requireNotInterrupted();
          }
          task.run(index, worker);
        }
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      }
    }

    /** Works as a helper, unless the caller has ended the loop before one was free. */
    void help(int worker) {
      synchronized (this) {
        if (over) {
          return;
        }
        helping++;
      }
      try {
        work(worker, false);
      } finally {
        synchronized (this) {
          helping--;
          notifyAll();
        }
      }
    }

    /** Helpers write to arrays of the run, so the caller stays until the last one has stopped. */
    void end() {
      boolean interrupted = false;
      synchronized (this) {
        over = true;
        while (helping > 0) {
          try {
            wait();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    void rethrow() {
      Throwable thrown = failure.get();
      if (thrown instanceof RuntimeException e) {
        throw e;
      }
      if (thrown instanceof Error e) {
        throw e;
      }
    }
  }

  /**
   * Arrays that one worker reuses from kernel to kernel; they grow to the largest length asked for.
   * Contents are leftovers. Two calls of one method give the same array.
   */
  public static final class Scratch {
    private float[] floats = {};
    private float[] moreFloats = {};
    private double[] doubles = {};
    private int[] ints = {};
    private byte[] bytes = {};
    private short[] shorts = {};
    private float[][] rows = {};
    private int[][] intRows = {};

    private Scratch() {}

    /** Returns an array of at least a length. */
    public float[] floats(int length) {
      floats = floats.length < length ? new float[length] : floats;
      return floats;
    }

    /** Returns a second array of at least a length. */
    public float[] moreFloats(int length) {
      moreFloats = moreFloats.length < length ? new float[length] : moreFloats;
      return moreFloats;
    }

    /** Returns an array of at least a length. */
    public double[] doubles(int length) {
      doubles = doubles.length < length ? new double[length] : doubles;
      return doubles;
    }

    /** Returns an array of at least a length. */
    public int[] ints(int length) {
      ints = ints.length < length ? new int[length] : ints;
      return ints;
    }

    /** Returns an array of at least a length. */
    public byte[] bytes(int length) {
      bytes = bytes.length < length ? new byte[length] : bytes;
      return bytes;
    }

    /** Returns an array of at least a length. */
    public short[] shorts(int length) {
      shorts = shorts.length < length ? new short[length] : shorts;
      return shorts;
    }

    /** Returns at least {@code count} arrays of at least {@code length} ints each. */
    public int[][] intRows(int count, int length) {
      if (intRows.length < count || (intRows.length > 0 && intRows[0].length < length)) {
        int width = intRows.length == 0 ? length : Math.max(length, intRows[0].length);
        intRows = new int[Math.max(count, intRows.length)][width];
      }
      return intRows;
    }

    /** Returns at least {@code count} arrays of at least {@code length} floats each. */
    public float[][] rows(int count, int length) {
      if (rows.length < count || (rows.length > 0 && rows[0].length < length)) {
        int width = rows.length == 0 ? length : Math.max(length, rows[0].length);
        rows = new float[Math.max(count, rows.length)][width];
      }
      return rows;
    }
  }
}

package dev.octet.kernels.thread;

import dev.octet.api.error.OctetException;
import dev.octet.api.runtime.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one run: the calling thread and helpers, with scratch arrays for each. One caller
 * uses it at a time.
 *
 * <p>Tasks of one call run in any order on any thread, so a task may write only what no other task
 * reads or writes. The caller takes part and waits for no helper that has not begun, so that work
 * ends also where all helpers are busy, or are busy with the caller.
 */
public final class Workers {

  private final HelperThreads helpers;
  private final List<Helper> offers = new ArrayList<>();
  private final List<Scratch> scratch = new ArrayList<>();
  private Cancellation cancellation = Cancellation.never();
  private volatile @Nullable Loop current;

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
    for (int worker = 1; worker < helpers.threads(); worker++) {
      offers.add(new Helper(worker));
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

  /** Sets what cancels the work from now on. */
  public void cancelledBy(Cancellation cancellation) {
    this.cancellation = cancellation;
  }

  /**
   * Does all pieces of some work and returns when they are done. When one fails, no more are begun;
   * what is thrown is that of the first piece that fails, whatever the threads do.
   *
   * @param tasks number of pieces
   * @throws OctetException {@code OCT-RUN-003} if the calling thread was interrupted, whose
   *     interrupt status stays set; {@code OCT-RUN-007} if the work is cancelled
   */
  public void forEach(int tasks, Task task) {
    Loop loop = new Loop(tasks, task, threads(), cancellation);
    current = loop;
    int more = Math.min(threads(), tasks) - 1;
    offers.subList(0, Math.max(0, more)).forEach(Helper::offer);
    loop.work(0);
    loop.end();
    current = null;
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
      requireWanted();
      task.run(0, count);
      return;
    }
    forEach(
        pieces,
        (i, worker) ->
            task.run((int) ((long) count * i / pieces), (int) ((long) count * (i + 1) / pieces)));
  }

  /**
   * Tells tasks that take long whether the caller of {@link #forEach} still wants them: not where
   * it was interrupted or the work is cancelled.
   */
  public boolean isCancelled() {
    Loop loop = current;
    return loop != null && loop.isCancelled();
  }

  /**
   * Ends the run if the calling thread was interrupted or the work is cancelled.
   *
   * @throws OctetException as {@link #forEach}
   */
  public void requireWanted() {
    requireNotInterrupted();
    cancellation.throwIfCancelled();
  }

  private static void requireNotInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw WorkerErrors.INTERRUPTED.error("the run was interrupted").build();
    }
  }

  /** A helper's work, which waits for a thread at most once, however many calls offer it. */
  private final class Helper implements Runnable {
    private final int worker;
    private final AtomicBoolean waiting = new AtomicBoolean();

    Helper(int worker) {
      this.worker = worker;
    }

    void offer() {
      if (waiting.compareAndSet(false, true) && !helpers.execute(this)) {
        waiting.set(false);
      }
    }

    /** What is current is read after the offer is taken, so that no later offer is lost. */
    @Override
    public void run() {
      waiting.set(false);
      Loop loop = current;
      if (loop != null) {
        loop.help(worker);
      }
    }
  }

  /** The pieces of one call, claimed one by one and in order. */
  private static final class Loop {
    private final int tasks;
    private final Task task;
    private final Cancellation cancellation;
    private final Thread caller = Thread.currentThread();
    private final AtomicInteger next = new AtomicInteger();
    private final boolean[] helped;
    private int helping;
    private boolean over;
    private volatile boolean interrupted;
    private int failedTask = Integer.MAX_VALUE;
    private volatile @Nullable Throwable failure;

    Loop(int tasks, Task task, int threads, Cancellation cancellation) {
      this.tasks = tasks;
      this.task = task;
      this.helped = new boolean[threads];
      this.cancellation = cancellation;
    }

    void work(int worker) {
      int index;
      while (failure == null && (index = next.getAndIncrement()) < tasks) {
        try {
          requireWanted();
          task.run(index, worker);
        } catch (RuntimeException | Error e) {
          failed(index, e);
        }
      }
    }

    private void requireWanted() {
      if (Thread.currentThread() == caller) {
        requireNotInterrupted();
      }
      cancellation.throwIfCancelled();
    }

    boolean isCancelled() {
      return interrupted || caller.isInterrupted() || cancellation.isCancelled();
    }

    private synchronized void failed(int index, Throwable e) {
      if (index < failedTask) {
        failedTask = index;
        failure = e;
      }
    }

    /**
     * Works as a helper, unless the caller has ended the loop before one was free. An offer to the
     * loop before may come late and find this one, so that a helper is here twice.
     */
    void help(int worker) {
      synchronized (this) {
        if (over || helped[worker]) {
          return;
        }
        helped[worker] = true;
        helping++;
      }
      try {
        work(worker);
      } finally {
        synchronized (this) {
          helping--;
          notifyAll();
        }
      }
    }

    /** Helpers write to arrays of the run, so the caller stays until the last one has stopped. */
    void end() {
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
      Throwable thrown = failure;
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
    private double[] moreDoubles = {};
    private double[] evenMoreDoubles = {};
    private int[] ints = {};
    private long[] longs = {};
    private byte[] bytes = {};
    private short[] shorts = {};
    private float[][] rows = {};
    private double[][] doubleRows = {};
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

    /** Returns a second array of at least a length. */
    public double[] moreDoubles(int length) {
      moreDoubles = moreDoubles.length < length ? new double[length] : moreDoubles;
      return moreDoubles;
    }

    /** Returns a third array of at least a length. */
    public double[] evenMoreDoubles(int length) {
      evenMoreDoubles = evenMoreDoubles.length < length ? new double[length] : evenMoreDoubles;
      return evenMoreDoubles;
    }

    /** Returns at least {@code count} arrays of at least {@code length} doubles each. */
    public double[][] doubleRows(int count, int length) {
      if (doubleRows.length < count || (doubleRows.length > 0 && doubleRows[0].length < length)) {
        int width = doubleRows.length == 0 ? length : Math.max(length, doubleRows[0].length);
        doubleRows = new double[Math.max(count, doubleRows.length)][width];
      }
      return doubleRows;
    }

    /** Returns an array of at least a length. */
    public int[] ints(int length) {
      ints = ints.length < length ? new int[length] : ints;
      return ints;
    }

    /** Returns an array of at least a length. */
    public long[] longs(int length) {
      longs = longs.length < length ? new long[length] : longs;
      return longs;
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

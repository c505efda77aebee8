package dev.octet.fuzz;

import dev.octet.api.error.OctetException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.LongFunction;

/**
 * Inputs that are read one after the other on one thread, until one shows a fault, time is up, or
 * there are no more. Another thread may look at it while it runs.
 */
final class Slice implements Runnable {

  /** What is reached where a file is accepted. */
  static final String ACCEPTED = "accepted";

  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private final Target target;
  private final LongFunction<byte[]> inputs;
  private final long end;
  private final long deadline;
  private final Set<String> reached = new ConcurrentSkipListSet<>();
  private volatile long next;
  private volatile long started = System.nanoTime();
  private volatile long startedCpu;
  private volatile boolean givenUp;
  private volatile Optional<Fault> fault = Optional.empty();
  private volatile Optional<Thread> thread = Optional.empty();

  /**
   * Prepares it.
   *
   * @param target what reads
   * @param inputs the input of each index
   * @param from the first index
   * @param end the index after the last
   * @param nanos after how long no other input begins
   */
  Slice(Target target, LongFunction<byte[]> inputs, long from, long end, long nanos) {
    this.target = target;
    this.inputs = inputs;
    this.next = from;
    this.end = end;
    this.deadline = System.nanoTime() + nanos;
  }

  @Override
  public void run() {
    thread = Optional.of(Thread.currentThread());
    for (long index = next; goesOn(index); index++) {
      byte[] input = inputs.apply(index);
      startedCpu = CPU.getCurrentThreadCpuTime();
      started = System.nanoTime();
      Optional<Fault> found = read(input);
      if (givenUp) {
        return;
      }
      next = index + 1;
      fault = found;
    }
  }

  private boolean goesOn(long index) {
    return !givenUp && fault.isEmpty() && index < end && System.nanoTime() < deadline;
  }

  private Optional<Fault> read(byte[] input) {
    try {
      target.read(input);
      reached.add(ACCEPTED);
      return Optional.empty();
    } catch (Throwable thrown) {
      if (thrown instanceof OctetException error) {
        reached.add(error.id());
      }
      return Fault.of(thrown);
    }
  }

  /** Returns for how many nanoseconds the present input has been read. */
  long age() {
    return System.nanoTime() - started;
  }

  /** Returns how many nanoseconds of a processor the present input has taken; 0 if unknown. */
  long worked() {
    return thread.map(reader -> CPU.getThreadCpuTime(reader.getId()) - startedCpu).orElse(0L);
  }

  /** Gives the thread up that is reading; the present input is one that does not end. */
  void giveUp() {
    givenUp = true;
    StackTraceElement[] where =
        thread.map(Thread::getStackTrace).orElseGet(() -> new StackTraceElement[0]);
    long present = next;
    next = present + 1;
    fault = Optional.of(Fault.hang(where));
  }

  /** Returns the index after the last input that was read. */
  long next() {
    return next;
  }

  /** Returns the fault of the last input that was read. */
  Optional<Fault> fault() {
    return fault;
  }

  /** Returns the ids of errors that came up, and {@link #ACCEPTED}. */
  Set<String> reached() {
    return reached;
  }
}

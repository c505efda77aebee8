package dev.octet.fuzz;

import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

/** Makes inputs smaller as long as they show the same fault. */
final class Minimiser {

  private final Lane lane;
  private final Duration budget;

  /** Takes the thread that reads, and for how long one input is made smaller. */
  Minimiser(Lane lane, Duration budget) {
    this.lane = lane;
    this.budget = budget;
  }

  /** Returns the smallest input that was found to show a fault. */
  byte[] smallest(Format format, byte[] input, Fault fault) throws InterruptedException {
    long deadline = System.nanoTime() + budget.toNanos();
    byte[] smallest = input;
    Optional<byte[]> next = Optional.of(input);
    while (next.isPresent()) {
      smallest = next.get();
      next = smaller(format, smallest, fault, deadline);
    }
    return smallest;
  }

  private Optional<byte[]> smaller(Format format, byte[] input, Fault fault, long deadline)
      throws InterruptedException {
    Iterator<byte[]> candidates = format.structure().smaller(input).iterator();
    while (candidates.hasNext() && System.nanoTime() < deadline) {
      byte[] candidate = candidates.next();
      if (candidate.length < input.length && shows(format.target(), candidate, fault)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** Tells whether an input shows a fault. */
  boolean shows(Target target, byte[] input, Fault fault) throws InterruptedException {
    Slice slice = new Slice(target, index -> input, 0, 1, budget.toNanos());
    lane.run(slice);
    return slice.fault().filter(found -> found.key().equals(fault.key())).isPresent();
  }
}

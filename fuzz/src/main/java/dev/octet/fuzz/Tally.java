package dev.octet.fuzz;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What came of the inputs of one kind so far. For one thread. */
final class Tally {

  static final String HEAD =
      String.format(
          Locale.ROOT,
          "%-12s %10s %10s %6s %9s",
          "format",
          "inputs",
          "inputs/s",
          "ids",
          "findings");

  private static final double NANOS = 1e9;

  private final String format;
  private final Set<String> reached = new TreeSet<>();
  private final Set<String> known = new HashSet<>();
  private final List<Finding> findings = new ArrayList<>();
  private long inputs;
  private long nanos;

  Tally(String format) {
    this.format = format;
  }

  /** Returns the index of the next input. */
  long next() {
    return inputs;
  }

  /** Adds what came of some inputs. */
  void add(Slice slice, long took) {
    reached.addAll(slice.reached());
    inputs = slice.next();
    nanos += took;
  }

  /** Tells whether a fault is none of those before. */
  boolean isNew(Fault fault) {
    return known.add(fault.key());
  }

  void add(Finding finding) {
    findings.add(finding);
  }

  long inputs() {
    return inputs;
  }

  Set<String> reached() {
    return reached;
  }

  List<Finding> findings() {
    return findings;
  }

  /** Returns a row below {@link #HEAD}. */
  @Override
  public String toString() {
    double rate = nanos == 0 ? 0 : inputs * NANOS / nanos;
    return String.format(
        Locale.ROOT,
        "%-12s %10d %10.0f %6d %9d",
        format,
        inputs,
        rate,
        reached.size(),
        findings.size());
  }
}

package dev.octet.tck.subject;

import dev.octet.tck.verdict.Measurement;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects what is measured of a runtime while cases run. Thread-safe. */
public final class Measurements {

  private final SortedMap<String, Measurement> byUse = new TreeMap<>();

  /** Adds what a case measured. */
  public synchronized void add(Measurement measured) {
    byUse.merge(measured.use(), measured, Measurement::and);
  }

  /** Returns what was measured, in the order of the uses' words. */
  public synchronized List<Measurement> all() {
    return List.copyOf(byUse.values());
  }
}

package dev.octet.workflow.calibrate;

import dev.octet.workflow.data.SampleRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The samples that a calibration saw: positions in data that is known by its content, and a number
 * of others of which nothing is known. Equal sets are equal in whatever order they came together.
 * Immutable and thread-safe.
 */
public final class SeenSamples {

  private final SortedMap<String, List<SampleRange>> known;
  private final long unknown;

  private SeenSamples(SortedMap<String, List<SampleRange>> known, long unknown) {
    this.known = Collections.unmodifiableSortedMap(known);
    this.unknown = unknown;
  }

  /**
   * Returns samples of which only the number is known.
   *
   * @param count their number, at least 0
   */
  public static SeenSamples unknown(long count) {
    if (count < 0) {
      throw new IllegalArgumentException("number of samples " + count + " is negative");
    }
    return new SeenSamples(new TreeMap<>(), count);
  }

  /** Returns neighbouring samples. */
  public static SeenSamples of(SampleRange range) {
    SortedMap<String, List<SampleRange>> known = new TreeMap<>();
    if (range.count() > 0) {
      known.put(range.data(), List.of(range));
    }
    return new SeenSamples(known, 0);
  }

  /**
   * Returns samples in any order.
   *
   * @throws IllegalArgumentException if two of the ranges have a sample in common
   */
  static SeenSamples of(List<SampleRange> ranges, long unknown) {
    SortedMap<String, List<SampleRange>> known = new TreeMap<>();
    ranges.stream()
        .filter(range -> range.count() > 0)
        .sorted(Comparator.comparingInt(SampleRange::first))
        .forEach(range -> known.computeIfAbsent(range.data(), d -> new ArrayList<>()).add(range));
    known.values().forEach(SeenSamples::requireApart);
    known.replaceAll((data, rising) -> joined(rising, List.of()));
    return new SeenSamples(known, unknown(unknown).unknown);
  }

  private static void requireApart(List<SampleRange> rising) {
    for (int i = 1; i < rising.size(); i++) {
      SampleRange range = rising.get(i);
      if (shared(rising.get(i - 1), range).isPresent()) {
        throw new IllegalArgumentException(range + " is in both");
      }
    }
  }

  /** Returns the number of samples. */
  public long count() {
    return ranges().stream().mapToLong(SampleRange::count).reduce(unknown, Math::addExact);
  }

  /** Returns the number of samples of which nothing else is known. */
  public long unknown() {
    return unknown;
  }

  /**
   * Returns the known samples: as few ranges as possible, by the identity of the data and then by
   * position.
   */
  public List<SampleRange> ranges() {
    return known.values().stream().flatMap(List::stream).toList();
  }

  /** Returns the first samples that both have; empty when it is not known that they share any. */
  Optional<SampleRange> firstShared(SeenSamples other) {
    return ranges().stream()
        .flatMap(mine -> other.of(mine.data()).stream().flatMap(o -> shared(mine, o).stream()))
        .findFirst();
  }

  /**
   * Returns the samples of both.
   *
   * @throws IllegalArgumentException if they share one
   * @throws ArithmeticException if their number leaves 64 bits
   */
  SeenSamples plus(SeenSamples other) {
    firstShared(other)
        .ifPresent(
            range -> {
              throw new IllegalArgumentException(range + " is in both");
            });
    SortedMap<String, List<SampleRange>> sum = new TreeMap<>(known);
    other.known.forEach((data, ranges) -> sum.merge(data, ranges, SeenSamples::joined));
    return new SeenSamples(sum, Math.addExact(unknown, other.unknown));
  }

  private List<SampleRange> of(String data) {
    return known.getOrDefault(data, List.of());
  }

  private static Optional<SampleRange> shared(SampleRange a, SampleRange b) {
    int from = Math.max(a.first(), b.first());
    int to = Math.min(a.first() + a.count(), b.first() + b.count());
    return from < to ? Optional.of(new SampleRange(a.data(), from, to - from)) : Optional.empty();
  }

  /** Ranges that touch become one, so that the union has one form only. */
  private static List<SampleRange> joined(List<SampleRange> a, List<SampleRange> b) {
    SortedMap<Integer, SampleRange> byPosition = new TreeMap<>();
    a.forEach(range -> byPosition.put(range.first(), range));
    b.forEach(range -> byPosition.put(range.first(), range));
    List<SampleRange> joined = new ArrayList<>();
    for (SampleRange range : byPosition.values()) {
      int last = joined.size() - 1;
      if (last >= 0 && joined.get(last).first() + joined.get(last).count() == range.first()) {
        SampleRange before = joined.get(last);
        joined.set(
            last, new SampleRange(before.data(), before.first(), before.count() + range.count()));
      } else {
        joined.add(range);
      }
    }
    return List.copyOf(joined);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SeenSamples that && known.equals(that.known) && unknown == that.unknown;
  }

  @Override
  public int hashCode() {
    return 31 * known.hashCode() + Long.hashCode(unknown);
  }

  @Override
  public String toString() {
    return ranges() + " and " + unknown + " unknown";
  }
}

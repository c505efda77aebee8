package dev.octet.api.spec;

import java.util.Objects;

/**
 * An integer type and the range inside it that quantized values use.
 *
 * @param storage the integer type
 * @param min the smallest value used, at least the storage's
 * @param max the largest value used, at most the storage's, above {@code min}
 */
public record QuantizedType(Storage storage, long min, long max) {

  /** Checks that {@code storage.min() <= min < max <= storage.max()}. */
  public QuantizedType {
    Objects.requireNonNull(storage, "storage");
    if (min < storage.min() || max > storage.max() || min >= max) {
      throw new IllegalArgumentException(
          "range "
              + min
              + ".."
              + max
              + " is not inside "
              + storage
              + " ("
              + storage.min()
              + ".."
              + storage.max()
              + ")");
    }
  }

  /** Returns the type with the storage's whole range. */
  public static QuantizedType of(Storage storage) {
    return new QuantizedType(storage, storage.min(), storage.max());
  }

  /**
   * Returns the 48 bits in an int64 that accumulators of 16-bit activations have: -2^47 to 2^47-1.
   */
  public static QuantizedType int48() {
    return new QuantizedType(Storage.INT64, -(1L << 47), (1L << 47) - 1);
  }

  /** Returns the type in words, such as {@code int8[-127..127]}; the whole range is left out. */
  @Override
  public String toString() {
    String name = storage.name().toLowerCase(java.util.Locale.ROOT);
    boolean whole = min == storage.min() && max == storage.max();
    return whole ? name : name + "[" + min + ".." + max + "]";
  }
}

package dev.octet.tck.exact;

/** Which integers each element of a result may be. Thread-safe. */
public interface Allowed {

  /** Returns the integer of exact arithmetic at an index in row-major order. */
  long expected(int index);

  /** Tells whether an integer is right at an index. */
  default boolean allows(int index, long integer) {
    return integer == expected(index);
  }
}

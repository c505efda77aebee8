package dev.octet.tck.graphs;

/** What the integers of a composed model are like, and the scales that go with them. */
public enum Numbers {
  /** Any, with scales that bring results into the range. */
  RANDOM,
  /** The same everywhere. */
  CONSTANT,
  /** The smallest of the type everywhere, with the smallest for a zero point of the result. */
  LOWEST,
  /** The largest of the type everywhere, far from the zero point. */
  HIGHEST,
  /** The largest values times the smallest weights. */
  OPPOSED,
  /** The smallest and the largest in turn. */
  ALTERNATING,
  /** Results that lie in the middle of two integers, on either side of zero. */
  TIES,
  /** Results far beyond the range. */
  SATURATING,
  /** The largest sums of both signs, far beyond 32 bits when there are many terms. */
  FAR_BEYOND,
  /** Zero points at the lower end for what is read, at the upper end for the result. */
  LOW_ZERO,
  /** Zero points at the upper end for what is read, at the lower end for the result. */
  HIGH_ZERO,
  /** What is read second, and after it, has steps 256 times smaller than what is read first. */
  UNLIKE_STEPS,
  /** Large sums that cancel to a small odd one, whose half is a tie. */
  CANCELLING,
  /** The largest sums of one sign, which the bias undoes but for a small odd rest. */
  UNDONE_BY_BIAS;

  /** Tells whether scales are powers of two, so that float32 makes no error. */
  boolean hasExactScales() {
    return this == TIES || this == CANCELLING || this == UNDONE_BY_BIAS;
  }

  /** Tells whether sums are as large as they get. */
  boolean isExtreme() {
    return this == LOWEST || this == HIGHEST || this == OPPOSED || this == ALTERNATING;
  }
}

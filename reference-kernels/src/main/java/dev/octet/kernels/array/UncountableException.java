package dev.octet.kernels.array;

import java.util.Arrays;

/** Sizes have a larger product than an array has elements, or one of them is larger. */
public final class UncountableException extends ArithmeticException {

  private static final long serialVersionUID = 1L;

  UncountableException(int[] sizes) {
    super(words(Arrays.toString(sizes)));
  }

  UncountableException(long[] sizes) {
    super(words(Arrays.toString(sizes)));
  }

  private static String words(String sizes) {
    return sizes + " has more than 2^31 - 1 elements, or so many along an axis";
  }
}

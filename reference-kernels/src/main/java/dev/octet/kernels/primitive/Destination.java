package dev.octet.kernels.primitive;

/** Where the sums of a product go, and what becomes of them on the way. */
@SuppressWarnings("ArrayRecordComponent") // Internal: never compared, and there to be written.
public sealed interface Destination {

  /**
   * Integers of 8 bits or less.
   *
   * @param requantizer one multiplier, or one for each output channel or column
   * @param into the result
   */
  record Requantized(Requantizer requantizer, byte[] into) implements Destination {}

  /**
   * The sums themselves, modulo 2^32.
   *
   * @param into the result
   */
  record Integers(int[] into) implements Destination {}

  /**
   * Floats: {@code float32(sum) * scale}.
   *
   * @param scales one scale, or one for each output channel or column
   * @param into the result
   */
  record Scaled(float[] scales, float[] into) implements Destination {}
}

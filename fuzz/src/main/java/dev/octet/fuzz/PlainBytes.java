package dev.octet.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Files of which nothing is known. */
final class PlainBytes implements Structure {

  private static final int MOST_COPIED = 64;
  private static final int MOST_RUNS = 1 << 11;

  @Override
  public byte[] mutate(byte[] input, List<byte[]> pool, SplittableRandom random) {
    if (input.length == 0) {
      return pool.get(random.nextInt(pool.size()));
    }
    int at = random.nextInt(input.length);
    int length = 1 + random.nextInt(Math.min(MOST_COPIED, input.length - at));
    return switch (random.nextInt(9)) {
      case 0 -> flipped(input, at, random);
      case 1 -> withByte(input, at, (byte) random.nextInt());
      case 2 -> withByte(input, at, (byte) nearOrAny(input[at], random));
      case 3, 4 -> withNumber(input, at, random);
      case 5 -> Arrays.copyOf(input, at);
      case 6 -> joined(input, at, at, Arrays.copyOfRange(input, at, at + length));
      case 7 -> joined(input, at, at + length, new byte[0]);
      default -> spliced(input, at, length, pool.get(random.nextInt(pool.size())), random);
    };
  }

  private static byte[] flipped(byte[] input, int at, SplittableRandom random) {
    return withByte(input, at, (byte) (input[at] ^ 1 << random.nextInt(8)));
  }

  private static long nearOrAny(byte value, SplittableRandom random) {
    return random.nextBoolean() ? Values.near(value, random) : Values.integer(random);
  }

  private static byte[] withByte(byte[] input, int at, byte value) {
    byte[] result = input.clone();
    result[at] = value;
    return result;
  }

  /** Puts a number of 2, 4 or 8 bytes over others, in either order, as far as they reach. */
  private static byte[] withNumber(byte[] input, int at, SplittableRandom random) {
    ByteOrder order = random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(order);
    switch (random.nextInt(4)) {
      case 0 -> number.putShort((short) Values.integer(random));
      case 1 -> number.putInt((int) Values.integer(random));
      case 2 -> number.putFloat(Values.real(random));
      default -> number.putLong(Values.integer(random));
    }
    byte[] result = input.clone();
    number.flip().get(result, at, Math.min(number.limit(), input.length - at));
    return result;
  }

  /** Puts a part of another file in the place of some bytes. */
  private static byte[] spliced(
      byte[] input, int at, int length, byte[] other, SplittableRandom random) {
    if (other.length == 0) {
      return input;
    }
    int from = random.nextInt(other.length);
    int to = from + 1 + random.nextInt(Math.min(MOST_COPIED, other.length - from));
    return joined(input, at, at + length, Arrays.copyOfRange(other, from, to));
  }

  /** Returns bytes with others in place of those from one position to before another. */
  static byte[] joined(byte[] input, int from, int to, byte[] middle) {
    byte[] result = new byte[from + middle.length + input.length - to];
    System.arraycopy(input, 0, result, 0, from);
    System.arraycopy(middle, 0, result, from, middle.length);
    System.arraycopy(input, to, result, from + middle.length, input.length - to);
    return result;
  }

  @Override
  public Stream<byte[]> smaller(byte[] input) {
    return runs(input.length).map(run -> joined(input, run[0], run[1], new byte[0]));
  }

  /** Returns runs of positions that may be left out of so many, each from and to, longest first. */
  static Stream<int[]> runs(int count) {
    List<int[]> runs = new ArrayList<>();
    int least = 1 + count / MOST_RUNS;
    for (int size = (count + 1) / 2; size >= least; size = size == 1 ? 0 : (size + 1) / 2) {
      for (int from = 0; from < count; from += size) {
        runs.add(new int[] {from, Math.min(count, from + size)});
      }
    }
    return runs.stream();
  }
}

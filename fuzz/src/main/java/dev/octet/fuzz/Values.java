package dev.octet.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/** Numbers and words at which readers have gone wrong before. */
final class Values {

  private static final long[] INTEGERS = {
    0,
    1,
    -1,
    2,
    -2,
    3,
    7,
    8,
    16,
    63,
    64,
    65,
    100,
    127,
    128,
    -128,
    -129,
    255,
    256,
    1000,
    4096,
    32767,
    32768,
    65535,
    65536,
    1 << 20,
    1 << 24,
    1 << 27,
    1 << 30,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 31,
    0xffffffffL,
    1L << 32,
    1L << 40,
    1L << 53,
    1L << 61,
    1L << 62,
    Long.MAX_VALUE,
    Long.MAX_VALUE - 1,
    Long.MIN_VALUE
  };

  private static final float[] FLOATS = {
    0,
    -0f,
    1,
    -1,
    0.5f,
    2,
    127,
    128,
    255,
    256,
    Float.MIN_VALUE,
    Float.MIN_NORMAL,
    0x1p33f,
    0x1p126f,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    0x1p31f,
    0x1p63f
  };

  private static final List<String> WORDS =
      List.of(
          "",
          "0",
          "-1",
          "1",
          "00",
          "2147483647",
          "2147483648",
          "-2147483649",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775809",
          "18446744073709551616",
          "1e5",
          "1e308",
          "1e309",
          "1e-400",
          "1e999999999",
          "1e-999999999",
          "0.1e2147483648",
          "1_000",
          "0x7f",
          "0o17",
          ".inf",
          "-.inf",
          ".nan",
          "NaN",
          "Infinity",
          "null",
          "~",
          "true",
          "false",
          "no",
          "''",
          "\"\"",
          "[]",
          "{}",
          "*a",
          "&a",
          "!!int",
          "!!binary",
          "!x",
          "<<",
          "? ",
          "- ",
          ": ",
          "#",
          "---",
          "...",
          "%YAML 9.9",
          "\t",
          "\u0000",
          "\u001b[31m",
          "\ufeff",
          "\u2028",
          "\ud800",
          "\ud83d\ude00",
          "../../../etc/passwd",
          "/dev/zero",
          "/dev/stdin",
          ".",
          "..",
          "*",
          "(a+)+$",
          "(.*)*x",
          "([a-z]+)*\\.y",
          "(?<=a{1,99999})b",
          "[",
          "(",
          "\\",
          "\\Q",
          "x{2147483648}",
          "((((((((((.*)*)*)*)*)*)*)*)*)*)");

  private Values() {}

  static long integer(SplittableRandom random) {
    int kind = random.nextInt(8);
    if (kind == 0) {
      return random.nextLong();
    }
    if (kind == 1) {
      return random.nextInt(-20, 20);
    }
    return INTEGERS[random.nextInt(INTEGERS.length)];
  }

  /** Returns what a number becomes by a small mistake: one more, one less, none, the opposite. */
  static long near(long number, SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> number + 1;
      case 1 -> number - 1;
      case 2 -> 2 * number;
      case 3 -> number / 2;
      case 4 -> -number;
      default -> 0;
    };
  }

  static float real(SplittableRandom random) {
    return random.nextInt(8) == 0
        ? Float.intBitsToFloat(random.nextInt())
        : FLOATS[random.nextInt(FLOATS.length)];
  }

  static String word(SplittableRandom random) {
    int kind = random.nextInt(12);
    if (kind == 0) {
      return Long.toString(integer(random));
    }
    if (kind == 1) {
      return Float.toString(real(random));
    }
    if (kind == 2) {
      return String.valueOf((char) ('a' + random.nextInt(26))).repeat(1 << random.nextInt(14));
    }
    if (kind == 3) {
      return String.valueOf("0123456789".charAt(random.nextInt(10)))
          .repeat(1 << random.nextInt(14));
    }
    return WORDS.get(random.nextInt(WORDS.size()));
  }
}

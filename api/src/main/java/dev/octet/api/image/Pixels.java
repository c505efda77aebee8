package dev.octet.api.image;

import java.util.Arrays;

/**
 * An image of unsigned levels of 8 bits: row after row, the channels of a pixel beside each other;
 * one channel, or red, green and blue.
 *
 * @param extent how large it is
 * @param channels 1 or 3
 * @param levels the levels, not copied
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Pixels(Extent extent, int channels, byte[] levels) {

  /** Weights of red, green and blue in grey, of 2^16: ITU-R BT.601, as Pillow rounds them. */
  private static final int RED = 19595;

  private static final int GREEN = 38470;
  private static final int BLUE = 7471;

  /** Checks that the levels are those of an image. */
  public Pixels {
    long wanted = (long) extent.height() * extent.width() * channels;
    if ((channels != 1 && channels != 3) || levels.length != wanted) {
      throw new IllegalArgumentException(
          levels.length + " levels for " + extent + " in " + channels + " channels");
    }
  }

  /** Returns a level from 0 to 255. */
  public int level(int row, int column, int channel) {
    return levels[(row * extent.width() + column) * channels + channel] & 0xff;
  }

  /**
   * Returns this image with another number of channels: grey as three equal ones; colour as {@code
   * (19595 red + 38470 green + 7471 blue + 32768) >> 16}, which is Pillow's {@code convert("L")}.
   *
   * @param wanted 1 or 3
   */
  public Pixels inChannels(int wanted) {
    if (wanted == channels) {
      return this;
    }
    byte[] converted = new byte[levels.length / channels * wanted];
    for (int i = 0; i < levels.length / channels; i++) {
      if (wanted == 1) {
        converted[i] = (byte) grey(3 * i);
      } else {
        Arrays.fill(converted, 3 * i, 3 * i + 3, levels[i]);
      }
    }
    return new Pixels(extent, wanted, converted);
  }

  private int grey(int at) {
    int red = levels[at] & 0xff;
    int green = levels[at + 1] & 0xff;
    int blue = levels[at + 2] & 0xff;
    return (RED * red + GREEN * green + BLUE * blue + 0x8000) >> 16;
  }

  /**
   * Returns a part of this image.
   *
   * @throws IndexOutOfBoundsException if it is not all inside
   */
  public Pixels part(int top, int left, Extent size) {
    byte[] kept = new byte[size.height() * size.width() * channels];
    int row = size.width() * channels;
    for (int y = 0; y < size.height(); y++) {
      int from = ((top + y) * extent.width() + left) * channels;
      System.arraycopy(levels, from, kept, y * row, row);
    }
    return new Pixels(size, channels, kept);
  }

  /**
   * Returns an image of one level with this one in it, the upper left corner at a place.
   *
   * @throws IndexOutOfBoundsException if it is not all inside
   */
  public Pixels on(Extent ground, int level, int top, int left) {
    byte[] whole = new byte[ground.height() * ground.width() * channels];
    Arrays.fill(whole, (byte) level);
    int row = extent.width() * channels;
    for (int y = 0; y < extent.height(); y++) {
      int to = ((top + y) * ground.width() + left) * channels;
      System.arraycopy(levels, y * row, whole, to, row);
    }
    return new Pixels(ground, channels, whole);
  }
}

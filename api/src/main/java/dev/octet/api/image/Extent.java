package dev.octet.api.image;

/**
 * How large an image is.
 *
 * @param height number of rows, at least 1
 * @param width number of columns, at least 1
 */
public record Extent(int height, int width) {

  /** The most pixels of an image that is read or made: 2^27. */
  public static final long MOST_PIXELS = 1L << 27;

  /** Checks that there is a pixel. */
  public Extent {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException("an image of " + height + " x " + width);
    }
  }

  /** Tells whether there are more than {@link #MOST_PIXELS}. */
  public boolean isTooLarge() {
    return (long) height * width > MOST_PIXELS;
  }

  /** Returns height and width, such as {@code 480 x 640}. */
  @Override
  public String toString() {
    return height + " x " + width;
  }
}

package dev.octet.images;

import dev.octet.api.image.Extent;
import dev.octet.api.image.Pixels;

/**
 * How an image lies in its file: the values 1 to 8 of Exif's tag 0x0112 (Exif 2.32, 4.6.4 A). The
 * names say where its first row and its first column are seen.
 */
enum Orientation {
  /** As it is seen. */
  TOP_LEFT(false, false, false),
  /** Mirrored left to right. */
  TOP_RIGHT(false, false, true),
  /** Turned by half a turn. */
  BOTTOM_RIGHT(false, true, true),
  /** Mirrored top to bottom. */
  BOTTOM_LEFT(false, true, false),
  /** Mirrored along the diagonal from the upper left. */
  LEFT_TOP(true, false, false),
  /** To be turned by a quarter clockwise. */
  RIGHT_TOP(true, true, false),
  /** Mirrored along the other diagonal. */
  RIGHT_BOTTOM(true, true, true),
  /** To be turned by a quarter counter-clockwise. */
  LEFT_BOTTOM(true, false, true);

  private final boolean transposed;
  private final boolean lastRowFirst;
  private final boolean lastColumnFirst;

  Orientation(boolean transposed, boolean lastRowFirst, boolean lastColumnFirst) {
    this.transposed = transposed;
    this.lastRowFirst = lastRowFirst;
    this.lastColumnFirst = lastColumnFirst;
  }

  /** Returns the orientation of a value of the tag; values that there are not mean as stored. */
  static Orientation of(int tag) {
    return tag >= 1 && tag <= values().length ? values()[tag - 1] : TOP_LEFT;
  }

  /** Returns how large an image is when it is seen. */
  @SuppressWarnings("ArgumentSelectionDefectChecker") // they are exchanged on purpose
  Extent seen(Extent stored) {
    return transposed ? new Extent(stored.width(), stored.height()) : stored;
  }

  /** Returns an image as it is seen. */
  Pixels seen(Pixels stored) {
    if (this == TOP_LEFT) {
      return stored;
    }
    Extent size = seen(stored.extent());
    int channels = stored.channels();
    byte[] levels = new byte[stored.levels().length];
    int at = 0;
    for (int y = 0; y < size.height(); y++) {
      for (int x = 0; x < size.width(); x++) {
        System.arraycopy(stored.levels(), source(stored, y, x), levels, at, channels);
        at += channels;
      }
    }
    return new Pixels(size, channels, levels);
  }

  /** Returns where the pixel that is seen at a place is stored. */
  private int source(Pixels stored, int y, int x) {
    int row = transposed ? x : y;
    int column = transposed ? y : x;
    Extent size = stored.extent();
    int storedRow = lastRowFirst ? size.height() - 1 - row : row;
    int storedColumn = lastColumnFirst ? size.width() - 1 - column : column;
    return (storedRow * size.width() + storedColumn) * stored.channels();
  }
}

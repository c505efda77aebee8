package dev.octet.images;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The one tag that is read of Exif data: the orientation, in the first directory. */
final class Exif {

  private static final int ORIENTATION = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY_BYTES = 12;
  private static final String HEADER = "Exif\0\0";

  private Exif() {}

  /** Tells whether a segment begins as Exif data does in a JPEG file. */
  static boolean begins(byte[] segment) {
    return segment.length >= HEADER.length() && header(segment);
  }

  private static boolean header(byte[] segment) {
    for (int i = 0; i < HEADER.length(); i++) {
      if (segment[i] != HEADER.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the orientation that Exif data states; as stored where it states none, or is damaged.
   *
   * @param data a TIFF header with its directories, with or without {@code Exif\0\0} before it
   */
  static Orientation orientation(byte[] data) {
    int skipped = begins(data) ? HEADER.length() : 0;
    ByteBuffer tiff = ByteBuffer.wrap(data, skipped, data.length - skipped).slice();
    try {
      return inFirstDirectory(tiff);
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      return Orientation.TOP_LEFT;
    }
  }

  private static Orientation inFirstDirectory(ByteBuffer tiff) {
    tiff.order(tiff.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);
    int entries = tiff.getShort(directory) & 0xffff;
    for (int i = 0; i < entries; i++) {
      int at = directory + 2 + ENTRY_BYTES * i;
      if ((tiff.getShort(at) & 0xffff) == ORIENTATION && tiff.getShort(at + 2) == SHORT) {
        return Orientation.of(tiff.getShort(at + 8) & 0xffff);
      }
    }
    return Orientation.TOP_LEFT;
  }
}

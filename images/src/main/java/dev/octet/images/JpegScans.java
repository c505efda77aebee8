package dev.octet.images;

import dev.octet.api.image.Extent;
import java.io.IOException;
import javax.imageio.stream.ImageInputStream;

/**
 * The scans of a JPEG file: each goes over all pixels, and may take a few bytes. A file of an
 * honest encoder has about ten.
 */
final class JpegScans {

  /** The most pixels that all scans together go over: 16 scans of the largest image. */
  private static final long MOST_PIXELS = 16 * Extent.MOST_PIXELS;

  private static final int MARKER = 0xff;
  private static final int START_OF_SCAN = 0xda;
  private static final int BUFFER = 1 << 14;

  private JpegScans() {}

  /**
   * Checks how many scans follow.
   *
   * @param in behind the start of the first scan
   * @throws IOException if they go over too many pixels
   */
  static void require(ImageInputStream in, Extent extent) throws IOException {
    long most = MOST_PIXELS / ((long) extent.height() * extent.width());
    if (1 + following(in, most) > most) {
      throw new IOException("it has more than " + most + " scans of " + extent + " pixels");
    }
  }

  /** Counts starts of scans; what is coded has no such marker. */
  private static long following(ImageInputStream in, long most) throws IOException {
    byte[] buffer = new byte[BUFFER];
    boolean marked = false;
    long count = 0;
    for (int read = in.read(buffer); read >= 0 && count <= most; read = in.read(buffer)) {
      for (int i = 0; i < read; i++) {
        int next = buffer[i] & 0xff;
        count += marked && next == START_OF_SCAN ? 1 : 0;
        marked = next == MARKER;
      }
    }
    return count;
  }
}

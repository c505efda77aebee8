package dev.octet.images;

import dev.octet.api.image.Extent;
import dev.octet.api.image.Pixels;
import java.awt.image.Raster;

/**
 * Levels of the components of a JPEG file as grey, or red, green and blue. Profiles of colours are
 * not looked at.
 *
 * <p>YCbCr is that of libjpeg's {@code jdcolor.c}: {@code R = Y + (91881 cr + 32768 >> 16)}, {@code
 * B = Y + (116130 cb + 32768 >> 16)}, {@code G = Y + (-22554 cb - 46802 cr + 32768 >> 16)} with
 * {@code cb = Cb - 128}, {@code cr = Cr - 128}, each cut to 0 to 255. Four components are CMYK as
 * Adobe stores it, 255 for no ink; the first three of YCCK are 255 less the colours of YCbCr. Its
 * red is {@code K - round((255 - C) K / 255)}, halves up, as Pillow's {@code convert("RGB")} has
 * it, green and blue the same of M and Y.
 */
final class JpegColours {

  private JpegColours() {}

  static Pixels pixels(Raster raster, JpegHeader.Colours colours) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    Extent extent = new Extent(raster.getHeight(), width);
    int channels = colours == JpegHeader.Colours.GREY ? 1 : 3;
    byte[] levels = new byte[extent.height() * width * channels];
    int[] row = new int[width * bands];
    int[] rgb = new int[3];
    int at = 0;
    for (int y = 0; y < extent.height(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        convert(row, x * bands, colours, rgb);
        for (int c = 0; c < channels; c++) {
          levels[at++] = (byte) rgb[c];
        }
      }
    }
    return new Pixels(extent, channels, levels);
  }

  private static void convert(int[] row, int at, JpegHeader.Colours colours, int[] rgb) {
    switch (colours) {
      case GREY -> rgb[0] = row[at];
      case RGB -> System.arraycopy(row, at, rgb, 0, 3);
      case YCC -> ycc(row, at, rgb);
      case CMYK -> {
        System.arraycopy(row, at, rgb, 0, 3);
        ink(row[at + 3], rgb);
      }
      case YCCK -> {
        ycc(row, at, rgb);
        for (int c = 0; c < 3; c++) {
          rgb[c] = 255 - rgb[c];
        }
        ink(row[at + 3], rgb);
      }
    }
  }

  private static void ycc(int[] row, int at, int[] rgb) {
    int y = row[at];
    int cb = row[at + 1] - 128;
    int cr = row[at + 2] - 128;
    rgb[0] = level(y + ((91881 * cr + 32768) >> 16));
    rgb[1] = level(y + ((-22554 * cb - 46802 * cr + 32768) >> 16));
    rgb[2] = level(y + ((116130 * cb + 32768) >> 16));
  }

  private static void ink(int key, int[] rgb) {
    for (int c = 0; c < 3; c++) {
      int product = (255 - rgb[c]) * key + 128;
      rgb[c] = level(key - ((product + (product >> 8)) >> 8));
    }
  }

  private static int level(int value) {
    return Math.max(0, Math.min(255, value));
  }
}

package dev.octet.images;

import dev.octet.api.image.Extent;
import dev.octet.api.image.Pixels;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.PackedColorModel;
import java.awt.image.Raster;

/** The levels of a decoded image, as they are stored: colour spaces convert nothing. */
final class Levels {

  private final BufferedImage image;
  private final int channels;
  private final byte[] levels;

  private Levels(BufferedImage image, int channels) {
    this.image = image;
    this.channels = channels;
    this.levels = new byte[image.getHeight() * image.getWidth() * channels];
  }

  static Pixels of(BufferedImage image, int channels) {
    Levels all = new Levels(image, channels);
    ColorModel colours = image.getColorModel();
    if (colours instanceof IndexColorModel || colours instanceof PackedColorModel) {
      all.ofColours();
    } else {
      all.ofBands();
    }
    return new Pixels(new Extent(image.getHeight(), image.getWidth()), channels, all.levels);
  }

  /** Palettes, and several levels in one number. */
  private void ofColours() {
    int width = image.getWidth();
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int rgb : image.getRGB(0, y, width, 1, row, 0, width)) {
        for (int c = 0; c < channels; c++) {
          levels[at++] = (byte) (rgb >> (16 - 8 * c));
        }
      }
    }
  }

  private void ofBands() {
    Raster raster = image.getRaster();
    int width = image.getWidth();
    int[] row = new int[width];
    for (int c = 0; c < channels; c++) {
      int dropped = Math.max(0, raster.getSampleModel().getSampleSize(c) - 8);
      for (int y = 0; y < image.getHeight(); y++) {
        raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, c, row);
        for (int x = 0; x < width; x++) {
          levels[(y * width + x) * channels + c] = (byte) (row[x] >> dropped);
        }
      }
    }
  }
}

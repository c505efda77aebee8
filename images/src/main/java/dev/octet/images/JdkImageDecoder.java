package dev.octet.images;

import com.google.auto.service.AutoService;
import dev.octet.api.image.Extent;
import dev.octet.api.image.ImageDecoder;
import dev.octet.api.image.Pixels;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.BuiltFor;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/**
 * Reads a file of one image: PNG, JPEG, GIF, BMP or WebP, whatever its name ends in.
 *
 * <p>An image is seen as its Exif data says. Alpha is left out and the colours are as stored; of 16
 * bits the upper 8 are taken; profiles of colours and gamma are not looked at. Grey is what the
 * file stores as one channel, or through a palette of greys. Of several frames the first is read.
 * Thread-safe.
 */
@AutoService(ImageDecoder.class)
@BuiltFor(ApiVersion.CURRENT)
public final class JdkImageDecoder implements ImageDecoder {

  private static final String NO_MEMORY = "it takes more memory than the JVM may use";

  /** A pixel as a decoder has it, as levels, and turned, with what is read beside it. */
  private static final long BYTES_OF_PIXEL = 10;

  /** Makes it. */
  public JdkImageDecoder() {}

  @Override
  public String name() {
    return "jdk";
  }

  @Override
  public Header header(Path file) throws IOException {
    return withFile(file, JdkImageDecoder::header);
  }

  @Override
  public Pixels read(Path file) throws IOException {
    return withFile(file, JdkImageDecoder::pixels);
  }

  /** What is made of an open file. */
  private interface Use<T> {
    T of(FileKind kind, ImageInputStream in) throws IOException;
  }

  /** Decoders throw whatever they like where a file is damaged. */
  private static <T> T withFile(Path file, Use<T> use) throws IOException {
    try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
      return use.of(kind(in), in);
    } catch (EOFException e) {
      throw new IOException("it is cut off", e);
    } catch (RuntimeException | StackOverflowError e) {
      throw new IOException("it is damaged: " + e, e);
    } catch (OutOfMemoryError e) {
      throw new IOException(NO_MEMORY, e);
    }
  }

  private static FileKind kind(ImageInputStream in) throws IOException {
    byte[] start = new byte[FileKind.BYTES];
    int read = Math.max(0, in.read(start));
    in.seek(0);
    if (read == 0) {
      throw new IOException("it is empty");
    }
    return FileKind.of(start)
        .orElseThrow(() -> new IOException("its content is no known image format"));
  }

  private static Header header(FileKind kind, ImageInputStream in) throws IOException {
    if (kind == FileKind.JPEG) {
      JpegHeader header = JpegHeader.read(in);
      int channels = header.colours() == JpegHeader.Colours.GREY ? 1 : 3;
      return new Header(header.orientation().seen(readable(header.extent())), channels);
    }
    Orientation orientation = orientation(kind, in);
    return Decoders.use(kind, in, reader -> header(reader, orientation));
  }

  private static Header header(ImageReader reader, Orientation orientation) throws IOException {
    ColorModel colours = reader.getImageTypes(0).next().getColorModel();
    Extent stored = readable(new Extent(reader.getHeight(0), reader.getWidth(0)));
    return new Header(orientation.seen(stored), channels(colours));
  }

  private static Extent readable(Extent stored) throws IOException {
    if (stored.isTooLarge()) {
      throw new IOException("it has " + stored + " pixels, more than " + Extent.MOST_PIXELS);
    }
    // A small file may say any size: the memory is not filled to find out that it lacks the rest.
    if (BYTES_OF_PIXEL * stored.height() * stored.width() > Runtime.getRuntime().maxMemory()) {
      throw new IOException("it has " + stored + " pixels: " + NO_MEMORY);
    }
    return stored;
  }

  private static Pixels pixels(FileKind kind, ImageInputStream in) throws IOException {
    if (kind == FileKind.JPEG) {
      JpegHeader header = JpegHeader.read(in);
      JpegScans.require(in, readable(header.extent()));
      in.seek(0);
      Raster raster = Decoders.use(kind, in, reader -> reader.readRaster(0, null));
      return header.orientation().seen(JpegColours.pixels(raster, header.colours()));
    }
    Orientation orientation = orientation(kind, in);
    BufferedImage image = Decoders.use(kind, in, JdkImageDecoder::image);
    return orientation.seen(Levels.of(image, channels(image.getColorModel())));
  }

  private static BufferedImage image(ImageReader reader) throws IOException {
    readable(new Extent(reader.getHeight(0), reader.getWidth(0)));
    return reader.read(0);
  }

  private static Orientation orientation(FileKind kind, ImageInputStream in) throws IOException {
    Orientation orientation = Chunks.orientation(kind, in);
    in.seek(0);
    return orientation;
  }

  private static int channels(ColorModel colours) throws IOException {
    if (colours instanceof IndexColorModel palette) {
      return isGrey(palette) ? 1 : 3;
    }
    int channels = colours.getNumColorComponents();
    if (channels != 1 && channels != 3) {
      throw new IOException("its pixels have " + channels + " components of colour");
    }
    return channels;
  }

  private static boolean isGrey(IndexColorModel palette) {
    boolean grey = true;
    for (int i = 0; i < palette.getMapSize(); i++) {
      int red = palette.getRed(i);
      grey &= red == palette.getGreen(i) && red == palette.getBlue(i);
    }
    return grey;
  }
}

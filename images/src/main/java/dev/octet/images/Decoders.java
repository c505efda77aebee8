package dev.octet.images;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * The decoders: those of the JDK, whatever else is installed for {@code javax.imageio}, so that an
 * image has the same levels in every program; and TwelveMonkeys' for WebP.
 */
final class Decoders {

  private Decoders() {}

  private static ImageReader of(FileKind kind) throws IOException {
    if (kind == FileKind.WEBP) {
      return webp();
    }
    Iterator<ImageReader> installed = ImageIO.getImageReadersByFormatName(kind.formatName());
    while (installed.hasNext()) {
      ImageReader reader = installed.next();
      if (reader.getClass().getModule() == ImageIO.class.getModule()) {
        return reader;
      }
    }
    throw new IOException("this JDK does not read " + kind);
  }

  private static ImageReader webp() throws IOException {
    try {
      return new WebPImageReaderSpi().createReaderInstance(null);
    } catch (NoClassDefFoundError e) {
      throw new IOException(
          "WebP needs com.twelvemonkeys.imageio:imageio-webp, which is not on the class path", e);
    }
  }

  /** What is asked of a decoder. */
  interface Use<T> {
    T of(ImageReader reader) throws IOException;
  }

  /**
   * Asks a decoder of a kind.
   *
   * @throws IOException if it fails, or fills up what the file lacks
   */
  static <T> T use(FileKind kind, ImageInputStream in, Use<T> use) throws IOException {
    ImageReader reader = of(kind);
    try {
      List<String> warnings = new ArrayList<>();
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      reader.setInput(kind == FileKind.WEBP ? plain(in) : in);
      T result = use.of(reader);
      requireWhole(warnings);
      return result;
    } finally {
      reader.dispose();
    }
  }

  private static ImageInputStream plain(ImageInputStream in) throws IOException {
    byte[] file = new byte[Math.toIntExact(in.length())];
    in.readFully(file);
    return new EndingStream(Chunks.withoutProfile(file));
  }

  /** Decoders warn, and fill with grey, where a file ends before its image does. */
  private static void requireWhole(List<String> warnings) throws IOException {
    for (String warning : warnings) {
      String words = warning.toLowerCase(Locale.ROOT);
      if (words.contains("premature end") || words.contains("truncated")) {
        throw new IOException("it is cut off: " + warning);
      }
    }
  }
}

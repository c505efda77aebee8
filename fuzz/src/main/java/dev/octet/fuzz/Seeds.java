package dev.octet.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;

/** Small valid files, from texts beside this class and made here. */
final class Seeds {

  private static final List<String> IMAGES =
      List.of(
          "1-bit.png",
          "palette.png",
          "deep.png",
          "cmyk.jpg",
          "progressive.jpg",
          "turned.jpg",
          "frames.gif",
          "alpha.webp",
          "lossless.webp",
          "lossy.webp",
          "frames.webp");

  private Seeds() {}

  static byte[] resource(String name) throws IOException {
    try (InputStream in = Seeds.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  /** Returns the texts of a file, which stand behind each other with an empty line between. */
  static List<String> texts(String name) throws IOException {
    return List.of(new String(resource(name), UTF_8).strip().split("\n\n"));
  }

  /** Returns models of one node each, one on each line. */
  static List<String> operators() throws IOException {
    return new String(resource("operators.txt"), UTF_8).lines().toList();
  }

  static List<byte[]> bytes(List<String> texts) {
    return texts.stream().map(text -> text.getBytes(UTF_8)).toList();
  }

  /** Returns an array file of version 1; see {@link #npy(int, String, String, byte[])}. */
  static byte[] npy(String type, String shape, byte[] elements) {
    return npy(1, type, shape, elements);
  }

  /**
   * Returns an array file.
   *
   * @param version 1, or 2 or 3, whose header has its length in 4 bytes
   * @param type such as {@code <f4}
   * @param shape such as {@code (2, 3)}
   * @param elements the bytes of the elements
   */
  static byte[] npy(int version, String type, String shape, byte[] elements) {
    String header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(type, shape);
    String padded = header + " ".repeat(117 - header.length()) + "\n";
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0};
    byte[] length = version == 1 ? new byte[] {118, 0} : new byte[] {118, 0, 0, 0};
    return joined(start, length, padded.getBytes(UTF_8), elements);
  }

  /** Returns floats of 4 bytes, all of them 1. */
  static byte[] floats(int count) {
    byte[] bytes = new byte[4 * count];
    for (int i = 0; i < count; i++) {
      bytes[4 * i + 2] = (byte) 0x80;
      bytes[4 * i + 3] = 0x3f;
    }
    return bytes;
  }

  /** Returns an MNIST file of bytes: their sizes, and zeros. */
  static byte[] idx(int... sizes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 0, 8, (byte) sizes.length});
    Arrays.stream(sizes).forEach(size -> out.writeBytes(new byte[] {0, 0, 0, (byte) size}));
    out.writeBytes(new byte[Arrays.stream(sizes).reduce(1, (a, b) -> a * b)]);
    return out.toByteArray();
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(out::writeBytes);
    return out.toByteArray();
  }

  /** Returns images of every kind that is read. */
  static List<byte[]> images() throws IOException {
    List<byte[]> images = new ArrayList<>();
    for (String format : List.of("png", "jpg", "gif", "bmp")) {
      images.add(image(format));
    }
    for (String name : IMAGES) {
      images.add(resource("images/" + name));
    }
    return images;
  }

  static byte[] image(String format) throws IOException {
    BufferedImage image = new BufferedImage(9, 10, BufferedImage.TYPE_INT_RGB);
    image.setRGB(3, 4, 0x4080ff);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }
}

package dev.octet.images;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import javax.imageio.stream.ImageInputStream;

/** Finds Exif data in the chunks of PNG and WebP files. */
final class Chunks {

  private static final int MOST_EXIF_BYTES = 1 << 20;
  private static final int CHECKSUM_BYTES = 4;
  private static final int CHUNK_HEADER = 8;
  private static final Set<String> LEFT_OUT = Set.of("ICCP", "EXIF", "XMP ");
  private static final int PROFILE_EXIF_XMP = 0x20 | 0x08 | 0x04;

  private Chunks() {}

  /** Returns the orientation that a file states; leaves the stream anywhere. */
  static Orientation orientation(FileKind kind, ImageInputStream in) throws IOException {
    return switch (kind) {
      case PNG -> png(in);
      case WEBP -> webp(in);
      case JPEG, GIF, BMP -> Orientation.TOP_LEFT;
    };
  }

  private static Orientation png(ImageInputStream in) throws IOException {
    in.seek(8);
    try {
      while (true) {
        long length = in.readUnsignedInt();
        String name = name(in);
        if (name.equals("eXIf")) {
          return exif(in, length);
        }
        if (name.equals("IEND")) {
          return Orientation.TOP_LEFT;
        }
        in.seek(in.getStreamPosition() + length + CHECKSUM_BYTES);
      }
    } catch (EOFException e) {
      return Orientation.TOP_LEFT; // What is missing is told by whoever decodes the image.
    }
  }

  private static Orientation webp(ImageInputStream in) throws IOException {
    in.seek(FileKind.BYTES);
    in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
    try {
      while (true) {
        String name = name(in);
        long length = in.readUnsignedInt();
        if (name.equals("EXIF")) {
          return exif(in, length);
        }
        in.seek(in.getStreamPosition() + length + length % 2);
      }
    } catch (EOFException e) {
      return Orientation.TOP_LEFT;
    } finally {
      in.setByteOrder(ByteOrder.BIG_ENDIAN);
    }
  }

  /**
   * Returns a WebP file without its profile of colours, Exif data and XMP: the decoder would
   * convert colours by the profile.
   */
  static byte[] withoutProfile(byte[] webp) {
    ByteBuffer from = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer to = ByteBuffer.allocate(webp.length).order(ByteOrder.LITTLE_ENDIAN);
    to.put(webp, 0, FileKind.BYTES);
    int at = FileKind.BYTES;
    while (at + CHUNK_HEADER <= webp.length) {
      String name = new String(webp, at, 4, StandardCharsets.ISO_8859_1);
      long length = from.getInt(at + 4) & 0xffffffffL;
      int bytes = (int) Math.min(CHUNK_HEADER + length + length % 2, webp.length - at);
      if (!LEFT_OUT.contains(name)) {
        to.put(webp, at, bytes);
      }
      at += bytes;
    }
    if (webp[FileKind.BYTES + 3] == 'X') {
      int flags = FileKind.BYTES + CHUNK_HEADER;
      to.put(flags, (byte) (webp[flags] & ~PROFILE_EXIF_XMP));
    }
    to.putInt(4, to.position() - CHUNK_HEADER);
    return Arrays.copyOf(to.array(), to.position());
  }

  private static String name(ImageInputStream in) throws IOException {
    byte[] name = new byte[4];
    in.readFully(name);
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  private static Orientation exif(ImageInputStream in, long length) throws IOException {
    byte[] data = new byte[(int) Math.min(length, MOST_EXIF_BYTES)];
    in.readFully(data);
    return Exif.orientation(data);
  }
}

package dev.octet.images;

import dev.octet.api.image.Extent;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.stream.ImageInputStream;

/** What stands before the image in a JPEG file. */
final class JpegHeader {

  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;
  private static final int START_OF_SCAN = 0xda;
  private static final int FIRST_FRAME = 0xc0;
  private static final int LAST_FRAME = 0xcf;
  private static final int HUFFMAN_TABLES = 0xc4;
  private static final int RESERVED = 0xc8;
  private static final int ARITHMETIC_CODING = 0xcc;
  private static final int PROGRESSIVE = 0xc2;
  private static final int ADOBE_TRANSFORM = 11;

  private Orientation orientation = Orientation.TOP_LEFT;
  private boolean jfif;
  private int adobe = -1;
  private int[] components = {};
  private Extent extent = new Extent(1, 1);

  private JpegHeader() {}

  /** How the components of a pixel are to be understood. */
  enum Colours {
    GREY,
    RGB,
    YCC,
    CMYK,
    YCCK
  }

  /** Reads the segments of a file up to its frame, and those after it up to the scan. */
  static JpegHeader read(ImageInputStream in) throws IOException {
    JpegHeader header = new JpegHeader();
    in.seek(2);
    int marker = marker(in);
    while (marker != START_OF_SCAN) {
      int length = in.readUnsignedShort() - 2;
      long next = in.getStreamPosition() + length;
      if (length < 0) {
        throw new IOException("a segment of its header has a negative length");
      }
      byte[] segment = new byte[wanted(marker) ? length : 0];
      in.readFully(segment);
      header.add(marker, segment);
      in.seek(next);
      marker = marker(in);
    }
    if (header.components.length == 0) {
      throw new IOException("it has no frame");
    }
    return header;
  }

  private static int marker(ImageInputStream in) throws IOException {
    int marker = in.readUnsignedByte();
    if (marker != 0xff) {
      throw new IOException("there is no marker at byte " + (in.getStreamPosition() - 1));
    }
    while (marker == 0xff) {
      marker = in.readUnsignedByte();
    }
    return marker;
  }

  private static boolean wanted(int marker) {
    return marker == APP0 || marker == APP1 || marker == APP14 || isFrame(marker);
  }

  private static boolean isFrame(int marker) {
    return marker >= FIRST_FRAME
        && marker <= LAST_FRAME
        && marker != HUFFMAN_TABLES
        && marker != RESERVED
        && marker != ARITHMETIC_CODING;
  }

  private void add(int marker, byte[] segment) throws IOException {
    if (marker == APP0) {
      jfif |= startsWith(segment, "JFIF\0");
    } else if (marker == APP1 && Exif.begins(segment)) {
      orientation = Exif.orientation(segment);
    } else if (marker == APP14 && startsWith(segment, "Adobe")) {
      adobe = segment.length > ADOBE_TRANSFORM ? segment[ADOBE_TRANSFORM] & 0xff : -1;
    } else if (isFrame(marker)) {
      frame(marker, segment);
    }
  }

  private static boolean startsWith(byte[] segment, String text) {
    return segment.length >= text.length()
        && new String(segment, 0, text.length(), java.nio.charset.StandardCharsets.ISO_8859_1)
            .equals(text);
  }

  private void frame(int marker, byte[] segment) throws IOException {
    int count = segment.length < 6 ? 0 : segment[5] & 0xff;
    if (segment.length < 6 + 3 * count) {
      throw new IOException("its frame is cut off");
    }
    if (marker > PROGRESSIVE || segment[0] != 8 || (count != 1 && count != 3 && count != 4)) {
      String form = count + " components of " + segment[0] + " bits";
      throw new IOException("its coding, " + form + " with marker " + marker + ", is not read");
    }
    extent = new Extent(twoBytes(segment, 1), twoBytes(segment, 3));
    components = new int[count];
    Arrays.setAll(components, i -> segment[6 + 3 * i] & 0xff);
  }

  private static int twoBytes(byte[] segment, int at) throws IOException {
    int number = (segment[at] & 0xff) << 8 | (segment[at + 1] & 0xff);
    if (number == 0) {
      throw new IOException("it has no rows or no columns");
    }
    return number;
  }

  Extent extent() {
    return extent;
  }

  Orientation orientation() {
    return orientation;
  }

  /** Returns what libjpeg's {@code default_decompress_parms} takes the components for. */
  Colours colours() {
    if (components.length == 1) {
      return Colours.GREY;
    }
    if (components.length == 4) {
      return adobe > 0 ? Colours.YCCK : Colours.CMYK;
    }
    if (jfif) {
      return Colours.YCC;
    }
    boolean named = Arrays.equals(components, new int[] {'R', 'G', 'B'});
    return adobe == 0 || (adobe < 0 && named) ? Colours.RGB : Colours.YCC;
  }
}

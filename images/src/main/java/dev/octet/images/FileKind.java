package dev.octet.images;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of image files that are read, told by their first bytes. */
enum FileKind {
  JPEG("ff d8 ff"),
  PNG("89 50 4e 47 0d 0a 1a 0a"),
  GIF("47 49 46 38"),
  BMP("42 4d"),
  WEBP("52 49 46 46 .. .. .. .. 57 45 42 50");

  /** How many bytes tell the kind. */
  static final int BYTES = 12;

  private final String start;

  FileKind(String start) {
    this.start = start;
  }

  /** Returns the kind of a file that starts with some bytes; empty when it is none of these. */
  static Optional<FileKind> of(byte[] bytes) {
    return Arrays.stream(values()).filter(kind -> kind.starts(bytes)).findFirst();
  }

  private boolean starts(byte[] bytes) {
    String[] wanted = start.split(" ", -1);
    boolean same = bytes.length >= wanted.length;
    for (int i = 0; same && i < wanted.length; i++) {
      same = wanted[i].equals("..") || bytes[i] == (byte) Integer.parseInt(wanted[i], 16);
    }
    return same;
  }

  /** Returns the name of the kind in {@code javax.imageio}. */
  String formatName() {
    return name().toLowerCase(Locale.ROOT);
  }
}

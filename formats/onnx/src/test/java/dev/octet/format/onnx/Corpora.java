package dev.octet.format.onnx;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Finds the data that tests use when it is there, and skips them with the reason when it is not.
 */
final class Corpora {

  static final String NODE_TESTS = "conformance/onnx_node_all_6be0677f.tar.gz";

  private static final int BLOCK = 512;

  private Corpora() {}

  /** Returns a file or folder below the folder that a system property names. */
  static Path require(String property, String path) {
    String root = System.getProperty(property);
    if (root == null) {
      return abort("-D" + property + " is not set");
    }
    Path found = Path.of(root, path);
    return Files.exists(found) ? found : abort(found + " does not exist");
  }

  /** Returns the .onnx files below a folder, by path. */
  static List<Path> models(String property, String path) throws IOException {
    try (Stream<Path> files = Files.walk(require(property, path))) {
      return files.filter(f -> f.toString().endsWith(".onnx")).sorted().toList();
    }
  }

  /** Returns the chosen files of a .tar.gz by name. */
  static Map<String, byte[]> tarGz(Path file, Predicate<String> wanted) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (DataInputStream in =
        new DataInputStream(new GZIPInputStream(Files.newInputStream(file), 1 << 16))) {
      String longName = null;
      byte[] header = new byte[BLOCK];
      for (in.readFully(header); header[0] != 0; in.readFully(header)) {
        int size = Integer.parseInt(text(header, 124, 12).strip(), 8);
        char type = (char) header[156];
        String name = longName != null ? longName : ustarName(header);
        longName = null;
        byte[] data = new byte[size];
        in.readFully(data);
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        if (type == 'L') {
          longName = text(data, 0, size);
        } else if (type == 'x') {
          throw new EOFException("pax headers are not expected here");
        } else if ((type == '0' || type == 0) && wanted.test(name)) {
          entries.put(name, data);
        }
      }
    }
    return entries;
  }

  private static String ustarName(byte[] header) {
    String prefix = text(header, 345, 155);
    String name = text(header, 0, 100);
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static String text(byte[] bytes, int from, int length) {
    int end = from;
    while (end < from + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, from, end - from, StandardCharsets.UTF_8);
  }
}

package dev.octet.cli.conformance;

import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.OnnxFormat;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * Reads the ONNX node tests from their archive: a model and sets of input and output tensors each.
 */
final class NodeTestArchive {

  private static final int BLOCK = 512;

  private NodeTestArchive() {}

  /**
   * One test.
   *
   * @param name the name of its folder
   * @param files its files by path below the folder
   */
  record Case(String name, SortedMap<String, byte[]> files) {

    byte[] model() {
      return files.get("model.onnx");
    }

    /** Returns the tensors {@code <kind>_<k>.pb} of a set, in the order of k. */
    List<byte[]> tensors(int set, String kind) {
      List<byte[]> found = new ArrayList<>();
      for (int k = 0; ; k++) {
        byte[] file = files.get("test_data_set_" + set + "/" + kind + "_" + k + ".pb");
        if (file == null) {
          return found;
        }
        found.add(file);
      }
    }
  }

  /** Returns all tests, by name. */
  static SortedMap<String, Case> read(Path archive) throws IOException {
    SortedMap<String, Case> cases = new TreeMap<>();
    try (DataInputStream in =
        new DataInputStream(new GZIPInputStream(Files.newInputStream(archive)))) {
      byte[] header = new byte[BLOCK];
      String longPath = "";
      while (fill(in, header) && header[0] != 0) {
        int size = Integer.parseInt(text(header, 124, 12).strip(), 8);
        byte[] content = in.readNBytes(size);
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        if (header[156] == 'x') {
          longPath = longPath(new String(content, StandardCharsets.UTF_8));
        } else {
          add(cases, longPath.isEmpty() ? path(header) : longPath, header[156], content);
          longPath = "";
        }
      }
    }
    return cases;
  }

  private static String path(byte[] header) {
    String prefix = text(header, 345, 155);
    return (prefix.isEmpty() ? "" : prefix + "/") + text(header, 0, 100);
  }

  /** An extended header holds lines {@code <length> path=<path>}. */
  private static String longPath(String records) {
    for (String line : records.split("\n")) {
      int at = line.indexOf(" path=");
      if (at > 0) {
        return line.substring(at + " path=".length());
      }
    }
    return "";
  }

  private static boolean fill(DataInputStream in, byte[] header) throws IOException {
    try {
      in.readFully(header);
      return true;
    } catch (EOFException end) {
      return false;
    }
  }

  private static void add(SortedMap<String, Case> cases, String path, byte type, byte[] content) {
    int begin = path.indexOf("/test_");
    int end = begin < 0 ? -1 : path.indexOf('/', begin + 1);
    if (end < 0 || (type != '0' && type != 0)) {
      return;
    }
    cases
        .computeIfAbsent(path.substring(begin + 1, end), name -> new Case(name, new TreeMap<>()))
        .files()
        .put(path.substring(end + 1), content);
  }

  private static String text(byte[] header, int at, int length) {
    int end = at;
    while (end < at + length && header[end] != 0) {
      end++;
    }
    return new String(header, at, end - at, StandardCharsets.US_ASCII);
  }

  /**
   * Reads a serialized TensorProto: as the only initializer (field 5) of the graph (field 7) of a
   * model.
   */
  static Tensor tensor(byte[] proto) throws IOException {
    ByteArrayOutputStream graph = new ByteArrayOutputStream();
    field(graph, 5, proto);
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    model.write(new byte[] {1 << 3, 8});
    field(model, 7, graph.toByteArray());
    field(model, 8, new byte[] {2 << 3, 13});
    return new OnnxFormat()
        .read(model.toByteArray(), "tensor")
        .graph()
        .initializers()
        .values()
        .iterator()
        .next();
  }

  private static void field(ByteArrayOutputStream out, int number, byte[] content)
      throws IOException {
    out.write(number << 3 | 2);
    int length = content.length;
    while (length >= 0x80) {
      out.write(length & 0x7f | 0x80);
      length >>>= 7;
    }
    out.write(length);
    out.write(content);
  }
}

package dev.octet.format.onnx;

import dev.octet.api.file.InputFile;
import dev.octet.protobuf.CodedInputStream;
import dev.octet.protobuf.InvalidProtocolBufferException;
import dev.octet.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the files that the tensors of a stored model refer to, and reads nothing else of it: data
 * in the model is passed over. Not thread-safe.
 */
final class DataLocations {

  /** No exporter nests subgraphs as deep as this. */
  private static final int DEEPEST = 200;

  private final CodedInputStream input;
  private final Set<String> found = new TreeSet<>();
  private int depth;
  private String key = "";
  private String value = "";

  private DataLocations(CodedInputStream input) {
    this.input = input;
  }

  /** A message on the way to a location, with the fields that lead there. */
  private enum Kind {
    MODEL,
    GRAPH,
    NODE,
    ATTRIBUTE,
    TENSOR,
    SPARSE,
    TRAINING,
    FUNCTION,
    ENTRY;

    private static final Map<Kind, Map<Integer, Kind>> FIELDS =
        Map.of(
            MODEL, Map.of(7, GRAPH, 20, TRAINING, 25, FUNCTION),
            TRAINING, Map.of(1, GRAPH, 2, GRAPH),
            FUNCTION, Map.of(7, NODE),
            GRAPH, Map.of(1, NODE, 5, TENSOR, 15, SPARSE),
            NODE, Map.of(5, ATTRIBUTE),
            ATTRIBUTE, Map.of(5, TENSOR, 6, GRAPH, 10, TENSOR, 11, GRAPH, 22, SPARSE, 23, SPARSE),
            SPARSE, Map.of(1, TENSOR, 2, TENSOR),
            TENSOR, Map.of(13, ENTRY),
            ENTRY, Map.of());

    /** Returns whether a field leads on. */
    boolean leads(int field) {
      return fields().containsKey(field);
    }

    Kind next(int field) {
      return fields().getOrDefault(field, this);
    }

    private Map<Integer, Kind> fields() {
      return FIELDS.getOrDefault(this, Map.of());
    }
  }

  /**
   * Returns the locations that a model names, in the order of the alphabet.
   *
   * @throws IOException if the file cannot be read, or is no model
   */
  static Set<String> of(Path model) throws IOException {
    try (InputStream in = InputFile.open(model)) {
      CodedInputStream input = CodedInputStream.newInstance(in);
      input.setSizeLimit(Integer.MAX_VALUE);
      DataLocations locations = new DataLocations(input);
      locations.message(Kind.MODEL);
      return locations.found;
    }
  }

  private void message(Kind kind) throws IOException {
    while (true) {
      int tag = input.readTag();
      if (tag == 0) {
        return;
      }
      int field = WireFormat.getTagFieldNumber(tag);
      boolean delimited = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      if (delimited && kind.leads(field)) {
        nested(kind.next(field));
      } else if (delimited && kind == Kind.ENTRY && field <= 2) {
        text(field);
      } else if (!input.skipField(tag)) {
        throw new InvalidProtocolBufferException("a group ends that did not begin");
      }
    }
  }

  private void nested(Kind kind) throws IOException {
    if (++depth > DEEPEST) {
      throw new InvalidProtocolBufferException("too deep");
    }
    int limit = input.pushLimit(input.readRawVarint32());
    message(kind);
    input.popLimit(limit);
    depth--;
    if (kind == Kind.ENTRY && key.equals("location")) {
      found.add(value);
    }
  }

  private void text(int field) throws IOException {
    String text = input.readString();
    if (field == 1) {
      key = text;
    } else {
      value = text;
    }
  }
}

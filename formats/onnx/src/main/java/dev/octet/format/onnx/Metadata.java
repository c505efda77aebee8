package dev.octet.format.onnx;

import dev.octet.format.onnx.proto.OnnxMl.StringStringEntryProto;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes the free texts of a model or a node, in their order. */
final class Metadata {

  private Metadata() {}

  /** Returns the texts by key; of several with one key the last. */
  static Map<String, String> read(List<StringStringEntryProto> entries) {
    if (entries.isEmpty()) {
      return Map.of();
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    entries.forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
    return metadata;
  }

  static List<StringStringEntryProto> entries(Map<String, String> metadata) {
    return metadata.entrySet().stream()
        .map(
            entry ->
                StringStringEntryProto.newBuilder()
                    .setKey(entry.getKey())
                    .setValue(entry.getValue())
                    .build())
        .toList();
  }

  static boolean sameInOrder(Map<String, String> one, Map<String, String> other) {
    return List.copyOf(one.entrySet()).equals(List.copyOf(other.entrySet()));
  }
}

package dev.octet.format.onnx;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The versions of every operator of the default domain; see {@code operators.txt}. */
final class OperatorHistory {

  private static final OperatorHistory ONNX = load();

  /** By operator and version: whether a node written for the version before must be converted. */
  private final Map<String, NavigableMap<Long, Boolean>> versions = new LinkedHashMap<>();

  private OperatorHistory(List<String> lines) {
    for (String line : lines) {
      if (!line.startsWith("#")) {
        add(line);
      }
    }
  }

  static OperatorHistory onnx() {
    return ONNX;
  }

  /** Returns the version that defines an operator in an operator set; empty when none does. */
  OptionalLong since(String operator, long opset) {
    NavigableMap<Long, Boolean> known = versions.get(operator);
    Long since = known == null ? null : known.floorKey(opset);
    return since == null ? OptionalLong.empty() : OptionalLong.of(since);
  }

  /**
   * Returns the first version above {@code from}, up to {@code to}, whose nodes must be converted.
   */
  OptionalLong nextConversion(String operator, long from, long to) {
    NavigableMap<Long, Boolean> known = versions.get(operator);
    if (known == null || from >= to) {
      return OptionalLong.empty();
    }
    return known.subMap(from, false, to, true).entrySet().stream()
        .filter(Map.Entry::getValue)
        .mapToLong(Map.Entry::getKey)
        .findFirst();
  }

  /** Returns every conversion as operator and version, such as {@code Softmax 13}. */
  List<String> conversions() {
    return versions.entrySet().stream()
        .flatMap(
            operator ->
                operator.getValue().entrySet().stream()
                    .filter(Map.Entry::getValue)
                    .map(version -> operator.getKey() + " " + version.getKey()))
        .toList();
  }

  private void add(String line) {
    List<String> words = List.of(line.split(" ", -1));
    NavigableMap<Long, Boolean> known = new TreeMap<>();
    for (String word : words.subList(1, words.size())) {
      boolean converted = word.endsWith("*");
      known.put(Long.valueOf(converted ? word.substring(0, word.length() - 1) : word), converted);
    }
    versions.put(words.get(0), known);
  }

  private static OperatorHistory load() {
    InputStream resource = OperatorHistory.class.getResourceAsStream("operators.txt");
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Objects.requireNonNull(resource), StandardCharsets.UTF_8))) {
      return new OperatorHistory(lines.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.octet.api.operator;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.operator.OperatorSignature.AttributeSignature;
import dev.octet.api.operator.OperatorSignature.Parameter;
import dev.octet.api.operator.OperatorSignature.Version;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads files of signatures; the head of {@code operators.txt} says how they are written. */
final class SignatureFile {

  private static final Map<String, DataType> DATA_TYPES =
      Arrays.stream(DataType.values())
          .collect(Collectors.toMap(type -> type.name().toLowerCase(Locale.ROOT), type -> type));

  private SignatureFile() {}

  static SortedMap<String, OperatorSignature> read(String file) {
    InputStream resource = SignatureFile.class.getResourceAsStream(file);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(resource, file), StandardCharsets.UTF_8))) {
      return read(lines.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SortedMap<String, OperatorSignature> read(List<String> lines) {
    SortedMap<String, NavigableMap<Long, Version>> versions = new TreeMap<>();
    for (String line : lines) {
      if (!line.startsWith("#")) {
        int colon = line.indexOf(':');
        List<String> head = words(line.substring(0, colon));
        Version version = version(line.substring(colon + 1));
        NavigableMap<Long, Version> known =
            versions.computeIfAbsent(head.get(0), name -> new TreeMap<>());
        head.subList(1, head.size()).forEach(since -> known.put(Long.valueOf(since), version));
      }
    }
    SortedMap<String, OperatorSignature> operators = new TreeMap<>();
    versions.forEach((name, all) -> operators.put(name, new OperatorSignature(name, all)));
    return operators;
  }

  private static Version version(String text) {
    int arrow = text.indexOf("->");
    String[] parts = text.substring(arrow + 2).split(";", -1);
    SortedMap<String, AttributeSignature> attributes = new TreeMap<>();
    for (String word : words(parts[1])) {
      int colon = word.indexOf(':');
      attributes.put(word.substring(0, colon), attribute(word.substring(colon + 1)));
    }
    List<Parameter> operands = parameters(text.substring(0, arrow));
    return new Version(
        operands,
        parameters(parts[0]),
        Collections.unmodifiableSortedMap(attributes),
        types(operands, parts[2]));
  }

  /** Words that are the type itself, then those whose choices are stated. */
  private static Map<String, Set<DataType>> types(List<Parameter> operands, String stated) {
    Map<String, Set<DataType>> types = new HashMap<>();
    operands.forEach(
        operand ->
            dataType(operand.type())
                .ifPresent(type -> types.put(operand.type(), EnumSet.of(type))));
    for (String word : words(stated)) {
      int equals = word.indexOf('=');
      types.put(word.substring(0, equals), dataTypes(word.substring(equals + 1)));
    }
    return Map.copyOf(types);
  }

  /**
   * Empty where sequences or their kin, which have no element type, are among them. No tensor here
   * has a type that {@link DataType} lacks.
   */
  private static Set<DataType> dataTypes(String text) {
    Set<DataType> all = EnumSet.noneOf(DataType.class);
    for (String name : text.split(",", -1)) {
      if (name.equals("other")) {
        return Set.of();
      }
      dataType(name).ifPresent(all::add);
    }
    return Collections.unmodifiableSet(all);
  }

  private static Optional<DataType> dataType(String name) {
    return Optional.ofNullable(DATA_TYPES.get(name));
  }

  private static List<Parameter> parameters(String text) {
    return words(text).stream().map(SignatureFile::parameter).toList();
  }

  private static Parameter parameter(String word) {
    int colon = word.indexOf(':');
    String marked = colon < 0 ? word : word.substring(0, colon);
    String type = colon < 0 ? "" : word.substring(colon + 1);
    return new Parameter(
        marked.replaceAll("[?.]+$", ""),
        marked.contains("?"),
        marked.endsWith("..."),
        type.replace("*", ""),
        !type.startsWith("*"));
  }

  private static AttributeSignature attribute(String text) {
    int equals = text.indexOf('=');
    String type = equals < 0 ? text : text.substring(0, equals);
    String kind = type.replace("!", "");
    return new AttributeSignature(
        kind,
        type.endsWith("!"),
        equals < 0 ? Optional.empty() : Optional.of(value(kind, text.substring(equals + 1))));
  }

  private static Attribute.Value value(String kind, String text) {
    return switch (kind) {
      case "int" -> new Attribute.IntValue(Long.parseLong(text));
      case "float" -> new Attribute.FloatValue(Float.parseFloat(text));
      case "string" -> new Attribute.StringValue(text);
      case "ints" ->
          new Attribute.IntsValue(Stream.of(text.split(",", -1)).map(Long::valueOf).toList());
      case "floats" ->
          new Attribute.FloatsValue(Stream.of(text.split(",", -1)).map(Float::valueOf).toList());
      case "strings" -> new Attribute.StringsValue(List.of(text.split(",", -1)));
      default -> throw new IllegalStateException("no default of type " + kind + ": " + text);
    };
  }

  private static List<String> words(String text) {
    return Stream.of(text.split(" ", -1)).filter(word -> !word.isEmpty()).toList();
  }
}

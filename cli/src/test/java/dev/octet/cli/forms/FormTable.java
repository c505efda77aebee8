package dev.octet.cli.forms;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads the table of forms, {@code forms.txt}, which says how it is written. */
final class FormTable {

  private static final String FILE = "forms.txt";

  private FormTable() {}

  /** Returns the forms in the order of the table. */
  static List<OperatorForm> forms() {
    List<OperatorForm> forms = new ArrayList<>();
    for (String line : text().lines().toList()) {
      if (!line.isBlank() && !line.startsWith("#")) {
        forms.addAll(forms(line));
      }
    }
    return forms;
  }

  private static String text() {
    try (InputStream in = FormTable.class.getResourceAsStream(FILE)) {
      return new String(Objects.requireNonNull(in, FILE).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<OperatorForm> forms(String line) {
    List<String> words = new ArrayList<>(List.of(line.split(" ")));
    boolean integer = words.remove("!");
    String op = words.remove(0);
    Place place = Place.valueOf(words.remove(0));
    long[] opsets = {OperatorForm.OLDEST, OperatorForm.NEWEST};
    if (words.size() > 0 && words.get(0).matches("[0-9]*-[0-9]*") && !words.get(0).equals("-")) {
      String[] ends = words.remove(0).split("-", 2);
      opsets[0] = ends[0].isEmpty() ? opsets[0] : Long.parseLong(ends[0]);
      opsets[1] = ends[1].isEmpty() ? opsets[1] : Long.parseLong(ends[1]);
    }
    List<List<String>> choices = choices(words);
    return choices.stream()
        .map(chosen -> form(op, place, chosen).from(opsets[0]).upTo(opsets[1]))
        .map(form -> integer ? form.mustBeInteger() : form)
        .toList();
  }

  /** Returns the products of the choices that words leave. */
  private static List<List<String>> choices(List<String> words) {
    List<List<String>> all = List.of(List.of());
    for (String word : words) {
      String name = word.contains("=") ? word.substring(0, word.indexOf('=') + 1) : "";
      List<List<String>> longer = new ArrayList<>();
      for (List<String> before : all) {
        for (String choice : word.substring(name.length()).split("\\|")) {
          List<String> chosen = new ArrayList<>(before);
          if (!choice.equals("~")) {
            chosen.add(name + choice);
          }
          longer.add(chosen);
        }
      }
      all = longer;
    }
    return all;
  }

  private static OperatorForm form(String op, Place place, List<String> words) {
    List<String> operands =
        new ArrayList<>(words.stream().filter(word -> !word.contains("=")).toList());
    if (!operands.contains("v")) {
      operands.add(0, "v");
    }
    OperatorForm form = OperatorForm.of(place, op);
    for (String operand : operands) {
      form = reading(form, operand);
    }
    for (String word : words) {
      form = word.contains("=") ? form.with(attribute(word)) : form;
    }
    return form.called(String.join(" ", words));
  }

  private static OperatorForm reading(OperatorForm form, String operand) {
    String numbers = operand.substring(operand.indexOf(':') + 1);
    String name = "c" + form.node().operands().size();
    return switch (operand.charAt(0)) {
      case 'w' -> form.constant(name, Place.numbers(5, longs(numbers.split("x"))));
      case 'i' -> form.indices(name, longs(numbers.split(",")));
      case 'f' -> form.constant(name, floats(numbers));
      case '-' -> form.reads("");
      default -> form.reads(operand);
    };
  }

  private static long[] longs(String... words) {
    return Arrays.stream(words).mapToLong(Long::parseLong).toArray();
  }

  private static Tensor floats(String words) {
    String[] each = words.split(",");
    float[] floats = new float[each.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Float.parseFloat(each[i]);
    }
    return each.length == 1 ? Tensor.of(floats) : Tensor.of(floats, floats.length);
  }

  private static Attribute attribute(String word) {
    String name = word.substring(0, word.indexOf('='));
    String value = word.substring(name.length() + 1);
    if (value.startsWith("[")) {
      return list(name, value.substring(1, value.length() - 1));
    }
    if (!value.matches("-?[0-9.]+")) {
      return Attribute.of(name, value);
    }
    return value.contains(".")
        ? Attribute.of(name, Float.parseFloat(value))
        : Attribute.of(name, Long.parseLong(value));
  }

  private static Attribute list(String name, String words) {
    if (words.contains(".")) {
      List<Float> floats = Arrays.stream(words.split(",")).map(Float::valueOf).toList();
      return new Attribute(name, new Attribute.FloatsValue(floats), Optional.empty());
    }
    return Attribute.of(name, Arrays.stream(words.split(",")).map(Long::valueOf).toList());
  }
}

package dev.octet.fuzz;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What a run is told.
 *
 * @param time after which it ends
 * @param inputs how many of each kind it reads at most
 * @param seed from which all inputs follow
 * @param formats the names of the kinds; all where there are none
 * @param index the one input that is read, instead of a run
 * @param out where findings go
 */
record Settings(
    Duration time, long inputs, long seed, List<String> formats, Optional<Long> index, Path out) {

  static final String USAGE =
      "[--seconds N] [--inputs N] [--seed N] [--format NAME]... [--index N] [--out FOLDER]";

  private static final Duration STANDARD = Duration.ofSeconds(60);

  /** Copies the list. */
  Settings {
    formats = List.copyOf(formats);
  }

  /** Returns a minute of everything. */
  static Settings standard() {
    return new Settings(
        STANDARD, Long.MAX_VALUE, 1, List.of(), Optional.empty(), Path.of("target", "fuzz"));
  }

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Settings of(List<String> arguments) {
    Settings settings = standard();
    Deque<String> rest = new ArrayDeque<>(arguments);
    while (!rest.isEmpty()) {
      String option = rest.pop();
      if (rest.isEmpty()) {
        throw new IllegalArgumentException(option + " needs a value");
      }
      settings = settings.with(option, rest.pop());
    }
    return settings;
  }

  private Settings with(String option, String value) {
    return switch (option) {
      case "--seconds" ->
          new Settings(Duration.ofSeconds(number(value)), inputs, seed, formats, index, out);
      case "--inputs" -> new Settings(time, number(value), seed, formats, index, out);
      case "--seed" -> new Settings(time, inputs, number(value), formats, index, out);
      case "--format" -> withFormat(value);
      case "--index" -> new Settings(time, inputs, seed, formats, Optional.of(number(value)), out);
      case "--out" -> new Settings(time, inputs, seed, formats, index, Path.of(value));
      default -> throw new IllegalArgumentException("there is no option " + option);
    };
  }

  private Settings withFormat(String name) {
    List<String> more = new ArrayList<>(formats);
    more.add(name);
    return new Settings(time, inputs, seed, more, index, out);
  }

  private static long number(String text) {
    return Long.parseLong(text);
  }
}

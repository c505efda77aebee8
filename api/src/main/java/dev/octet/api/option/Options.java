package dev.octet.api.option;

import dev.octet.api.error.OctetException;
import dev.octet.api.text.Decimals;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Options for a backend as the user gave them: values by name, several for a name that was given
 * several times. Immutable.
 *
 * @param values the values by name, in the order given
 */
public record Options(Map<String, List<String>> values) {

  /** Copies the map and its lists. */
  public Options {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    values.forEach((name, given) -> copy.put(name, List.copyOf(given)));
    values = Collections.unmodifiableMap(copy);
  }

  /** Returns no options. */
  public static Options none() {
    return new Options(Map.of());
  }

  /**
   * Returns options from names and values in turn.
   *
   * @throws IllegalArgumentException if their number is odd
   */
  public static Options of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "a value is missing for '" + namesAndValues[namesAndValues.length - 1] + "'");
    }
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.computeIfAbsent(namesAndValues[i], n -> new ArrayList<>()).add(namesAndValues[i + 1]);
    }
    return new Options(values);
  }

  /**
   * Returns options from texts of the form {@code name=value}.
   *
   * @throws OctetException {@code OCT-OPT-002} for a text without {@code =}
   */
  public static Options parse(List<String> texts) {
    List<String> namesAndValues = new ArrayList<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        throw OptionErrors.NO_ASSIGNMENT
            .error("option '" + text + "' is not of the form name=value")
            .at("option '" + text + "'")
            .build();
      }
      namesAndValues.add(text.substring(0, equals));
      namesAndValues.add(text.substring(equals + 1));
    }
    return of(namesAndValues.toArray(String[]::new));
  }

  /**
   * Checks these options against what a backend understands and fills in defaults.
   *
   * @param backend the backend's name, for messages
   * @param descriptors what it understands
   * @return the options with the default of each option that was not given
   * @throws OctetException {@code OCT-OPT-001} for an unknown name, {@code OCT-OPT-003} for a value
   *     that does not fit, {@code OCT-OPT-004} for an option given twice that is not repeatable
   * @throws IllegalArgumentException if two descriptors have one name
   */
  public Options resolve(String backend, List<OptionDescriptor> descriptors) {
    return resolve(new Owner("backend '" + backend + "'", backend), descriptors);
  }

  /**
   * Checks these options against what a backend's runtime understands and fills in defaults;
   * otherwise as {@link #resolve}.
   */
  public Options resolveForRuntime(String backend, List<OptionDescriptor> descriptors) {
    return resolve(new Owner("the runtime of backend '" + backend + "'", backend), descriptors);
  }

  /** Whose options they are. */
  private record Owner(String words, String backend) {
    String page() {
      return "See octet backends " + backend + ".";
    }
  }

  private Options resolve(Owner owner, List<OptionDescriptor> descriptors) {
    Map<String, OptionDescriptor> known = new LinkedHashMap<>();
    for (OptionDescriptor descriptor : descriptors) {
      if (known.put(descriptor.name(), descriptor) != null) {
        throw new IllegalArgumentException("two options are named '" + descriptor.name() + "'");
      }
    }
    values.keySet().forEach(name -> requireKnown(owner, name, known));
    Map<String, List<String>> resolved = new LinkedHashMap<>();
    for (OptionDescriptor descriptor : descriptors) {
      List<String> given = values.getOrDefault(descriptor.name(), List.of());
      given.forEach(value -> requireFit(owner, descriptor, value));
      if (given.size() > 1 && !descriptor.repeatable()) {
        throw OptionErrors.GIVEN_TWICE
            .error("option '" + descriptor.name() + "' is given " + given.size() + " times")
            .at(owner.words())
            .build();
      }
      List<String> effective =
          given.isEmpty() ? descriptor.defaultValue().stream().toList() : given;
      if (!effective.isEmpty()) {
        resolved.put(descriptor.name(), effective);
      }
    }
    return new Options(resolved);
  }

  /** Returns these options with all values of others, name by name, in place of their own. */
  public Options overriddenBy(Options others) {
    Map<String, List<String>> all = new LinkedHashMap<>(values);
    all.putAll(others.values);
    return new Options(all);
  }

  /** Returns all values of an option, in the order given; empty when it was not. */
  public List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** Returns the first value of an option. */
  public Optional<String> find(String name) {
    return all(name).stream().findFirst();
  }

  /**
   * Returns the first value of an option that is a {@linkplain OptionDescriptor#flag flag}; of
   * resolved options, and one that has a default or was given.
   *
   * @throws IllegalStateException if there is no value, or it is no truth value
   */
  public boolean flag(String name) {
    return switch (word(name)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw unfit(name, "true or false");
    };
  }

  /**
   * Returns the first value of an option that is an {@linkplain OptionDescriptor#integer integer};
   * otherwise as {@link #flag}.
   *
   * @throws IllegalStateException if there is no value, or it is no whole number of 64 bits
   */
  public long integer(String name) {
    try {
      return Long.parseLong(word(name));
    } catch (NumberFormatException e) {
      throw unfit(name, "a whole number of 64 bits");
    }
  }

  /**
   * Returns the first value of an option that is a {@linkplain OptionDescriptor#number number},
   * rounded to the nearest double; otherwise as {@link #flag}.
   *
   * @throws IllegalStateException if there is no value, or it is no decimal number
   */
  public double number(String name) {
    try {
      return Decimals.parse(word(name)).doubleValue();
    } catch (NumberFormatException e) {
      throw unfit(name, "a number");
    }
  }

  /**
   * Returns the first value of an option as it is; otherwise as {@link #flag}.
   *
   * @throws IllegalStateException if there is no value
   */
  public String word(String name) {
    return find(name)
        .orElseThrow(() -> new IllegalStateException("option '" + name + "' has no value"));
  }

  private IllegalStateException unfit(String name, String expected) {
    return new IllegalStateException(
        "option '" + name + "' is '" + word(name) + "' and not " + expected);
  }

  private static void requireKnown(Owner owner, String name, Map<String, OptionDescriptor> known) {
    if (!known.containsKey(name)) {
      throw OptionErrors.UNKNOWN_OPTION
          .error(owner.words() + " has no option '" + name + "'")
          .at("option '" + name + "'")
          .candidates(known.keySet())
          .next(owner.page());
    }
  }

  private static void requireFit(Owner owner, OptionDescriptor descriptor, String value) {
    if (!descriptor.fits(value)) {
      throw OptionErrors.UNFIT_VALUE
          .error(
              "value '"
                  + value
                  + "' does not fit option '"
                  + descriptor.name()
                  + "', which takes "
                  + descriptor.values())
          .at(owner.words())
          .candidates(
              descriptor.type() == OptionDescriptor.Type.BOOLEAN
                  ? List.of("true", "false")
                  : descriptor.choices())
          .next(owner.page());
    }
  }
}

package dev.octet.api.option;

import dev.octet.api.text.Decimals;
import dev.octet.api.text.Words;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An option that a backend understands. Immutable: each method that sets something returns another
 * descriptor.
 *
 * <pre>{@code
 * OptionDescriptor.flag("per-channel", "Whether weights have a scale for each output channel.")
 *     .defaultValue(true);
 * OptionDescriptor.word("mode", "When parameters are found.", "static", "dynamic")
 *     .defaultValue("static");
 * OptionDescriptor.integer("weight-bits", "Width of weights.").range(2, 8).defaultValue(8);
 * }</pre>
 */
public final class OptionDescriptor {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]+");

  private final String name;
  private final Type type;
  private final String documentation;
  private final @Nullable String defaultValue;
  private final List<String> choices;
  private final @Nullable Bounds bounds;
  private final boolean repeatable;

  /** What the values of an option look like. */
  public enum Type {
    /** {@code true} or {@code false}. */
    BOOLEAN("true or false"),
    /**
     * A whole number of 64 bits in decimal digits, with or without a sign: {@code 1000}, and not
     * {@code 1e3}.
     */
    INTEGER("a whole number"),
    /**
     * A decimal number, with or without an exponent ({@code 0.001}, {@code 1e-3}), that a double
     * does not round to infinity.
     */
    NUMBER("a number"),
    /** One of a list of words. */
    CHOICE("one of its choices"),
    /** Any text. */
    TEXT("any text"),
    /** A pattern for names: {@code *} stands for any run of characters, {@code ?} for one. */
    GLOB("a pattern with * and ?");

    private final String words;

    Type(String words) {
      this.words = words;
    }
  }

  /** The smallest and the largest value. */
  private record Bounds(BigDecimal min, BigDecimal max) {
    boolean hold(String value) {
      BigDecimal number = new BigDecimal(value);
      return number.compareTo(min) >= 0 && number.compareTo(max) <= 0;
    }

    @Override
    public String toString() {
      return " from " + min + " to " + max;
    }
  }

  private OptionDescriptor(
      String name,
      Type type,
      String documentation,
      @Nullable String defaultValue,
      List<String> choices,
      @Nullable Bounds bounds,
      boolean repeatable) {
    this.name = name;
    this.type = type;
    this.documentation = Words.require(documentation, "the documentation of option '" + name + "'");
    this.defaultValue = defaultValue;
    this.choices = List.copyOf(choices);
    this.bounds = bounds;
    this.repeatable = repeatable;
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "option name '" + name + "' is not of the form " + NAME.pattern());
    }
    if (defaultValue != null && !fits(defaultValue)) {
      throw new IllegalArgumentException(
          "default '" + defaultValue + "' of option '" + name + "' is not " + values());
    }
  }

  private static OptionDescriptor of(
      String name, Type type, String documentation, List<String> choices) {
    return new OptionDescriptor(name, type, documentation, null, choices, null, false);
  }

  /**
   * Describes an option that is {@code true} or {@code false}.
   *
   * @param name {@code [a-z][a-z0-9-]{0,63}}; no two of a backend are equal
   * @param documentation one sentence that says what it does
   * @throws IllegalArgumentException if the name has another form
   */
  public static OptionDescriptor flag(String name, String documentation) {
    return of(name, Type.BOOLEAN, documentation, List.of());
  }

  /** Describes an option that is a whole number of 64 bits; otherwise as {@link #flag}. */
  public static OptionDescriptor integer(String name, String documentation) {
    return of(name, Type.INTEGER, documentation, List.of());
  }

  /** Describes an option that is a decimal number; otherwise as {@link #flag}. */
  public static OptionDescriptor number(String name, String documentation) {
    return of(name, Type.NUMBER, documentation, List.of());
  }

  /**
   * Describes an option that is one of some words; otherwise as {@link #flag}.
   *
   * @param choices the words, in the order in which a page shows them
   * @throws IllegalArgumentException if there is none, or one stands twice, or the name has another
   *     form
   */
  public static OptionDescriptor word(String name, String documentation, String... choices) {
    List<String> words = List.of(choices);
    if (words.isEmpty() || new HashSet<>(words).size() != words.size()) {
      throw new IllegalArgumentException(
          "the choices " + words + " of option '" + name + "' are none or not distinct");
    }
    words.forEach(word -> Words.requireName(word, "a choice of option '" + name + "'"));
    return of(name, Type.CHOICE, documentation, words);
  }

  /** Describes an option that is any text; otherwise as {@link #flag}. */
  public static OptionDescriptor text(String name, String documentation) {
    return of(name, Type.TEXT, documentation, List.of());
  }

  /** Describes an option that is a pattern for names; otherwise as {@link #flag}. */
  public static OptionDescriptor glob(String name, String documentation) {
    return of(name, Type.GLOB, documentation, List.of());
  }

  /**
   * Returns this option with a value for when it is not given.
   *
   * @param value the value as a user would give it
   * @throws IllegalArgumentException if the option does not take that value
   */
  public OptionDescriptor defaultValue(String value) {
    String given = Objects.requireNonNull(value, "value");
    return new OptionDescriptor(name, type, documentation, given, choices, bounds, repeatable);
  }

  /** Returns this option with a truth value; see {@link #defaultValue(String)}. */
  public OptionDescriptor defaultValue(boolean value) {
    return defaultValue(String.valueOf(value));
  }

  /** Returns this option with a whole number; see {@link #defaultValue(String)}. */
  public OptionDescriptor defaultValue(long value) {
    return defaultValue(String.valueOf(value));
  }

  /** Returns this option with a number; see {@link #defaultValue(String)}. */
  public OptionDescriptor defaultValue(double value) {
    return defaultValue(String.valueOf(value));
  }

  /**
   * Returns this option of a whole number with bounds.
   *
   * @param min the smallest value
   * @param max the largest value
   * @throws IllegalArgumentException if the option is no {@link Type#INTEGER}, or no value is left,
   *     or the default is not among them
   */
  public OptionDescriptor range(long min, long max) {
    return bounded(Type.INTEGER, BigDecimal.valueOf(min), BigDecimal.valueOf(max));
  }

  /**
   * Returns this option of a decimal number with bounds, which are finite.
   *
   * @throws IllegalArgumentException if the option is no {@link Type#NUMBER}; otherwise as {@link
   *     #range(long, long)}
   */
  public OptionDescriptor range(double min, double max) {
    return bounded(Type.NUMBER, BigDecimal.valueOf(min), BigDecimal.valueOf(max));
  }

  private OptionDescriptor bounded(Type of, BigDecimal min, BigDecimal max) {
    if (type != of || min.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "option '" + name + "', " + type.words + ", has no range " + min + " to " + max);
    }
    Bounds range = new Bounds(min, max);
    return new OptionDescriptor(
        name, type, documentation, defaultValue, choices, range, repeatable);
  }

  /** Returns this option as one that may be given several times. */
  public OptionDescriptor repeated() {
    return new OptionDescriptor(name, type, documentation, defaultValue, choices, bounds, true);
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  /** Returns what values look like. */
  public Type type() {
    return type;
  }

  /** Returns one sentence that says what it does. */
  public String documentation() {
    return documentation;
  }

  /** Returns the value when it is not given; empty for none. */
  public Optional<String> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  /** Returns the permitted values of a {@link Type#CHOICE}; empty for other types. */
  public List<String> choices() {
    return choices;
  }

  /** Tells whether it may be given several times. */
  public boolean repeatable() {
    return repeatable;
  }

  /** Returns in words which values it takes, such as {@code a whole number from 2 to 8}. */
  public String values() {
    String words = choices.isEmpty() ? type.words : "one of " + String.join(", ", choices);
    return bounds == null ? words : words + bounds;
  }

  /** Tells whether the option takes a value. */
  public boolean fits(String value) {
    boolean typed =
        switch (type) {
          case BOOLEAN -> value.equals("true") || value.equals("false");
          case INTEGER -> isWhole(value);
          case NUMBER -> isNumber(value);
          case CHOICE -> choices.contains(value);
          case TEXT -> true;
          case GLOB -> !value.isEmpty();
        };
    return typed && (bounds == null || bounds.hold(value));
  }

  private static boolean isWhole(String value) {
    if (!WHOLE.matcher(value).matches()) {
      return false;
    }
    try {
      Long.parseLong(value);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean isNumber(String value) {
    try {
      return Double.isFinite(Decimals.parse(value).doubleValue());
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Returns name and values, for debuggers. */
  @Override
  public String toString() {
    return name + ": " + values();
  }
}

package dev.octet.api.tree;

import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import dev.octet.api.text.Brief;
import dev.octet.api.text.Decimals;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A value of JSON's data model with its source position. Immutable; maps keep their order.
 *
 * <p>Equality compares values and ignores positions.
 */
public sealed interface Tree {

  /**
   * Returns what the function of this value's kind makes of it: the way to tell kinds apart, so
   * that a new kind stops whatever does not know it from compiling.
   */
  <T> T match(Cases<T> cases);

  /**
   * One function for each kind of value.
   *
   * @param <T> what the functions return
   * @param mapping for a map
   * @param sequence for a list
   * @param text for a string
   * @param num for a number
   * @param bool for a truth value
   * @param nothing for an explicit null
   */
  record Cases<T>(
      Function<? super Mapping, ? extends T> mapping,
      Function<? super Sequence, ? extends T> sequence,
      Function<? super Text, ? extends T> text,
      Function<? super Num, ? extends T> num,
      Function<? super Bool, ? extends T> bool,
      Function<? super Null, ? extends T> nothing) {}

  /** Returns where this value stands. */
  Position position();

  /**
   * A map from names to values, in the order of the source.
   *
   * @param entries the values by name
   * @param names where the names stand, by name; a name without an entry stands where its value
   *     does
   * @param position where the map stands
   */
  record Mapping(Map<String, Tree> entries, Map<String, Position> names, Position position)
      implements Tree {
    /** Copies the maps, keeping the order of the entries. */
    public Mapping {
      Map<String, Tree> copy = new LinkedHashMap<>(2 * entries.size());
      entries.forEach(copy::put);
      entries = Collections.unmodifiableMap(copy);
      // Names of hostile texts may have one hash, which a tree of this map bears.
      names = Collections.unmodifiableMap(new HashMap<>(names));
      Objects.requireNonNull(position, "position");
    }

    /** Makes a map whose names stand where their values do. */
    public Mapping(Map<String, Tree> entries, Position position) {
      this(entries, Map.of(), position);
    }

    /** Returns the value of a name; empty when it is absent or an explicit null. */
    public Optional<Tree> find(String name) {
      Tree value = entries.get(name);
      return value == null || value instanceof Null ? Optional.empty() : Optional.of(value);
    }

    /**
     * Returns the value of a name.
     *
     * @throws OctetException {@code OCT-TREE-002} if it is absent
     */
    public Tree get(String name) {
      return find(name)
          .orElseThrow(
              () ->
                  TreeErrors.MISSING_FIELD
                      .error("field '" + name + "' is missing")
                      .at(position.toString())
                      .build());
    }

    /**
     * Checks that no other names than these are used.
     *
     * @throws OctetException {@code OCT-TREE-003} that names the first unknown field and lists the
     *     known ones, nearest first
     */
    public void allowOnly(String... fields) {
      TreeSet<String> known = new TreeSet<>(List.of(fields));
      entries.forEach(
          (name, value) -> {
            if (!known.contains(name)) {
              throw TreeErrors.UNKNOWN_FIELD
                  .error("unknown field '" + name + "'")
                  .at(names.getOrDefault(name, value.position()).toString())
                  .candidates(NearMisses.of(name, known, known.size()))
                  .build();
            }
          });
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Mapping that && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
      return entries.hashCode();
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.mapping().apply(this);
    }

    /** Returns the first names, how many there are, and where, in one line. */
    @Override
    public String toString() {
      return "mapping " + Brief.list(entries.keySet()) + " at " + position;
    }
  }

  /**
   * A list of values.
   *
   * @param items the values
   * @param position where the list stands
   */
  record Sequence(List<Tree> items, Position position) implements Tree {
    /** Copies the items. */
    public Sequence {
      items = List.copyOf(items);
      Objects.requireNonNull(position, "position");
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Sequence that && items.equals(that.items);
    }

    @Override
    public int hashCode() {
      return items.hashCode();
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.sequence().apply(this);
    }

    /** Returns how many items there are, and where. */
    @Override
    public String toString() {
      return "sequence of " + items.size() + " items at " + position;
    }
  }

  /**
   * A string.
   *
   * @param value the text
   * @param position where it stands
   */
  record Text(String value, Position position) implements Tree {
    /** Checks that no component is null. */
    public Text {
      Objects.requireNonNull(value, "value");
      Objects.requireNonNull(position, "position");
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Text that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
      return value.hashCode();
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.text().apply(this);
    }

    /** Returns the text in one line, of a long one the beginning, and where. */
    @Override
    public String toString() {
      return "text '" + Brief.text(value) + "' at " + position;
    }
  }

  /**
   * A number, exact in decimal.
   *
   * @param value the number; of at most 1100 digits, and the last one not farther than 10 000
   *     places from the point
   * @param position where it stands
   */
  record Num(BigDecimal value, Position position) implements Tree {
    /**
     * Checks that no component is null, and the digits of the number.
     *
     * @throws OctetException {@code OCT-TREE-007} for a number of more digits
     */
    public Num {
      Objects.requireNonNull(value, "value");
      Objects.requireNonNull(position, "position");
      if (!Decimals.isBounded(value)) {
        throw TreeErrors.UNBOUNDED_NUMBER
            .error("a number has too many digits, or too large an exponent")
            .at(position.toString())
            .build();
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Num that && value.compareTo(that.value) == 0;
    }

    @Override
    public int hashCode() {
      return value.stripTrailingZeros().hashCode();
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.num().apply(this);
    }
  }

  /**
   * A truth value.
   *
   * @param value the truth value
   * @param position where it stands
   */
  record Bool(boolean value, Position position) implements Tree {
    /** Checks that the position is not null. */
    public Bool {
      Objects.requireNonNull(position, "position");
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bool that && value == that.value;
    }

    @Override
    public int hashCode() {
      return Boolean.hashCode(value);
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.bool().apply(this);
    }
  }

  /**
   * An explicit null.
   *
   * @param position where it stands
   */
  record Null(Position position) implements Tree {
    @Override
    public boolean equals(Object other) {
      return other instanceof Null;
    }

    @Override
    public int hashCode() {
      return 0;
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.nothing().apply(this);
    }
  }

  /** Returns a text made in memory. */
  static Tree of(String value) {
    return new Text(value, Position.ROOT);
  }

  /** Returns the name of a constant in lower case with hyphens, made in memory. */
  static Tree of(Enum<?> constant) {
    return of(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /** Returns a whole number made in memory. */
  static Tree of(long value) {
    return new Num(BigDecimal.valueOf(value), Position.ROOT);
  }

  /** Returns the shortest decimal that reads back as the same float32; the value must be finite. */
  static Tree of(float value) {
    return new Num(new BigDecimal(Float.toString(value)), Position.ROOT);
  }

  /** Returns the shortest decimal that reads back as the same float64; the value must be finite. */
  static Tree of(double value) {
    return new Num(new BigDecimal(Double.toString(value)), Position.ROOT);
  }

  /** Returns a truth value made in memory. */
  static Tree of(boolean value) {
    return new Bool(value, Position.ROOT);
  }

  /** Returns a list made in memory. */
  static Tree of(List<? extends Tree> items) {
    return new Sequence(List.copyOf(items), Position.ROOT);
  }

  /** Returns a map made in memory, in the order of the argument. */
  static Mapping of(Map<String, ? extends Tree> entries) {
    return new Mapping(Collections.unmodifiableMap(entries), Position.ROOT);
  }

  /**
   * Returns this value as a map.
   *
   * @throws OctetException {@code OCT-TREE-001} if it is something else
   */
  default Mapping asMapping() {
    if (this instanceof Mapping mapping) {
      return mapping;
    }
    throw mismatch("a map");
  }

  /** Returns the items of this list; see {@link #asMapping} for the error. */
  default List<Tree> asItems() {
    if (this instanceof Sequence sequence) {
      return sequence.items();
    }
    throw mismatch("a list");
  }

  /** Returns the items of this list, or this value alone when it is no list. */
  default List<Tree> oneOrMore() {
    return this instanceof Sequence sequence ? sequence.items() : List.of(this);
  }

  /** Tells whether this is a map. */
  default boolean isMapping() {
    return this instanceof Mapping;
  }

  /** Tells whether this is a list. */
  default boolean isList() {
    return this instanceof Sequence;
  }

  /** Tells whether this is a text. */
  default boolean isText() {
    return this instanceof Text;
  }

  /** Returns this text; see {@link #asMapping} for the error. */
  default String asText() {
    if (this instanceof Text text) {
      return text.value();
    }
    throw mismatch("a text");
  }

  /** Returns this number; see {@link #asMapping} for the error. */
  default BigDecimal asNumber() {
    if (this instanceof Num number) {
      return number.value();
    }
    throw mismatch("a number");
  }

  /** Returns this truth value; see {@link #asMapping} for the error. */
  default boolean asBoolean() {
    if (this instanceof Bool bool) {
      return bool.value();
    }
    throw mismatch("true or false");
  }

  /** Returns this number as a long; see {@link #asMapping} for the error. */
  default long asLong() {
    try {
      return asNumber().longValueExact();
    } catch (ArithmeticException e) {
      throw mismatch("a whole number of 64 bits");
    }
  }

  /** Returns this number as an int; see {@link #asMapping} for the error. */
  default int asInt() {
    try {
      return asNumber().intValueExact();
    } catch (ArithmeticException e) {
      throw mismatch("a whole number of 32 bits");
    }
  }

  /**
   * Returns this text as a constant of an enum, whose name it is in lower case with hyphens.
   *
   * @param field what the value belongs to, for the message
   * @param constants the constants that are known
   * @throws OctetException {@code OCT-TREE-001} if this is no text; {@code OCT-TREE-004} if it is
   *     no name of a constant
   */
  default <E extends Enum<E>> E asWord(String field, E[] constants) {
    String text = asText();
    for (E constant : constants) {
      if (of(constant).asText().equals(text)) {
        return constant;
      }
    }
    throw unknownWord(field, Arrays.stream(constants).map(c -> of(c).asText()).toList());
  }

  /**
   * Returns {@code OCT-TREE-004}, that this text is none of the known ones.
   *
   * @param field what the value belongs to
   * @param known what may stand here
   */
  default OctetException unknownWord(String field, List<String> known) {
    return TreeErrors.UNKNOWN_WORD
        .error("'" + asText() + "' is no value of '" + field + "'")
        .at(position().toString())
        .candidates(known)
        .build();
  }

  /**
   * Returns what is made of this value.
   *
   * @param value makes it
   * @throws OctetException {@code OCT-TREE-005} at this value if {@code value} throws an {@link
   *     IllegalArgumentException}
   */
  default <T> T inRange(Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw outOfRange(String.valueOf(e.getMessage()));
    }
  }

  /** Returns {@code OCT-TREE-005}, that this value is out of its range. */
  default OctetException outOfRange(String fact) {
    return TreeErrors.OUT_OF_RANGE.error(fact).at(position().toString()).build();
  }

  private OctetException mismatch(String expected) {
    return TreeErrors.WRONG_TYPE
        .error("expected " + expected)
        .at(position().toString())
        .next("Put " + expected + " there.");
  }
}

package dev.octet.api.graph;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One dimension of a shape: a number, a symbol shared by all dimensions of that name, or unknown.
 */
public sealed interface Dimension {

  /** Returns the size, when it is known. */
  OptionalLong known();

  /** Returns the name of the symbol that stands for the size; empty when there is none. */
  Optional<String> symbol();

  /** Tells whether the size is known. */
  boolean isKnown();

  /**
   * A dimension whose size is known.
   *
   * @param size number of elements, at least 0
   */
  record Known(long size) implements Dimension {
    /** Checks that the size is not negative. */
    public Known {
      if (size < 0) {
        throw new IllegalArgumentException("dimension " + size + " is negative");
      }
    }

    @Override
    public OptionalLong known() {
      return OptionalLong.of(size);
    }

    @Override
    public Optional<String> symbol() {
      return Optional.empty();
    }

    @Override
    public boolean isKnown() {
      return true;
    }

    @Override
    public String toString() {
      return Long.toString(size);
    }
  }

  /**
   * A dimension that has a name instead of a size, such as {@code N}.
   *
   * @param name the symbol, not empty
   */
  record Symbolic(String name) implements Dimension {
    /** Checks that the name is not empty. */
    public Symbolic {
      if (Objects.requireNonNull(name, "name").isEmpty()) {
        throw new IllegalArgumentException("a symbolic dimension needs a name");
      }
    }

    @Override
    public OptionalLong known() {
      return OptionalLong.empty();
    }

    @Override
    public Optional<String> symbol() {
      return Optional.of(name);
    }

    @Override
    public boolean isKnown() {
      return false;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A dimension of which nothing is known. */
  record Unknown() implements Dimension {
    @Override
    public OptionalLong known() {
      return OptionalLong.empty();
    }

    @Override
    public Optional<String> symbol() {
      return Optional.empty();
    }

    @Override
    public boolean isKnown() {
      return false;
    }

    @Override
    public String toString() {
      return "?";
    }
  }

  /** Returns a dimension of known size. */
  static Dimension of(long size) {
    return new Known(size);
  }
}

package dev.octet.api.option;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An option that a backend understands.
 *
 * @param name lower-case letters, digits and {@code -}
 * @param type what values look like
 * @param documentation one sentence that says what it does
 * @param defaultValue the value when it is not given; empty for none
 * @param choices the permitted values of a {@link Type#CHOICE}; empty for other types
 * @param repeatable whether it may be given several times
 */
public record OptionDescriptor(
    String name,
    Type type,
    String documentation,
    Optional<String> defaultValue,
    List<String> choices,
    boolean repeatable) {

  /** What the values of an option look like. */
  public enum Type {
    /** {@code true} or {@code false}. */
    BOOLEAN,
    /** A whole number of 64 bits. */
    INTEGER,
    /** A finite decimal number. */
    NUMBER,
    /** One of a list of words. */
    CHOICE,
    /** Any text. */
    TEXT,
    /** A pattern for names: {@code *} stands for any run of characters, {@code ?} for one. */
    GLOB
  }

  /** Copies the choices and checks the name. */
  public OptionDescriptor {
    if (!Objects.requireNonNull(name, "name").matches("[a-z][a-z0-9-]{0,63}")) {
      throw new IllegalArgumentException(
          "option name '" + name + "' is not of the form [a-z][a-z0-9-]*");
    }
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(documentation, "documentation");
    choices = List.copyOf(choices);
  }
}

package dev.octet.format.onnx;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values that a graph has defined so far, and those of the graphs around it. Not thread-safe.
 */
final class Scope {

  private final @Nullable Scope outer;
  private final Map<String, String> names;

  /** Makes a scope for about so many values of a graph. */
  Scope(@Nullable Scope outer, int values) {
    this.outer = outer;
    this.names = new HashMap<>(2 * values);
  }

  /** Defines a value; returns false when this graph has it already. */
  boolean define(String name) {
    return names.putIfAbsent(name, name) == null;
  }

  /** Tells whether this graph defines a value. */
  boolean defines(String name) {
    return names.containsKey(name);
  }

  /** Tells whether a value can be read here. */
  boolean sees(String name) {
    return seen(name) != null;
  }

  /**
   * Returns the name of a value as it was defined, so that a name is kept once however often it is
   * read; null when the value cannot be read here.
   */
  @Nullable String seen(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      String seen = scope.names.get(name);
      if (seen != null) {
        return seen;
      }
    }
    return null;
  }
}

package dev.octet.format.onnx;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values that a graph has defined so far, and those of the graphs around it. Not thread-safe.
 */
final class Scope {

  private final @Nullable Scope outer;
  private final Set<String> names = new HashSet<>();

  Scope(@Nullable Scope outer) {
    this.outer = outer;
  }

  /** Defines a value; returns false when this graph has it already. */
  boolean define(String name) {
    return names.add(name);
  }

  /** Tells whether this graph defines a value. */
  boolean defines(String name) {
    return names.contains(name);
  }

  /** Tells whether a value can be read here. */
  boolean sees(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      if (scope.names.contains(name)) {
        return true;
      }
    }
    return false;
  }
}

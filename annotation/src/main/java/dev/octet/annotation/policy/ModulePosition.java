package dev.octet.annotation.policy;

import java.util.Objects;
import java.util.Optional;

/**
 * A module of the program that a model was exported from.
 *
 * @param path the module's path, such as {@code layer1.0.conv1}; empty for the whole program
 * @param type the module's type, such as {@code Conv2d} or {@code torch.nn.modules.conv.Conv2d};
 *     empty when it is not known
 */
public record ModulePosition(String path, Optional<String> type) {

  /** Checks that no component is null. */
  public ModulePosition {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(type, "type");
  }

  /** Returns the position of a module of a known type. */
  public static ModulePosition of(String path, String type) {
    return new ModulePosition(path, Optional.of(type));
  }

  /** Returns the position of a module whose type is not known. */
  public static ModulePosition of(String path) {
    return new ModulePosition(path, Optional.empty());
  }

  /** Tells whether the module is of a type, which may leave out what stands before the last dot. */
  boolean isOfType(String wanted) {
    return type.filter(t -> t.equals(wanted) || t.endsWith("." + wanted)).isPresent();
  }
}

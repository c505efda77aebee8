package dev.octet.workflow.check;

import dev.octet.workflow.run.NamedRuntime;
import java.util.Objects;
import java.util.Optional;

/**
 * What runs the models of a check. Immutable.
 *
 * @param kernels Octet's own kernels, so that what is mended is the same everywhere
 * @param elsewhere what runs models that they do not run; nothing is mended there
 */
public record CheckRuntimes(NamedRuntime kernels, Optional<NamedRuntime> elsewhere) {

  /** Checks that no component is null. */
  public CheckRuntimes {
    Objects.requireNonNull(kernels, "kernels");
    Objects.requireNonNull(elsewhere, "elsewhere");
  }

  /** Returns the kernels alone. */
  public static CheckRuntimes of(NamedRuntime kernels) {
    return new CheckRuntimes(kernels, Optional.empty());
  }

  /** Returns the kernels, and another runtime for what they do not run; the same one adds none. */
  public CheckRuntimes orOn(NamedRuntime other) {
    return new CheckRuntimes(
        kernels, Optional.of(other).filter(given -> !given.name().equals(kernels.name())));
  }
}

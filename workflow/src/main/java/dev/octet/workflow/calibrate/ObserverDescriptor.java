package dev.octet.workflow.calibrate;

import java.util.List;
import java.util.Objects;

/**
 * What an observer is called, what it does and what it takes.
 *
 * @param name the name that specs use, such as {@code percentile}
 * @param documentation what it keeps and which range it gives, in one or two sentences
 * @param orderDependent whether the range depends on the order of the samples; such an observer
 *     sees them in order, on one thread, and its statistics do not merge
 * @param parameters the parameters, by which two observers of one name differ
 */
public record ObserverDescriptor(
    String name, String documentation, boolean orderDependent, List<Parameter> parameters) {

  /**
   * A parameter.
   *
   * @param name the parameter's name
   * @param documentation meaning, unit and bounds
   * @param defaultValue the value when a spec leaves it out, in canonical form
   */
  public record Parameter(String name, String documentation, String defaultValue) {
    /** Checks that no component is null. */
    public Parameter {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(documentation, "documentation");
      Objects.requireNonNull(defaultValue, "defaultValue");
    }
  }

  /** Copies the parameters. */
  public ObserverDescriptor {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(documentation, "documentation");
    parameters = List.copyOf(parameters);
  }
}

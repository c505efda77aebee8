package dev.octet.api.observer;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What an observer is called, what it does and what it takes.
 *
 * @param name the name that specs use, {@code [a-z][a-z0-9-]{0,63}}, such as {@code percentile}; a
 *     vendor puts its own name in front, as in {@code acme-mean}, because names must not clash
 * @param documentation what it keeps and which range it gives, in one or two sentences
 * @param orderDependent whether its statistics depend on the order of the samples. Such an observer
 *     sees all samples one after the other, in the order of the data, whatever the number of
 *     threads: a call of {@link ValueObserver#observe} has the elements of one value for one sample
 *     (for one whole batch where the model's batch dimension is fixed). Where a group has several
 *     values, each sample brings the group's constants first, then the others in the order in which
 *     the graph computes them. Its statistics are not added to others: calibrations that have them
 *     cannot be merged
 * @param parameters the parameters, by which two observers of one name differ; no two of one name
 */
public record ObserverDescriptor(
    String name, String documentation, boolean orderDependent, List<Parameter> parameters) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

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

  /**
   * Copies the parameters.
   *
   * @throws IllegalArgumentException if the name is not of its form or a parameter is named twice
   */
  public ObserverDescriptor {
    Objects.requireNonNull(documentation, "documentation");
    parameters = List.copyOf(parameters);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "observer name '" + name + "' is not of the form " + NAME.pattern());
    }
    if (parameters.stream().map(Parameter::name).distinct().count() != parameters.size()) {
      throw new IllegalArgumentException("observer '" + name + "' has two parameters of one name");
    }
  }
}

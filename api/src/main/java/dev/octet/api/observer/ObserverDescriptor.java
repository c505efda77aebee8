package dev.octet.api.observer;

import dev.octet.api.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an observer is called, what it does and what it takes. Immutable; two are equal when
 * everything that they say is equal.
 */
public final class ObserverDescriptor {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

  private record Fields(
      String name, String documentation, boolean orderDependent, List<Parameter> parameters) {
    private Fields {
      Words.require(documentation, "the documentation of observer '" + name + "'");
      parameters = List.copyOf(parameters);
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "observer name '" + name + "' is not of the form " + NAME.pattern());
      }
      if (parameters.stream().map(Parameter::name).distinct().count() != parameters.size()) {
        throw new IllegalArgumentException(
            "observer '" + name + "' has two parameters of one name");
      }
    }
  }

  private final Fields fields;

  private ObserverDescriptor(Fields fields) {
    this.fields = fields;
  }

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
      Words.requireName(name, "the name of a parameter");
      Words.require(documentation, "the documentation of parameter '" + name + "'");
      Objects.requireNonNull(defaultValue, "defaultValue");
    }
  }

  /**
   * Describes an observer whose statistics do not depend on the order of the samples and that takes
   * no parameter.
   *
   * @param name the name that specs use, {@code [a-z][a-z0-9-]{0,63}}, such as {@code percentile};
   *     a vendor puts its own name in front, as in {@code acme-mean}, because names must not clash
   * @param documentation what it keeps and which range it gives, in one or two sentences
   * @throws IllegalArgumentException if the name is not of its form
   */
  public static ObserverDescriptor of(String name, String documentation) {
    return new ObserverDescriptor(new Fields(name, documentation, false, List.of()));
  }

  /**
   * Returns this descriptor of statistics that depend on the order of the samples. Such an observer
   * sees all samples one after the other, in the order of the data, whatever the number of threads:
   * a call of {@link ValueObserver#observe} has the elements of one value for one sample (for one
   * whole batch where the model's batch dimension is fixed). Where a group has several values, each
   * sample brings the group's constants first, then the others in the order in which the graph
   * computes them. Its statistics are not added to others: calibrations that have them cannot be
   * merged.
   */
  public ObserverDescriptor dependingOnOrder() {
    return new ObserverDescriptor(new Fields(name(), documentation(), true, parameters()));
  }

  /**
   * Returns this descriptor with one more parameter, by which two observers of one name differ.
   *
   * @param name the parameter's name
   * @param documentation meaning, unit and bounds
   * @param defaultValue the value when a spec leaves it out, in canonical form
   * @throws IllegalArgumentException if there is a parameter of that name
   */
  public ObserverDescriptor withParameter(String name, String documentation, String defaultValue) {
    List<Parameter> all = new ArrayList<>(parameters());
    all.add(new Parameter(name, documentation, defaultValue));
    return new ObserverDescriptor(new Fields(name(), documentation(), orderDependent(), all));
  }

  /** Returns the name that specs use. */
  public String name() {
    return fields.name();
  }

  /** Returns what it keeps and which range it gives. */
  public String documentation() {
    return fields.documentation();
  }

  /** Tells whether its statistics depend on the order of the samples. */
  public boolean orderDependent() {
    return fields.orderDependent();
  }

  /** Returns the parameters, in the order in which they were added. */
  public List<Parameter> parameters() {
    return fields.parameters();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ObserverDescriptor that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** Returns everything that the descriptor says, for messages. */
  @Override
  public String toString() {
    return "observer '"
        + name()
        + "'"
        + (parameters().isEmpty() ? "" : " of " + parameters())
        + (orderDependent() ? ", which depends on order" : "");
  }
}

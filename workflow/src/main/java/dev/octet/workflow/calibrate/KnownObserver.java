package dev.octet.workflow.calibrate;

import dev.octet.api.error.OctetException;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.MergeableStatistics;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.RangeContext;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.tree.Tree;
import dev.octet.kernels.quantize.ParameterRule;
import java.util.Optional;

/**
 * One kind of observer and who brought it. What a kind from elsewhere does wrong is laid to it.
 *
 * @param kind the kind
 * @param descriptor its descriptor
 * @param bringer who brought it, in words such as {@code backend 'acme'}
 * @param own whether it is Octet's own
 */
record KnownObserver(
    ObserverKind kind, ObserverDescriptor descriptor, String bringer, boolean own) {

  private static final String OWN = "Octet";

  static KnownObserver own(ObserverKind kind) {
    return new KnownObserver(kind, kind.descriptor(), OWN, true);
  }

  static KnownObserver of(ObserverKind kind, String bringer) {
    return new KnownObserver(kind, kind.descriptor(), bringer, false);
  }

  String canonical(String parameter, String value) {
    try {
      return kind.canonical(parameter, value);
    } catch (IllegalArgumentException e) {
      throw CalibrationErrors.unfitParameter(
          "Observer '" + descriptor.name() + "'", parameter, value, e);
    }
  }

  /** Returns the default of a parameter, which is declared in canonical form. */
  String canonicalDefault(ObserverDescriptor.Parameter parameter) {
    String stated = parameter.defaultValue();
    if (!own) {
      String canonical = canonical(parameter.name(), stated);
      if (!canonical.equals(stated)) {
        throw breach(
            "its default "
                + parameter.name()
                + " = '"
                + stated
                + "' is not in canonical form, which is '"
                + canonical
                + "'");
      }
    }
    return stated;
  }

  ValueObserver create(ObserverSpec canonical) {
    ValueObserver created = kind.create(new SpecContext(canonical));
    return own ? created : new CheckedObserver(this, canonical, created);
  }

  /** Returns the range that the kind finds, or the scale and zero point that it gives itself. */
  ChosenRange choose(ObserverSpec canonical, ChannelStatistics statistics, ParameterRule rule) {
    RangeContext context = new SpecContext.OfRange(canonical, rule);
    Optional<QuantizationParameters> given = kind.parameters(context, statistics);
    if (given.isPresent()) {
      requireFit(given.get(), rule);
      return ChosenRange.of(given.get(), rule);
    }
    return ChosenRange.of(kind.range(context, statistics), rule);
  }

  private void requireFit(QuantizationParameters parameters, ParameterRule rule) {
    if (parameters.count() != 1) {
      throw breach("it gives " + parameters.count() + " pairs of scale and zero point, not one");
    }
    rule.misfit(parameters)
        .ifPresent(
            misfit -> {
              throw breach("it gives " + misfit);
            });
  }

  /**
   * Returns the statistics that a file keeps.
   *
   * @throws OctetException {@code OCT-CAL-019} if the kind cannot read them
   */
  ChannelStatistics restore(ObserverSpec spec, Extremes extremes, Tree.Mapping state) {
    String why;
    try {
      ChannelStatistics restored = kind.restore(new SpecContext(spec), extremes, state);
      why = disagreement(restored, extremes, state);
      if (why.isEmpty()) {
        return restored;
      }
    } catch (OctetException e) {
      why = e.fact();
    } catch (IllegalArgumentException e) {
      why = e.toString();
    }
    throw CalibrationErrors.STATE_UNREADABLE
        .error(
            "Observer '"
                + descriptor.name()
                + "' of "
                + bringer
                + " cannot read its statistics: "
                + why)
        .build();
  }

  /** Returns what is wrong with statistics that were read from a state; empty when nothing is. */
  String disagreement(ChannelStatistics restored, Extremes extremes, Tree.Mapping state) {
    if (restored instanceof MergeableStatistics == descriptor.orderDependent()) {
      return descriptor.orderDependent()
          ? "it is declared order-dependent, but its statistics can be merged"
          : "it is not declared order-dependent, but its statistics cannot be merged";
    }
    boolean same = restored.extremes().equals(extremes) && restored.state().equals(state);
    return same ? "" : "what it restores from " + state.entries().keySet() + " is something else";
  }

  /** Says that an observer that somebody else wrote contradicts itself. */
  OctetException breach(String why) {
    return ObserverFailure.of(descriptor.name(), bringer, why).build();
  }
}

package dev.octet.api.provider;

import dev.octet.api.guard.Guard;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.ObserverContext;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.Range;
import dev.octet.api.observer.RangeContext;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.tree.Tree;
import java.util.Optional;

/**
 * A kind of observer of which every call is guarded, as are those of its observers and statistics.
 * What a method may throw by its contract passes.
 */
final class GuardedObserverKind implements ObserverKind {

  private final ObserverKind kind;
  private final ObserverDescriptor descriptor;
  private final Guard guard;

  private GuardedObserverKind(ObserverKind kind, ObserverDescriptor descriptor, Guard guard) {
    this.kind = kind;
    this.descriptor = descriptor;
    this.guard = guard;
  }

  static GuardedObserverKind of(ObserverKind kind, Guard guard) {
    Guard unnamed = guard.part("observer " + kind.getClass().getName());
    ObserverDescriptor descriptor = unnamed.same("descriptor", kind::descriptor);
    return new GuardedObserverKind(
        kind, descriptor, guard.part("observer '" + descriptor.name() + "'"));
  }

  @Override
  public ObserverDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public String canonical(String parameter, String value) {
    String canonical = guard.callOrRefuse("canonical", () -> kind.canonical(parameter, value));
    String again = guard.callOrRefuse("canonical", () -> kind.canonical(parameter, canonical));
    if (!again.equals(canonical)) {
      throw guard.breach(
          "canonical",
          "of " + parameter + " it makes '" + canonical + "', and of that '" + again + "'");
    }
    return canonical;
  }

  @Override
  public ValueObserver create(ObserverContext context) {
    return new GuardedObserver(guard.call("create", () -> kind.create(context)), guard);
  }

  @Override
  public ChannelStatistics restore(ObserverContext context, Extremes extremes, Tree.Mapping state) {
    return GuardedStatistics.of(
        guard.callOrRefuse("restore", () -> kind.restore(context, extremes, state)), guard);
  }

  @Override
  public Range range(RangeContext context, ChannelStatistics statistics) {
    ChannelStatistics own = GuardedStatistics.unguarded(statistics);
    return guard.same("range", () -> kind.range(context, own));
  }

  @Override
  public Optional<QuantizationParameters> parameters(
      RangeContext context, ChannelStatistics statistics) {
    ChannelStatistics own = GuardedStatistics.unguarded(statistics);
    return guard.same("parameters", () -> kind.parameters(context, own));
  }
}

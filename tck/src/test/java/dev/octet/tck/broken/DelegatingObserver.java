package dev.octet.tck.broken;

import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.ObserverContext;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.Range;
import dev.octet.api.observer.RangeContext;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.tree.Tree;

/**
 * A correct observer of Acme that is one of Octet's under another name.
 *
 * @param spec names Octet's
 */
record DelegatingObserver(ObserverSpec spec) implements ObserverKind {

  @Override
  public ObserverDescriptor descriptor() {
    return ObserverDescriptor.of("acme-" + spec.name(), "Does what Octet's observer does.");
  }

  @Override
  public ValueObserver create(ObserverContext context) {
    return context.standard(spec).create();
  }

  @Override
  public ChannelStatistics restore(ObserverContext context, Extremes extremes, Tree.Mapping state) {
    return context.standard(spec).restore(extremes, state);
  }

  @Override
  public Range range(RangeContext context, ChannelStatistics statistics) {
    return context.standard(spec).range(context, statistics);
  }
}

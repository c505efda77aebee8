package dev.octet.workflow.calibrate;

import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.ObserverContext;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.Range;
import dev.octet.api.observer.RangeContext;
import dev.octet.api.observer.StandardObserver;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.tree.Tree;
import dev.octet.kernels.quantize.ParameterRule;

/**
 * What an observer is told of its spec.
 *
 * @param spec the spec in canonical form
 */
record SpecContext(ObserverSpec spec) implements ObserverContext {

  @Override
  public StandardObserver standard(ObserverSpec other) {
    return Observers.standard().delegate(other);
  }

  /**
   * What an observer is told when it is asked for a range.
   *
   * @param spec the spec in canonical form
   * @param rule what makes scale and zero point of it
   */
  record OfRange(ObserverSpec spec, ParameterRule rule) implements RangeContext {

    /** Takes the rule out of a context, for the observers that search among scales. */
    static ParameterRule rule(RangeContext context) {
      return new ParameterRule(context.type(), context.scheme(), context::gridScale);
    }

    @Override
    public StandardObserver standard(ObserverSpec other) {
      return Observers.standard().delegate(other);
    }

    @Override
    public QuantizedType type() {
      return rule.type();
    }

    @Override
    public Scheme scheme() {
      return rule.scheme();
    }

    @Override
    public float gridScale(float scale) {
      return rule.gridScale(scale);
    }

    @Override
    public QuantizationParameters parameters(Range range) {
      return rule.choose(range.min(), range.max());
    }
  }

  /**
   * One of Octet's observers, for another one.
   *
   * @param kind the kind
   * @param spec its spec in canonical form
   */
  record Delegate(ObserverKind kind, ObserverSpec spec) implements StandardObserver {

    @Override
    public ValueObserver create() {
      return kind.create(new SpecContext(spec));
    }

    @Override
    public ChannelStatistics restore(Extremes extremes, Tree.Mapping state) {
      return kind.restore(new SpecContext(spec), extremes, state);
    }

    @Override
    public Range range(RangeContext context, ChannelStatistics statistics) {
      return kind.range(new OfRange(spec, OfRange.rule(context)), statistics);
    }
  }
}

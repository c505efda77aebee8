package dev.octet.tck.broken;

import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.ObserverContext;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.Range;
import dev.octet.api.observer.RangeContext;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.tree.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A correct observer of Acme whose averages move with each call. */
final class AverageObserver implements ObserverKind {

  private static final String DECAY = "decay";

  /** What is kept of a channel. */
  private record Averages(Extremes extremes, float low, float high) implements ChannelStatistics {

    Averages then(Extremes call, float decay) {
      Extremes all = extremes.plus(call);
      if (call.finite() == 0) {
        return new Averages(all, low, high);
      }
      return extremes.finite() == 0
          ? new Averages(all, call.min(), call.max())
          : new Averages(all, low + decay * (call.min() - low), high + decay * (call.max() - high));
    }

    @Override
    public Tree.Mapping state() {
      Map<String, Tree> fields = new LinkedHashMap<>();
      fields.put("low", Tree.of(low + 0f));
      fields.put("high", Tree.of(high + 0f));
      return Tree.of(fields);
    }
  }

  @Override
  public ObserverDescriptor descriptor() {
    return ObserverDescriptor.of("acme-average", "Averages the extremes of the calls.")
        .dependingOnOrder()
        .withParameter(DECAY, "The weight of a call, above 0, at most 1.", "0.5");
  }

  @Override
  public String canonical(String parameter, String value) {
    return Float.toString(Float.parseFloat(value));
  }

  @Override
  public ValueObserver create(ObserverContext context) {
    float decay = Float.parseFloat(context.parameter(DECAY));
    List<ChannelStatistics> channels = new ArrayList<>();
    return new ValueObserver() {
      @Override
      public void observe(float[] data, int from, int count, ChannelLayout layout) {
        for (int c = 0; c < layout.channels(); c++) {
          if (channels.size() == c) {
            channels.add(new Averages(Extremes.NONE, 0f, 0f));
          }
          Averages before = (Averages) channels.get(c);
          channels.set(c, before.then(Extremes.of(data, from, layout, c), decay));
        }
      }

      @Override
      public List<ChannelStatistics> statistics() {
        return List.copyOf(channels);
      }
    };
  }

  @Override
  public ChannelStatistics restore(ObserverContext context, Extremes extremes, Tree.Mapping state) {
    state.allowOnly("low", "high");
    return new Averages(
        extremes,
        state.get("low").asNumber().floatValue(),
        state.get("high").asNumber().floatValue());
  }

  @Override
  public Range range(RangeContext context, ChannelStatistics statistics) {
    Averages averages = (Averages) statistics;
    return new Range(averages.low(), averages.high());
  }
}

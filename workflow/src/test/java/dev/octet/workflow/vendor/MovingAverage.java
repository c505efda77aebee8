package dev.octet.workflow.vendor;

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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A vendor's observer: averages of the minimum and maximum of each sample, which move. */
public final class MovingAverage implements ObserverKind {

  /** The name. */
  public static final String NAME = "acme-moving-average";

  private static final String DECAY = "decay";

  /** What is kept of a channel. */
  private record Averages(Extremes extremes, float low, float high) implements ChannelStatistics {
    static final Averages NONE = new Averages(Extremes.NONE, 0f, 0f);

    Averages then(Extremes sample, float decay) {
      Extremes all = extremes.plus(sample);
      if (sample.finite() == 0) {
        return new Averages(all, low, high);
      }
      return extremes.finite() == 0
          ? new Averages(all, sample.min(), sample.max())
          : new Averages(
              all, low + decay * (sample.min() - low), high + decay * (sample.max() - high));
    }

    @Override
    public Tree.Mapping state() {
      Map<String, Tree> fields = new LinkedHashMap<>();
      fields.put("low", Tree.of(low));
      fields.put("high", Tree.of(high));
      return Tree.of(fields);
    }
  }

  @Override
  public ObserverDescriptor descriptor() {
    return ObserverDescriptor.of(
            NAME, "Averages the smallest and the largest value of each sample.")
        .dependingOnOrder()
        .withParameter(DECAY, "The weight of a sample, above 0, at most 1.", "0.01");
  }

  @Override
  public String canonical(String parameter, String value) {
    float decay = Float.parseFloat(value);
    if (!(decay > 0 && decay <= 1)) {
      throw new IllegalArgumentException("a number above 0 and at most 1");
    }
    return Float.toString(decay);
  }

  @Override
  public ValueObserver create(ObserverContext context) {
    float decay = Float.parseFloat(context.parameter(DECAY));
    return new ValueObserver() {
      private Averages[] channels = new Averages[0];

      @Override
      public void observe(float[] data, int from, int count, ChannelLayout layout) {
        if (channels.length == 0) {
          channels = new Averages[layout.channels()];
          Arrays.fill(channels, Averages.NONE);
        }
        for (int c = 0; c < channels.length; c++) {
          channels[c] = channels[c].then(Extremes.of(data, from, layout, c), decay);
        }
      }

      @Override
      public List<ChannelStatistics> statistics() {
        return List.of(channels);
      }
    };
  }

  @Override
  public ChannelStatistics restore(ObserverContext context, Extremes extremes, Tree.Mapping state) {
    state.allowOnly("low", "high");
    float low = state.get("low").asNumber().floatValue();
    return new Averages(extremes, low, state.get("high").asNumber().floatValue());
  }

  @Override
  public Range range(RangeContext context, ChannelStatistics statistics) {
    Averages averages = (Averages) statistics;
    return new Range(averages.low(), averages.high());
  }
}

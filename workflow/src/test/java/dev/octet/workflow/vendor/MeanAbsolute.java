package dev.octet.workflow.vendor;

import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.MergeableStatistics;
import dev.octet.api.observer.ObserverContext;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.Range;
import dev.octet.api.observer.RangeContext;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.tree.Tree;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A vendor's observer: four times the mean of the absolute values, in either direction. */
public final class MeanAbsolute implements ObserverKind {

  /** The name. */
  public static final String NAME = "acme-mean-absolute";

  /** Every finite float32 is a whole number of these. */
  private static final int SMALLEST_EXPONENT = -149;

  /**
   * What is kept of a channel.
   *
   * @param sum the exact sum of the absolute values, in units of 2^-149
   */
  private record Sum(Extremes extremes, BigInteger sum) implements MergeableStatistics {
    static final Sum NONE = new Sum(Extremes.NONE, BigInteger.ZERO);

    @Override
    public Sum plus(MergeableStatistics other) {
      Sum that = (Sum) other;
      return new Sum(extremes.plus(that.extremes), sum.add(that.sum));
    }

    @Override
    public Sum repeated(long times) {
      return new Sum(extremes.repeated(times), sum.multiply(BigInteger.valueOf(times)));
    }

    @Override
    public Tree.Mapping state() {
      return Tree.of(Map.of("sum", Tree.of(sum.toString(16))));
    }
  }

  @Override
  public ObserverDescriptor descriptor() {
    return ObserverDescriptor.of(NAME, "Takes four times the mean of the absolute values.");
  }

  @Override
  public ValueObserver create(ObserverContext context) {
    return new ValueObserver() {
      private Sum[] channels = new Sum[0];

      @Override
      public void observe(float[] data, int from, int count, ChannelLayout layout) {
        if (channels.length == 0) {
          channels = new Sum[layout.channels()];
          Arrays.fill(channels, Sum.NONE);
        }
        for (int c = 0; c < channels.length; c++) {
          channels[c] = channels[c].plus(sum(data, from, layout, c));
        }
      }

      @Override
      public List<ChannelStatistics> statistics() {
        return List.of(channels);
      }
    };
  }

  private static Sum sum(float[] data, int from, ChannelLayout layout, int channel) {
    BigInteger sum = BigInteger.ZERO;
    for (int o = 0; o < layout.outer(); o++) {
      int start = from + layout.start(o, channel);
      for (int i = start; i < start + layout.inner(); i++) {
        if (Float.isFinite(data[i])) {
          sum = sum.add(units(Math.abs(data[i])));
        }
      }
    }
    return new Sum(Extremes.of(data, from, layout, channel), sum);
  }

  private static BigInteger units(float magnitude) {
    int exponent = Math.max(Math.getExponent(magnitude), Float.MIN_EXPONENT) - 23;
    int mantissa = (int) Math.scalb(magnitude, -exponent);
    return BigInteger.valueOf(mantissa).shiftLeft(exponent - SMALLEST_EXPONENT);
  }

  @Override
  public ChannelStatistics restore(ObserverContext context, Extremes extremes, Tree.Mapping state) {
    state.allowOnly("sum");
    return new Sum(extremes, new BigInteger(state.get("sum").asText(), 16));
  }

  @Override
  public Range range(RangeContext context, ChannelStatistics statistics) {
    BigDecimal unit = BigDecimal.ONE.divide(BigDecimal.valueOf(2).pow(-SMALLEST_EXPONENT));
    BigDecimal mean =
        new BigDecimal(((Sum) statistics).sum())
            .multiply(unit)
            .divide(BigDecimal.valueOf(statistics.finite()), MathContext.DECIMAL64);
    float limit = mean.multiply(BigDecimal.valueOf(4)).floatValue();
    return new Range(-limit, limit);
  }
}

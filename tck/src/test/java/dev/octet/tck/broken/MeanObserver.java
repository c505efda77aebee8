package dev.octet.tck.broken;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A correct observer of Acme: the range is twice the mean of the absolute values in either
 * direction, or wider where the values are. A wrong one overrides one of the methods.
 */
class MeanObserver implements ObserverKind {

  static final String NAME = "acme-mean";

  /** Every finite float32 is a whole number of these. */
  private static final int SMALLEST_EXPONENT = -149;

  private static final BigDecimal UNIT =
      BigDecimal.ONE.divide(BigDecimal.valueOf(2).pow(-SMALLEST_EXPONENT));

  /** What is kept of a channel: the sum of the absolute values, in units of 2^-149. */
  final class Kept implements MergeableStatistics {
    private final Extremes extremes;
    private final BigInteger sum;

    Kept(Extremes extremes, BigInteger sum) {
      this.extremes = extremes;
      this.sum = sum;
    }

    BigInteger sum() {
      return sum;
    }

    @Override
    public Extremes extremes() {
      return extremes;
    }

    @Override
    public MergeableStatistics plus(MergeableStatistics other) {
      return added(this, (Kept) other);
    }

    @Override
    public MergeableStatistics repeated(long times) {
      return MeanObserver.this.repeated(this, times);
    }

    @Override
    public Tree.Mapping state() {
      return Tree.of(Map.of("sum", Tree.of(text(sum))));
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Kept that && areEqual(this, that);
    }

    @Override
    public int hashCode() {
      return extremes.hashCode();
    }
  }

  @Override
  public ObserverDescriptor descriptor() {
    return ObserverDescriptor.of(NAME, "Takes twice the mean of the absolute values, or more.");
  }

  @Override
  public ValueObserver create(ObserverContext context) {
    List<Kept> channels = channels();
    return new ValueObserver() {
      @Override
      public void observe(float[] data, int from, int count, ChannelLayout layout) {
        for (int c = 0; c < layout.channels(); c++) {
          Kept more = kept(data, from, layout, c);
          if (channels.size() == c) {
            channels.add(more);
          } else {
            channels.set(c, added(channels.get(c), more));
          }
        }
      }

      @Override
      public List<ChannelStatistics> statistics() {
        return given(channels);
      }
    };
  }

  /** Where an observer keeps its channels. */
  protected List<Kept> channels() {
    return new ArrayList<>();
  }

  /** What an observer hands out of its channels. */
  protected List<ChannelStatistics> given(List<Kept> channels) {
    return List.copyOf(channels);
  }

  /** What is kept of the values of one call. */
  protected Kept kept(float[] data, int from, ChannelLayout layout, int channel) {
    BigInteger sum = BigInteger.ZERO;
    for (int o = 0; o < layout.outer(); o++) {
      int start = from + layout.start(o, channel);
      for (int i = start; i < start + layout.inner(); i++) {
        sum = sum.add(Float.isFinite(data[i]) ? units(Math.abs(data[i])) : BigInteger.ZERO);
      }
    }
    return new Kept(Extremes.of(data, from, layout, channel), sum);
  }

  private static BigInteger units(float magnitude) {
    int exponent = Math.max(Math.getExponent(magnitude), Float.MIN_EXPONENT) - 23;
    int mantissa = (int) Math.scalb(magnitude, -exponent);
    return BigInteger.valueOf(mantissa).shiftLeft(exponent - SMALLEST_EXPONENT);
  }

  /** What is kept of both. */
  protected Kept added(Kept a, Kept b) {
    return new Kept(a.extremes.plus(b.extremes), a.sum.add(b.sum));
  }

  /** What is kept of the same values several times. */
  protected Kept repeated(Kept kept, long times) {
    return new Kept(kept.extremes.repeated(times), kept.sum.multiply(BigInteger.valueOf(times)));
  }

  /** Whether two are equal. */
  protected boolean areEqual(Kept a, Kept b) {
    return a.extremes.equals(b.extremes) && a.sum.equals(b.sum);
  }

  /** What a file keeps of the sum. */
  protected String text(BigInteger sum) {
    return sum.toString(16);
  }

  /** The sum that a file keeps. */
  protected BigInteger sum(String text) {
    return new BigInteger(text, 16);
  }

  @Override
  public final ChannelStatistics restore(
      ObserverContext context, Extremes extremes, Tree.Mapping state) {
    state.allowOnly("sum");
    return new Kept(extremes, sum(state.get("sum").asText()));
  }

  @Override
  public final Range range(RangeContext context, ChannelStatistics statistics) {
    Kept kept = (Kept) statistics;
    BigDecimal mean =
        new BigDecimal(kept.sum)
            .multiply(UNIT)
            .divide(BigDecimal.valueOf(kept.finite()), java.math.MathContext.DECIMAL64);
    return range(kept, mean.multiply(BigDecimal.valueOf(2)).floatValue());
  }

  /** The range, given twice the mean. */
  protected Range range(Kept kept, float twice) {
    return new Range(Math.min(kept.min(), -twice), Math.max(kept.max(), twice));
  }
}

package dev.octet.workflow.calibrate;

import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.ObserverContext;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.Range;
import dev.octet.api.observer.RangeContext;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.tree.Tree;
import java.math.BigDecimal;

/** The {@code percentile} observer: both tails are cut. */
final class PercentileKind implements ObserverKind {

  private static final String PERCENT = "percent";
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  @Override
  public ObserverDescriptor descriptor() {
    return ObserverDescriptor.of(
            "percentile",
            "Keeps a histogram; the range leaves out the smallest and the largest values, at most"
                + " half of the share that is not kept on either side.")
        .withParameter(
            PERCENT, "The share of values to keep, in percent, above 0, at most 100.", "99.99");
  }

  @Override
  public String canonical(String parameter, String value) {
    double percent = Double.NaN;
    try {
      percent = Double.parseDouble(value);
    } catch (NumberFormatException e) {
      // NaN fails the check below, which says what is allowed.
    }
    if (!(percent > 0 && percent <= 100)) {
      throw new IllegalArgumentException("a number above 0 and at most 100");
    }
    return Double.toString(percent);
  }

  @Override
  public ValueObserver create(ObserverContext context) {
    return new HistogramObserver();
  }

  @Override
  public ChannelStatistics restore(ObserverContext context, Extremes extremes, Tree.Mapping state) {
    return Histogram.of(extremes, state);
  }

  @Override
  public Range range(RangeContext context, ChannelStatistics statistics) {
    BigDecimal percent = new BigDecimal(context.parameter(PERCENT));
    return range(HistogramKind.histogram(statistics), percent);
  }

  /**
   * Returns the range that is left when each side drops whole bins, from the outside in, as long as
   * they hold no more than {@code floor(N * (100 - percent) / 200)} of the {@code N} finite values.
   * Zeros are a bin of their own. The bounds are the outer edges of the outermost bins that stay,
   * clipped to the observed minimum and maximum; all steps are exact.
   *
   * <p>Source: the percentile calibrators of TensorRT and ONNX Runtime, with an exact cut.
   */
  static Range range(Histogram histogram, BigDecimal percent) {
    long droppable =
        HUNDRED
            .subtract(percent)
            .multiply(BigDecimal.valueOf(histogram.finite()))
            .divideToIntegralValue(BigDecimal.valueOf(200))
            .longValueExact();
    return new Range(low(histogram, droppable), high(histogram, droppable));
  }

  private static float low(Histogram histogram, long droppable) {
    long left = droppable;
    int end = histogram.firstBin() + histogram.bins();
    for (int i = Math.min(histogram.firstBin(), 0); i < Math.max(end, 1); i++) {
      if (i == 0) {
        left -= histogram.zeros();
        if (left < 0) {
          return 0f;
        }
      }
      left -= histogram.count(i);
      if (left < 0) {
        return Math.max(histogram.min(), (float) (i * histogram.binWidth()));
      }
    }
    throw new IllegalStateException("more values dropped than there are");
  }

  private static float high(Histogram histogram, long droppable) {
    long left = droppable;
    int end = histogram.firstBin() + histogram.bins();
    for (int i = Math.max(end, 1) - 1; i >= Math.min(histogram.firstBin(), 0); i--) {
      left -= histogram.count(i);
      if (left < 0) {
        return (float) Math.min(histogram.max(), (i + 1) * histogram.binWidth());
      }
      if (i == 0) {
        left -= histogram.zeros();
        if (left < 0) {
          return 0f;
        }
      }
    }
    throw new IllegalStateException("more values dropped than there are");
  }
}

package dev.octet.workflow.compare;

import java.util.List;
import java.util.Optional;

/**
 * How the float values of a tensor are distributed, as a small drawing: bars whose heights are
 * logarithms of counts, so that single values far out are seen, and behind them the range that the
 * tensor is quantized to. Bars beyond it are clipped.
 */
final class ValuePlot {

  private static final double BAR = 4;
  private static final double HEIGHT = 30;

  /** The least height of a bar that counts a value. */
  private static final double LEAST = 2;

  private final TensorValues values;
  private final StringBuilder svg = new StringBuilder();

  private ValuePlot(TensorValues values) {
    this.values = values;
  }

  static String of(TensorValues values, Optional<TensorRange> range) {
    ValuePlot plot = new ValuePlot(values);
    plot.draw(range);
    return plot.svg.toString();
  }

  private void draw(Optional<TensorRange> range) {
    double width = BAR * values.counts().size();
    String words = words(range);
    svg.append("<svg class=\"values\" role=\"img\" aria-label=\"").append(words);
    svg.append("\" viewBox=\"0 0 ").append(PageText.coordinate(width)).append(' ');
    svg.append(PageText.coordinate(HEIGHT + 2)).append("\"><title>").append(words);
    svg.append("</title>");
    range.ifPresent(each -> range(each.range().least(), each.range().most()));
    bars("in", range, true);
    bars("out", range, false);
    svg.append("<path class=\"base\" d=\"M0 ").append(PageText.coordinate(HEIGHT + 1)).append('H');
    svg.append(PageText.coordinate(width)).append("\"/></svg>");
  }

  private String words(Optional<TensorRange> range) {
    String own = "values from " + number(values.min()) + " to " + number(values.max());
    return range
        .map(
            each ->
                own
                    + ", range from "
                    + number(each.range().least())
                    + " to "
                    + number(each.range().most()))
        .orElse(own);
  }

  private static String number(double value) {
    return PageText.number(value);
  }

  private double x(double value) {
    double width = values.to() - values.from();
    return width > 0 ? (value - values.from()) / width * BAR * values.counts().size() : 0;
  }

  private void range(double least, double most) {
    double from = x(least);
    double to = values.to() > values.from() ? x(most) : BAR * values.counts().size();
    svg.append("<rect class=\"range\" x=\"").append(PageText.coordinate(from));
    svg.append("\" y=\"0\" width=\"").append(PageText.coordinate(to - from));
    svg.append("\" height=\"").append(PageText.coordinate(HEIGHT + 1)).append("\"/>");
  }

  private static double size(long count) {
    return StrictMath.log1p((double) count);
  }

  /** Bars of one colour are one path. */
  private void bars(String kind, Optional<TensorRange> range, boolean inside) {
    List<Long> counts = values.counts();
    double most = size(counts.stream().mapToLong(Long::longValue).max().orElse(0));
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < counts.size(); i++) {
      double middle = values.from() + (values.to() - values.from()) * (i + 0.5) / counts.size();
      boolean within =
          range
              .map(each -> middle >= each.range().least() && middle <= each.range().most())
              .orElse(true);
      if (counts.get(i) > 0 && within == inside) {
        double height = Math.max(LEAST, size(counts.get(i)) / most * HEIGHT);
        path.append('M').append(PageText.coordinate(BAR * i + 0.5)).append(' ');
        path.append(PageText.coordinate(HEIGHT + 1 - height)).append("h3v");
        path.append(PageText.coordinate(height)).append("h-3z");
      }
    }
    if (!path.isEmpty()) {
      svg.append("<path class=\"").append(kind).append("\" d=\"").append(path).append("\"/>");
    }
  }
}

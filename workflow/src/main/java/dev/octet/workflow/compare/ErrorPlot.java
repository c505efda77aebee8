package dev.octet.workflow.compare;

import dev.octet.workflow.evaluate.Sqnr;
import java.util.List;
import java.util.function.Function;

/**
 * The errors of all tensors as a drawing: the order of the float model along x, decibels along y.
 * What is equal lies on a line above all, what is no number or beyond the scale at its end.
 */
final class ErrorPlot {

  private static final double WIDTH = 1000;
  private static final double LEFT = 46;
  private static final double RIGHT = 12;
  private static final double TOP = 24;
  private static final double HEIGHT = 360;
  private static final double BOTTOM = 40;

  /** The room between the line of what is equal and the end of the scale. */
  private static final double GAP = 26;

  private static final double LOWEST = -60;
  private static final double HIGHEST = 120;
  private static final int MOST_MARKS = 5;

  private final List<TensorError> errors;
  private final double low;
  private final double high;
  private final StringBuilder svg = new StringBuilder();

  private ErrorPlot(List<TensorError> errors) {
    this.errors = errors;
    double least = 0;
    double most = 40;
    for (TensorError error : errors) {
      for (Sqnr each : List.of(error.accumulated(), error.local())) {
        if (each.isFinite()) {
          least = Math.min(least, each.decibels());
          most = Math.max(most, each.decibels());
        }
      }
    }
    this.low = Math.max(LOWEST, Math.floor(least / 10) * 10);
    this.high = Math.min(HIGHEST, Math.ceil(most / 10) * 10);
  }

  /**
   * Returns the drawing.
   *
   * @param errors the tensors in the order of the float model, at least one
   * @param falls where the error grows most, marked by their numbers from 1
   */
  static String of(List<TensorError> errors, List<TensorError> falls) {
    ErrorPlot plot = new ErrorPlot(errors);
    plot.draw(falls.subList(0, Math.min(MOST_MARKS, falls.size())));
    return plot.svg.toString();
  }

  private void draw(List<TensorError> marked) {
    svg.append("<svg class=\"plot\" role=\"img\" aria-label=\"Error of every tensor in decibels,")
        .append(" in the order of the model; the table below has the same figures\" viewBox=\"0 0 ")
        .append(PageText.coordinate(WIDTH))
        .append(' ')
        .append(PageText.coordinate(TOP + HEIGHT + BOTTOM))
        .append("\">\n");
    scale();
    places();
    marks(marked);
    line(TensorError::accumulated);
    points("local", "local", TensorError::local);
    points("all", "accumulated", TensorError::accumulated);
    svg.append("</svg>\n");
  }

  private void scale() {
    svg.append("<g class=\"grid\">\n");
    double step = high - low > 100 ? 20 : 10;
    for (double decibels = low; decibels <= high; decibels += step) {
      rule(y(decibels), decibels == 0 ? "zero" : "", PageText.coordinate(decibels));
    }
    rule(TOP, "", "equal");
    text(14, TOP + HEIGHT / 2 + 20, "turned", "decibels");
    svg.append("</g>\n");
  }

  private void rule(double y, String kind, String label) {
    svg.append("<path").append(kind.isEmpty() ? "" : " class=\"" + kind + "\"").append(" d=\"M");
    svg.append(PageText.coordinate(LEFT)).append(' ').append(PageText.coordinate(y));
    svg.append('H').append(PageText.coordinate(WIDTH - RIGHT)).append("\"/>");
    text(LEFT - 6, y + 4, "end", label);
  }

  private void text(double x, double y, String kind, String content) {
    svg.append("<text class=\"").append(kind).append("\" x=\"").append(PageText.coordinate(x));
    svg.append("\" y=\"").append(PageText.coordinate(y)).append("\">").append(content);
    svg.append("</text>\n");
  }

  /** Numbers of tensors, at most ten or so. */
  private void places() {
    svg.append("<g class=\"grid\">\n");
    int last = errors.size() - 1;
    int step = 1;
    for (int factor = 0; last / step >= 10; factor++) {
      step = factor % 3 == 1 ? step / 2 * 5 : step * 2;
    }
    for (int place = 0; place <= last; place += step) {
      text(x(place), TOP + HEIGHT + 16, "middle", Integer.toString(place));
    }
    text(
        LEFT + (WIDTH - LEFT - RIGHT) / 2,
        TOP + HEIGHT + 34,
        "middle",
        "tensor, in the order of the model");
    svg.append("</g>\n");
  }

  /** Lines first, so that none crosses a number; each number lower than the one before. */
  private void marks(List<TensorError> marked) {
    svg.append("<g class=\"mark\">\n");
    for (int i = 0; i < marked.size(); i++) {
      svg.append("<path d=\"M").append(PageText.coordinate(x(marked.get(i).place())));
      svg.append(' ').append(PageText.coordinate(markTop(i) + 4));
      svg.append('V').append(PageText.coordinate(TOP + HEIGHT)).append("\"/>");
    }
    for (int i = 0; i < marked.size(); i++) {
      text(x(marked.get(i).place()), markTop(i), "middle", Integer.toString(i + 1));
    }
    svg.append("</g>\n");
  }

  private static double markTop(int index) {
    return TOP + GAP + 12 + 18.0 * index;
  }

  private void line(Function<TensorError, Sqnr> figure) {
    svg.append("<path class=\"way\" d=\"");
    char next = 'M';
    for (TensorError error : errors) {
      svg.append(next).append(PageText.coordinate(x(error.place()))).append(' ');
      svg.append(PageText.coordinate(y(figure.apply(error))));
      next = 'L';
    }
    svg.append("\"/>\n");
  }

  private void points(String kind, String words, Function<TensorError, Sqnr> figure) {
    String radius = errors.size() > 200 ? "2" : "3.5";
    svg.append("<g class=\"").append(kind).append("\">\n");
    for (TensorError error : errors) {
      Sqnr sqnr = figure.apply(error);
      svg.append("<circle data-t=\"").append(error.place()).append("\" cx=\"");
      svg.append(PageText.coordinate(x(error.place()))).append("\" cy=\"");
      svg.append(PageText.coordinate(y(sqnr))).append("\" r=\"").append(radius);
      svg.append("\"><title>").append(PageText.escaped(error.tensor())).append(", ");
      svg.append(PageText.escaped(error.op())).append(": ").append(sqnr.words()).append(' ');
      svg.append(words).append("</title></circle>\n");
    }
    svg.append("</g>\n");
  }

  private double x(int place) {
    double room = WIDTH - LEFT - RIGHT - 12;
    int last = errors.size() - 1;
    return LEFT + 6 + (last == 0 ? room / 2 : room * place / last);
  }

  private double y(Sqnr sqnr) {
    return sqnr.isEqual() ? TOP : y(sqnr.rank());
  }

  private double y(double decibels) {
    double share = (Math.min(Math.max(decibels, low), high) - low) / (high - low);
    return TOP + HEIGHT - share * (HEIGHT - GAP);
  }
}

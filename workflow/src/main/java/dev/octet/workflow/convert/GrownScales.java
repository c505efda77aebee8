package dev.octet.workflow.convert;

import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizedType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Collects the scales that grew to make room for constants, and says what that costs. */
final class GrownScales {

  private final List<Grown> all = new ArrayList<>();

  /**
   * One constant that room was made for.
   *
   * @param at where it is read
   * @param bias its name
   * @param stored the type that it would leave
   * @param channels in how many channels
   * @param worst the channel whose source's scale grew most
   * @param factor how often that is what its range asks for
   * @param steps how many steps the source's type has
   */
  record Grown(
      Point at,
      String bias,
      QuantizedType stored,
      int channels,
      int worst,
      double factor,
      long steps) {

    String words() {
      return String.format(
          Locale.ROOT,
          "bias '%s' of node '%s' would leave %s in %s, most in channel %s, whose weights have %.2g"
              + " of %s steps left",
          bias,
          at.node(),
          stored,
          Clipped.count(channels, "channel"),
          worst,
          steps / factor,
          steps);
    }
  }

  /** The growth of the scales of one source, for one constant. */
  static final class Biggest {
    private final GroupParameters before;
    private int channels;
    private int worst;
    private double factor = 1;

    Biggest(GroupParameters before) {
      this.before = before;
    }

    /** Takes the parameters of the source with which a channel of the constant fits. */
    void add(int channel, QuantizationParameters now) {
      channels++;
      for (int i = 0; i < now.count(); i++) {
        double own = (double) now.scale(i) / before.parameters().scale(i);
        if (own > factor) {
          factor = own;
          worst = channel;
        }
      }
    }

    /** Returns what grew; empty where nothing did. */
    Optional<Grown> of(Point at, String bias, QuantizedType stored) {
      long steps = before.stored().max() - before.stored().min();
      return channels == 0
          ? Optional.empty()
          : Optional.of(new Grown(at, bias, stored, channels, worst, factor, steps));
    }
  }

  void add(Grown grown) {
    all.add(grown);
  }

  /** Returns a warning about all of them, the costliest first; empty when there are none. */
  Optional<Finding> finding() {
    List<Grown> worst =
        all.stream().sorted(Comparator.comparingDouble(grown -> -grown.factor())).toList();
    return worst.stream()
        .findFirst()
        .map(
            first ->
                ConversionErrors.LARGE_BIAS.aboutPoint(
                    first.at(),
                    "Weights have larger scales, and fewer steps, than their ranges ask for, to"
                        + " make room for biases: "
                        + Clipped.named(worst.stream().map(Grown::words).toList())
                        + "."));
  }
}

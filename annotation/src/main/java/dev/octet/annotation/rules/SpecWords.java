package dev.octet.annotation.rules;

import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.ScaleLevels;
import dev.octet.api.spec.Scheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Specs of rules in words, for pages. */
final class SpecWords {

  private SpecWords() {}

  /**
   * Returns a spec in words.
   *
   * @param spec the spec
   * @param points names points of the match
   * @param usual the arithmetic that need not be told
   */
  static String of(SpecTemplate spec, Function<MatchPoint, String> points, NumericProfile usual) {
    return spec.match(
        new SpecTemplate.Cases<>(
            observed -> observed(observed, usual),
            SpecWords::fixed,
            shared -> "shares the parameters of " + points.apply(shared.with()),
            derived ->
                type(derived.type())
                    + rule(derived.derivation())
                    + derived.sources().stream().map(points).collect(Collectors.joining(" and ")),
            keepFloat -> "stays float: " + keepFloat.reason(),
            narrowFloat -> narrowFloat.type().name().toLowerCase(Locale.ROOT)));
  }

  private static String rule(Derivation derivation) {
    return derivation.equals(Derivation.productOfScales())
        ? ", zero point 0, scale the product of those of "
        : ", scale and zero point by " + derivation + " from those of ";
  }

  private static String fixed(SpecTemplate.Fixed template) {
    QuantizationParameters parameters = template.spec().parameters();
    String type = type(template.spec().type());
    return parameters.count() == 1 && template.channels().isEmpty()
        ? "%s, scale %s, zero point %s"
            .formatted(type, parameters.scale(0), parameters.shownZeroPoint(0))
        : "%s, %s, %s scales from %s to %s, known beforehand"
            .formatted(
                type,
                granularity(template.channels(), template.spec().granularity()),
                parameters.count(),
                extreme(parameters, Math::min),
                extreme(parameters, Math::max));
  }

  private static float extreme(QuantizationParameters parameters, BinaryOperator<Float> of) {
    float extreme = parameters.scale(0);
    for (float scale : parameters.scales()) {
      extreme = of.apply(extreme, scale);
    }
    return extreme;
  }

  private static String observed(SpecTemplate.Observed template, NumericProfile usual) {
    QuantizationSpec.Observed spec = template.spec();
    List<String> words = new ArrayList<>();
    words.add(type(spec.type()));
    words.add(spec.scheme().symmetry().name().toLowerCase(Locale.ROOT));
    words.add(granularity(template.channels(), spec.granularity()));
    words.add(observer(spec.observer()));
    scales(spec.scheme().grid()).ifPresent(words::add);
    spec.scheme().levels().map(SpecWords::levels).ifPresent(words::add);
    if (spec.scheme().zeroPoints() == Scheme.ZeroPoints.REAL) {
      words.add("zero points may be fractions");
    }
    if (!spec.scheme().profile().equals(usual)) {
      words.add(arithmetic(spec.scheme().profile()));
    }
    if (spec.mode() != Mode.STATIC) {
      words.add(spec.mode().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    return String.join(", ", words);
  }

  private static Optional<String> scales(ScaleGrid grid) {
    return switch (grid.name()) {
      case "any" -> Optional.empty();
      case "power-of-two" -> Optional.of("scales are powers of two");
      case "float8-e8m0" -> Optional.of("scales are powers of two of float8 e8m0");
      case "float8-e4m3" -> Optional.of("scales are values of float8 e4m3");
      case "one-over-integer" -> Optional.of("scales are 1 / n");
      case "integer-reciprocal" -> Optional.of("scales are 1 / n with n = 1 / scale");
      case "multiple-of" ->
          Optional.of("scales are multiples of " + number(grid.step().orElseThrow()));
      default -> Optional.of("scales are on the grid " + grid.name());
    };
  }

  private static String levels(ScaleLevels levels) {
    String factors =
        switch (levels.factors()) {
          case INTEGERS -> "1 to " + levels.largest();
          case FLOAT8_E4M3 -> "a float8 e4m3";
        };
    return "scales are %s%s times one for %s"
        .formatted(
            factors,
            levels.rounding() == ScaleLevels.Rounding.UP ? "" : ", rounded to nearest,",
            levels.over() == ScaleLevels.Over.ROW ? "each row" : "the tensor");
  }

  private static String type(QuantizedType type) {
    boolean whole = type.equals(QuantizedType.of(type.storage()));
    String name = type.storage().name().toLowerCase(Locale.ROOT);
    return whole ? name : "%s from %s to %s".formatted(name, type.min(), type.max());
  }

  private static String granularity(List<ChannelAxis> channels, Granularity stated) {
    List<String> axes = channels.stream().map(SpecWords::channels).toList();
    if (axes.isEmpty()) {
      return of(stated);
    }
    String each = "per " + String.join(" and ", axes);
    return ScaleAxes.groupSize(stated)
        .map(size -> "per group of %s along each %s".formatted(size, axes.get(0)))
        .orElse(each);
  }

  private static String channels(ChannelAxis axis) {
    return axis.match(
        new ChannelAxis.Cases<>(
            numbered -> "channel of axis " + numbered.axis(),
            output -> "output channel",
            input -> "input channel",
            own -> own.words()));
  }

  private static String of(Granularity granularity) {
    return granularity.match(
        new Granularity.Cases<>(
            whole -> "per tensor",
            channel -> "per channel of axis " + channel.axis(),
            group -> "per group of %s along axis %s".formatted(group.size(), group.axis()),
            block -> "per block of " + block.sizes(),
            token -> "per token"));
  }

  private static String observer(ObserverSpec observer) {
    String parameters =
        observer.parameters().entrySet().stream()
            .map(p -> p.getKey() + "=" + p.getValue())
            .collect(Collectors.joining(", "));
    return observer.name() + (parameters.isEmpty() ? "" : " (" + parameters + ")");
  }

  /** Returns in words how scales and integers are computed. */
  static String arithmetic(NumericProfile profile) {
    List<String> words = new ArrayList<>();
    words.add(
        profile.division() == NumericProfile.Division.DIVIDE
            ? "values are divided by the scale"
            : "values are multiplied by the reciprocal of the scale");
    if (profile.zeroPointOrder() == NumericProfile.ZeroPointOrder.BEFORE_ROUNDING) {
      words.add("the zero point is added before rounding");
    }
    words.add("scales are at least " + number(profile.scaleFloor()));
    return String.join(", ", words);
  }

  private static String number(float value) {
    int exponent = Math.getExponent(value);
    return value == Math.scalb(1f, exponent) ? "2^" + exponent : Float.toString(value);
  }
}

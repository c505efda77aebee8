package dev.octet.api.spec;

import dev.octet.api.graph.Point;
import java.util.List;
import java.util.Objects;

/** How one point is quantized. All kinds are immutable values that validate themselves. */
public sealed interface QuantizationSpec {

  /**
   * Scale and zero point come from what an observer sees at the point.
   *
   * @param type the integer type and range
   * @param scheme symmetric or affine, with its arithmetic
   * @param granularity which elements share a scale
   * @param observer what watches the point
   * @param mode when scale and zero point are found
   */
  record Observed(
      QuantizedType type, Scheme scheme, Granularity granularity, ObserverSpec observer, Mode mode)
      implements QuantizationSpec {
    /** Checks that no component is null. */
    public Observed {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(scheme, "scheme");
      Objects.requireNonNull(granularity, "granularity");
      Objects.requireNonNull(observer, "observer");
      Objects.requireNonNull(mode, "mode");
    }
  }

  /**
   * Scale and zero point are known beforehand, per tensor; as for a softmax whose results lie in
   * [0, 1).
   *
   * @param type the integer type and range
   * @param scale the scale, finite and above 0
   * @param zeroPoint the zero point, inside the type's range
   */
  record Fixed(QuantizedType type, float scale, long zeroPoint) implements QuantizationSpec {
    /** Checks the scale and the zero point. */
    public Fixed {
      Objects.requireNonNull(type, "type");
      if (!(scale > 0 && scale < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("scale " + scale + " is not finite and above 0");
      }
      if (zeroPoint < type.min() || zeroPoint > type.max()) {
        throw new IllegalArgumentException("zero point " + zeroPoint + " is not inside " + type);
      }
    }
  }

  /**
   * The point has the same parameters as another point; whatever that one's kind is.
   *
   * @param with the other point
   */
  record Shared(Point with) implements QuantizationSpec {
    /** Checks that the point is not null. */
    public Shared {
      Objects.requireNonNull(with, "with");
    }
  }

  /**
   * Scale and zero point are computed from those of other points.
   *
   * @param type the integer type and range
   * @param derivation the rule
   * @param sources the other points, in the order of the rule; at least one
   */
  record Derived(QuantizedType type, Derivation derivation, List<Point> sources)
      implements QuantizationSpec {
    /** Copies the sources and checks that there is one. */
    public Derived {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(derivation, "derivation");
      sources = List.copyOf(sources);
      if (sources.isEmpty()) {
        throw new IllegalArgumentException("a derived spec needs at least one source");
      }
    }
  }

  /**
   * The point is claimed and deliberately stays float.
   *
   * @param reason why, in words that a report shows
   */
  record KeepFloat(String reason) implements QuantizationSpec {
    /** Checks that the reason is not null. */
    public KeepFloat {
      Objects.requireNonNull(reason, "reason");
    }
  }
}

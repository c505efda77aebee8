package dev.octet.api.spec;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A rule that computes scale and zero point of one point from those of others, by name. Immutable;
 * two are equal when name and all parameters are.
 *
 * <p>Octet has {@code product-of-scales}; a backend brings others, see {@link DerivationKind}.
 */
public final class Derivation {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  private static final Derivation PRODUCT_OF_SCALES = named("product-of-scales");

  private record Fields(String name, SortedMap<String, String> parameters) {}

  private final Fields fields;

  private Derivation(Fields fields) {
    this.fields = fields;
  }

  /**
   * Returns the rule by which the scale is the product of the sources' scales, one float32
   * multiplication for each source from left to right, and the zero point 0. A per-channel source
   * gives a per-channel result; the bias of a grouped ConvTranspose, whose weight has the scales of
   * one group, has them once for each group. Source: ONNX QLinearConv, ONNX ConvTranspose and the
   * LiteRT quantization specification, for biases.
   *
   * <p>It has two parameters, which {@link #with} adds: {@code grid}, the name of a {@link
   * ScaleGrid} without a step, and {@code loss} with the one value {@code refused}. {@link
   * DerivationKind#grid} and {@link DerivationKind#refusesLoss} say what they do.
   */
  public static Derivation productOfScales() {
    return PRODUCT_OF_SCALES;
  }

  /**
   * Returns a rule without parameters.
   *
   * @param name the name, {@code [a-z][a-z0-9-]{0,63}}
   * @throws IllegalArgumentException if it is not of that form
   */
  public static Derivation named(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "derivation name '" + name + "' is not of the form " + NAME.pattern());
    }
    return new Derivation(new Fields(name, Collections.emptySortedMap()));
  }

  /** Returns this rule with a parameter, whose meaning is that of its kind. */
  public Derivation with(String parameter, String value) {
    SortedMap<String, String> more = new TreeMap<>(parameters());
    more.put(parameter, value);
    return new Derivation(new Fields(name(), Collections.unmodifiableSortedMap(more)));
  }

  /** Returns the name. */
  public String name() {
    return fields.name();
  }

  /** Returns the parameters by name. */
  public SortedMap<String, String> parameters() {
    return fields.parameters();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Derivation that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** Returns name and parameters, such as {@code acme-repeated{times=2}}. */
  @Override
  public String toString() {
    return name() + (parameters().isEmpty() ? "" : parameters());
  }
}

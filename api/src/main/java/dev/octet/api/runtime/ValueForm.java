package dev.octet.api.runtime;

import dev.octet.api.graph.DataType;
import dev.octet.api.spec.Granularity;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a runtime asks of an operand or a result of a use that it declares: element types, and which
 * elements share a scale. Incubating. Immutable.
 */
public final class ValueForm {

  private final Set<DataType> types;
  private final Set<String> granularities;
  private final boolean quantized;
  private final boolean dynamic;

  private ValueForm(
      Set<DataType> types, Set<String> granularities, boolean quantized, boolean dynamic) {
    this.types = types;
    this.granularities = granularities;
    this.quantized = quantized;
    this.dynamic = dynamic;
  }

  /**
   * Returns the form of quantized values whose scales are constants, of any granularity.
   *
   * @param first a type of the stored integers
   * @param others the other types that will do
   */
  public static ValueForm integers(DataType first, DataType... others) {
    return new ValueForm(EnumSet.of(first, others), Set.of(), true, false);
  }

  /** Returns the form of values that are not quantized, of any of these types. */
  public static ValueForm plain(DataType first, DataType... others) {
    return new ValueForm(EnumSet.of(first, others), Set.of(), false, false);
  }

  /** Returns this form of integers with one scale; of several granularities any will do. */
  public ValueForm perTensor() {
    return with(new Granularity.PerTensor());
  }

  /** Returns this form of integers with a scale for each index of one axis. */
  public ValueForm perChannel() {
    return with(new Granularity.PerChannel(0));
  }

  /** Returns this form of integers with a scale for each run along one axis. */
  public ValueForm perGroup() {
    return with(new Granularity.PerGroup(0, 1));
  }

  /** Returns this form of integers with a scale for each row, which a run finds. */
  public ValueForm perToken() {
    return with(new Granularity.PerToken()).dynamic();
  }

  /** Returns this form with scales that the model computes while it runs. */
  public ValueForm dynamic() {
    requireQuantized();
    return new ValueForm(types, granularities, true, true);
  }

  private ValueForm with(Granularity granularity) {
    requireQuantized();
    Set<String> more = new TreeSet<>(granularities);
    more.add(word(granularity));
    return new ValueForm(types, more, true, dynamic);
  }

  private void requireQuantized() {
    if (!quantized) {
      throw new IllegalStateException("values that are not quantized have no scales");
    }
  }

  private static String word(Granularity granularity) {
    return granularity.match(
        new Granularity.Cases<>(
            whole -> "per-tensor",
            channel -> "per-channel",
            group -> "per-group",
            block -> "per-block",
            token -> "per-token"));
  }

  boolean holds(OperatorUse.Value value) {
    return types.contains(value.type())
        && quantized == value.granularity().isPresent()
        && dynamic == value.dynamic()
        && (granularities.isEmpty()
            || value
                .granularity()
                .map(ValueForm::word)
                .filter(granularities::contains)
                .isPresent());
  }

  /** Tells whether some value is of both forms. */
  boolean meets(ValueForm other) {
    return quantized == other.quantized
        && dynamic == other.dynamic
        && types.stream().anyMatch(other.types::contains)
        && (granularities.isEmpty()
            || other.granularities.isEmpty()
            || granularities.stream().anyMatch(other.granularities::contains));
  }

  /** Returns the form in words, such as {@code int8 or uint8 per-tensor}. */
  @Override
  public String toString() {
    String words =
        types.stream()
            .map(type -> type.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" or "));
    String shared = granularities.isEmpty() ? "" : " " + String.join(" or ", granularities);
    return words + shared + (quantized ? "" : ", not quantized") + (dynamic ? ", dynamic" : "");
  }
}

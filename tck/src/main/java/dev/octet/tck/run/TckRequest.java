package dev.octet.tck.run;

import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.rule.Area;
import dev.octet.tck.rule.Rule;
import dev.octet.tck.subject.Presets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is to be run on a backend. Immutable; its methods return a request that differs in one
 * thing.
 */
public final class TckRequest {

  /** The seed of a run that names none. */
  public static final long SEED = 0x5EED;

  private static final Duration USUAL_LIMIT = Duration.ofSeconds(20);

  private record Fields(
      List<Options> presets,
      Optional<String> rule,
      Optional<String> caseName,
      List<Exclusion> exclusions,
      long seed,
      double timeoutFactor) {}

  private final Fields fields;

  private TckRequest(Fields fields) {
    this.fields = fields;
  }

  /** Asks for every rule, under every preset of the backend. */
  public static TckRequest everything() {
    return new TckRequest(
        new Fields(List.of(), Optional.empty(), Optional.empty(), List.of(), SEED, 1));
  }

  /** Returns this request under one set of options alone, given beside the backend's defaults. */
  public TckRequest options(Options options) {
    Objects.requireNonNull(options, "options");
    Fields f = fields;
    return new TckRequest(
        new Fields(List.of(options), f.rule, f.caseName, f.exclusions, f.seed, f.timeoutFactor));
  }

  /** Returns this request for one rule alone. */
  public TckRequest rule(String id) {
    Fields f = fields;
    return new TckRequest(
        new Fields(f.presets, Optional.of(id), f.caseName, f.exclusions, f.seed, f.timeoutFactor));
  }

  /** Returns this request for the cases of one name alone. */
  public TckRequest caseName(String name) {
    Fields f = fields;
    return new TckRequest(
        new Fields(f.presets, f.rule, Optional.of(name), f.exclusions, f.seed, f.timeoutFactor));
  }

  /** Returns this request without some rules. */
  public TckRequest without(List<Exclusion> exclusions) {
    Fields f = fields;
    return new TckRequest(
        new Fields(
            f.presets, f.rule, f.caseName, List.copyOf(exclusions), f.seed, f.timeoutFactor));
  }

  /** Returns this request with another seed for random constants and data. */
  public TckRequest seed(long seed) {
    Fields f = fields;
    return new TckRequest(
        new Fields(f.presets, f.rule, f.caseName, f.exclusions, seed, f.timeoutFactor));
  }

  /**
   * Returns this request with the usual time for a case times a factor.
   *
   * @throws IllegalArgumentException if it is not finite and above 0
   */
  public TckRequest timeoutFactor(double factor) {
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("timeout factor " + factor + " is not above 0");
    }
    Fields f = fields;
    return new TckRequest(new Fields(f.presets, f.rule, f.caseName, f.exclusions, f.seed, factor));
  }

  /** Returns the options of each pass over a backend: those that were given, else its presets. */
  public List<Options> presets(QuantizerProvider provider) {
    return fields.presets.isEmpty() ? Presets.of(provider) : fields.presets;
  }

  /** Returns the one rule that runs; empty for all. */
  public Optional<String> rule() {
    return fields.rule;
  }

  /** Returns the one case that runs; empty for all. */
  public Optional<String> caseName() {
    return fields.caseName;
  }

  /** Returns the rules that are left out. */
  public List<Exclusion> exclusions() {
    return fields.exclusions;
  }

  /** Returns what random constants and data depend on. */
  public long seed() {
    return fields.seed;
  }

  /** Returns what the usual time for a case is multiplied by. */
  public double timeoutFactor() {
    return fields.timeoutFactor;
  }

  /** Returns how long one case may take. */
  public Duration limit() {
    return Duration.ofMillis(Math.round(USUAL_LIMIT.toMillis() * fields.timeoutFactor));
  }

  /** Tells whether it is narrowed, so that its report proves nothing of the whole. */
  public boolean isPartial() {
    return fields.rule.isPresent() || fields.caseName.isPresent();
  }

  /**
   * Tells whether a rule is among those that are asked for under a preset. The options are those of
   * the quantizer: a runtime knows nothing of them, and is tried under the first preset alone.
   *
   * @param preset the index of the preset
   */
  boolean wants(Rule rule, int preset) {
    return (preset == 0 || rule.area() != Area.RUN)
        && (fields.rule.isEmpty() || fields.rule.get().equals(rule.id()));
  }

  /** Tells whether a case is among those that are asked for. */
  boolean wantsCase(String name) {
    return fields.caseName.isEmpty() || fields.caseName.get().equals(name);
  }

  /** Returns why a rule is left out; empty when it is not. */
  Optional<Exclusion> exclusion(String rule) {
    return fields.exclusions.stream().filter(e -> e.rule().equals(rule)).findFirst();
  }
}

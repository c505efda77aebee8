package dev.octet.tck.run;

import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is to be run. Immutable; each method returns a request that differs in one thing.
 *
 * @param provider the backend
 * @param presets the options that it is tested under, one after the other; empty for its own, see
 *     {@link dev.octet.tck.subject.Presets}
 * @param rule the one rule to run; empty for all
 * @param caseName the one case to run; empty for all
 * @param seed what random constants and data depend on
 * @param limit how long one case may take
 */
public record TckRequest(
    QuantizerProvider provider,
    List<Options> presets,
    Optional<String> rule,
    Optional<String> caseName,
    long seed,
    Duration limit) {

  /** The seed of a run that names none. */
  public static final long SEED = 0x5EED;

  private static final Duration USUAL = Duration.ofSeconds(20);

  /** Copies the list. */
  public TckRequest {
    Objects.requireNonNull(provider, "provider");
    presets = List.copyOf(presets);
  }

  /** Asks for everything. */
  public static TckRequest of(QuantizerProvider provider) {
    return new TckRequest(provider, List.of(), Optional.empty(), Optional.empty(), SEED, USUAL);
  }

  /** Returns this request under one preset alone. */
  public TckRequest options(Options options) {
    return new TckRequest(provider, List.of(options), rule, caseName, seed, limit);
  }

  /** Returns this request for one rule alone. */
  public TckRequest rule(String id) {
    return new TckRequest(provider, presets, Optional.of(id), caseName, seed, limit);
  }

  /** Returns this request for one case alone, of whichever rules have it. */
  public TckRequest caseName(String name) {
    return new TckRequest(provider, presets, rule, Optional.of(name), seed, limit);
  }

  /** Returns this request with another seed. */
  public TckRequest seed(long other) {
    return new TckRequest(provider, presets, rule, caseName, other, limit);
  }

  /** Returns this request with the usual time for a case times a factor. */
  public TckRequest timeoutFactor(double factor) {
    Duration longer = Duration.ofMillis(Math.round(USUAL.toMillis() * factor));
    return new TckRequest(provider, presets, rule, caseName, seed, longer);
  }

  /** Tells whether it is narrowed, so that its report is no proof of conformance. */
  public boolean isPartial() {
    return rule.isPresent() || caseName.isPresent();
  }
}

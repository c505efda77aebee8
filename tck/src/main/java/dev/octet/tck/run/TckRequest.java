package dev.octet.tck.run;

import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.rule.Area;
import dev.octet.tck.rule.Rule;
import dev.octet.tck.subject.Presets;
import dev.octet.tck.verdict.Asked;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What is to be run on a backend. Immutable; its methods return a request that differs in one
 * thing.
 */
public final class TckRequest {

  /** The seed of a run that names none. */
  public static final long SEED = 0x5EED;

  private static final Set<Area> WITHOUT_OPTIONS = Set.of(Area.REG, Area.RUN);

  private static final Duration USUAL_LIMIT = Duration.ofSeconds(20);

  private final List<Options> presets;
  private final Optional<String> rule;
  private final Optional<String> caseName;
  private final List<Exclusion> exclusions;
  private final long seed;
  private final OptionalInt random;
  private final boolean exact;
  private final double timeoutFactor;

  /** A request while one thing of it is changed. */
  private static final class Draft {
    private List<Options> presets = List.of();
    private Optional<String> rule = Optional.empty();
    private Optional<String> caseName = Optional.empty();
    private List<Exclusion> exclusions = List.of();
    private long seed = SEED;
    private OptionalInt random = OptionalInt.empty();
    private boolean exact;
    private double timeoutFactor = 1;
  }

  private TckRequest(Draft draft) {
    this.presets = List.copyOf(draft.presets);
    this.rule = draft.rule;
    this.caseName = draft.caseName;
    this.exclusions = List.copyOf(draft.exclusions);
    this.seed = draft.seed;
    this.random = draft.random;
    this.exact = draft.exact;
    this.timeoutFactor = draft.timeoutFactor;
  }

  private TckRequest with(Consumer<Draft> change) {
    Draft draft = new Draft();
    draft.presets = presets;
    draft.rule = rule;
    draft.caseName = caseName;
    draft.exclusions = exclusions;
    draft.seed = seed;
    draft.random = random;
    draft.exact = exact;
    draft.timeoutFactor = timeoutFactor;
    change.accept(draft);
    return new TckRequest(draft);
  }

  /** Asks for every rule, under every preset of the backend. */
  public static TckRequest everything() {
    return new TckRequest(new Draft());
  }

  /** Returns this request under one set of options alone, given beside the backend's defaults. */
  public TckRequest options(Options options) {
    Objects.requireNonNull(options, "options");
    return with(draft -> draft.presets = List.of(options));
  }

  /** Returns this request for one rule alone. */
  public TckRequest rule(String id) {
    return with(draft -> draft.rule = Optional.of(id));
  }

  /**
   * Returns this request for the cases of one name alone; also a name that a case which failed was
   * shrunk to.
   */
  public TckRequest caseName(String name) {
    return with(draft -> draft.caseName = Optional.of(name));
  }

  /** Returns this request without some rules. */
  public TckRequest without(List<Exclusion> exclusions) {
    return with(draft -> draft.exclusions = exclusions);
  }

  /** Returns this request with another seed for random constants and data. */
  public TckRequest seed(long seed) {
    return with(draft -> draft.seed = seed);
  }

  /**
   * Returns this request for at most a number of cases of each rule, which the seed draws, beside
   * those of the list of boundary cases ({@link dev.octet.tck.rule.RuleBook#boundary}), which run
   * all the same.
   *
   * @throws IllegalArgumentException if it is not above 0
   */
  public TckRequest random(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("a rule cannot be tried by " + most + " cases");
    }
    return with(draft -> draft.random = OptionalInt.of(most));
  }

  /**
   * Returns this request for a backend whose runtime has to give every integer exactly: one that
   * declares bounds does not pass.
   */
  public TckRequest exact() {
    return with(draft -> draft.exact = true);
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
    return with(draft -> draft.timeoutFactor = factor);
  }

  /** Returns the options of each pass over a backend: those that were given, else its presets. */
  public List<Options> presets(QuantizerProvider provider) {
    return presets.isEmpty() ? Presets.of(provider) : presets;
  }

  /** Returns the one rule that runs; empty for all. */
  public Optional<String> rule() {
    return rule;
  }

  /** Returns the one case that runs; empty for all. */
  public Optional<String> caseName() {
    return caseName;
  }

  /** Returns the rules that are left out. */
  public List<Exclusion> exclusions() {
    return exclusions;
  }

  /** Returns what random constants and data depend on. */
  public long seed() {
    return seed;
  }

  /** Returns how many cases of each rule run at most beside boundary cases; empty for all. */
  public OptionalInt random() {
    return random;
  }

  /** Returns what the usual time for a case is multiplied by. */
  public double timeoutFactor() {
    return timeoutFactor;
  }

  /** Returns how long one case may take. */
  public Duration limit() {
    return Duration.ofMillis(Math.round(USUAL_LIMIT.toMillis() * timeoutFactor));
  }

  /** Tells whether it is narrowed, so that its report proves nothing of the whole. */
  public boolean isPartial() {
    return rule.isPresent() || caseName.isPresent();
  }

  /** Returns what a report shows of it. */
  Asked asked() {
    return new Asked(seed, random, isPartial(), exact);
  }

  /**
   * Tells whether a rule is among those that are asked for under a preset. The options are those of
   * the quantizer: a runtime and a registration know nothing of them, and are tried under the first
   * preset alone.
   *
   * @param preset the index of the preset
   */
  boolean wants(Rule wanted, int preset) {
    return (preset == 0 || !WITHOUT_OPTIONS.contains(wanted.area()))
        && (rule.isEmpty() || rule.get().equals(wanted.id()));
  }

  /** Returns why a rule is left out; empty when it is not. */
  Optional<Exclusion> exclusion(String id) {
    return exclusions.stream().filter(e -> e.rule().equals(id)).findFirst();
  }
}

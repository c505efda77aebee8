package dev.octet.workflow.calibrate;

import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.StandardObserver;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.tree.Tree;
import dev.octet.kernels.quantize.Derivations;
import dev.octet.kernels.quantize.ParameterRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The kinds of observers, scale grids and derivations that specs can name: Octet's own, and those
 * that backends bring. Immutable and thread-safe.
 */
public final class Observers {

  /** What keeps the smallest and the largest value. */
  static final ObserverSpec EXTREMES = ObserverSpec.minMax();

  /** What keeps a histogram; that all of Octet's others keep the same is the point. */
  static final ObserverSpec HISTOGRAM = ObserverSpec.entropy();

  private static final Set<String> OF_HISTOGRAM = Set.of("entropy", "percentile", "squared-error");

  private final SortedMap<String, KnownObserver> kinds;
  private final KnownGrids grids;
  private final KnownDerivations derivations;

  /** Why names are not known that somebody brought, by name. */
  private final SortedMap<String, String> refused;

  /** Which backends could not tell what they bring, and why. */
  private final List<String> failures;

  private Observers(
      SortedMap<String, KnownObserver> kinds,
      KnownGrids grids,
      KnownDerivations derivations,
      Map<String, String> refused,
      List<String> failures) {
    this.grids = grids;
    this.derivations = derivations;
    this.kinds = Collections.unmodifiableSortedMap(new TreeMap<>(kinds));
    this.refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
    this.failures = List.copyOf(failures);
  }

  /**
   * Returns Octet's own kinds: {@code entropy}, {@code min-max}, {@code percentile}, {@code
   * squared-error}.
   */
  public static Observers standard() {
    SortedMap<String, KnownObserver> own = new TreeMap<>();
    List<ObserverKind> all =
        List.of(
            new MinMaxKind(),
            new PercentileKind(),
            new HistogramKind(
                "entropy",
                "Keeps a histogram; the range is the one whose quantized distribution has the least"
                    + " relative entropy to the observed one.",
                EntropySearch::search),
            new HistogramKind(
                "squared-error",
                "Keeps a histogram; the range is the one with the least expected squared error of"
                    + " the quantized values.",
                SquaredErrorSearch::search));
    all.forEach(kind -> own.put(kind.descriptor().name(), KnownObserver.own(kind)));
    return new Observers(own, KnownGrids.own(), KnownDerivations.own(), Map.of(), List.of());
  }

  /**
   * Returns these kinds and those that a backend brings, its scale grids and derivations included.
   *
   * @throws OctetException {@code OCT-CAL-020}, {@code OCT-CAL-026} or {@code OCT-CAL-028} if there
   *     is one of the same name already; {@code OCT-REG-006} if the backend fails to tell them
   */
  public Observers with(QuantizerProvider provider) {
    return with(broughtBy(provider), grids.with(provider), derivations.with(provider));
  }

  /**
   * Returns these kinds and those of several backends, to read calibrations of whichever of them. A
   * backend that fails to tell its observers, or whose names clash, does not keep the others from
   * working: it is an error only to ask for such a name.
   */
  public Observers withAll(Collection<QuantizerProvider> providers) {
    SortedMap<String, KnownObserver> all = new TreeMap<>(kinds);
    SortedMap<String, String> clashes = new TreeMap<>(refused);
    List<String> failed = new ArrayList<>(failures);
    KnownGrids allGrids = grids;
    for (QuantizerProvider provider : providers) {
      allGrids = withGrids(allGrids, provider, failed);
      for (KnownObserver brought : broughtBy(provider, failed)) {
        String name = brought.descriptor().name();
        KnownObserver there = all.putIfAbsent(name, brought);
        if (there != null && !there.own()) {
          clashes.put(name, clash(brought, there));
        }
      }
    }
    all.keySet().removeAll(clashes.keySet());
    return new Observers(all, allGrids, derivations, clashes, failed);
  }

  /** Returns what each kind is, sorted by name. */
  public List<ObserverDescriptor> descriptors() {
    return kinds.values().stream().map(KnownObserver::descriptor).toList();
  }

  /**
   * Returns what the kind is that a spec names.
   *
   * @throws OctetException {@code OCT-CAL-001} if there is none of that name; {@code OCT-CAL-020}
   *     if several backends bring one
   */
  public ObserverDescriptor descriptor(ObserverSpec spec) {
    return known(spec).descriptor();
  }

  /**
   * Returns a spec with every parameter in canonical form and defaults filled in, so that equal
   * observers have equal specs.
   *
   * @throws OctetException {@code OCT-CAL-001} if there is no such observer; {@code OCT-CAL-002} if
   *     it has no such parameter; {@code OCT-CAL-024} if the parameter has no such value; {@code
   *     OCT-REG-006} if a backend's observer fails
   */
  public ObserverSpec canonical(ObserverSpec spec) {
    KnownObserver kind = known(spec);
    SortedMap<String, String> values = new TreeMap<>();
    kind.descriptor().parameters().forEach(p -> values.put(p.name(), kind.canonicalDefault(p)));
    spec.parameters()
        .forEach(
            (name, value) -> {
              if (!values.containsKey(name)) {
                throw unknownParameter("Observer '" + spec.name() + "'", name, values.keySet());
              }
              values.put(name, kind.canonical(name, value));
            });
    return new ObserverSpec(spec.name(), values);
  }

  /** Tells whether there is an observer of the name. */
  boolean knows(ObserverSpec spec) {
    return kinds.containsKey(spec.name());
  }

  /**
   * Returns an observer that keeps the same statistics as that of a spec, one for all that do:
   * those of Octet that search a histogram keep the same one, whatever they are told to look for.
   *
   * @throws OctetException as {@link #canonical}
   */
  ObserverSpec keeping(ObserverSpec spec) {
    return keptBy(canonical(spec));
  }

  /** Returns the same as {@link #keeping} for a spec in canonical form. */
  static ObserverSpec keptBy(ObserverSpec canonical) {
    return OF_HISTOGRAM.contains(canonical.name()) ? HISTOGRAM : canonical;
  }

  /**
   * Returns a new observer of a spec. Where a backend brought it, {@code OCT-CAL-017} is thrown
   * when it breaks its contract.
   *
   * @throws OctetException as {@link #canonical}
   */
  public ValueObserver create(ObserverSpec spec) {
    return known(spec).create(canonical(spec));
  }

  /**
   * Returns what a channel is quantized for.
   *
   * @param spec how it is quantized
   * @param statistics what the spec's observer kept, with at least one finite value
   * @throws OctetException as {@link #canonical} and {@link #rule}
   */
  public ChosenRange choose(QuantizationSpec.Observed spec, ChannelStatistics statistics) {
    return known(spec.observer()).choose(canonical(spec.observer()), statistics, rule(spec));
  }

  /**
   * Returns what makes scale and zero point of a range.
   *
   * @throws OctetException {@code OCT-CAL-025} if the scheme names a scale grid that is not known
   */
  public ParameterRule rule(QuantizationSpec.Observed spec) {
    return new ParameterRule(spec.type(), spec.scheme(), grids.rounding(spec.scheme().grid()));
  }

  /**
   * Returns what computes the parameters of a derived spec.
   *
   * @throws OctetException {@code OCT-CAL-027} if there is no such derivation; {@code OCT-CAL-002}
   *     if it is one of Octet's and has no such parameter, {@code OCT-CAL-024} if the parameter has
   *     no such value, {@code OCT-CAL-025} if it names a scale grid that is not known
   */
  public DerivationKind derivation(Derivation derivation) {
    DerivationKind kind = derivations.kind(derivation);
    if (derivations.isOwn(derivation)) {
      derivation.parameters().forEach((name, value) -> requireOwn(derivation, name, value));
    }
    return kind;
  }

  private void requireOwn(Derivation derivation, String name, String value) {
    String who = "Derivation '" + derivation.name() + "'";
    if (!Derivations.parameters().contains(name)) {
      throw unknownParameter(who, name, Derivations.parameters());
    }
    try {
      grid(Derivations.grid(name, value));
    } catch (IllegalArgumentException e) {
      throw CalibrationErrors.unfitParameter(who, name, value, e);
    }
  }

  /**
   * Returns the scales of a grid.
   *
   * @throws OctetException {@code OCT-CAL-025} if there is no grid of that name
   */
  public ParameterRule.Grid grid(ScaleGrid grid) {
    return grids.rounding(grid);
  }

  /** Returns one of these observers for another one to build on. */
  StandardObserver delegate(ObserverSpec spec) {
    return new SpecContext.Delegate(known(spec).kind(), canonical(spec));
  }

  /** Tells whether Octet has the kind itself, whose statistics a file keeps in their own form. */
  boolean isOwn(ObserverSpec spec) {
    return known(spec).own();
  }

  /** Returns statistics that a file keeps; see {@link KnownObserver#restore}. */
  ChannelStatistics restore(ObserverSpec spec, Extremes extremes, Tree.Mapping state) {
    return known(spec).restore(canonical(spec), extremes, state);
  }

  private KnownObserver known(ObserverSpec spec) {
    KnownObserver kind = kinds.get(spec.name());
    if (kind != null) {
      return kind;
    }
    String clash = refused.get(spec.name());
    if (clash != null) {
      throw clashing(clash).next("Leave one of the two backends out of the class path.");
    }
    String fact = "There is no observer '" + spec.name() + "'";
    throw CalibrationErrors.UNKNOWN_OBSERVER
        .error(failures.isEmpty() ? fact : fact + "; " + String.join("; ", failures))
        .candidates(NearMisses.of(spec.name(), kinds.keySet(), kinds.size()))
        .build();
  }

  private static KnownGrids withGrids(
      KnownGrids grids, QuantizerProvider provider, List<String> failed) {
    try {
      return grids.with(provider);
    } catch (OctetException e) {
      failed.add(e.fact());
      return grids;
    }
  }

  private Observers with(
      List<KnownObserver> more, KnownGrids allGrids, KnownDerivations allDerivations) {
    SortedMap<String, KnownObserver> all = new TreeMap<>(kinds);
    for (KnownObserver brought : more) {
      KnownObserver there = all.put(brought.descriptor().name(), brought);
      if (there != null) {
        throw clashing(clash(brought, there))
            .next("Rename it; put the name of the backend in front, as in 'acme-mean'.");
      }
    }
    return new Observers(all, allGrids, allDerivations, refused, failures);
  }

  private static List<KnownObserver> broughtBy(QuantizerProvider provider) {
    QuantizerProvider guarded = QuantizerProvider.guarded(provider);
    String bringer = "backend '" + guarded.name() + "'";
    return guarded.observers().stream().map(kind -> KnownObserver.of(kind, bringer)).toList();
  }

  private static List<KnownObserver> broughtBy(QuantizerProvider provider, List<String> failed) {
    try {
      return broughtBy(provider);
    } catch (OctetException e) {
      failed.add(e.fact());
      return List.of();
    }
  }

  private static String clash(KnownObserver brought, KnownObserver there) {
    return brought.bringer()
        + " brings an observer '"
        + brought.descriptor().name()
        + "', which "
        + there.bringer()
        + " has already";
  }

  private static OctetException.Builder clashing(String clash) {
    return CalibrationErrors.OBSERVER_TWICE.error(clash);
  }

  private static OctetException unknownParameter(
      String who, String name, Collection<String> known) {
    return CalibrationErrors.UNKNOWN_PARAMETER
        .error(who + " has no parameter '" + name + "'")
        .candidates(known)
        .next(known.isEmpty() ? "Remove the parameter." : "Use one of these parameters.");
  }

  /** Returns the names of the observers. */
  @Override
  public String toString() {
    return "observers " + kinds.keySet();
  }
}

package dev.octet.workflow.calibrate;

import dev.octet.api.error.OctetException;
import dev.octet.api.spec.ObserverSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The kinds of observers that specs can name. Immutable and thread-safe. */
public final class Observers {

  private final SortedMap<String, ObserverKind> kinds;

  private Observers(Collection<ObserverKind> kinds) {
    SortedMap<String, ObserverKind> byName = new TreeMap<>();
    for (ObserverKind kind : kinds) {
      String name = kind.descriptor().name();
      if (byName.put(name, kind) != null) {
        throw new IllegalArgumentException("there are two observers '" + name + "'");
      }
    }
    this.kinds = Collections.unmodifiableSortedMap(byName);
  }

  /**
   * Returns Octet's own kinds: {@code entropy}, {@code min-max}, {@code percentile}, {@code
   * squared-error}.
   */
  public static Observers standard() {
    return new Observers(
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
                SquaredErrorSearch::search)));
  }

  /**
   * Returns these kinds and another.
   *
   * @throws IllegalArgumentException if there is one of that name already
   */
  public Observers with(ObserverKind kind) {
    List<ObserverKind> all = new ArrayList<>(kinds.values());
    all.add(kind);
    return new Observers(all);
  }

  /** Returns what each kind is, sorted by name. */
  public List<ObserverDescriptor> descriptors() {
    return kinds.values().stream().map(ObserverKind::descriptor).toList();
  }

  /**
   * Returns the kind that a spec names.
   *
   * @throws OctetException {@code OCT-CAL-001} if there is none of that name
   */
  public ObserverKind kind(ObserverSpec spec) {
    ObserverKind kind = kinds.get(spec.name());
    if (kind == null) {
      throw OctetException.quantization("OCT-CAL-001", "There is no observer '" + spec.name() + "'")
          .candidates(kinds.keySet())
          .next("Name one of these observers in the spec.");
    }
    return kind;
  }

  /**
   * Returns a spec with every parameter in canonical form and defaults filled in, so that equal
   * observers have equal specs.
   *
   * @throws OctetException {@code OCT-CAL-001} if there is no such observer; {@code OCT-CAL-002} if
   *     it has no such parameter or the parameter no such value
   */
  public ObserverSpec canonical(ObserverSpec spec) {
    ObserverKind kind = kind(spec);
    SortedMap<String, String> values = new TreeMap<>();
    kind.descriptor().parameters().forEach(p -> values.put(p.name(), p.defaultValue()));
    spec.parameters()
        .forEach(
            (name, value) -> {
              if (!values.containsKey(name)) {
                throw unknownParameter(spec, name, values.keySet());
              }
              values.put(name, canonical(kind, name, value));
            });
    return new ObserverSpec(spec.name(), values);
  }

  /**
   * Returns a new observer of a spec.
   *
   * @throws OctetException as {@link #canonical}
   */
  public Observer create(ObserverSpec spec) {
    return kind(spec).create(canonical(spec));
  }

  private static String canonical(ObserverKind kind, String name, String value) {
    try {
      return kind.canonical(name, value);
    } catch (IllegalArgumentException e) {
      throw OctetException.quantization(
              "OCT-CAL-002",
              "Observer '"
                  + kind.descriptor().name()
                  + "' cannot have "
                  + name
                  + " = '"
                  + value
                  + "'")
          .cause(e)
          .next("Give " + e.getMessage() + ".");
    }
  }

  private static OctetException unknownParameter(
      ObserverSpec spec, String name, Collection<String> known) {
    return OctetException.quantization(
            "OCT-CAL-002", "Observer '" + spec.name() + "' has no parameter '" + name + "'")
        .candidates(known)
        .next(known.isEmpty() ? "Remove the parameter." : "Use one of these parameters.");
  }
}

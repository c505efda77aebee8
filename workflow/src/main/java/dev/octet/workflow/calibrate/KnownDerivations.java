package dev.octet.workflow.calibrate;

import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.DerivationKind;
import dev.octet.kernels.quantize.Derivations;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The derivations that specs can name. Immutable. */
final class KnownDerivations {

  private static final String OWN = "Octet";

  private final SortedMap<String, Known> known;

  /** A derivation and who brought it, in words such as {@code backend 'acme'}. */
  private record Known(DerivationKind kind, String bringer) {}

  private KnownDerivations(SortedMap<String, Known> known) {
    this.known = Collections.unmodifiableSortedMap(known);
  }

  /** Returns Octet's own. */
  static KnownDerivations own() {
    SortedMap<String, Known> own = new TreeMap<>();
    Derivations.own().forEach(kind -> own.put(kind.name(), new Known(kind, OWN)));
    return new KnownDerivations(own);
  }

  /**
   * Returns these derivations and those that a backend brings.
   *
   * @throws OctetException {@code OCT-CAL-028} if there is one of the same name already; {@code
   *     OCT-REG-006} if the backend fails
   */
  KnownDerivations with(QuantizerProvider provider) {
    SortedMap<String, Known> all = new TreeMap<>(known);
    QuantizerProvider guarded = QuantizerProvider.guarded(provider);
    String bringer = "backend '" + guarded.name() + "'";
    for (DerivationKind kind : guarded.derivations()) {
      Known there = all.put(kind.name(), new Known(kind, bringer));
      if (there != null) {
        throw CalibrationErrors.DERIVATION_TWICE
            .error(
                bringer
                    + " brings a derivation '"
                    + kind.name()
                    + "', which "
                    + there.bringer()
                    + " has already")
            .next("Rename it; put the name of the backend in front, as in 'acme-repeated'.");
      }
    }
    return new KnownDerivations(all);
  }

  /** Tells whether Octet has a derivation itself. */
  boolean isOwn(Derivation derivation) {
    Known found = known.get(derivation.name());
    return found != null && found.bringer().equals(OWN);
  }

  /**
   * Returns what a derivation does.
   *
   * @throws OctetException {@code OCT-CAL-027} if there is none of that name
   */
  DerivationKind kind(Derivation derivation) {
    Known found = known.get(derivation.name());
    if (found != null) {
      return found.kind();
    }
    throw CalibrationErrors.UNKNOWN_DERIVATION
        .error("There is no derivation '" + derivation.name() + "'")
        .candidates(NearMisses.of(derivation.name(), known.keySet(), known.size()))
        .build();
  }
}

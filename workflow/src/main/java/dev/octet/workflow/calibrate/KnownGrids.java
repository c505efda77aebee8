package dev.octet.workflow.calibrate;

import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.ScaleGridKind;
import dev.octet.kernels.quantize.ParameterRule;
import dev.octet.kernels.quantize.ScaleGrids;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The scale grids that schemes can name. Immutable. */
final class KnownGrids {

  private static final List<ScaleGrid> NAMED =
      List.of(
          ScaleGrid.any(),
          ScaleGrid.powersOfTwo(),
          ScaleGrid.onesOverIntegers(),
          ScaleGrid.integerReciprocals());

  /** A grid and who brought it, in words such as {@code backend 'acme'}. */
  private record Brought(ScaleGridKind kind, String bringer) {}

  private final SortedMap<String, Brought> brought;

  private KnownGrids(SortedMap<String, Brought> brought) {
    this.brought = Collections.unmodifiableSortedMap(brought);
  }

  /** Returns Octet's own. */
  static KnownGrids own() {
    return new KnownGrids(new TreeMap<>());
  }

  /**
   * Returns these grids and those that a backend brings.
   *
   * @throws OctetException {@code OCT-CAL-026} if there is one of the same name already; {@code
   *     OCT-REG-006} if the backend fails
   */
  KnownGrids with(QuantizerProvider provider) {
    SortedMap<String, Brought> all = new TreeMap<>(brought);
    QuantizerProvider guarded = QuantizerProvider.guarded(provider);
    String bringer = "backend '" + guarded.name() + "'";
    for (ScaleGridKind kind : guarded.scaleGrids()) {
      Brought there = all.put(kind.name(), new Brought(kind, bringer));
      if (there != null || ScaleGrids.own(ScaleGrid.named(kind.name())).isPresent()) {
        throw CalibrationErrors.GRID_TWICE
            .error(
                bringer
                    + " brings a scale grid '"
                    + kind.name()
                    + "', which "
                    + (there == null ? "Octet" : there.bringer())
                    + " has already")
            .next("Rename it; put the name of the backend in front, as in 'acme-decimal'.");
      }
    }
    return new KnownGrids(all);
  }

  /**
   * Returns what a grid does.
   *
   * @throws OctetException {@code OCT-CAL-025} if there is none of that name
   */
  ParameterRule.Grid rounding(ScaleGrid grid) {
    Optional<ScaleGridKind> own = ScaleGrids.own(grid);
    if (own.isPresent()) {
      return own.get()::atLeast;
    }
    Brought found = brought.get(grid.name());
    if (found != null) {
      return found.kind()::atLeast;
    }
    TreeSet<String> names = new TreeSet<>(brought.keySet());
    NAMED.forEach(known -> names.add(known.name()));
    throw CalibrationErrors.UNKNOWN_GRID
        .error("There is no scale grid '" + grid.name() + "'")
        .candidates(NearMisses.of(grid.name(), names, names.size()))
        .build();
  }
}

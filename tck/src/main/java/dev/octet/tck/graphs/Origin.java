package dev.octet.tck.graphs;

import dev.octet.api.graph.OpType;
import dev.octet.api.provider.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a composition was made, so that smaller ones of its kind can be. Immutable. */
public final class Origin {

  private final Chain chain;

  Origin(Chain chain) {
    this.chain = chain;
  }

  /**
   * Returns smaller compositions of the same forms, the smallest first: of each declared chain that
   * the operators begin with, the shortest first, with sizes as small as conditions let them be,
   * and with the sizes of this one; then of all operators with small sizes.
   *
   * @param capabilities everything that the backend declares
   */
  public List<Composition> smaller(List<Capability> capabilities) {
    List<Composition> all = new ArrayList<>();
    for (Chain shorter : beginnings(capabilities)) {
      small(shorter).ifPresent(all::add);
      met(shorter).ifPresent(all::add);
    }
    small(chain).ifPresent(all::add);
    return all;
  }

  private List<Chain> beginnings(List<Capability> capabilities) {
    List<Chain> all = new ArrayList<>();
    List<OpType> pattern = chain.capability().pattern();
    for (int steps = 1; steps < pattern.size(); steps++) {
      List<OpType> wanted = pattern.subList(0, steps);
      for (int i = 0; i < capabilities.size(); i++) {
        if (capabilities.get(i).pattern().equals(wanted)) {
          chain
              .beginning(capabilities.get(i), Composer.prefix(i, capabilities.get(i)))
              .ifPresent(all::add);
        }
      }
    }
    return all;
  }

  private static Optional<Composition> met(Chain made) {
    return made.composition().filter(composition -> composition.broken().isEmpty());
  }

  private static Optional<Composition> small(Chain made) {
    return Tried.of(Recipe.of(made))
        .filter(Tried::isMet)
        .map(Edges::small)
        .flatMap(tried -> met(tried.chain()));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Origin origin && origin.chain.equals(chain);
  }

  @Override
  public int hashCode() {
    return chain.hashCode();
  }
}

package dev.octet.tck.graphs;

import dev.octet.api.provider.Capability;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is composed of what backends declare, each composed when somebody asks for the first time:
 * that takes longer than most rules take to look at it. Who declares the same shares the same; the
 * few that were asked for last are kept. Thread-safe.
 */
public final class Compositions {

  private static final int MOST = 4;

  private final Map<Asked, OfCapabilities> known = new LinkedHashMap<>();

  /** Keeps nothing yet. */
  public Compositions() {}

  private record Asked(List<Capability> capabilities, Breadth breadth, long seed) {}

  /** What is composed of the same capabilities. Thread-safe. */
  public static final class OfCapabilities {
    private final Composer composer;
    private @Nullable List<Composition> all;
    private @Nullable List<Composition> undeclared;
    private @Nullable List<Composition> normalized;

    private OfCapabilities(Composer composer) {
      this.composer = composer;
    }

    /** Returns the compositions of every capability; see {@link Composer#compositions}. */
    public synchronized List<Composition> all() {
      List<Composition> made = all == null ? List.copyOf(composer.compositions()) : all;
      all = made;
      return made;
    }

    /** Returns those of what is not declared; see {@link Composer#undeclared}. */
    public synchronized List<Composition> undeclared() {
      List<Composition> made = undeclared == null ? List.copyOf(composer.undeclared()) : undeclared;
      undeclared = made;
      return made;
    }

    /** Returns those behind a normalization; see {@link Composer#normalized}. */
    public synchronized List<Composition> normalized() {
      List<Composition> made = normalized == null ? List.copyOf(composer.normalized()) : normalized;
      normalized = made;
      return made;
    }

    /** Returns what keeps a capability from being met; see {@link Composer#obstacle}. */
    public String obstacle(int index) {
      return composer.obstacle(index);
    }
  }

  /**
   * Returns what is composed of capabilities.
   *
   * @param capabilities everything that a backend declares
   * @param breadth how much is composed of each
   * @param seed what random constants depend on
   */
  public synchronized OfCapabilities of(List<Capability> capabilities, Breadth breadth, long seed) {
    Asked asked = new Asked(List.copyOf(capabilities), breadth, seed);
    OfCapabilities before = known.remove(asked);
    OfCapabilities made =
        Objects.requireNonNullElseGet(
            before, () -> new OfCapabilities(new Composer(capabilities, breadth, seed)));
    known.put(asked, made);
    if (known.size() > MOST) {
      known.remove(known.keySet().iterator().next());
    }
    return made;
  }
}

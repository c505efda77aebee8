package dev.octet.kernels.execute;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The arrays that a step reads or writes: those that stand ready, and those of passing constants,
 * which are made when they are asked for.
 */
final class StepArrays {

  private final @Nullable Object[] ready;
  private final List<Optional<Place>> passing;

  private StepArrays(@Nullable Object[] ready, List<Optional<Place>> passing) {
    this.ready = ready;
    this.passing = passing;
  }

  /**
   * Returns the arrays of places.
   *
   * @param arrays those of a run
   */
  static StepArrays of(List<Optional<Place>> places, Object[] arrays) {
    @Nullable Object[] ready = new Object[places.size()];
    for (int i = 0; i < ready.length; i++) {
      ready[i] =
          places.get(i).filter(p -> !p.isPassing()).map(p -> p.in(arrays).array()).orElse(null);
    }
    boolean passes = places.stream().anyMatch(p -> p.filter(Place::isPassing).isPresent());
    return new StepArrays(ready, passes ? places : List.of());
  }

  /** Returns all of them by index; null where there is none. */
  @Nullable Object[] all() {
    if (passing.isEmpty()) {
      return ready;
    }
    @Nullable Object[] all = new Object[ready.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = get(i);
    }
    return all;
  }

  /** Returns one of them; null if there is none. */
  @Nullable Object get(int index) {
    Object array = ready[index];
    return array != null || passing.isEmpty()
        ? array
        : passing.get(index).map(place -> place.in(new Object[0]).array()).orElse(null);
  }

  int count() {
    return ready.length;
  }
}

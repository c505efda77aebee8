package dev.octet.kernels.execute;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The plans for the kinds of inputs that a model met last, each with the run states that were made
 * for it. Threads that need the same plan wait for the one that makes it; others do not.
 * Thread-safe.
 *
 * @param <K> what a plan is made for
 */
final class RecentPlans<K> {

  /** Sizes come in few kinds, such as full batches and the last one, or come from a long range. */
  private static final int MOST = 4;

  private final Map<K, Entry> entries = new LinkedHashMap<>(MOST, 0.75f, true);

  /** Returns the run states of the plan for a key, which is made if there is none. */
  Pool<PlanRun> runs(K key, Function<K, Plan> planner) {
    return entry(key).runs(() -> planner.apply(key));
  }

  private synchronized Entry entry(K key) {
    Entry entry = entries.computeIfAbsent(key, k -> new Entry());
    if (entries.size() > MOST) {
      entries.remove(entries.keySet().iterator().next());
    }
    return entry;
  }

  /** A plan that is made at most once, unless making it fails. */
  private static final class Entry {
    private @Nullable Pool<PlanRun> runs;

    synchronized Pool<PlanRun> runs(Supplier<Plan> planner) {
      Pool<PlanRun> made = runs;
      if (made == null) {
        Plan plan = planner.get();
        made = new Pool<>(plan::newRun);
        runs = made;
      }
      return made;
    }
  }
}

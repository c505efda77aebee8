package dev.octet.api.provider;

import dev.octet.api.guard.Guard;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.MergeableStatistics;
import dev.octet.api.tree.Tree;
import org.jspecify.annotations.Nullable;

/** Statistics of an observer that others wrote, of which every call is guarded. */
class GuardedStatistics implements ChannelStatistics {

  final ChannelStatistics statistics;
  final Guard guard;

  private GuardedStatistics(ChannelStatistics statistics, Guard guard) {
    this.statistics = statistics;
    this.guard = guard;
  }

  /** Guards statistics; Octet's own extremes stay as they are. */
  static ChannelStatistics of(ChannelStatistics statistics, Guard guard) {
    if (statistics instanceof Extremes) {
      return statistics;
    }
    return statistics instanceof MergeableStatistics mergeable
        ? new Mergeable(mergeable, guard)
        : new GuardedStatistics(statistics, guard);
  }

  /** Returns statistics as those who wrote them know them. */
  static ChannelStatistics unguarded(ChannelStatistics statistics) {
    return statistics instanceof GuardedStatistics guarded ? guarded.statistics : statistics;
  }

  @Override
  public Extremes extremes() {
    return guard.call("extremes", statistics::extremes);
  }

  @Override
  public Tree.Mapping state() {
    return guard.call("state", statistics::state);
  }

  @Override
  public float min() {
    return guard.call("min", statistics::min);
  }

  @Override
  public float max() {
    return guard.call("max", statistics::max);
  }

  @Override
  public long finite() {
    return guard.call("finite", statistics::finite);
  }

  @Override
  public long nan() {
    return guard.call("nan", statistics::nan);
  }

  @Override
  public long infinite() {
    return guard.call("infinite", statistics::infinite);
  }

  @Override
  public long count() {
    return guard.call("count", statistics::count);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ChannelStatistics that
        && guard.call("equals", () -> statistics.equals(unguarded(that)));
  }

  @Override
  public int hashCode() {
    return guard.call("hashCode", statistics::hashCode);
  }

  @Override
  public String toString() {
    return guard.call("toString", statistics::toString);
  }

  /** Statistics that add up. */
  private static final class Mergeable extends GuardedStatistics implements MergeableStatistics {

    private final MergeableStatistics mergeable;

    Mergeable(MergeableStatistics statistics, Guard guard) {
      super(statistics, guard);
      this.mergeable = statistics;
    }

    @Override
    public MergeableStatistics plus(MergeableStatistics other) {
      MergeableStatistics own = other instanceof Mergeable that ? that.mergeable : other;
      return new Mergeable(guard.call("plus", () -> mergeable.plus(own)), guard);
    }

    @Override
    public MergeableStatistics repeated(long times) {
      return new Mergeable(guard.call("repeated", () -> mergeable.repeated(times)), guard);
    }
  }
}

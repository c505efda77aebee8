package dev.octet.api.observer;

import dev.octet.api.tree.Tree;

/**
 * One of Octet's own observers, as another observer uses it. Its statistics are those of {@link
 * #create}, and no others.
 */
public interface StandardObserver {

  /** Returns a new observer, which saw nothing. */
  ValueObserver create();

  /**
   * Returns statistics that a calibration file keeps; see {@link ObserverKind#restore}.
   *
   * @throws IllegalArgumentException or {@link dev.octet.api.error.OctetException} if the state is
   *     not of this observer
   */
  ChannelStatistics restore(Extremes extremes, Tree.Mapping state);

  /**
   * Returns the range that it finds in its statistics.
   *
   * @param context what the range is for
   * @param statistics what it kept, with at least one finite value
   */
  Range range(RangeContext context, ChannelStatistics statistics);
}

package dev.octet.workflow.calibrate;

import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.MergeableStatistics;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.text.JsonText;
import java.util.List;

/**
 * An observer from elsewhere, whose results are checked: {@code OCT-CAL-017} says what it does
 * wrong, and that it was not Octet.
 */
final class CheckedObserver implements ValueObserver {

  private final KnownObserver known;
  private final ObserverSpec spec;
  private final ValueObserver observer;
  private int channels = -1;
  private long seen;

  CheckedObserver(KnownObserver known, ObserverSpec spec, ValueObserver observer) {
    this.known = known;
    this.spec = spec;
    this.observer = observer;
  }

  @Override
  public void observe(float[] data, int from, int count, ChannelLayout layout) {
    ChannelRuns.require(count, layout);
    ChannelRuns.requireSame(channels < 0 ? layout.channels() : channels, layout.channels());
    channels = layout.channels();
    seen = Math.addExact(seen, (long) layout.outer() * layout.inner());
    observer.observe(data, from, count, layout);
  }

  @Override
  public List<ChannelStatistics> statistics() {
    List<ChannelStatistics> statistics = observer.statistics();
    if (statistics.size() != Math.max(channels, 0)) {
      throw known.breach(
          "it has statistics of "
              + statistics.size()
              + " channels and saw "
              + Math.max(channels, 0));
    }
    statistics.forEach(this::require);
    return statistics;
  }

  private void require(ChannelStatistics channel) {
    String wrong;
    try {
      wrong = wrong(channel);
    } catch (IllegalArgumentException e) {
      wrong = "its statistics cannot be kept: " + e;
    }
    if (!wrong.isEmpty()) {
      throw known.breach(wrong);
    }
  }

  /** Returns what is wrong with the statistics of a channel; empty when nothing is. */
  private String wrong(ChannelStatistics channel) {
    if (channel.count() != seen) {
      return "a channel saw " + seen + " values, of which its statistics count " + channel.count();
    }
    Tree.Mapping state = channel.state();
    // A state that is no JSON would be found only when the file is written.
    JsonText.write(state);
    ChannelStatistics restored =
        known.kind().restore(new SpecContext(spec), channel.extremes(), state);
    String disagreement = known.disagreement(restored, channel.extremes(), state);
    if (disagreement.isEmpty() && !restored.equals(channel)) {
      return "statistics that are restored from their state do not equal them";
    }
    return disagreement.isEmpty() ? wrongSum(channel) : disagreement;
  }

  private static String wrongSum(ChannelStatistics channel) {
    boolean fits = channel.count() <= Long.MAX_VALUE / 2;
    return fits && channel instanceof MergeableStatistics m && !m.plus(m).equals(m.repeated(2))
        ? "statistics added to themselves are not what they are when seen twice"
        : "";
  }
}

package dev.octet.api.provider;

import dev.octet.api.guard.Guard;
import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.ValueObserver;
import java.util.List;

/** An observer of which every call is guarded. */
final class GuardedObserver implements ValueObserver {

  private final ValueObserver observer;
  private final Guard guard;

  GuardedObserver(ValueObserver observer, Guard guard) {
    this.observer = observer;
    this.guard = guard;
  }

  @Override
  public void observe(float[] data, int from, int count, ChannelLayout layout) {
    guard.run("observe", () -> observer.observe(data, from, count, layout));
  }

  @Override
  public List<ChannelStatistics> statistics() {
    return guard.list("statistics", observer::statistics).stream()
        .map(channel -> GuardedStatistics.of(channel, guard))
        .toList();
  }
}

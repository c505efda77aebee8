package dev.octet.workflow.calibrate;

import dev.octet.api.observer.ChannelLayout;

/** The checks that all observers make. */
final class ChannelRuns {

  private ChannelRuns() {}

  static void require(int count, ChannelLayout layout) {
    if (count != layout.count()) {
      throw new IllegalArgumentException(count + " values do not fill " + layout);
    }
  }

  static void requireSame(int channels, int other) {
    if (channels != other) {
      throw new IllegalArgumentException("there were " + channels + " channels, now " + other);
    }
  }
}

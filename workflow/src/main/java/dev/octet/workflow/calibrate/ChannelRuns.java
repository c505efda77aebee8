package dev.octet.workflow.calibrate;

/** Where the runs of a channel start, and the checks that all observers make. */
final class ChannelRuns {

  private ChannelRuns() {}

  static int start(int from, ChannelLayout layout, int outer, int channel) {
    return from + (outer * layout.channels() + channel) * layout.inner();
  }

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

package dev.octet.tck.run;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.time.Duration;

/**
 * How long to wait for a call that should end within a time: that time on a machine that has
 * nothing else to do, and longer where so many others compute that each gets a part of it. Who has
 * computed for the whole time itself has had it.
 *
 * @param load how many threads compute or wait to, for each processor
 */
record Patience(double load) {

  /** Where everybody waits for longer than that, nobody waits for results. */
  private static final double MOST = 4;

  /**
   * Returns that of the machine as it is; that of one with nothing else to do where it does not
   * say.
   */
  static Patience now() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    return new Patience(system.getSystemLoadAverage() / system.getAvailableProcessors());
  }

  /** Returns how long what should end within a time may take here. */
  Duration allowed(Duration limit) {
    double factor = Math.max(1, Math.min(MOST, load));
    return Duration.ofMillis(Math.round(limit.toMillis() * factor));
  }

  /**
   * Returns how much longer to wait, at most as long as the limit; zero when it is enough.
   *
   * @param limit how long it should take
   * @param passed how long ago it began
   * @param computed for how long it computed since
   */
  Duration left(Duration limit, Duration passed, Duration computed) {
    Duration left = allowed(limit).minus(passed);
    boolean enough = left.isNegative() || computed.compareTo(limit) >= 0;
    return enough ? Duration.ZERO : left.compareTo(limit) < 0 ? left : limit;
  }
}

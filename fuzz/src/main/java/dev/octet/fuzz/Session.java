package dev.octet.fuzz;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A run over kinds of files, which take turns. For one thread. */
final class Session {

  private static final long TURN_NANOS = Duration.ofMillis(200).toNanos();

  private final Settings settings;
  private final Lane lane;
  private final Minimiser minimiser;
  private final Consumer<Finding> found;

  /** Takes who hears of each finding at once. */
  Session(Settings settings, Lane lane, Minimiser minimiser, Consumer<Finding> found) {
    this.settings = settings;
    this.lane = lane;
    this.minimiser = minimiser;
    this.found = found;
  }

  /** Runs until time is up or every kind has had its inputs. */
  List<Tally> run(List<Format> formats) throws InterruptedException {
    long deadline = System.nanoTime() + settings.time().toNanos();
    List<Tally> tallies = new ArrayList<>();
    formats.forEach(format -> tallies.add(new Tally(format.name())));
    boolean more = true;
    while (more) {
      more = false;
      for (int i = 0; i < formats.size() && System.nanoTime() < deadline; i++) {
        turn(formats.get(i), tallies.get(i), Math.min(TURN_NANOS, deadline - System.nanoTime()));
        more |= tallies.get(i).next() < settings.inputs();
      }
    }
    return tallies;
  }

  private void turn(Format format, Tally tally, long nanos) throws InterruptedException {
    long seed = settings.seed();
    Slice slice =
        new Slice(
            format.target(), i -> format.input(seed, i), tally.next(), settings.inputs(), nanos);
    long before = System.nanoTime();
    lane.run(slice);
    tally.add(slice, System.nanoTime() - before);
    if (slice.fault().isPresent() && tally.isNew(slice.fault().get())) {
      Finding finding = finding(format, slice.next() - 1, slice.fault().get());
      tally.add(finding);
      found.accept(finding);
    }
  }

  private Finding finding(Format format, long index, Fault fault) throws InterruptedException {
    byte[] input = format.input(settings.seed(), index);
    byte[] smallest = minimiser.smallest(format, input, fault);
    return new Finding(format.name(), settings.seed(), index, fault, smallest);
  }
}

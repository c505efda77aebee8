package dev.octet.fuzz;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads damaged files of every kind for a while, and says which do what they must not. */
public final class Fuzz {

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration TO_MINIMISE = Duration.ofSeconds(20);
  private static final int BAD_COMMAND_LINE = 2;

  private final Settings settings;
  private final PrintStream out;

  private Fuzz(Settings settings, PrintStream out) {
    this.settings = settings;
    this.out = out;
  }

  /** Runs; exits with 1 where there are findings. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.exit(run(List.of(arguments), System.out));
  }

  static int run(List<String> arguments, PrintStream out) throws IOException, InterruptedException {
    try (Scratch scratch = Scratch.open()) {
      Settings settings = Settings.of(arguments);
      List<Format> formats = chosen(new Formats(scratch).all(), settings.formats());
      return new Fuzz(settings, out).run(formats);
    } catch (IllegalArgumentException e) {
      out.println(e.getMessage() + "\nusage: " + Settings.USAGE);
      return BAD_COMMAND_LINE;
    }
  }

  private static List<Format> chosen(List<Format> all, List<String> names) {
    Set<String> known =
        all.stream().map(Format::name).collect(Collectors.toCollection(TreeSet::new));
    if (!known.containsAll(names)) {
      throw new IllegalArgumentException("formats are " + String.join(", ", known));
    }
    return all.stream().filter(f -> names.isEmpty() || names.contains(f.name())).toList();
  }

  private int run(List<Format> formats) throws InterruptedException {
    try (Lane lane = new Lane(LIMIT)) {
      Minimiser minimiser = new Minimiser(lane, TO_MINIMISE);
      if (settings.index().isPresent()) {
        return replay(formats, settings.index().get(), lane);
      }
      List<Tally> tallies = new Session(settings, lane, minimiser, this::report).run(formats);
      return print(tallies);
    }
  }

  private void report(Finding finding) {
    out.println(finding + "\n" + finding.fault().stack());
    Path folder = settings.out();
    try {
      finding.write(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads one input of each kind once more, and says what comes of it. */
  private int replay(List<Format> formats, long index, Lane lane) throws InterruptedException {
    int faults = 0;
    for (Format format : formats) {
      byte[] input = format.input(settings.seed(), index);
      Slice slice = new Slice(format.target(), i -> input, index, index + 1, LIMIT.toNanos());
      lane.run(slice);
      out.println(format.name() + ": " + input.length + " bytes, " + slice.reached());
      slice.fault().ifPresent(fault -> out.println(fault + "\n" + fault.stack()));
      faults += slice.fault().isPresent() ? 1 : 0;
    }
    return faults == 0 ? 0 : 1;
  }

  private int print(List<Tally> tallies) {
    long inputs = tallies.stream().mapToLong(Tally::inputs).sum();
    long findings = tallies.stream().mapToLong(tally -> tally.findings().size()).sum();
    Set<String> ids = new TreeSet<>();
    tallies.forEach(tally -> ids.addAll(tally.reached()));
    out.println(Tally.HEAD);
    tallies.forEach(out::println);
    out.printf(
        Locale.ROOT,
        "%d inputs of %d formats, seed %d, %d MiB: %d ids, %d findings%n",
        inputs,
        tallies.size(),
        settings.seed(),
        Runtime.getRuntime().maxMemory() >> 20,
        ids.size(),
        findings);
    return findings == 0 ? 0 : 1;
  }
}

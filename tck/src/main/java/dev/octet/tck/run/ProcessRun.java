package dev.octet.tck.run;

import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.graphs.Compositions;
import dev.octet.tck.rule.RuleBook;
import dev.octet.tck.verdict.Outcome;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.TestedBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs the kit in processes of its own, so that a backend that ends the JVM, or stops it, still has
 * a report: the case that ran is errored, and another process goes on behind it.
 */
public final class ProcessRun {

  /** Starts a process that runs a request. */
  @FunctionalInterface
  public interface Launcher {
    /**
     * Starts it.
     *
     * @param journal the file into which the process writes how far it is, for {@link #work}
     * @param from where the run is that it goes on with
     */
    Process start(Path journal, Place from) throws IOException;
  }

  /** What a process is given beyond the time of a case before it is taken for stopped. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static final Duration GRACE_OF_A_SIGNAL = Duration.ofMillis(300);

  private static final Duration POLL = Duration.ofMillis(100);

  private final TckRequest request;
  private final Launcher launcher;
  private final ReportBuilder report;

  private ProcessRun(TckRequest request, List<Options> presets, Launcher launcher) {
    this.request = request;
    this.launcher = launcher;
    this.report = new ReportBuilder(RuleBook.read(), request, presets);
  }

  /**
   * Runs a request in processes. When the calling thread is interrupted, the process is ended, and
   * the report has what ran until then; the thread is interrupted when this returns.
   *
   * @param provider says here which build and which options it has, and does its work there
   * @throws dev.octet.api.error.OctetException if the backend does not say
   * @throws IOException if a process cannot be started, or ends where no code of the backend runs
   * @throws InterruptedException if the calling thread is interrupted before the first process
   */
  public static TckReport run(QuantizerProvider provider, TckRequest request, Launcher launcher)
      throws IOException, InterruptedException {
    TestedBackend backend = TckRun.backend(provider, request);
    ProcessRun run = new ProcessRun(request, TckRun.presets(provider, request), launcher);
    run.toTheEnd();
    return run.report.report(backend);
  }

  /**
   * Does the work of a process that {@link Launcher#start} started.
   *
   * @param watcher sees which case begins
   * @throws IOException if the journal cannot be written
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static void work(
      QuantizerProvider provider, TckRequest request, Path journal, Place from, CaseWatcher watcher)
      throws IOException, InterruptedException {
    try (Journal told = Journal.create(journal, watcher)) {
      TckRun.run(provider, request, from, told, new Compositions());
      told.whole();
    }
  }

  private void toTheEnd() throws IOException {
    Path journal = Files.createTempFile("octet-tck-", ".journal");
    try {
      Optional<Place> next = Optional.of(Place.START);
      while (next.isPresent()) {
        next = goOn(journal, next.get());
      }
    } finally {
      Files.deleteIfExists(journal);
    }
  }

  /** Runs one process; returns where another has to go on, empty when none has to. */
  private Optional<Place> goOn(Path journal, Place from) throws IOException {
    Files.write(journal, new byte[0]);
    String end;
    try {
      end = await(launcher.start(journal, from), journal);
    } catch (InterruptedException e) {
      Journal.replay(journal, from, report);
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
    Journal.Reach reach = Journal.replay(journal, from, report);
    return reach.whole() ? Optional.empty() : Optional.of(behind(reach, from, end));
  }

  /** Reports what ended a process; returns the place behind it. */
  private Place behind(Journal.Reach reach, Place from, String end) throws IOException {
    Place place = reach.place();
    if (reach.open().isPresent()) {
      report.ends(Outcome.errored("the process " + end + " while it ran"));
      return place.behindCase();
    }
    if (reach.settingUp()) {
      report.rule(place.rule(), Optional.empty());
      report.begins(TckRun.SET_UP);
      report.ends(Outcome.errored("the process " + end + " before the first case of the rule"));
      report.ruleEnds();
      return place.behindRule();
    }
    if (place.equals(from)) {
      throw new IOException("the process of the kit " + end + " between two cases");
    }
    return place;
  }

  /** Waits for a process; returns how it ended, in words that follow "the process". */
  private String await(Process process, Path journal) throws IOException, InterruptedException {
    try {
      long size = -1;
      long since = System.nanoTime();
      while (!process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        long now = Files.size(journal);
        if (now != size) {
          size = now;
          since = System.nanoTime();
        }
        Duration silent = Duration.ofNanos(System.nanoTime() - since);
        if (silent.compareTo(Patience.now().allowed(request.limit()).plus(GRACE)) > 0) {
          return "told nothing for " + silent.toSeconds() + " s";
        }
      }
      // What interrupts this command may have ended the process a moment before.
      Thread.sleep(process.exitValue() == 0 ? 0 : GRACE_OF_A_SIGNAL.toMillis());
      return "ended with exit code " + process.exitValue();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}

package dev.octet.tck.run;

import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.rule.RuleBook;
import dev.octet.tck.verdict.Outcome;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.TestedBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
     * @param skipped how many cases it passes over
     */
    Process start(Path journal, long skipped) throws IOException;
  }

  /** What a process is given beyond the time of a case before it is taken for stopped. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(100);

  private final TckRequest request;
  private final Launcher launcher;
  private final ReportBuilder report;

  private ProcessRun(TckRequest request, Launcher launcher) {
    this.request = request;
    this.launcher = launcher;
    this.report = new ReportBuilder(RuleBook.read(), request);
  }

  /**
   * Runs a request in processes.
   *
   * @throws IOException if a process cannot be started, or a first one ends before any case began
   * @throws InterruptedException if the calling thread is interrupted; the process is ended then
   */
  public static TckReport run(TestedBackend backend, TckRequest request, Launcher launcher)
      throws IOException, InterruptedException {
    ProcessRun run = new ProcessRun(request, launcher);
    run.toTheEnd();
    return run.report.report(backend);
  }

  /**
   * Does the work of a process that {@link Launcher#start} started.
   *
   * @throws IOException if the journal cannot be written
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static void work(
      QuantizerProvider provider, TckRequest request, Path journal, long skipped)
      throws IOException, InterruptedException {
    try (Journal told = Journal.create(journal)) {
      TckRun.run(provider, request, skipped, told);
      told.whole();
    }
  }

  private void toTheEnd() throws IOException, InterruptedException {
    long done = 0;
    Path journal = Files.createTempFile("octet-tck-", ".journal");
    try {
      while (true) {
        String end = await(launcher.start(journal, done), journal);
        Journal.Reach reach = Journal.replay(journal, report);
        if (reach.whole()) {
          return;
        }
        if (reach.open().isEmpty()) {
          throw new IOException("the process of the kit " + end + " between two cases");
        }
        report.ends(Outcome.errored("the process " + end + " while it ran"));
        done += reach.cases() + 1;
      }
    } finally {
      Files.deleteIfExists(journal);
    }
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
        if (silent.compareTo(request.limit().plus(GRACE)) > 0) {
          return "told nothing for " + silent.toSeconds() + " s";
        }
      }
      return "ended with exit code " + process.exitValue();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}

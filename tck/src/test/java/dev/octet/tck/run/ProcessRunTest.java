package dev.octet.tck.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.broken.Acme;
import dev.octet.tck.broken.EndsTheProcess;
import dev.octet.tck.verdict.CaseResult;
import dev.octet.tck.verdict.Conformance;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessRunTest {

  private static final TckRequest REQUEST =
      TckRequest.everything().options(Options.none()).rule("TCK-CAP-001");

  /** The process: the class of the backend, the journal, where it begins. */
  public static final class Worker {
    public static void main(String[] arguments) throws Exception {
      QuantizerProvider backend =
          (QuantizerProvider) Class.forName(arguments[0]).getDeclaredConstructor().newInstance();
      ProcessRun.work(
          backend,
          REQUEST,
          Path.of(arguments[1]),
          Place.parse(arguments[2]),
          (rule, name, before) -> {});
    }
  }

  private static Process start(Class<?> backend, Path journal, Place from) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Worker.class.getName(),
            backend.getName(),
            journal.toString(),
            from.toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static TckReport report(QuantizerProvider backend) throws Exception {
    return ProcessRun.run(
        backend, REQUEST, (journal, from) -> start(backend.getClass(), journal, from));
  }

  @Test
  void reportsWhatOneProcessWouldReport() throws Exception {
    Acme backend = new Acme();
    assertEquals(TckRun.run(backend, REQUEST), report(backend));
  }

  @Test
  void namesTheCaseInWhichTheJvmEndedAndGoesOnBehindIt() throws Exception {
    RuleResult result = report(new EndsTheProcess()).results().findFirst().orElseThrow();
    RuleResult usual = TckRun.run(new Acme(), REQUEST).results().findFirst().orElseThrow();
    assertEquals(Verdict.ERRORED, result.verdict());
    assertEquals(
        usual.cases().stream().map(CaseResult::name).toList(),
        result.cases().stream().map(CaseResult::name).toList());
    List<CaseResult> troubles = result.troubles();
    assertEquals("c00-conv/1x4x9x8/stride", troubles.get(0).name());
    assertEquals(
        "the process ended with exit code 134 while it ran",
        troubles.get(0).outcome().message().orElseThrow());
  }

  @Test
  void aRunInWhichACaseErroredDoesNotConform() throws Exception {
    assertEquals(Conformance.NOT_CONFORMANT, report(new EndsTheProcess()).conformance());
  }

  @Test
  void aProcessThatEndsBeforeItsFirstCaseIsAnError() {
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                ProcessRun.run(
                    new Acme(), REQUEST, (journal, from) -> start(String.class, journal, from)));
    assertEquals("the process of the kit ended with exit code 1 between two cases", e.getMessage());
  }
}

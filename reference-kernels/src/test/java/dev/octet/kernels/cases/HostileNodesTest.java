package dev.octet.kernels.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.kernels.execute.GraphExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every operator on operands and attributes that are not as it wants them: it gives a result, or an
 * error that says what is wrong. With {@code -Doctet.hostile.all=true} all mutants of the
 * operators' cases are run, which takes some minutes, else one of many.
 */
class HostileNodesTest {

  private static final int ONE_OF = Boolean.getBoolean("octet.hostile.all") ? 1 : 24;

  /** What is said of a node whose kernel fails, instead of what is wrong with it. */
  private static final String FAILED = "OCT-GRAPH-006";

  private static final long MOST_MILLIS = 5_000;

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void endInAResultOrAnErrorThatSaysWhatIsWrong() {
    List<String> wrong = new ArrayList<>();
    int count = 0;
    for (OperatorCase original : OperatorCasesTest.cases().toList()) {
      for (Mutant mutant : Mutations.of(original)) {
        if (count++ % ONE_OF == 0) {
          fault(mutant).ifPresent(fault -> wrong.add(mutant + ": " + fault));
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(count > 100_000, count + " mutants");
  }

  /** Returns what should not have happened. */
  private static Optional<String> fault(Mutant mutant) {
    long begin = System.nanoTime();
    try (GraphExecutor executor = GraphExecutor.of(mutant.model(), 1)) {
      executor.run(mutant.inputs());
    } catch (OctetException e) {
      if (e.id().equals(FAILED)) {
        return Optional.of(e + " by " + e.getCause());
      }
    } catch (RuntimeException e) {
      return Optional.of(e.toString());
    }
    long millis = (System.nanoTime() - begin) / 1_000_000;
    return millis > MOST_MILLIS ? Optional.of("took " + millis + " ms") : Optional.empty();
  }
}

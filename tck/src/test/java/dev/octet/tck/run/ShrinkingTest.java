package dev.octet.tck.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Node;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.tck.broken.Tampered;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What fails of a chain shrinks to its first operators and to the smallest sizes. */
class ShrinkingTest {

  private static final String RULE = "TCK-CAP-001";

  /** Takes no Conv, alone or in front of others. */
  private static QuantizerProvider withoutConv() {
    return new Tampered() {
      @Override
      protected boolean takes(AnnotationContext context, Node first) {
        return !first.op().is("Conv");
      }
    };
  }

  private static RuleResult result(TckRequest request) throws InterruptedException {
    TckReport report = TckRun.run(withoutConv(), request);
    return report.results().findFirst().orElseThrow();
  }

  private static TckRequest everything() {
    return TckRequest.everything().options(Options.none()).rule(RULE);
  }

  @Test
  void aChainShrinksToItsFirstOperatorWhichFailsAlone() throws InterruptedException {
    RuleResult chain = result(everything().caseName("c01-conv-relu/1x4x9x8/k1-plain"));
    assertEquals(Verdict.FAILED, chain.verdict());
    List<String> smallest =
        chain.troubles().stream()
            .flatMap(trouble -> trouble.outcome().smallest().stream())
            .toList();
    assertEquals(List.of("c00-conv/1x1x1x1/k1-1.0=1-1.2=1-1.3=1"), smallest);
    RuleResult alone = result(everything().caseName(smallest.get(0)));
    assertEquals(Verdict.FAILED, alone.verdict());
    assertEquals(1, alone.troubles().size());
    String message = alone.troubles().get(0).outcome().message().orElseThrow();
    assertTrue(message.contains("leaves it in float"), message);
  }
}

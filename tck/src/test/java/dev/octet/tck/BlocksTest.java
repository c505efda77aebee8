package dev.octet.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.OpType;
import dev.octet.api.option.Options;
import dev.octet.tck.broken.Blocks;
import dev.octet.tck.graphs.Breadth;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.run.TckRequest;
import dev.octet.tck.run.TckRun;
import dev.octet.tck.subject.Subject;
import dev.octet.tck.verdict.Conformance;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.Verdict;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Patterns whose branches join, and capabilities that only an example meets, are composed. */
class BlocksTest {

  @Test
  void theBackendOfBlocksConforms() throws InterruptedException {
    TckReport report =
        TckRun.run(new Blocks(), TckRequest.everything().options(Options.none()).random(5));
    assertEquals(
        List.of(),
        report
            .results()
            .filter(result -> result.rule().id().equals("TCK-CAP-012"))
            .filter(result -> result.verdict() != Verdict.PASSED)
            .toList());
    assertEquals(List.of(), report.results().filter(RuleResult::hinders).toList());
    assertEquals(Conformance.CONFORMANT, report.conformance());
  }

  @Test
  void everyCapabilityIsMetByAGraph() {
    Subject subject = Subject.of(new Blocks(), Options.none(), Breadth.WHOLE, 1);
    Set<List<OpType>> met =
        subject.met().stream().map(made -> made.capability().pattern()).collect(Collectors.toSet());
    subject
        .capabilities()
        .forEach(declared -> assertTrue(met.contains(declared.pattern()), declared + ""));
  }

  /** Either Conv alone is one model, and so is the first of them with the Add: shorter chains. */
  @Test
  void aBlockIsChangedInEachOfItsParts() {
    Subject subject = Subject.of(new Blocks(), Options.none(), Breadth.WHOLE, 1);
    List<String> changed =
        subject.undeclared().stream()
            .map(Composition::name)
            .filter(name -> name.contains("c00-conv-add-conv/") && !name.startsWith("longer"))
            .map(name -> name.replaceAll("/c00-conv-add-conv|/1x4x9x8.*(?=/)|/1x4x9x8.*", ""))
            .sorted()
            .distinct()
            .toList();
    assertEquals(
        List.of(
            "c00-conv-add-conv/read-outside-n0",
            "c00-conv-add-conv/read-outside-n2",
            "part/n1-n2/k1-same-shape",
            "replaced/n0-convtranspose/k1-k1-same-shape",
            "replaced/n1-div/k1-k1-same-shape",
            "replaced/n1-equal/k1-k1-same-shape",
            "replaced/n1-greater/k1-k1-same-shape",
            "replaced/n1-greaterorequal/k1-k1-same-shape",
            "replaced/n1-less/k1-k1-same-shape",
            "replaced/n1-lessorequal/k1-k1-same-shape",
            "replaced/n1-max/k1-k1-same-shape",
            "replaced/n1-min/k1-k1-same-shape",
            "replaced/n1-mul/k1-k1-same-shape",
            "replaced/n1-pow/k1-k1-computed-power",
            "replaced/n1-sub/k1-k1-same-shape",
            "replaced/n2-convtranspose/k1-k1-same-shape",
            "shorter/1-conv/k1",
            "shorter/2-conv-add/k1-same-shape"),
        changed);
  }
}

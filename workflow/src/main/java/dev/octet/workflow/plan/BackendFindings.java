package dev.octet.workflow.plan;

import dev.octet.api.error.NearMisses;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.quantizer.Finding;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Findings of a backend, which name nodes that there are. */
public final class BackendFindings {

  private BackendFindings() {}

  /**
   * Checks that the nodes exist that findings are about.
   *
   * @param backend whose findings they are
   * @param graphs the graphs of which they may name nodes
   * @throws dev.octet.api.error.OctetException {@code OCT-PLAN-028} for the first that does not
   */
  public static void requireNodes(String backend, List<Finding> findings, Graph... graphs) {
    if (findings.stream().noneMatch(finding -> finding.node().isPresent())) {
      return;
    }
    Set<String> known = new HashSet<>();
    for (Graph graph : graphs) {
      graph.nodesWithSubgraphs().stream().map(Node::name).forEach(known::add);
    }
    for (Finding finding : findings) {
      String node = finding.node().orElse("");
      if (!node.isEmpty() && !known.contains(node)) {
        throw PlanErrors.FINDING_NODE
            .error(
                "backend '"
                    + backend
                    + "' has a finding about node '"
                    + node
                    + "', and there is none of that name: "
                    + finding.id()
                    + ": "
                    + finding.message())
            .candidates(NearMisses.of(node, known))
            .build();
      }
    }
  }
}

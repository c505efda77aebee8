package dev.octet.workflow.plan;

import dev.octet.workflow.normalise.FoldedNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The decision on a node that is gone: quantized when all nodes that do its work are, else float
 * with their reason.
 */
final class FoldedDecision {

  private FoldedDecision() {}

  static PlannedNode of(FoldedNode gone, Function<String, PlannedNode> present) {
    PlannedNode bare =
        new PlannedNode(
            gone.name(),
            gone.op().toString(),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.of(gone.became()),
            "normalisation",
            Optional.of(gone.became()),
            List.of(),
            List.of());
    List<PlannedNode> workers = gone.into().stream().map(present).toList();
    if (workers.isEmpty()) {
      return bare;
    }
    Optional<PlannedNode> inFloat = workers.stream().filter(n -> !n.quantized()).findFirst();
    if (inFloat.isPresent()) {
      String reason = gone.became() + ", which stays float: " + inFloat.get().reason().orElse("");
      return bare.inFloat(reason, inFloat.get().decidedBy());
    }
    return bare.ownedLike(workers.get(0));
  }
}

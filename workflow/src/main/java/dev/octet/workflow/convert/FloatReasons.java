package dev.octet.workflow.convert;

import dev.octet.workflow.plan.PlannedNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Why the nodes of a plan stay in float, as one line however many nodes there are. */
final class FloatReasons {

  private static final int NAMED = 5;

  private FloatReasons() {}

  /**
   * Returns the reasons with the numbers of nodes, those of most nodes first, such as {@code 2 Exp:
   * no rule of backend 'cpu' matches Exp; 1 Conv: weight is not constant; and 3 more reasons};
   * empty where no node has one.
   */
  static String of(List<PlannedNode> nodes) {
    Map<String, Integer> counts = new TreeMap<>();
    for (PlannedNode node : nodes) {
      node.reason().ifPresent(why -> counts.merge(node.op() + ": " + why, 1, Integer::sum));
    }
    List<Map.Entry<String, Integer>> reasons = new ArrayList<>(counts.entrySet());
    reasons.sort(Comparator.comparingInt(entry -> -entry.getValue()));
    List<String> words = new ArrayList<>();
    reasons.stream()
        .limit(NAMED)
        .forEach(entry -> words.add(entry.getValue() + " " + entry.getKey()));
    int more = reasons.size() - NAMED;
    if (more > 0) {
      words.add("and " + more + " more reason" + (more == 1 ? "" : "s"));
    }
    return String.join("; ", words);
  }
}

package dev.octet.workflow.compare;

import dev.octet.api.tree.Tree;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A float value of the float model of which there is no error.
 *
 * @param tensor its name; of a value in a body of If, Loop or Scan with the node and the attribute
 *     before it, such as {@code if1/then_branch/v}
 * @param node the node that gives it
 * @param reason why not, as a clause about it
 */
public record UncomparedTensor(String tensor, String node, String reason) {

  /** Checks that no component is null. */
  public UncomparedTensor {
    Objects.requireNonNull(tensor, "tensor");
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(reason, "reason");
  }

  Tree.Mapping tree() {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(tensor));
    fields.put("node", Tree.of(node));
    fields.put("reason", Tree.of(reason));
    return Tree.of(fields);
  }
}

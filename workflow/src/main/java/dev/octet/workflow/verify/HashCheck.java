package dev.octet.workflow.verify;

import dev.octet.api.tree.Tree;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a quantized file claims of one thing that it came from, and what was found of it.
 *
 * @param key the key of the claim in the file's metadata
 * @param claimed what the file says; empty when it does not
 * @param found what is so; empty when it could not be found out
 * @param reason why it could not
 */
public record HashCheck(
    String key, Optional<String> claimed, Optional<String> found, Optional<String> reason) {

  /** Checks that no component is null. */
  public HashCheck {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(claimed, "claimed");
    Objects.requireNonNull(found, "found");
    Objects.requireNonNull(reason, "reason");
  }

  /** Tells whether what was found is what is claimed, or nothing is. */
  public boolean holds() {
    return reason.isEmpty() && (claimed.isEmpty() || claimed.equals(found));
  }

  Tree toTree() {
    Map<String, Tree> tree = new LinkedHashMap<>();
    tree.put("key", Tree.of(key));
    tree.put("holds", Tree.of(holds()));
    claimed.ifPresent(text -> tree.put("claimed", Tree.of(text)));
    found.ifPresent(text -> tree.put("found", Tree.of(text)));
    reason.ifPresent(text -> tree.put("reason", Tree.of(text)));
    return Tree.of(tree);
  }

  /** Returns the check in words. */
  @Override
  public String toString() {
    if (reason.isPresent()) {
      return key + " cannot be checked: " + reason.get();
    }
    String is = key + " is " + found.orElse("nothing");
    return holds() ? is : is + ", and the file says " + claimed.orElse("nothing");
  }
}

package dev.octet.workflow.verify;

import dev.octet.api.tree.Tree;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One thing in which a quantized file differs from the one that its claim gives.
 *
 * @param kind what it is: {@code metadata}, {@code operator set}, {@code input}, {@code output},
 *     {@code tensor}, {@code node}, {@code order of nodes}, or {@code byte} where nothing that is
 *     read of the file differs
 * @param name its name: a key, a domain, the name of a value or node, or a position in the file
 * @param how what is different of it
 */
public record Difference(String kind, String name, String how) {

  /** Checks that no component is null. */
  public Difference {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(how, "how");
  }

  Tree toTree() {
    Map<String, Tree> tree = new LinkedHashMap<>();
    tree.put("kind", Tree.of(kind));
    tree.put("name", Tree.of(name));
    tree.put("how", Tree.of(how));
    return Tree.of(tree);
  }

  /** Returns the difference in words. */
  @Override
  public String toString() {
    return kind + " '" + name + "' " + how;
  }
}

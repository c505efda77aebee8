package dev.octet.workflow.verify;

import dev.octet.api.tree.Tree;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One thing in which a file differs from another: a quantized file from the one that its claim
 * gives, or files that are compared.
 *
 * @param kind what it is: of models {@code metadata}, {@code operator set}, {@code input}, {@code
 *     output}, {@code tensor}, {@code node}, {@code order of nodes}, or {@code byte} where nothing
 *     that is read of the file differs; of plans also {@code backend}, {@code model}, {@code
 *     group}, {@code option} and {@code policy}, of calibrations {@code model}, {@code samples},
 *     {@code group} and {@code content}
 * @param name its name: a key, a domain, the name of a value, node or group, or a position in the
 *     file
 * @param how what is different of it
 */
public record Difference(String kind, String name, String how) {

  /** Checks that no component is null. */
  public Difference {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(how, "how");
  }

  /** Returns {@code kind}, {@code name} and {@code how}. */
  public Tree toTree() {
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

package dev.octet.annotation.tree;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Tree;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Writes findings as plain trees and reads them back: {@code severity} ({@code info}, {@code
 * warning}, {@code error}), {@code id}, {@code message}, and {@code node} where there is one.
 */
public final class FindingTree {

  private FindingTree() {}

  /** Returns a finding as a tree. */
  public static Tree.Mapping toTree(Finding finding) {
    Map<String, Tree> tree = new LinkedHashMap<>();
    tree.put("severity", Tree.of(word(finding.severity())));
    tree.put("id", Tree.of(finding.id()));
    tree.put("message", Tree.of(finding.message()));
    finding.node().ifPresent(node -> tree.put("node", Tree.of(node)));
    return Tree.of(tree);
  }

  /**
   * Returns the finding of a tree.
   *
   * @throws OctetException {@code OCT-TREE-001} to {@code OCT-TREE-005} for a value that does not
   *     fit its field
   */
  public static Finding fromTree(Tree tree) {
    Tree.Mapping map = tree.asMapping();
    map.allowOnly("severity", "id", "message", "node");
    Tree id = map.get("id");
    return new Finding(
        map.get("severity").asWord("severity", Finding.Severity.values()),
        id.inRange(() -> ErrorId.requireForm(id.asText())),
        map.get("message").asText(),
        map.find("node").map(Tree::asText));
  }

  private static String word(Finding.Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }
}

package dev.octet.workflow.plan;

import dev.octet.annotation.tree.SpecTree;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.workflow.digest.ContentHash;
import dev.octet.workflow.text.JsonText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Hashes what a plan decides: backend, options, policy and model, the owner and the groups of every
 * node, and the specs of groups. Reasons, findings and who decided take no part.
 */
final class PlanHash {

  private static final long NO_GROUP = -1;

  private final ContentHash content = new ContentHash();

  private PlanHash() {}

  /** Returns the SHA-256 in lower-case hexadecimal digits. */
  static String of(Plan plan) {
    PlanHash hash = new PlanHash();
    hash.content.text(JsonText.write(PlanTree.header(plan.document())));
    hash.content.number(plan.nodes().size());
    plan.nodes().forEach(hash::node);
    plan.boundary().forEach(hash::boundary);
    hash.groups(plan.groups().values().stream().toList());
    return hash.content.digits();
  }

  private void node(PlannedNode node) {
    content.text(node.name()).text(node.rule().orElse(""));
    node.quantizer().ifPresent(content::text);
    points(node.operands());
    points(node.results());
  }

  private void points(List<PlannedPoint> points) {
    content.number(points.size());
    for (PlannedPoint point : points) {
      long group = point.group().map(Integer::longValue).orElse(NO_GROUP);
      content.number(point.index()).number(group);
      point.spec().narrowFloat().ifPresent(type -> content.text(type.name()));
    }
  }

  private void boundary(PlannedBoundary at) {
    content.text(at.point().toString());
    content.number(at.group().map(Integer::longValue).orElse(NO_GROUP));
  }

  private void groups(List<PlannedGroup> groups) {
    Map<QuantizationSpec, String> written = new HashMap<>();
    content.number(groups.size());
    for (PlannedGroup group : groups) {
      content.number(group.id());
      content.text(
          written.computeIfAbsent(group.spec(), spec -> JsonText.write(SpecTree.toTree(spec))));
    }
  }
}

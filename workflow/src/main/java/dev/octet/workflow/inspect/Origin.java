package dev.octet.workflow.inspect;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Provenance;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.provenance.Claims;
import dev.octet.workflow.report.Report;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a quantized model says of where it came from, as fields for programs. */
public final class Origin {

  private Origin() {}

  /**
   * Adds {@code plan}, with its content hash and its backend, and {@code claims}, by the keys of
   * the metadata, as far as a model states them.
   */
  public static void addFields(Report report, Model model) {
    Provenance.of(model).ifPresent(from -> report.field("plan", plan(from)));
    Tree.Mapping claims = Claims.of(model).toTree();
    if (!claims.entries().isEmpty()) {
      report.field("claims", claims);
    }
  }

  private static Tree plan(Provenance from) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("sha256", Tree.of(from.planHash()));
    fields.put("backend", Tree.of(from.backend()));
    return Tree.of(fields);
  }
}

package dev.octet.workflow.plan;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.WholeFile;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Position;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.provenance.BackendBuild;
import dev.octet.workflow.provenance.OctetBuild;
import dev.octet.workflow.text.JsonText;
import dev.octet.workflow.text.TreePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The content of a plan file. Whether it fits a model is checked when it is bound to one. Equal
 * when the content is equal, wherever it was read. Immutable.
 */
public final class PlanDocument {

  private final String backend;
  private final OctetBuild octet;
  private final Optional<BackendBuild> build;
  private final Options options;
  private final Optional<Tree.Mapping> policy;
  private final String modelHash;
  private final String preparedHash;
  private final List<PlannedBoundary> boundary;
  private final List<PlannedNode> nodes;
  private final List<PlannedGroup> groups;
  private final List<Finding> findings;
  private final PlanExtras extras;
  private final Optional<Tree> source;

  PlanDocument(
      String backend,
      OctetBuild octet,
      Optional<BackendBuild> build,
      Options options,
      Optional<Tree.Mapping> policy,
      String modelHash,
      String preparedHash,
      List<PlannedBoundary> boundary,
      List<PlannedNode> nodes,
      List<PlannedGroup> groups,
      List<Finding> findings,
      PlanExtras extras,
      Optional<Tree> source) {
    this.backend = Objects.requireNonNull(backend, "backend");
    this.octet = Objects.requireNonNull(octet, "octet");
    this.build = Objects.requireNonNull(build, "build");
    this.options = Objects.requireNonNull(options, "options");
    this.policy = Objects.requireNonNull(policy, "policy");
    this.modelHash = Objects.requireNonNull(modelHash, "modelHash");
    this.preparedHash = Objects.requireNonNull(preparedHash, "preparedHash");
    this.boundary = List.copyOf(boundary);
    this.nodes = List.copyOf(nodes);
    this.groups = List.copyOf(groups);
    this.findings = List.copyOf(findings);
    this.extras = Objects.requireNonNull(extras, "extras");
    this.source = Objects.requireNonNull(source, "source");
  }

  /**
   * Reads a plan file.
   *
   * @throws OctetException {@code OCT-FILE-001}, {@code OCT-FILE-002} or {@code OCT-TREE-011} to
   *     {@code OCT-TREE-015} if it cannot be read or is no JSON; else as {@link #fromTree}
   */
  public static PlanDocument read(Path file) {
    return fromTree(JsonText.read(file));
  }

  /**
   * Reads a plan from a stream to its end; it is not closed.
   *
   * @param source what positions in errors call it, a key of a store for instance
   * @throws IOException if the stream cannot be read
   * @throws OctetException as {@link #read(Path)}, but for files
   */
  public static PlanDocument read(InputStream in, String source) throws IOException {
    return fromTree(JsonText.read(in, source));
  }

  /**
   * Reads a plan.
   *
   * @throws OctetException {@code OCT-PLAN-001} if it is no plan; {@code OCT-PLAN-016} if it is of
   *     a later version; {@code OCT-PLAN-008} if a group is not listed; {@code OCT-PLAN-025} if one
   *     is listed twice; {@code OCT-TREE-001} to {@code OCT-TREE-005} for a value that does not fit
   *     its field; each names the path
   */
  public static PlanDocument fromTree(Tree tree) {
    return PlanTree.fromTree(tree);
  }

  /** Returns the plan as a tree, in the words of the file. */
  public Tree.Mapping toTree() {
    return PlanTree.toTree(this);
  }

  /**
   * Writes the plan as a file, as a whole or not at all; see {@link WholeFile}.
   *
   * @throws OctetException {@code OCT-PLAN-012} if it cannot be written
   */
  public void write(Path file) {
    try {
      WholeFile.write(file, out -> PlanTree.write(this, out));
    } catch (IOException e) {
      throw PlanErrors.UNWRITABLE
          .error("the plan cannot be written: " + e)
          .at(file.toString())
          .cause(e)
          .build();
    }
  }

  /**
   * Writes the bytes of the file to a stream, which is not closed.
   *
   * @throws IOException if the stream cannot be written
   */
  public void write(OutputStream out) throws IOException {
    PlanTree.write(this, out);
  }

  /** Returns the name of the backend that made the plan. */
  public String backend() {
    return backend;
  }

  /**
   * Returns which build of Octet made the plan, which its hashes do not count; unknown in plans
   * that do not say it.
   */
  public OctetBuild octet() {
    return octet;
  }

  /**
   * Returns which build of the backend made the plan, which its hashes do not count; empty in plans
   * that do not say it.
   */
  public Optional<BackendBuild> build() {
    return build;
  }

  /**
   * Returns the backend that made the plan.
   *
   * @param backends the backends to choose from
   * @throws OctetException as {@link QuantizerCatalog#provider}, with the place in the plan
   */
  public QuantizerProvider provider(QuantizerCatalog backends) {
    try {
      return backends.provider(backend);
    } catch (OctetException e) {
      throw e.inFile(position("$.backend").toString());
    }
  }

  /** Returns the options that were given for the backend, those of the framework among them. */
  public Options options() {
    return options;
  }

  /**
   * Returns the caller's policy in the words of {@link dev.octet.annotation.policy.PolicyTree}, for
   * the record: the decisions are in the nodes. Empty when there was none.
   */
  public Optional<Tree.Mapping> policy() {
    return policy;
  }

  /** Returns the content hash of the user's model, 64 hexadecimal digits. */
  public String modelHash() {
    return modelHash;
  }

  /** Returns the content hash of the graph whose points are planned, 64 hexadecimal digits. */
  public String preparedHash() {
    return preparedHash;
  }

  /** Returns the decisions on inputs and outputs, inputs first. */
  public List<PlannedBoundary> boundary() {
    return boundary;
  }

  /** Returns the nodes of the user's model in its order, and those that the backend added. */
  public List<PlannedNode> nodes() {
    return nodes;
  }

  /** Returns the groups. */
  public List<PlannedGroup> groups() {
    return groups;
  }

  /** Returns what a user must know. */
  public List<Finding> findings() {
    return findings;
  }

  /** Returns the fields that are somebody else's. */
  PlanExtras extras() {
    return extras;
  }

  /** Returns this plan without the text that it was read from, which positions need. */
  PlanDocument withoutSource() {
    return with(nodes, findings, Optional.empty());
  }

  /** Returns this plan with one more thing that a user must know, behind the others. */
  PlanDocument withFinding(Finding finding) {
    List<Finding> more = new ArrayList<>(findings);
    more.add(finding);
    return with(nodes, more, source);
  }

  /** Returns this plan with other decisions on its nodes, and without the text it was read from. */
  PlanDocument withNodes(List<PlannedNode> others) {
    return with(others, findings, Optional.empty());
  }

  private PlanDocument with(
      List<PlannedNode> otherNodes, List<Finding> otherFindings, Optional<Tree> otherSource) {
    return new PlanDocument(
        backend,
        octet,
        build,
        options,
        policy,
        modelHash,
        preparedHash,
        boundary,
        otherNodes,
        groups,
        otherFindings,
        extras,
        otherSource);
  }

  /** Returns where a path of the plan, such as {@code $.nodes[3].op}, stands in its source. */
  Position position(String path) {
    return source
        .flatMap(tree -> TreePath.find(tree, path))
        .map(Tree::position)
        .orElseGet(() -> Position.ROOT.child(path, 0, 0));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PlanDocument that && toTree().equals(that.toTree());
  }

  @Override
  public int hashCode() {
    return Objects.hash(modelHash, boundary, nodes, groups);
  }

  /** Returns backend, model and how much is planned, in one line. */
  @Override
  public String toString() {
    return "plan of backend '%s' for model %s: %s nodes, %s groups, %s findings"
        .formatted(backend, modelHash, nodes.size(), groups.size(), findings.size());
  }
}

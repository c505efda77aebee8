package dev.octet.workflow.normalise;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueType;
import dev.octet.api.runtime.Cancellation;
import dev.octet.kernels.execute.ModelCheck;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.kernels.sequence.PlainSequences;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Normalises models: infers shapes, writes sequences of tensors as the tensors, replaces nodes that
 * compute constants by their results, folds BatchNormalization into the Conv or Gemm before it, and
 * writes nodes in the form that every runtime understands. The same model gives the same result on
 * every machine.
 */
public final class Normaliser {

  /**
   * Which normaliser this is: it rises whenever some model's normalised form becomes another one,
   * so that plans can say with which they were made.
   */
  public static final int VERSION = 4;

  private Normaliser() {}

  /**
   * Returns the normalised form of a model; see {@link PlainSequences}, {@link ConstantFolding},
   * {@link BatchNormalizationFolding}, {@link PlainForms} and {@link ReturnedValues}.
   */
  public static NormalisedModel normalise(Model model) {
    return normalise(model, OperatorSet.standard(), Cancellation.never());
  }

  /**
   * Returns the normalised form of a model.
   *
   * @param operators the operators that there are
   * @param cancellation asked between nodes
   * @throws OctetException {@code OCT-RUN-007} if it is cancelled; as {@link ModelCheck#typed} if
   *     no run could compute the model
   */
  public static NormalisedModel normalise(
      Model given, OperatorSet operators, Cancellation cancellation) {
    Model model = given.withGraph(ReturnedValues.copied(given.graph()));
    if (PlainSequences.areIn(model.graph())) {
      ModelCheck.require(model, operators);
    }
    Outcome constants = constants(model, operators, cancellation);
    cancellation.throwIfCancelled();
    Model folded = model.withGraph(constants.edited().graph());
    Outcome batchNormalization = BatchNormalizationFolding.fold(folded);
    Model normalised = folded.withGraph(batchNormalization.edited().graph());
    NameMapping mapping = constants.edited().mapping().then(batchNormalization.edited().mapping());
    Map<String, FoldedNode> gone = new LinkedHashMap<>();
    constants.folded().forEach(node -> gone.put(node.name(), node));
    batchNormalization.folded().forEach(node -> gone.put(node.name(), node));
    boolean complete =
        constants.folded().isEmpty() && keepsTypes(folded.graph(), batchNormalization.folded());
    Graph known = complete ? normalised.graph() : ShapeInference.infer(normalised, operators);
    GraphEditor.Edited plain = PlainForms.write(known);
    Model written = model.withGraph(plain.graph());
    return new NormalisedModel(
        plain.graph() == known
            ? written
            : model.withGraph(ShapeInference.infer(written, operators)),
        mapping.then(plain.mapping()),
        inOrderOf(model.graph(), gone),
        batchNormalization.refusals());
  }

  /**
   * Returns the model without known sequences and with its constants folded. What is computed from
   * constants may say how a sequence is built or read; then both are done once more.
   */
  private static Outcome constants(Model model, OperatorSet operators, Cancellation cancellation) {
    GraphEditor.Edited plain = PlainSequences.write(model, operators);
    Model tensors = model.withGraph(plain.graph());
    Model typed = tensors.withGraph(ModelCheck.typed(tensors, operators));
    Outcome folded = ConstantFolding.fold(typed, cancellation).behind(plain.mapping());
    boolean more = !folded.folded().isEmpty() && PlainSequences.areIn(folded.edited().graph());
    return more
        ? constants(model.withGraph(folded.edited().graph()), operators, cancellation)
            .behind(folded)
        : folded;
  }

  /**
   * Tells whether each node that was folded into the one before it stands in the main graph and has
   * the type of what it reads, so that every value that is left has the type that it had.
   */
  private static boolean keepsTypes(Graph before, List<FoldedNode> gone) {
    for (FoldedNode node : gone) {
      Optional<Node> folded = before.node(node.name());
      if (folded.isEmpty() || !keepsType(before, folded.get())) {
        return false;
      }
    }
    return true;
  }

  private static boolean keepsType(Graph before, Node folded) {
    Optional<ValueType> read = before.type(folded.operands().get(0));
    return read.equals(before.type(folded.results().get(0)));
  }

  private static List<FoldedNode> inOrderOf(Graph graph, Map<String, FoldedNode> gone) {
    List<FoldedNode> ordered = new ArrayList<>();
    graph.nodesWithSubgraphs().stream()
        .filter(node -> gone.containsKey(node.name()))
        .forEach(node -> ordered.add(gone.get(node.name())));
    return ordered;
  }

  /** What a pass did. */
  record Outcome(GraphEditor.Edited edited, List<FoldedNode> folded, Map<String, String> refusals) {

    /** Returns the outcome of this pass behind another edit. */
    private Outcome behind(NameMapping before) {
      NameMapping mapping = before.then(edited.mapping());
      return new Outcome(new GraphEditor.Edited(edited.graph(), mapping), folded, refusals);
    }

    /** Returns the outcome of this pass behind another one. */
    private Outcome behind(Outcome before) {
      List<FoldedNode> all = new ArrayList<>(before.folded);
      all.addAll(folded);
      return new Outcome(behind(before.edited.mapping()).edited, all, refusals);
    }

    /** Nothing was there to be done. */
    static Outcome unchanged(Graph graph) {
      return new Outcome(
          new GraphEditor.Edited(graph, NameMapping.identity()), List.of(), Map.of());
    }
  }
}

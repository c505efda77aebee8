package dev.octet.kernels.sequence;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.OpType;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.operators.OperatorSet;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Writes what a model does with sequences of tensors as operators on the tensors, in subgraphs as
 * well, so that no kernel needs to know sequences.
 *
 * <p>A sequence is known beforehand where it is built in the graph, positions are constants, and
 * the sizes of a tensor that is split are known. Then SequenceAt is the tensor itself,
 * ConcatFromSequence a Concat (of tensors that got an axis by Unsqueeze, for {@code new_axis}),
 * SplitToSequence a Split (and Squeeze, without {@code keepdims}) and SequenceLength a constant;
 * SequenceConstruct, SequenceEmpty, SequenceInsert and SequenceErase are gone. OptionalHasElement
 * and OptionalGetElement of a tensor, of such a sequence or of nothing are written likewise.
 *
 * <p>What makes or reads a sequence stays, with all that has to do with that sequence, where one of
 * them cannot be written so: a sequence that is an input or output, grows in a loop, has more than
 * {@value SequenceRewriting#MOST_TENSORS} tensors, or is read at a position that is computed.
 */
public final class PlainSequences {

  private static final SortedSet<String> OPERATORS =
      Collections.unmodifiableSortedSet(
          new TreeSet<>(
              Set.of(
                  "ConcatFromSequence",
                  "OptionalGetElement",
                  "OptionalHasElement",
                  "SequenceAt",
                  "SequenceConstruct",
                  "SequenceEmpty",
                  "SequenceErase",
                  "SequenceInsert",
                  "SequenceLength",
                  "SplitToSequence")));

  private PlainSequences() {}

  /** Returns the names of the operators that are written as others. */
  public static SortedSet<String> operators() {
    return OPERATORS;
  }

  /** Tells whether nodes of an operator are written as others where that is possible. */
  public static boolean isOne(OpType op) {
    return op.domain().isEmpty() && OPERATORS.contains(op.name());
  }

  /** Tells whether such nodes are in a graph or its subgraphs. */
  public static boolean areIn(Graph graph) {
    return graph.nodesWithSubgraphs().stream().anyMatch(node -> isOne(node.op()));
  }

  /** Returns a model without the sequences that are known; the same one when there are none. */
  public static Model without(Model model, OperatorSet operators) {
    Graph graph = write(model, operators).graph();
    return graph == model.graph() ? model : model.withGraph(graph);
  }

  /**
   * Writes what a model does with known sequences as operators on tensors.
   *
   * @param operators the operators that there are
   * @return the edited graph; the same one when there is nothing to do
   */
  public static GraphEditor.Edited write(Model model, OperatorSet operators) {
    Graph graph = model.graph();
    NameMapping mapping = NameMapping.identity();
    Set<String> copies = new LinkedHashSet<>();
    Optional<GraphEditor.Edited> next = rewritten(model, operators, copies);
    while (next.isPresent()) {
      graph = next.get().graph();
      mapping = mapping.then(next.get().mapping());
      next = rewritten(model.withGraph(graph), operators, copies);
    }
    GraphEditor.Edited direct = withoutCopies(graph, copies);
    return new GraphEditor.Edited(direct.graph(), mapping.then(direct.mapping()));
  }

  /** What was a sequence's may decide the sizes of what is split next, so there are rounds. */
  private static Optional<GraphEditor.Edited> rewritten(
      Model model, OperatorSet operators, Set<String> copies) {
    if (!areIn(model.graph())) {
      return Optional.empty();
    }
    Graph typed = ShapeInference.infer(model, operators);
    return new SequenceRewriting(typed, model.opsets().getOrDefault("", 1L), copies).write();
  }

  /** Lets who reads a copy read the tensor itself, where no graph hands the copy out. */
  private static GraphEditor.Edited withoutCopies(Graph graph, Set<String> copies) {
    if (copies.isEmpty()) {
      return new GraphEditor.Edited(graph, NameMapping.identity());
    }
    GraphEditor editor = new GraphEditor(graph);
    GraphValues values = GraphValues.of(graph);
    for (String copy : copies) {
      GraphValues.Member member = values.member(copy).orElseThrow();
      String result = member.node().results().get(0);
      if (member.result(0).filter(GraphValues.Value::isOutput).isEmpty()) {
        editor.replaceUsesBeside(copy, result, editor.node(copy).operands().get(0));
        editor.remove(copy);
        editor.removeValue(result);
      }
    }
    return editor.finish();
  }
}

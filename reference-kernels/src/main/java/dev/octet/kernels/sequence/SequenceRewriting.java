package dev.octet.kernels.sequence;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.GraphValues.Member;
import dev.octet.api.graph.GraphValues.Value;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** One round of {@link PlainSequences}: over the sequences that are known now. */
final class SequenceRewriting {

  /** A sequence of more tensors counts as unknown. */
  static final int MOST_TENSORS = 4096;

  private static final OpType IDENTITY = OpType.onnx("Identity");

  private final Graph graph;
  private final GraphValues values;
  private final GraphEditor editor;
  private final SequenceNodes nodes;

  /** The names of the nodes that became copies of a tensor, in all rounds. */
  private final Set<String> copies;

  /** The names of the tensors of each sequence. */
  private final Map<Value, List<String>> sequences = new HashMap<>();

  /** What each node that can be written otherwise becomes. */
  private final Map<Member, Runnable> edits = new LinkedHashMap<>();

  /** Those of them that ask a sequence for what is known whatever becomes of its tensors. */
  private final Set<Member> questions = new HashSet<>();

  private final Set<Member> stuck = new HashSet<>();

  /**
   * Prepares a round.
   *
   * @param graph the graph, with types
   * @param opset the version of the default operator set
   * @param copies takes the names of nodes that became copies
   */
  SequenceRewriting(Graph graph, long opset, Set<String> copies) {
    this.graph = graph;
    this.values = GraphValues.of(graph);
    this.editor = new GraphEditor(graph);
    this.nodes = new SequenceNodes(editor, opset);
    this.copies = copies;
  }

  /** Returns the edited graph; empty when nothing can be written otherwise. */
  Optional<GraphEditor.Edited> write() {
    values.members().stream()
        .filter(member -> member.node().op().domain().isEmpty())
        .forEach(this::visit);
    leaveWhatIsStuck();
    edits.keySet().removeAll(stuck);
    edits.values().forEach(Runnable::run);
    sequences.forEach(this::forget);
    return edits.isEmpty() ? Optional.empty() : Optional.of(editor.finish());
  }

  private void visit(Member member) {
    switch (member.node().op().name()) {
      case "SequenceConstruct" -> made(member, Optional.of(member.node().operands()));
      case "SequenceEmpty" -> made(member, Optional.of(List.of()));
      case "SequenceInsert" -> made(member, sequence(member).flatMap(all -> inserted(member, all)));
      case "SequenceErase" -> made(member, sequence(member).flatMap(all -> erased(member, all)));
      case "SplitToSequence" -> split(member);
      case "SequenceAt" -> sequence(member).ifPresent(all -> at(member, all));
      case "SequenceLength" -> sequence(member).ifPresent(all -> length(member, all));
      case "ConcatFromSequence" -> sequence(member).ifPresent(all -> concat(member, all));
      case "Identity" -> sequence(member).ifPresent(all -> made(member, Optional.of(all)));
      case "OptionalGetElement" -> element(member);
      case "OptionalHasElement" -> presence(member);
      default -> {}
    }
  }

  private Optional<List<String>> sequence(Member member) {
    return member.operand(0).map(sequences::get);
  }

  /** Takes note of a sequence that takes no node. */
  private void made(Member member, Optional<List<String>> tensors) {
    tensors
        .filter(all -> all.size() <= MOST_TENSORS)
        .ifPresent(all -> made(member, all, () -> editor.remove(member.node().name())));
  }

  private void made(Member member, List<String> tensors, Runnable edit) {
    member.result(0).ifPresent(result -> sequences.put(result, tensors));
    edits.put(member, edit);
  }

  private Optional<List<String>> inserted(Member member, List<String> tensors) {
    OptionalInt place = position(member, 2, tensors.size(), tensors.size());
    if (place.isEmpty()) {
      return Optional.empty();
    }
    List<String> now = new ArrayList<>(tensors);
    now.add(place.getAsInt(), member.node().operands().get(1));
    return Optional.of(now);
  }

  private Optional<List<String>> erased(Member member, List<String> tensors) {
    int last = tensors.size() - 1;
    OptionalInt place = position(member, 1, tensors.size(), last);
    if (place.isEmpty() || last < 0) {
      return Optional.empty();
    }
    List<String> now = new ArrayList<>(tensors);
    now.remove(place.getAsInt());
    return Optional.of(now);
  }

  private void split(Member member) {
    SplitSizes.of(member, MOST_TENSORS)
        .ifPresent(
            sizes -> {
              List<String> parts = nodes.freshNames(member.node().results().get(0), sizes.count());
              made(member, parts, () -> nodes.split(member.node(), sizes, parts));
            });
  }

  private void at(Member member, List<String> tensors) {
    position(member, 1, tensors.size(), -1).stream()
        .filter(place -> place >= 0)
        .findFirst()
        .ifPresent(place -> edits.put(member, () -> copy(member.node(), tensors.get(place))));
  }

  private void copy(Node node, String tensor) {
    editor.update(node.name(), Node.of(node.name(), IDENTITY, List.of(tensor), node.results()));
    copies.add(node.name());
  }

  private void length(Member member, List<String> tensors) {
    answer(member, Tensor.of(new long[] {tensors.size()}));
  }

  private void answer(Member member, Tensor value) {
    edits.put(member, () -> constant(member.node(), value));
    questions.add(member);
  }

  private void constant(Node node, Tensor value) {
    Attribute attribute = Attribute.of("value", value);
    OpType op = OpType.onnx("Constant");
    editor.update(node.name(), Node.of(node.name(), op, List.of(), node.results(), attribute));
  }

  private void concat(Member member, List<String> tensors) {
    if (!tensors.isEmpty()) {
      edits.put(member, () -> nodes.concat(member.node(), tensors));
    }
  }

  /** What an optional value holds is the sequence, or the tensor. */
  private void element(Member member) {
    Optional<List<String>> sequence = sequence(member);
    if (sequence.isPresent()) {
      made(member, sequence);
    } else if (member.operand(0).flatMap(Value::tensorType).isPresent()) {
      edits.put(member, () -> copy(member.node(), member.node().operands().get(0)));
    }
  }

  private void presence(Member member) {
    boolean absent = member.operand(0).isEmpty();
    boolean there =
        sequence(member).isPresent() || member.operand(0).flatMap(Value::tensorType).isPresent();
    if (absent || there) {
      answer(member, bool(there));
    }
  }

  private static Tensor bool(boolean value) {
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {(byte) (value ? 1 : 0)});
    return Tensor.ofBytes(DataType.BOOL, new long[0], bytes);
  }

  /**
   * Returns a position in a sequence, counted from its begin.
   *
   * @param count the number that stands for the end: how many tensors there are
   * @param otherwise the position where none is stated, which is then the last possible one
   */
  private static OptionalInt position(Member member, int operand, int count, int otherwise) {
    if (member.operand(operand).isEmpty()) {
      return OptionalInt.of(otherwise);
    }
    int last = Math.max(otherwise, count - 1);
    Optional<long[]> stated = SplitSizes.integers(member, operand).filter(all -> all.length == 1);
    if (stated.isEmpty() || stated.get()[0] < -count || stated.get()[0] > last) {
      return OptionalInt.empty();
    }
    long place = stated.get()[0];
    return OptionalInt.of((int) (place < 0 ? place + count : place));
  }

  /** What cannot be written otherwise keeps its sequences, and all that makes or reads those. */
  private void leaveWhatIsStuck() {
    Deque<Member> open = new ArrayDeque<>();
    sequences.forEach(
        (value, tensors) -> {
          if (value.isOutput()) {
            leave(value.producer().orElseThrow(), open);
          }
          value.uses().stream()
              .map(GraphValues.Use::reader)
              .filter(reader -> !edits.containsKey(reader))
              .forEach(reader -> leave(reader, open));
        });
    while (!open.isEmpty()) {
      Member member = open.remove();
      for (int i = 0; i < member.node().operands().size(); i++) {
        member.operand(i).ifPresent(value -> leaveAround(value, open));
      }
      member.result(0).ifPresent(value -> leaveAround(value, open));
    }
  }

  private void leaveAround(Value value, Deque<Member> open) {
    if (sequences.containsKey(value)) {
      leave(value.producer().orElseThrow(), open);
      value.uses().forEach(use -> leave(use.reader(), open));
    }
  }

  private void leave(Member member, Deque<Member> open) {
    if (!questions.contains(member) && stuck.add(member)) {
      open.add(member);
    }
  }

  /** A sequence that is gone has no type to state. */
  private void forget(Value value, List<String> tensors) {
    if (value.graph() == graph && !stuck.contains(value.producer().orElseThrow())) {
      editor.removeValue(value.name());
    }
  }
}

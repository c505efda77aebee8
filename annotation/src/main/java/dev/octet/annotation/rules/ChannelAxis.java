package dev.octet.annotation.rules;

import dev.octet.api.graph.OutputChannels;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.stability.Incubating;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The axis of a value along which scales run, as a rule states it: a number, the axis of the output
 * or the input channels, which depends on the operator ({@link OutputChannels}), or one that a
 * vendor finds ({@link #of(String, String, Function, NodeView)}). Immutable.
 */
public sealed interface ChannelAxis {

  /**
   * Returns what the function of this axis's kind makes of it: the way to tell kinds apart, so that
   * a new kind stops whatever does not know it from compiling.
   */
  <T> T match(Cases<T> cases);

  /**
   * One function for each kind of axis.
   *
   * @param <T> what the functions return
   * @param numbered for a number
   * @param output for the output channels
   * @param input for the input channels
   * @param own for an axis of a vendor's own
   */
  record Cases<T>(
      Function<? super Numbered, ? extends T> numbered,
      Function<? super Output, ? extends T> output,
      Function<? super Input, ? extends T> input,
      Function<? super Own, ? extends T> own) {
    /** Takes a function for every kind; a later version with one more kind takes one more. */
    @Incubating
    public Cases {}

    /**
     * Returns one function for every kind, also for those of later versions. What follows it gives
     * kinds functions of their own, so that code outside of Octet is not broken by a new kind.
     */
    public static <T> Cases<T> otherwise(Function<? super ChannelAxis, ? extends T> other) {
      return new Cases<>(other, other, other, other);
    }

    /** Returns these functions with this one for a number. */
    public Cases<T> numbered(Function<? super Numbered, ? extends T> function) {
      return new Cases<>(function, output, input, own);
    }

    /** Returns these functions with this one for the output channels. */
    public Cases<T> output(Function<? super Output, ? extends T> function) {
      return new Cases<>(numbered, function, input, own);
    }

    /** Returns these functions with this one for the input channels. */
    public Cases<T> input(Function<? super Input, ? extends T> function) {
      return new Cases<>(numbered, output, function, own);
    }

    /** Returns these functions with this one for an axis of a vendor's own. */
    public Cases<T> own(Function<? super Own, ? extends T> function) {
      return new Cases<>(numbered, output, input, function);
    }
  }

  /**
   * Makes an axis of a vendor's own, which is looked for at each node anew. In a table that is
   * written as a tree it is its id alone: whoever reads the table brings the axis. A rule does not
   * match a node that has no such axis, and the plan says so.
   *
   * @param id the vendor's name, a dot, and a name: {@code acme.lanes}
   * @param words what has a scale each, in words that follow "per", such as {@code vector lane}
   * @param axis finds the axis, from the outermost, 0, of the value that the rule quantizes; empty
   *     where there is none. Pure: the answer depends on nothing but the view
   * @param example a node that has the axis, of a graph that {@link NodeView#of(
   *     dev.octet.api.graph.Graph, String)} or {@link NodeView#example} looks at
   * @throws IllegalArgumentException if the id has another form, or the example has no such axis
   * @throws IllegalStateException if the axis of the example is negative
   */
  static ChannelAxis of(
      String id, String words, Function<NodeView, OptionalInt> axis, NodeView example) {
    return new Own(id, words, axis, example);
  }

  /**
   * Always the same axis.
   *
   * @param axis the axis from the outermost, at least 0
   */
  record Numbered(int axis) implements ChannelAxis {
    /** Checks the axis. */
    public Numbered {
      if (axis < 0) {
        throw new IllegalArgumentException("axis " + axis + " is negative");
      }
    }

    @Override
    public OptionalInt find(NodeView node, int operand) {
      return OptionalInt.of(axis);
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.numbered().apply(this);
    }
  }

  /** The axis of the output channels. */
  record Output() implements ChannelAxis {
    @Override
    public OptionalInt find(NodeView node, int operand) {
      return OptionalInt.of(OutputChannels.axis(node.node(), () -> node.rank(operand).orElse(0)));
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.output().apply(this);
    }
  }

  /** The axis of the input channels; of a grouped Conv, those of each group. */
  record Input() implements ChannelAxis {
    /** Where the output channels of a matrix run, the input channels run along the other axis. */
    @Override
    public OptionalInt find(NodeView node, int operand) {
      int rank = node.rank(operand).orElse(0);
      return OptionalInt.of(
          switch (node.node().op().toString()) {
            case "Gemm" -> 1 - OutputChannels.axis(node.node(), () -> rank);
            case "MatMul" -> Math.max(rank - 2, 0);
            case "ConvTranspose" -> 0;
            default -> 1;
          });
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.input().apply(this);
    }
  }

  /** An axis of a vendor's own. Two are equal when id and words are: code cannot be compared. */
  final class Own implements ChannelAxis {

    private final String words;
    private final Function<NodeView, OptionalInt> axis;
    private final int ofExample;
    private final NodeCondition presence;

    private Own(String id, String words, Function<NodeView, OptionalInt> axis, NodeView example) {
      this.words = Objects.requireNonNull(words, "words");
      this.axis = Objects.requireNonNull(axis, "axis");
      this.presence =
          NodeCondition.of(
              id, "there is an axis per " + words, node -> find(id, node).isPresent(), example);
      this.ofExample = find(id, example).orElseThrow();
    }

    /** Returns the id by which tables that are written as trees name the axis. */
    public String id() {
      return presence.id();
    }

    /** Returns what has a scale each, in words that follow "per". */
    public String words() {
      return words;
    }

    /** Returns the axis of the example that it was made with. */
    int ofExample() {
      return ofExample;
    }

    @Override
    public OptionalInt find(NodeView node, int operand) {
      return find(id(), node);
    }

    private OptionalInt find(String id, NodeView node) {
      OptionalInt found =
          Objects.requireNonNull(axis.apply(node), () -> "an axis is null, not an OptionalInt");
      if (found.isPresent() && found.getAsInt() < 0) {
        throw new IllegalStateException(
            "axis '"
                + id
                + "' is "
                + found.getAsInt()
                + " at node '"
                + node.node().name()
                + "': it counts from the outermost, 0");
      }
      return found;
    }

    /** Returns that a node has the axis, as a condition. */
    NodeCondition presence() {
      return presence;
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.own().apply(this);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Own that && id().equals(that.id()) && words.equals(that.words);
    }

    @Override
    public int hashCode() {
      return 31 * id().hashCode() + words.hashCode();
    }

    @Override
    public String toString() {
      return id();
    }
  }

  /**
   * Returns the axis for a node; empty where it has none.
   *
   * @param node the node
   * @param operand which of its operands has scales along the axis
   */
  OptionalInt find(NodeView node, int operand);
}

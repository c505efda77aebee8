package dev.octet.annotation.rules;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.OutputChannels;
import java.util.function.Function;

/**
 * The axis of a constant along which scales run, as a rule states it: a number, or the axis of the
 * output or the input channels, which depends on the operator ({@link OutputChannels}). Immutable.
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
   */
  record Cases<T>(
      Function<? super Numbered, ? extends T> numbered,
      Function<? super Output, ? extends T> output,
      Function<? super Input, ? extends T> input) {}

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
    public int of(Node node, int rank) {
      return axis;
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.numbered().apply(this);
    }
  }

  /** The axis of the output channels. */
  record Output() implements ChannelAxis {
    @Override
    public int of(Node node, int rank) {
      return OutputChannels.axis(node, () -> rank);
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
    public int of(Node node, int rank) {
      return switch (node.op().toString()) {
        case "Gemm" -> 1 - OutputChannels.axis(node, () -> rank);
        case "MatMul" -> Math.max(rank - 2, 0);
        case "ConvTranspose" -> 0;
        default -> 1;
      };
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.input().apply(this);
    }
  }

  /**
   * Returns the axis for a node.
   *
   * @param node the node
   * @param rank the rank of the constant
   */
  int of(Node node, int rank);
}

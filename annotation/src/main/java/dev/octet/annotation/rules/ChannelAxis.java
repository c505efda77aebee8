package dev.octet.annotation.rules;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.OutputChannels;

/**
 * The axis of a constant along which scales run, as a rule states it: a number, or the axis of the
 * output channels, which depends on the operator ({@link OutputChannels}). Immutable.
 */
public sealed interface ChannelAxis {

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
  }

  /** The axis of the output channels. */
  record Output() implements ChannelAxis {
    @Override
    public int of(Node node, int rank) {
      return OutputChannels.axis(node, () -> rank);
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

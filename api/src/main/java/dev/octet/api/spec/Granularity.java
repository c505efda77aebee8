package dev.octet.api.spec;

import java.util.List;

/**
 * Which elements of a tensor share one scale and zero point. Axes count from the outermost, 0
 * upwards.
 */
public sealed interface Granularity {

  /** All elements share one scale and zero point. */
  record PerTensor() implements Granularity {}

  /**
   * Each index of one axis has a scale and zero point of its own.
   *
   * @param axis the axis, at least 0
   */
  record PerChannel(int axis) implements Granularity {
    /** Checks the axis. */
    public PerChannel {
      requireAxis(axis);
    }
  }

  /**
   * Runs of neighbouring elements along one axis share; every index of the other axes has runs of
   * its own. The last run may be shorter.
   *
   * @param axis the axis that is cut into runs, at least 0
   * @param size the length of a run, at least 1
   */
  record PerGroup(int axis, int size) implements Granularity {
    /** Checks axis and size. */
    public PerGroup {
      requireAxis(axis);
      requireSize(size);
    }
  }

  /**
   * Blocks share, of one extent per dimension.
   *
   * @param sizes the extents, outermost dimension first, each at least 1
   */
  record PerBlock(List<Integer> sizes) implements Granularity {
    /** Copies and checks the extents. */
    public PerBlock {
      sizes = List.copyOf(sizes);
      sizes.forEach(Granularity::requireSize);
    }
  }

  /**
   * Each row along the innermost axis has a scale and zero point of its own, found when the model
   * runs.
   */
  record PerToken() implements Granularity {}

  private static void requireAxis(int axis) {
    if (axis < 0) {
      throw new IllegalArgumentException("axis " + axis + " is negative");
    }
  }

  private static void requireSize(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("size " + size + " is below 1");
    }
  }
}

package dev.octet.api.spec;

import dev.octet.api.stability.Incubating;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which elements of a tensor share one scale and zero point. Axes count from the outermost, 0
 * upwards.
 */
public sealed interface Granularity {

  /**
   * Returns what the function of this granularity's kind makes of it: the way to tell kinds apart,
   * so that a new kind stops whatever does not know it from compiling.
   */
  <T> T match(Cases<T> cases);

  /**
   * One function for each kind of granularity.
   *
   * @param <T> what the functions return
   * @param perTensor for one scale for all elements
   * @param perChannel for a scale for each index of an axis
   * @param perGroup for runs along an axis
   * @param perBlock for blocks
   * @param perToken for rows of the innermost axis
   */
  record Cases<T>(
      Function<? super PerTensor, ? extends T> perTensor,
      Function<? super PerChannel, ? extends T> perChannel,
      Function<? super PerGroup, ? extends T> perGroup,
      Function<? super PerBlock, ? extends T> perBlock,
      Function<? super PerToken, ? extends T> perToken) {

    /** Takes a function for every kind; a later version with one more kind takes one more. */
    @Incubating
    public Cases {}

    /**
     * Returns one function for every kind, also for those of later versions. What follows it gives
     * kinds functions of their own, so that code outside of Octet is not broken by a new kind.
     */
    public static <T> Cases<T> otherwise(Function<? super Granularity, ? extends T> other) {
      return new Cases<>(other, other, other, other, other);
    }

    /** Returns these functions with this one for one scale for all elements. */
    public Cases<T> perTensor(Function<? super PerTensor, ? extends T> function) {
      return new Cases<>(function, perChannel, perGroup, perBlock, perToken);
    }

    /** Returns these functions with this one for a scale for each index of an axis. */
    public Cases<T> perChannel(Function<? super PerChannel, ? extends T> function) {
      return new Cases<>(perTensor, function, perGroup, perBlock, perToken);
    }

    /** Returns these functions with this one for runs along an axis. */
    public Cases<T> perGroup(Function<? super PerGroup, ? extends T> function) {
      return new Cases<>(perTensor, perChannel, function, perBlock, perToken);
    }

    /** Returns these functions with this one for blocks. */
    public Cases<T> perBlock(Function<? super PerBlock, ? extends T> function) {
      return new Cases<>(perTensor, perChannel, perGroup, function, perToken);
    }

    /** Returns these functions with this one for rows of the innermost axis. */
    public Cases<T> perToken(Function<? super PerToken, ? extends T> function) {
      return new Cases<>(perTensor, perChannel, perGroup, perBlock, function);
    }
  }

  /** All elements share one scale and zero point. */
  record PerTensor() implements Granularity {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.perTensor().apply(this);
    }

    /** Returns the granularity in words. */
    @Override
    public String toString() {
      return "per-tensor";
    }
  }

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

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.perChannel().apply(this);
    }

    /** Returns the granularity in words. */
    @Override
    public String toString() {
      return "per-channel along axis " + axis;
    }
  }

  /**
   * Runs of neighbouring elements along one axis share; every index of the other axes has runs of
   * its own. The last run may be shorter.
   *
   * @param axis the axis that is cut into runs, at least 0
   * @param size the length of a run, at least 1; a run that is longer than the axis is all of it
   */
  record PerGroup(int axis, long size) implements Granularity {
    /** Checks axis and size. */
    public PerGroup {
      requireAxis(axis);
      requireSize(size);
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.perGroup().apply(this);
    }

    /** Returns the granularity in words. */
    @Override
    public String toString() {
      return "per-group of " + size + " along axis " + axis;
    }
  }

  /**
   * Blocks share, of one extent per dimension.
   *
   * @param sizes the extents, outermost dimension first, each at least 1
   */
  record PerBlock(List<Long> sizes) implements Granularity {
    /** Copies and checks the extents. */
    public PerBlock {
      sizes = List.copyOf(sizes);
      sizes.forEach(Granularity::requireSize);
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.perBlock().apply(this);
    }

    /** Returns the granularity in words. */
    @Override
    public String toString() {
      return "per-block of "
          + sizes.stream().map(String::valueOf).collect(Collectors.joining(" x "));
    }
  }

  /**
   * Each row along the innermost axis has a scale and zero point of its own, found when the model
   * runs.
   */
  record PerToken() implements Granularity {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.perToken().apply(this);
    }

    /** Returns the granularity in words. */
    @Override
    public String toString() {
      return "per-token";
    }
  }

  private static void requireAxis(int axis) {
    if (axis < 0) {
      throw new IllegalArgumentException("axis " + axis + " is negative");
    }
  }

  private static void requireSize(long size) {
    if (size < 1) {
      throw new IllegalArgumentException("size " + size + " is below 1");
    }
  }
}

package dev.octet.kernels.quantize;

import dev.octet.api.spec.Granularity;
import java.util.Arrays;
import java.util.List;

/**
 * Which scale and zero point each element of a tensor has.
 *
 * <p>Every granularity cuts the tensor into a grid of equal blocks, the last one of an axis
 * possibly shorter; pairs are numbered in row-major order over that grid. For a tensor of sizes
 * {@code d} the block extents are: per tensor {@code d}; per channel {@code d} with 1 at the axis;
 * per group 1 with the group size at the axis; per block as given; per token 1 with the whole
 * innermost dimension. Immutable and thread-safe.
 */
public final class ParameterLayout {

  /** The extent of a block that spans its axis, whatever the axis' size. */
  private static final int WHOLE = Integer.MAX_VALUE;

  private final int[] sizes;
  private final int[] extents;
  private final int[] grid;

  private ParameterLayout(int[] sizes, int[] extents) {
    this.sizes = sizes;
    this.extents = extents;
    this.grid = new int[sizes.length];
    for (int axis = 0; axis < sizes.length; axis++) {
      long blocks = ((long) sizes[axis] + extents[axis] - 1) / extents[axis];
      grid[axis] = extents[axis] == WHOLE ? 1 : (int) blocks;
    }
  }

  /**
   * Returns the layout of a granularity on a tensor.
   *
   * @param granularity the granularity
   * @param sizes the tensor's sizes
   * @throws IllegalArgumentException if the axis is not one of the tensor's, or the block has not
   *     the tensor's rank
   */
  public static ParameterLayout of(Granularity granularity, long[] sizes) {
    int[] dimensions = Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray();
    return new ParameterLayout(
        dimensions,
        granularity.match(
            new Granularity.Cases<>(
                tensor -> extents(sizes, WHOLE),
                channel -> with(extents(sizes, WHOLE), channel.axis(), 1, channel, sizes),
                group -> with(extents(sizes, 1), group.axis(), extent(group.size()), group, sizes),
                block -> extents(block.sizes(), granularity, sizes),
                token -> with(extents(sizes, 1), sizes.length - 1, WHOLE, token, sizes))));
  }

  private static int[] extents(long[] sizes, int extent) {
    int[] extents = new int[sizes.length];
    Arrays.fill(extents, extent);
    return extents;
  }

  /** Returns the number of pairs; 1 for a tensor as a whole, even when it is empty. */
  public int count() {
    int count = 1;
    for (int blocks : grid) {
      count = Math.multiplyExact(count, blocks);
    }
    return count;
  }

  /** Returns a copy of the grid: along each axis, the number of blocks. */
  public int[] grid() {
    return grid.clone();
  }

  /** Receives the elements of a tensor in runs that share a pair. */
  @FunctionalInterface
  public interface Run {
    /**
     * Receives one run.
     *
     * @param from the first element, in row-major order
     * @param to the element after the last
     * @param parameter the number of the pair
     */
    void accept(int from, int to, int parameter);
  }

  /** Calls back for every run of neighbouring elements that share a pair, in row-major order. */
  public void forEachRun(Run run) {
    forEachRun(0, Integer.MAX_VALUE, run);
  }

  /**
   * Calls back for the parts of runs that lie among some of the elements.
   *
   * @param first the first of these elements, in row-major order
   * @param last the element behind the last of them; it may lie behind the tensor's last
   */
  public void forEachRun(int first, int last, Run run) {
    // Axes behind the last one that is cut hold whole blocks: together they are one stretch.
    int cut = sizes.length;
    int stretch = 1;
    while (cut > 0 && grid[cut - 1] <= 1) {
      stretch *= sizes[--cut];
    }
    int rows = 1;
    for (int axis = 0; axis < cut - 1; axis++) {
      rows *= sizes[axis];
    }
    int columns = cut == 0 ? 1 : sizes[cut - 1];
    int extent = cut == 0 ? 1 : extents[cut - 1];
    if (columns == 0 || stretch == 0) {
      return;
    }
    int line = columns * stretch;
    for (int row = first / line; row < rows && row * line < last; row++) {
      int parameter = firstParameter(row, cut - 1);
      int skipped = Math.max(0, first - row * line) / stretch / extent;
      for (int block = skipped; block * extent < columns; block++) {
        int from = row * line + block * extent * stretch;
        int to = from + Math.min(extent, columns - block * extent) * stretch;
        if (from < last) {
          run.accept(Math.max(from, first), Math.min(to, last), parameter + block);
        }
      }
    }
  }

  /** The number of the pair at the start of a row over the axes before {@code axis}. */
  private int firstParameter(int row, int axis) {
    int parameter = 0;
    int weight = axis < 0 ? 1 : grid[axis];
    int rest = row;
    for (int outer = axis - 1; outer >= 0; outer--) {
      int index = rest % sizes[outer];
      rest /= sizes[outer];
      parameter += index / extents[outer] * weight;
      weight *= grid[outer];
    }
    return parameter;
  }

  private static int[] extents(List<Long> blocks, Granularity granularity, long[] sizes) {
    if (blocks.size() != sizes.length) {
      throw misfit(granularity, sizes);
    }
    return blocks.stream().mapToInt(ParameterLayout::extent).toArray();
  }

  /** No axis is longer than an array, so that a longer extent spans it. */
  private static int extent(long size) {
    return (int) Math.min(size, WHOLE);
  }

  /** Sets the extent along an axis; the number of extents is the tensor's rank. */
  private static int[] with(
      int[] extents, int axis, int extent, Granularity granularity, long[] sizes) {
    if (axis < 0 || axis >= extents.length) {
      throw misfit(granularity, sizes);
    }
    extents[axis] = extent;
    return extents;
  }

  private static IllegalArgumentException misfit(Granularity granularity, long[] sizes) {
    return new IllegalArgumentException(
        granularity + " does not fit a tensor of sizes " + Arrays.toString(sizes));
  }
}

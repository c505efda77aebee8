package dev.octet.tck.exact;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.tck.integers.Operand;
import dev.octet.tck.integers.Step;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;

/** Operators that move integers, or choose among them, and compute nothing. */
final class Moves {

  /** A move, from where elements are to where they go. */
  @FunctionalInterface
  private interface Move {
    IntToLongFunction of(Moves from);
  }

  private static final Map<String, Move> KNOWN = new TreeMap<>();

  static {
    for (String op : List.of("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze")) {
      KNOWN.put(op, from -> i -> from.x[i]);
    }
    KNOWN.put("Transpose", Moves::transpose);
    KNOWN.put("Slice", Moves::slice);
    KNOWN.put("Gather", Moves::gather);
    KNOWN.put("Expand", from -> i -> from.x[Coordinates.broadcast(i, from.result, from.sizes)]);
    KNOWN.put("Tile", from -> from::tile);
    KNOWN.put("Split", from -> from::firstPart);
    KNOWN.put("Pad", Moves::pad);
    KNOWN.put("MaxPool", Moves::maxPool);
    KNOWN.put("DepthToSpace", Moves::depthToSpace);
    KNOWN.put("SpaceToDepth", Moves::spaceToDepth);
    KNOWN.put("Resize", Moves::nearest);
  }

  private final Node node;
  private final List<Operand> operands;
  private final long[] x;
  private final long[] sizes;
  private final long[] result;
  private final long zeroPoint;

  private Moves(Step step, Tensor x, long[] result) {
    this.node =
        Node.of(
            step.node(),
            step.op(),
            List.of(),
            List.of(),
            step.attributes().toArray(Attribute[]::new));
    this.operands = step.operands();
    this.x = x.integers();
    this.sizes = x.sizes();
    this.result = result;
    this.zeroPoint = step.meaning().zeroPoint();
  }

  /** Tells whether a step moves integers whose meaning stays what it is. */
  static boolean knows(Step step) {
    return KNOWN.containsKey(step.op().toString())
        && !(step.op().is("Resize") && weighs(step))
        && step.operands()
            .get(0)
            .stored()
            .filter(moved -> moved.meaning().equals(step.meaning()))
            .isPresent();
  }

  private static boolean weighs(Step step) {
    Attribute[] attributes = step.attributes().toArray(Attribute[]::new);
    Node node = Node.of(step.node(), step.op(), List.of(), List.of(), attributes);
    return !node.stringAttribute("mode", "nearest").equals("nearest");
  }

  /** Returns the integers of a step's first result. */
  static IntToLongFunction of(Step step, Tensor x, long[] result) {
    return Optional.ofNullable(KNOWN.get(step.op().toString()))
        .orElseThrow()
        .of(new Moves(step, x, result));
  }

  private long[] plain(int operand) {
    return ((Operand.Plain) operands.get(operand)).content().integers();
  }

  private int axis(long stated) {
    return Math.toIntExact(stated < 0 ? stated + sizes.length : stated);
  }

  private IntToLongFunction transpose() {
    long[] order = new long[sizes.length];
    Arrays.setAll(order, i -> sizes.length - 1L - i);
    node.intsAttribute("perm").ifPresent(perm -> Arrays.setAll(order, perm::get));
    return index -> {
      long[] to = Coordinates.of(index, result);
      long[] from = new long[to.length];
      for (int i = 0; i < to.length; i++) {
        from[(int) order[i]] = to[i];
      }
      return x[Coordinates.index(from, sizes)];
    };
  }

  private IntToLongFunction slice() {
    long[] starts = plain(1);
    long[] axes = new long[starts.length];
    Arrays.setAll(axes, i -> i);
    if (operands.size() > 3) {
      System.arraycopy(plain(3), 0, axes, 0, axes.length);
    }
    long[] steps = new long[starts.length];
    Arrays.fill(steps, 1);
    if (operands.size() > 4) {
      System.arraycopy(plain(4), 0, steps, 0, steps.length);
    }
    return index -> {
      long[] at = Coordinates.of(index, result);
      for (int i = 0; i < starts.length; i++) {
        int axis = axis(axes[i]);
        long start = starts[i] < 0 ? starts[i] + sizes[axis] : starts[i];
        at[axis] = start + at[axis] * steps[i];
      }
      return x[Coordinates.index(at, sizes)];
    };
  }

  /** The axes of the indices stand in the place of the axis that they choose along. */
  private IntToLongFunction gather() {
    Tensor indices = ((Operand.Plain) operands.get(1)).content();
    long[] chosen = indices.integers();
    int axis = axis(node.intAttribute("axis", 0));
    int more = indices.rank();
    return index -> {
      long[] at = Coordinates.of(index, result);
      long[] from = new long[sizes.length];
      System.arraycopy(at, 0, from, 0, axis);
      System.arraycopy(at, axis + more, from, axis + 1, sizes.length - axis - 1);
      int which = Coordinates.index(Arrays.copyOfRange(at, axis, axis + more), indices.sizes());
      from[axis] = Math.floorMod(chosen[which], sizes[axis]);
      return x[Coordinates.index(from, sizes)];
    };
  }

  private long tile(int index) {
    long[] at = Coordinates.of(index, result);
    Arrays.setAll(at, i -> at[i] % sizes[i]);
    return x[Coordinates.index(at, sizes)];
  }

  private long firstPart(int index) {
    return x[Coordinates.index(Coordinates.of(index, result), sizes)];
  }

  private IntToLongFunction pad() {
    long[] pads = plain(1);
    boolean edge = node.stringAttribute("mode", "constant").equals("edge");
    return index -> {
      long[] at = Coordinates.of(index, result);
      for (int i = 0; i < at.length; i++) {
        at[i] -= pads[i];
        if (!edge && (at[i] < 0 || at[i] >= sizes[i])) {
          return zeroPoint;
        }
        at[i] = Math.max(0, Math.min(sizes[i] - 1, at[i]));
      }
      return x[Coordinates.index(at, sizes)];
    };
  }

  private IntToLongFunction maxPool() {
    int spatial = sizes.length - 2;
    long[] kernel = ints("kernel_shape", spatial, 1);
    long[] strides = ints("strides", spatial, 1);
    long[] dilations = ints("dilations", spatial, 1);
    long[] begin = begin(kernel, strides, dilations);
    return index -> {
      long[] out = Coordinates.of(index, result);
      long largest = Long.MIN_VALUE;
      for (int tap = 0; tap < Coordinates.count(kernel); tap++) {
        long[] within = Coordinates.of(tap, kernel);
        long[] at = out.clone();
        boolean inside = true;
        for (int i = 0; i < spatial; i++) {
          at[i + 2] = out[i + 2] * strides[i] + within[i] * dilations[i] - begin[i];
          inside &= at[i + 2] >= 0 && at[i + 2] < sizes[i + 2];
        }
        largest = inside ? Math.max(largest, x[Coordinates.index(at, sizes)]) : largest;
      }
      return largest;
    };
  }

  /**
   * Channel c comes from {@code (row * block + column) * C + c}, of CRD from {@code c * block^2 +
   * row * block + column}.
   */
  private IntToLongFunction depthToSpace() {
    long block = node.intAttribute("blocksize", 1);
    long channels = result[1];
    boolean outer = node.stringAttribute("mode", "DCR").equals("CRD");
    return index -> {
      long[] at = Coordinates.of(index, result);
      long within = at[2] % block * block + at[3] % block;
      long channel = outer ? at[1] * block * block + within : within * channels + at[1];
      long[] from = {at[0], channel, at[2] / block, at[3] / block};
      return x[Coordinates.index(from, sizes)];
    };
  }

  private IntToLongFunction spaceToDepth() {
    long block = node.intAttribute("blocksize", 1);
    return index -> {
      long[] at = Coordinates.of(index, result);
      long within = at[1] / sizes[1];
      long[] from = {
        at[0], at[1] % sizes[1], at[2] * block + within / block, at[3] * block + within % block
      };
      return x[Coordinates.index(from, sizes)];
    };
  }

  /** Resize to the nearest element, whose place is a fraction of integers, exactly. */
  private IntToLongFunction nearest() {
    long[][] scales = new long[sizes.length][];
    Arrays.setAll(scales, this::scale);
    return index -> {
      long[] at = Coordinates.of(index, result);
      for (int i = 0; i < at.length; i++) {
        at[i] = Math.max(0, Math.min(sizes[i] - 1, nearest(at[i], scales[i][0], scales[i][1])));
      }
      return x[Coordinates.index(at, sizes)];
    };
  }

  /** Output size per input size along an axis, as numerator and denominator. */
  private long[] scale(int axis) {
    Optional<Tensor> factors = operands.get(2).plain();
    if (factors.isEmpty()) {
      return new long[] {result[axis], sizes[axis]};
    }
    BigDecimal factor = new BigDecimal(factors.get().floats()[axis]);
    long denominator = 1L << Math.max(0, factor.scale());
    return new long[] {
      factor.multiply(BigDecimal.valueOf(denominator)).longValueExact(), denominator
    };
  }

  /**
   * The element at {@code out / scale} rounded down where the node says so, else at {@code (out +
   * 0.5) / scale - 0.5} rounded to the nearest, of two the lower.
   */
  private long nearest(long out, long up, long down) {
    if (node.stringAttribute("nearest_mode", "round_prefer_floor").equals("floor")) {
      return Math.floorDiv(out * down, up);
    }
    return -Math.floorDiv(2 * up - (2 * out + 1) * down, 2 * up);
  }

  /** What is padded in front along each axis, as stated or as the sizes ask for it. */
  private long[] begin(long[] kernel, long[] strides, long[] dilations) {
    long[] begin = ints("pads", 2 * kernel.length, 0);
    String how = node.stringAttribute("auto_pad", "NOTSET");
    for (int i = 0; i < kernel.length && how.startsWith("SAME"); i++) {
      long end = (result[i + 2] - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1;
      long pads = Math.max(0, end - sizes[i + 2]);
      begin[i] = how.equals("SAME_LOWER") ? pads - pads / 2 : pads / 2;
    }
    return begin;
  }

  private long[] ints(String name, int count, long fallback) {
    long[] values = new long[count];
    Arrays.fill(values, fallback);
    node.intsAttribute(name).ifPresent(stated -> Arrays.setAll(values, stated::get));
    return values;
  }
}

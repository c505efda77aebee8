package dev.octet.tck.graphs;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.tck.integers.IntegerDraft;
import dev.octet.tck.integers.IntegerModel;
import dev.octet.tck.integers.Meaning;
import dev.octet.tck.integers.Operand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;

/** One node of integers while it is composed: its operands with their numbers. Not thread-safe. */
final class IntegerNode {

  /** Results whose scale does not depend on what is read. */
  private static final Map<String, Float> UNIT_RANGE =
      Map.of(
          "Sigmoid", 1 / 256f,
          "Softmax", 1 / 256f,
          "HardSigmoid", 1 / 256f,
          "Tanh", 1 / 64f,
          "Sin", 1 / 64f,
          "Cos", 1 / 64f);

  private static final Set<String> KEEPS_MEANING =
      Set.of(
          "Identity",
          "Reshape",
          "Flatten",
          "Squeeze",
          "Unsqueeze",
          "Transpose",
          "Slice",
          "Gather",
          "Expand",
          "Tile",
          "Split",
          "Pad",
          "MaxPool",
          "DepthToSpace",
          "SpaceToDepth",
          "Resize");

  /** The largest factors of the field's kernels are below 256. */
  private static final float FAR_BEYOND = 1 / 200f;

  /** What is left of large sums that cancel: odd, so that their halves are ties. */
  private static final int[] REST = {5, -7, 3};

  private final OpType op;
  private final NodeForm form;
  private final long[] flow;
  private final Types types;
  private final Numbers numbers;
  private final SplittableRandom random;
  private final IntegerDraft draft;
  private final List<Operand> operands = new ArrayList<>();
  private long terms = 1;

  IntegerNode(
      IntegerDraft draft,
      OpType op,
      NodeForm form,
      long[] flow,
      Types types,
      Numbers numbers,
      SplittableRandom random) {
    this.op = op;
    this.form = form;
    this.flow = flow;
    this.types = types;
    this.numbers = numbers;
    this.random = random;
    this.draft = draft;
  }

  /** Tells whether the result of an operator has the scale and zero point that it reads. */
  static boolean keepsMeaning(OpType op) {
    return KEEPS_MEANING.contains(op.toString());
  }

  /** Returns the model; empty when the form does not fit the operator on integers. */
  Optional<IntegerModel> model() {
    for (int i = 0; i < form.operands().size(); i++) {
      operands.add(operand(i, form.operands().get(i)));
    }
    draft.node(op, form.attributes(), operands, form.results(), result());
    return draft.model();
  }

  private Operand operand(int index, OperandForm wanted) {
    int before = form.operands().subList(0, index).indexOf(OperandForm.flow());
    return wanted.put(
        new OperandForm.Places<Operand>() {
          @Override
          public Operand flow() {
            return before < 0 ? IntegerNode.this.input(flow) : operands.get(before);
          }

          @Override
          public Operand result(int step) {
            throw new IllegalArgumentException("the node stands alone");
          }

          @Override
          public Operand input(Shape shape) {
            return IntegerNode.this.input(shape.sizes());
          }

          @Override
          public Operand weight(Shape shape) {
            return IntegerNode.this.weight(index, shape.sizes());
          }

          @Override
          public Operand given(Tensor content) {
            return new Operand.Plain(content);
          }

          @Override
          public Operand absent() {
            return new Operand.Absent();
          }
        });
  }

  /** Returns what stands at an operand of which the form says that it is integers. */
  private Operand.Stored stored(int operand) {
    return operands.get(operand).stored().orElseThrow();
  }

  private Operand.Stored input(long[] sizes) {
    Meaning meaning = activation();
    return draft.input(meaning, tensor(meaning, sizes, numbers == Numbers.TIES ? 6 : 0, false));
  }

  private Meaning activation() {
    DataType type =
        operands.isEmpty() || IntegerComposer.isProduct(op) ? types.activation() : types.weight();
    Meaning range = Meaning.perTensor(type, 1, 0);
    long zero =
        switch (numbers) {
          case LOW_ZERO, HIGHEST, OPPOSED, UNDONE_BY_BIAS -> range.min();
          case HIGH_ZERO, LOWEST -> range.max();
          default -> middle(range) + random.nextInt(41) - 20;
        };
    boolean fine = numbers == Numbers.UNLIKE_STEPS && !operands.isEmpty();
    return Meaning.perTensor(type, scale(0.01, -3) / (fine ? 256 : 1) / steps(type), zero);
  }

  /** How many steps of a type have the width of one of 8 bits. */
  private static float steps(DataType type) {
    return 1 << Math.max(0, type.bits() - Byte.SIZE);
  }

  private static float span(DataType type) {
    return (1L << type.bits()) - 1;
  }

  private static long middle(Meaning range) {
    return range.min() < 0 ? 0 : (range.max() + 1) / 2;
  }

  private float scale(double from, int exponent) {
    return numbers.hasExactScales()
        ? Math.scalb(1f, exponent)
        : (float) (from * (1 + 4 * random.nextDouble()));
  }

  private Operand weight(int index, long[] sizes) {
    if (!IntegerComposer.isProduct(op)) {
      return constant(activation(), sizes);
    }
    if (index == 2) {
      return bias(sizes);
    }
    terms = products(index, sizes);
    Meaning meaning = weightMeaning(index, sizes);
    return draft.constant(meaning, tensor(meaning, sizes, numbers == Numbers.TIES ? 3 : 0, true));
  }

  private Operand.Stored constant(Meaning meaning, long[] sizes) {
    return draft.constant(meaning, tensor(meaning, sizes, numbers == Numbers.TIES ? 6 : 0, true));
  }

  private long products(int index, long[] sizes) {
    if (IntegerComposer.isConvolution(op)) {
      return count(sizes) / sizes[channelAxis(sizes)];
    }
    return index == 0 || sizes.length == 1
        ? sizes[sizes.length - 1]
        : count(sizes) / sizes[channelAxis(sizes)];
  }

  private int channelAxis(long[] sizes) {
    if (op.is("ConvTranspose")) {
      return 1;
    }
    boolean first =
        op.is("Conv")
            || (op.is("Gemm")
                && form.attributes().stream().anyMatch(a -> a.name().equals("transB")));
    return first ? 0 : sizes.length - 1;
  }

  private Meaning weightMeaning(int index, long[] sizes) {
    Meaning range = Meaning.perTensor(types.weight(), 1, 0);
    if (types.perChannel() && index == 1 && sizes.length > 1) {
      int axis = channelAxis(sizes);
      List<Float> scales = new ArrayList<>();
      List<Long> zeroPoints = new ArrayList<>();
      for (long channel = 0; channel < sizes[axis]; channel++) {
        float one = scale(0.005, -2);
        scales.add(numbers.hasExactScales() ? Math.scalb(one, (int) (channel % 2)) : one);
        zeroPoints.add(types.weight().isSignedInteger() ? 0 : weightZero(range));
      }
      return new Meaning(types.weight(), scales, zeroPoints, OptionalInt.of(axis));
    }
    long zero = types.weight().isSignedInteger() ? 0 : weightZero(range);
    boolean cancels =
        numbers == Numbers.CANCELLING
            || numbers == Numbers.OPPOSED
            || numbers == Numbers.UNDONE_BY_BIAS;
    return Meaning.perTensor(types.weight(), scale(0.005, -2), cancels ? middle(range) : zero);
  }

  private long weightZero(Meaning range) {
    return switch (numbers) {
      case LOW_ZERO -> range.min();
      case HIGH_ZERO -> range.max();
      default -> middle(range) + random.nextInt(11) - 5;
    };
  }

  private Operand.Stored bias(long[] sizes) {
    Operand.Stored x = stored(0);
    Operand.Stored w = stored(1);
    List<Float> scales = new ArrayList<>();
    // The weight of a grouped ConvTranspose has the scales of one group.
    int groups = w.meaning().axis().isPresent() && op.is("ConvTranspose") ? groups() : 1;
    for (int group = 0; group < groups; group++) {
      w.meaning().scales().forEach(scale -> scales.add(x.meaning().scale() * scale));
    }
    int most = numbers == Numbers.TIES ? 5 : numbers.isExtreme() ? 100_000 : 2_000;
    long[] values = new long[count(sizes)];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          numbers == Numbers.UNDONE_BY_BIAS
              ? REST[i % REST.length] - terms * largestProduct(x.meaning(), w.meaning())
              : random.nextLong(-most, most + 1L);
    }
    boolean each = w.meaning().axis().isPresent() && count(sizes) == scales.size();
    Meaning meaning =
        each
            ? Meaning.perChannel(DataType.INT32, scales, 0)
            : Meaning.perTensor(DataType.INT32, scales.get(0), 0);
    return draft.constant(meaning, Tensor.ofIntegers(DataType.INT32, values, sizes));
  }

  private int groups() {
    Attribute[] attributes = form.attributes().toArray(Attribute[]::new);
    Node node = Node.of("node", op, List.of(), List.of("y"), attributes);
    return Math.toIntExact(node.intAttribute("group", 1));
  }

  private static long largestProduct(Meaning x, Meaning w) {
    return (x.max() - x.zeroPoint()) * (w.max() - w.zeroPoint());
  }

  private Meaning result() {
    Operand.Stored first = stored(0);
    Meaning x = first.meaning();
    if (keepsMeaning(op)) {
      return x;
    }
    Float unit = UNIT_RANGE.get(op.toString());
    DataType type = IntegerComposer.isProduct(op) ? types.activation() : types.weight();
    Meaning range = Meaning.perTensor(type, 1, 0);
    if (unit != null) {
      boolean positive = unit == 1 / 256f;
      return Meaning.perTensor(type, unit / steps(type), positive ? range.min() : middle(range));
    }
    long zero =
        switch (numbers) {
          case LOW_ZERO -> range.max();
          case HIGH_ZERO -> range.min();
          case TIES, CANCELLING, UNDONE_BY_BIAS -> middle(range) + 1;
          default -> middle(range) + random.nextInt(61) - 30;
        };
    return Meaning.perTensor(type, resultScale(x, steps(type)), zero);
  }

  private float resultScale(Meaning x, float steps) {
    float factor = factor(x);
    return switch (numbers) {
      case TIES, CANCELLING, UNDONE_BY_BIAS -> 2 * factor;
      case SATURATING, FAR_BEYOND -> factor * FAR_BEYOND;
      case LOWEST, HIGHEST, OPPOSED, ALTERNATING -> factor * largest() / 100 / steps;
      default -> factor * typical() / 40 / steps;
    };
  }

  /** Returns what one unit of the sums is worth. */
  private float factor(Meaning x) {
    boolean multiplies = IntegerComposer.isProduct(op) || op.is("Mul");
    return multiplies ? x.scale() * stored(1).meaning().scale() : x.scale();
  }

  private float largest() {
    return IntegerComposer.isProduct(op)
        ? terms * span(types.activation()) * (1 << (types.weight().bits() - 1))
        : op.is("Mul")
            ? span(types.activation()) * span(types.weight())
            : 300f * steps(types.activation());
  }

  private float typical() {
    float weight = 1 << (types.weight().bits() - 1);
    return IntegerComposer.isProduct(op)
        ? (float) Math.sqrt((double) terms) * 74 * steps(types.activation()) * weight / 1.7f
        : op.is("Mul")
            ? 74f * 74f * steps(types.activation()) * steps(types.weight())
            : 60f * steps(types.activation());
  }

  private Tensor tensor(Meaning meaning, long[] sizes, int around, boolean constant) {
    long[] values = new long[count(sizes)];
    long spread = meaning.max() - meaning.min() + 1;
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (numbers) {
            case CONSTANT -> meaning.min() + spread * 3 / 4;
            case LOWEST -> meaning.min();
            case HIGHEST, UNDONE_BY_BIAS -> meaning.max();
            case OPPOSED -> constant ? meaning.min() : meaning.max();
            case FAR_BEYOND -> constant || i < values.length / 2 ? meaning.max() : meaning.min();
            case ALTERNATING -> i % 2 == 0 ? meaning.min() : meaning.max();
            default ->
                around == 0
                    ? meaning.min() + random.nextLong(spread)
                    : clamp(meaning, meaning.zeroPoint() + random.nextInt(2 * around + 1) - around);
          };
    }
    if (numbers == Numbers.CANCELLING) {
      cancel(values, meaning, sizes, constant);
    }
    return Tensor.ofIntegers(meaning.type(), values, sizes);
  }

  private static long clamp(Meaning meaning, long value) {
    return Math.max(meaning.min(), Math.min(meaning.max(), value));
  }

  /**
   * Makes the second half of each sum undo the first: values repeat and weights change their sign.
   * What is left over is 1 times 5 in one column, -7 in the next, 3 in the third.
   */
  private void cancel(long[] values, Meaning meaning, long[] sizes, boolean constant) {
    int axis = constant && channelAxis(sizes) != 0 ? 0 : sizes.length - 1;
    int length = (int) sizes[axis];
    int stride = axis == sizes.length - 1 ? 1 : (int) sizes[1];
    int half = (length - 1) / 2;
    long zero = meaning.zeroPoint();
    for (int line = 0; line < values.length / length; line++) {
      int from = stride == 1 ? line * length : line;
      for (int k = 0; k < half; k++) {
        long value = values[from + k * stride];
        long undone = constant ? clamp(meaning, 2 * zero - value) : value;
        values[from + (half + k) * stride] = undone;
        values[from + k * stride] = constant ? 2 * zero - undone : value;
      }
      for (int k = 2 * half; k < length; k++) {
        boolean last = k == length - 1;
        long left = constant ? (last ? REST[line % REST.length] : 0) : (last ? 1 : 0);
        values[from + k * stride] = zero + left;
      }
    }
  }

  private static int count(long[] sizes) {
    long count = 1;
    for (long size : sizes) {
      count *= size;
    }
    return Math.toIntExact(count);
  }
}

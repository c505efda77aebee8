package dev.octet.workflow.data;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.tree.Tree;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The samples of one input of a model: a file, its steps, and what the model takes. Samples that
 * differ in size run one at a time. Thread-safe.
 *
 * <p>The elements become float32 when the model takes float32, and floats become float16 or float64
 * when it takes that. Otherwise the steps must end in the type that the model takes.
 *
 * <p>The model's first dimension counts the samples of a run. When the samples have one axis more
 * than the model, the model takes one sample at a time without an axis for it.
 */
final class InputSamples implements AutoCloseable {

  private static final Set<DataType> OTHER_FLOATS = EnumSet.of(DataType.FLOAT16, DataType.DOUBLE);

  private final Samples samples;
  private final Steps steps;
  private final Map<List<Long>, Steps> stepsBySizes;
  private final boolean batched;
  private final OptionalInt fixedBatch;

  private InputSamples(
      Samples samples,
      Steps steps,
      Map<List<Long>, Steps> stepsBySizes,
      boolean batched,
      OptionalInt fixedBatch) {
    this.samples = samples;
    this.steps = steps;
    this.stepsBySizes = Map.copyOf(stepsBySizes);
    this.batched = batched;
    this.fixedBatch = fixedBatch;
  }

  /**
   * Joins samples to an input.
   *
   * @param samples the stored samples
   * @param descriptions the entries of {@code steps}
   * @param input the model's input
   * @param mayBeFloat whether the input is integers that are made of floats when the model runs
   * @param at the description, for messages
   * @throws OctetException as {@link Steps#of}; {@code OCT-DATA-022} if the model takes no tensor,
   *     {@code OCT-DATA-009} if the element type is not the model's, {@code OCT-DATA-010} if the
   *     shape is not
   */
  static InputSamples of(
      Samples samples, List<Tree> descriptions, ValueInfo input, boolean mayBeFloat, Tree at) {
    TensorType wanted =
        input
            .tensorType()
            .orElseThrow(
                () -> misfit(DataErrors.NO_TENSOR_INPUT, input, at, "gives tensors").build());
    Map<List<Long>, Steps> bySizes = new LinkedHashMap<>();
    for (int i = 0; i < (samples.differ() ? samples.sizes()[0] : 1); i++) {
      long[] sizes = samples.sizesOf(i);
      bySizes.computeIfAbsent(
          key(sizes), key -> steps(samples, sizes, descriptions, input, mayBeFloat, at));
    }
    Steps first = bySizes.values().iterator().next();
    boolean batched =
        wanted.shape().isEmpty()
            || wanted.shape().get().rank() == first.layout().sizes().length + 1;
    OptionalInt own =
        wanted.shape().isEmpty()
            ? OptionalInt.empty()
            : batched ? known(wanted.shape().get().dimensions().get(0)) : OptionalInt.of(1);
    return new InputSamples(
        samples, first, bySizes, batched, samples.differ() ? OptionalInt.of(1) : own);
  }

  /** Returns the steps of samples of some sizes, which give what the model takes. */
  private static Steps steps(
      Samples samples,
      long[] sizes,
      List<Tree> descriptions,
      ValueInfo input,
      boolean mayBeFloat,
      Tree at) {
    Steps steps = Steps.of(descriptions, new Layout(samples.type(), sizes, samples.axes()));
    TensorType wanted = input.tensorType().orElseThrow();
    boolean integers = steps.casts() && steps.layout().type() == wanted.dataType();
    matchType(steps, mayBeFloat && !integers ? DataType.FLOAT : wanted.dataType(), input, at);
    wanted.shape().ifPresent(shape -> matchShape(steps, shape.dimensions(), input, at));
    return steps;
  }

  private static List<Long> key(long[] sizes) {
    return LongStream.of(sizes).boxed().toList();
  }

  /** Returns how many samples each run takes; empty when any number will do. */
  OptionalInt fixedBatch() {
    return fixedBatch;
  }

  int size() {
    return (int) samples.sizes()[0];
  }

  Samples samples() {
    return samples;
  }

  /** Returns the sizes of one sample after all steps. */
  long[] sampleSizes(int sample) {
    return stepsOf(sample).layout().sizes().clone();
  }

  private Steps stepsOf(int sample) {
    return samples.differ()
        ? Objects.requireNonNull(stepsBySizes.get(key(samples.sizesOf(sample))))
        : steps;
  }

  /**
   * Returns some neighbouring samples of an order as the tensor that the model takes.
   *
   * @throws OctetException {@code OCT-DATA-048} if the memory has no room for them; as {@link
   *     Samples#read}
   */
  Tensor batch(SampleOrder order, int from, int count) {
    try {
      return read(order, from, count);
    } catch (OutOfMemoryError e) {
      throw DataErrors.tooLarge(samples.place(order.stored(from))).cause(e).build();
    }
  }

  private Tensor read(SampleOrder order, int from, int count) {
    List<Values> parts = new ArrayList<>();
    for (int at = from; at < from + count; ) {
      int run = order.run(at, from + count - at);
      parts.add(samples.read(order.stored(at), run));
      at += run;
    }
    Steps own = stepsOf(order.stored(from));
    Values values = own.apply(Values.joined(parts), count);
    long[] sample = own.layout().sizes();
    if (!batched) {
      return values.tensor(own.layout().type(), sample);
    }
    long[] sizes = new long[sample.length + 1];
    sizes[0] = count;
    System.arraycopy(sample, 0, sizes, 1, sample.length);
    return values.tensor(own.layout().type(), sizes);
  }

  @Override
  public void close() {
    samples.close();
  }

  private static void matchType(Steps steps, DataType wanted, ValueInfo input, Tree at) {
    if (steps.layout().type() == wanted) {
      return;
    }
    // A cast states a type: what has none becomes the model's float, what states another is a
    // mistake.
    boolean toFloat = wanted == DataType.FLOAT;
    boolean ofFloats = OTHER_FLOATS.contains(wanted) && steps.layout().type() == DataType.FLOAT;
    if ((!toFloat && !ofFloats) || steps.casts()) {
      throw misfit(DataErrors.INPUT_TYPE, input, at, "gives " + steps.layout()).build();
    }
    steps.castTo(wanted);
  }

  private static void matchShape(
      Steps steps, List<Dimension> dimensions, ValueInfo input, Tree at) {
    long[] sizes = steps.layout().sizes();
    int skipped = dimensions.size() == sizes.length + 1 ? 1 : 0;
    boolean fits = dimensions.size() == sizes.length + skipped;
    for (int axis = 0; fits && axis < sizes.length; axis++) {
      OptionalInt size = known(dimensions.get(axis + skipped));
      fits = size.isEmpty() || size.getAsInt() == sizes[axis];
    }
    if (!fits) {
      throw misfit(DataErrors.INPUT_SHAPE, input, at, "gives " + steps.layout()).build();
    }
  }

  /** Returns the size of a dimension; empty when it has none. */
  static OptionalInt known(Dimension dimension) {
    return dimension.isKnown()
        ? OptionalInt.of((int) Math.min(dimension.known().getAsLong(), Integer.MAX_VALUE))
        : OptionalInt.empty();
  }

  private static OctetException.Builder misfit(ErrorId id, ValueInfo input, Tree at, String gives) {
    return id.error("input '" + input.name() + "' takes " + input.type() + ", the data " + gives)
        .at(at.position().toString());
  }
}

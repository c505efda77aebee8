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
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The samples of one input of a model: a file, its steps, and what the model takes. Thread-safe.
 *
 * <p>The elements become float32 when the model takes float32. Otherwise the steps must end in the
 * type that the model takes.
 *
 * <p>The model's first dimension counts the samples of a run. When the samples have one axis more
 * than the model, the model takes one sample at a time without an axis for it.
 */
final class InputSamples implements AutoCloseable {

  private final Samples samples;
  private final Steps steps;
  private final boolean batched;
  private final OptionalInt fixedBatch;

  private InputSamples(Samples samples, Steps steps, boolean batched, OptionalInt fixedBatch) {
    this.samples = samples;
    this.steps = steps;
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
    long[] sizes = samples.sizes();
    long[] sampleSizes = Arrays.copyOfRange(sizes, 1, sizes.length);
    Steps steps = Steps.of(descriptions, new Layout(samples.type(), sampleSizes, samples.axes()));
    TensorType wanted =
        input
            .tensorType()
            .orElseThrow(
                () -> misfit(DataErrors.NO_TENSOR_INPUT, input, at, "gives tensors").build());
    boolean integers = steps.casts() && steps.layout().type() == wanted.dataType();
    DataType type = mayBeFloat && !integers ? DataType.FLOAT : wanted.dataType();
    matchType(steps, type, input, at);
    if (wanted.shape().isEmpty()) {
      return new InputSamples(samples, steps, true, OptionalInt.empty());
    }
    List<Dimension> dimensions = wanted.shape().get().dimensions();
    boolean batched = dimensions.size() == sampleSizesAfter(steps).length + 1;
    matchShape(steps, batched, dimensions, input, at);
    return new InputSamples(
        samples, steps, batched, batched ? known(dimensions.get(0)) : OptionalInt.of(1));
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
  long[] sampleSizes() {
    return steps.layout().sizes().clone();
  }

  /** Returns some neighbouring samples of an order as the tensor that the model takes. */
  Tensor batch(SampleOrder order, int from, int count) {
    List<Values> parts = new ArrayList<>();
    for (int at = from; at < from + count; ) {
      int run = order.run(at, from + count - at);
      parts.add(samples.read(order.stored(at), run));
      at += run;
    }
    Values values = steps.apply(Values.joined(parts), count);
    long[] sample = steps.layout().sizes();
    if (!batched) {
      return values.tensor(steps.layout().type(), sample);
    }
    long[] sizes = new long[sample.length + 1];
    sizes[0] = count;
    System.arraycopy(sample, 0, sizes, 1, sample.length);
    return values.tensor(steps.layout().type(), sizes);
  }

  @Override
  public void close() {
    samples.close();
  }

  private static void matchType(Steps steps, DataType wanted, ValueInfo input, Tree at) {
    if (steps.layout().type() == wanted) {
      return;
    }
    // A cast states a type: what has none becomes float32, what states another is a mistake.
    if (wanted != DataType.FLOAT || steps.casts()) {
      throw misfit(DataErrors.INPUT_TYPE, input, at, "gives " + steps.layout()).build();
    }
    steps.castTo(DataType.FLOAT);
  }

  private static void matchShape(
      Steps steps, boolean batched, List<Dimension> dimensions, ValueInfo input, Tree at) {
    long[] sizes = sampleSizesAfter(steps);
    int skipped = batched ? 1 : 0;
    boolean fits = dimensions.size() == sizes.length + skipped;
    for (int axis = 0; fits && axis < sizes.length; axis++) {
      OptionalInt size = known(dimensions.get(axis + skipped));
      fits = size.isEmpty() || size.getAsInt() == sizes[axis];
    }
    if (!fits) {
      throw misfit(DataErrors.INPUT_SHAPE, input, at, "gives " + steps.layout()).build();
    }
  }

  private static long[] sampleSizesAfter(Steps steps) {
    return steps.layout().sizes();
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

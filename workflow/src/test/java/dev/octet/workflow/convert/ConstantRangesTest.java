package dev.octet.workflow.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Tensor;
import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.observer.Range;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec.Observed;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.plan.GraphValue;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Constants are read part by part; what is seen of them is what one look at the whole sees. */
class ConstantRangesTest {

  private static final int PART = 1 << 16;
  private static final Observers OBSERVERS = Observers.standard();

  @Test
  void everyObserverSeesPartsAsItSeesTheWhole() {
    int size = 3 * PART + 7;
    float[] elements = gaussian(size);
    for (ObserverSpec observer :
        List.of(
            ObserverSpec.minMax(),
            ObserverSpec.percentile(99.9),
            ObserverSpec.entropy(),
            ObserverSpec.squaredError())) {
      Observed spec = Observed.of(QuantizedType.of(Storage.INT8)).withObserver(observer);
      ValueObserver whole = OBSERVERS.create(OBSERVERS.canonical(observer));
      whole.observe(elements, 0, size, ChannelLayout.perTensor(size));
      assertEquals(
          OBSERVERS.choose(spec, whole.statistics().get(0)).parameters(),
          ranges(spec, Tensor.of(elements, size)).parameters(),
          observer.toString());
    }
  }

  /** Rows that end inside of parts, and a last axis whose runs are one element. */
  @Test
  void channelsAreThoseOfTheWhole() {
    int rows = 5;
    int columns = PART - 3;
    float[] elements = gaussian(rows * columns);
    Tensor tensor = Tensor.of(elements, rows, columns);
    for (int axis = 0; axis < 2; axis++) {
      Observed spec =
          Observed.of(QuantizedType.of(Storage.INT8))
              .withGranularity(new Granularity.PerChannel(axis));
      List<Range> observed = ranges(spec, tensor).observed();
      assertEquals(axis == 0 ? rows : columns, observed.size());
      for (int channel = 0; channel < observed.size(); channel += axis == 0 ? 1 : 997) {
        assertEquals(range(elements, columns, axis, channel), observed.get(channel));
      }
    }
  }

  private static Range range(float[] elements, int columns, int axis, int channel) {
    float min = Float.MAX_VALUE;
    float max = -Float.MAX_VALUE;
    for (int i = 0; i < elements.length; i++) {
      if ((axis == 0 ? i / columns : i % columns) == channel) {
        min = Math.min(min, elements[i]);
        max = Math.max(max, elements[i]);
      }
    }
    return new Range(min, max);
  }

  private static ConstantRanges.Outcome ranges(Observed spec, Tensor tensor) {
    GraphValue constant =
        new GraphValue(
            "w",
            "w",
            Optional.empty(),
            Optional.empty(),
            Optional.of(tensor),
            false,
            Optional.empty(),
            List.of(),
            "n");
    return new ConstantRanges(OBSERVERS).of(spec, List.of(constant));
  }

  private static float[] gaussian(int size) {
    Random random = new Random(5);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}

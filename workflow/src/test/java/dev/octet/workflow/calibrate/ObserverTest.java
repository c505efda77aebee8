package dev.octet.workflow.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.ObserverSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ObserverTest {

  private static final Observers OBSERVERS = Observers.standard();

  static final List<ObserverSpec> ALL =
      List.of(
          ObserverSpec.minMax(),
          ObserverSpec.percentile(99.9),
          ObserverSpec.entropy(),
          ObserverSpec.squaredError());

  @Test
  void separatesChannelsWhereverTheirAxisStands() {
    float[] data = new float[2 * 3 * 4];
    for (int i = 0; i < data.length; i++) {
      data[i] = i + 1;
    }
    for (ObserverSpec spec : ALL) {
      for (int axis = 0; axis < 3; axis++) {
        ValueObserver observer = OBSERVERS.create(spec);
        ChannelLayout layout = ChannelLayout.of(new Granularity.PerChannel(axis), 2, 3, 4);
        observer.observe(data, 0, data.length, layout);
        int[] strides = {12, 4, 1};
        List<ChannelStatistics> statistics = observer.statistics();
        assertEquals(new int[] {2, 3, 4}[axis], statistics.size());
        for (int c = 0; c < statistics.size(); c++) {
          ChannelStatistics channel = statistics.get(c);
          assertEquals(data.length / statistics.size(), channel.finite());
          assertEquals(1 + c * strides[axis], channel.min());
          int last = (statistics.size() - 1 - c) * strides[axis];
          assertEquals(data.length - last, channel.max());
        }
      }
    }
  }

  @Test
  void aTensorWithoutElementsMayHaveSizesThatCannotBeCounted() {
    long many = Integer.MAX_VALUE;
    assertEquals(
        ChannelLayout.perTensor(0),
        ChannelLayout.of(new Granularity.PerTensor(), many, many, many, 0));
    assertEquals(
        new ChannelLayout(0, 2, 0),
        ChannelLayout.of(new Granularity.PerChannel(3), many, many, 0, 2, many, many, 0));
  }

  @Test
  void readsOnlyTheGivenPartOfAnArray() {
    float[] data = {1000, 1, 2, -1000};
    for (ObserverSpec spec : ALL) {
      ValueObserver observer = OBSERVERS.create(spec);
      observer.observe(data, 1, 2, ChannelLayout.perTensor(2));
      assertEquals(1f, observer.statistics().get(0).min());
      assertEquals(2f, observer.statistics().get(0).max());
    }
  }

  @Test
  void leavesNonFiniteValuesOutAndCountsThem() {
    float[] data = {Float.NaN, 5, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY};
    for (ObserverSpec spec : ALL) {
      ValueObserver observer = OBSERVERS.create(spec);
      observer.observe(data, 0, 4, ChannelLayout.perTensor(4));
      ChannelStatistics seen = observer.statistics().get(0);
      assertEquals(5f, seen.min());
      assertEquals(5f, seen.max());
      assertEquals(1, seen.nan());
      assertEquals(2, seen.infinite());
    }
  }

  @Test
  void givesZeroOneSign() {
    for (ObserverSpec spec : ALL) {
      for (float zero : new float[] {0f, -0f}) {
        ValueObserver observer = OBSERVERS.create(spec);
        observer.observe(new float[] {zero, -zero}, 0, 2, ChannelLayout.perTensor(2));
        assertEquals(0, Float.floatToRawIntBits(observer.statistics().get(0).min()));
        assertEquals(0, Float.floatToRawIntBits(observer.statistics().get(0).max()));
      }
    }
  }

  @Test
  void keepsTheSameOfShardsInAnyOrderAsOfOnePass() {
    for (ObserverSpec spec : ALL) {
      for (long seed = 1; seed <= 20; seed++) {
        Random random = new Random(seed);
        float[] values = Streams.wild(random, 500);
        List<ChannelStatistics> once = seen(spec, values);
        for (int shards : new int[] {2, 3, 7}) {
          List<List<ChannelStatistics>> parts = new ArrayList<>();
          for (float[] shard : Streams.shards(random, values, shards)) {
            parts.add(seen(spec, shard));
          }
          Collections.shuffle(parts, random);
          List<ChannelStatistics> sum = List.of();
          for (List<ChannelStatistics> part : parts) {
            sum = TensorStatistics.sum(sum, part);
          }
          String message = spec.name() + ", seed " + seed + ", " + shards + " shards";
          assertEquals(once, sum, message);
        }
      }
    }
  }

  private static List<ChannelStatistics> seen(ObserverSpec spec, float... values) {
    ValueObserver observer = OBSERVERS.create(spec);
    observer.observe(values, 0, values.length, ChannelLayout.perTensor(values.length));
    return observer.statistics();
  }

  @Test
  void hasNoStatisticsBeforeItSawAnything() {
    for (ObserverSpec spec : ALL) {
      assertTrue(OBSERVERS.create(spec).statistics().isEmpty());
    }
  }

  @Test
  void refusesAnotherNumberOfChannels() {
    for (ObserverSpec spec : ALL) {
      ValueObserver observer = OBSERVERS.create(spec);
      observer.observe(new float[6], 0, 6, new ChannelLayout(1, 3, 2));
      ChannelLayout two = new ChannelLayout(1, 2, 3);
      assertThrows(IllegalArgumentException.class, () -> observer.observe(new float[6], 0, 6, two));
      assertThrows(IllegalArgumentException.class, () -> observer.observe(new float[6], 0, 5, two));
      ValueObserver other = OBSERVERS.create(spec);
      other.observe(new float[6], 0, 6, two);
      assertThrows(
          IllegalArgumentException.class,
          () -> TensorStatistics.sum(observer.statistics(), other.statistics()));
    }
  }

  @Test
  void refusesStatisticsOfAnotherKind() {
    List<ChannelStatistics> a = seen(ObserverSpec.minMax(), 0);
    List<ChannelStatistics> b = seen(ObserverSpec.entropy(), 0);
    assertThrows(IllegalArgumentException.class, () -> TensorStatistics.sum(a, b));
    assertThrows(IllegalArgumentException.class, () -> TensorStatistics.sum(b, a));
  }

  @Test
  void namesTheObserversThereAreWhenAnUnknownOneIsAskedFor() {
    ObserverSpec unknown = new ObserverSpec("minmax", new TreeMap<>());
    OctetException e = assertThrows(OctetException.class, () -> OBSERVERS.create(unknown));
    assertEquals("OCT-CAL-001", e.id());
    assertEquals(List.of("min-max", "entropy", "percentile", "squared-error"), e.candidates());
  }

  @Test
  void namesTheParametersThereAreWhenAnUnknownOneIsGiven() {
    var parameters = new TreeMap<String, String>();
    parameters.put("percentage", "99");
    ObserverSpec spec = new ObserverSpec("percentile", parameters);
    OctetException e = assertThrows(OctetException.class, () -> OBSERVERS.canonical(spec));
    assertEquals("OCT-CAL-002", e.id());
    assertEquals(List.of("percent"), e.candidates());
    ObserverSpec none = new ObserverSpec("min-max", parameters);
    assertEquals(
        "OCT-CAL-002", assertThrows(OctetException.class, () -> OBSERVERS.canonical(none)).id());
  }

  @Test
  void refusesPercentagesOutsideTheirBounds() {
    for (String percent : List.of("0", "-1", "100.1", "NaN", "many", "")) {
      var parameters = new TreeMap<String, String>();
      parameters.put("percent", percent);
      ObserverSpec spec = new ObserverSpec("percentile", parameters);
      OctetException e = assertThrows(OctetException.class, () -> OBSERVERS.create(spec), percent);
      assertEquals("OCT-CAL-024", e.id());
    }
  }

  @Test
  void writesParametersInOneForm() {
    var parameters = new TreeMap<String, String>();
    parameters.put("percent", "9.990e1");
    assertEquals(
        ObserverSpec.percentile(99.9),
        OBSERVERS.canonical(new ObserverSpec("percentile", parameters)));
    assertEquals(
        ObserverSpec.percentile(99.99),
        OBSERVERS.canonical(new ObserverSpec("percentile", new TreeMap<>())));
  }

  @Test
  void declaresThatNoneOfOursDependsOnOrder() {
    assertEquals(4, OBSERVERS.descriptors().size());
    OBSERVERS.descriptors().forEach(d -> assertFalse(d.orderDependent(), d.name()));
  }

  @Test
  void refusesGranularitiesWithoutChannels() {
    for (Granularity granularity :
        List.of(
            new Granularity.PerChannel(2),
            new Granularity.PerToken(),
            new Granularity.PerGroup(0, 2),
            new Granularity.PerBlock(List.of(1L, 1L)))) {
      OctetException e =
          assertThrows(OctetException.class, () -> ChannelLayout.of(granularity, 2, 2));
      assertEquals("OCT-CAL-005", e.id());
    }
  }
}

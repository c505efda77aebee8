package dev.octet.workflow.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CoverageTest {

  private static final Observers OBSERVERS = Observers.standard();
  private static final Granularity CHANNELS = new Granularity.PerChannel(0);
  private static final Random RANDOM = new Random(5);
  private static final float[] FIRST = Streams.wild(RANDOM, 60);
  private static final float[] SECOND = Streams.wild(RANDOM, 60);

  /** Returns what is seen of a group of a, b or both, each of which is one of the streams. */
  private static Calibration seen(Observers observers, ObservedGroup... groups) {
    List<ObservedGroup> asked = List.of(groups);
    List<TensorStatistics> tensors =
        watched(asked, observers).stream().map(what -> seen(what, observers)).toList();
    return Calibration.of("m", SeenSamples.unknown(3), asked, tensors, observers);
  }

  private static List<ObservedTensors> watched(List<ObservedGroup> groups, Observers observers) {
    return groups.stream()
        .flatMap(
            group -> {
              ObservedTensors whole =
                  ObservedTensors.of(group, observers.keeping(group.spec().observer()));
              return group.spec().observer().name().equals("last-value")
                  ? List.of(whole).stream()
                  : group.values().stream().map(whole::only);
            })
        .distinct()
        .toList();
  }

  private static TensorStatistics seen(ObservedTensors what, Observers observers) {
    TensorCollector collector = new TensorCollector(what, observers, LogitPaths.none());
    for (int i = 0; i < what.values().size(); i++) {
      float[] data = what.values().get(i).equals("a") ? FIRST : SECOND;
      collector.add(i, data, data.length, new long[] {3, 20}, 1);
    }
    return collector.statistics();
  }

  private static void assertServes(Calibration known, ObservedGroup wanted) {
    assertEquals(Map.of(), known.lacking(List.of(wanted), OBSERVERS));
    Calibration own = seen(OBSERVERS, wanted);
    Calibration restricted = known.restrictedTo(List.of(wanted), OBSERVERS);
    assertEquals(own.groups(), restricted.groups());
    assertEquals(own.groupsHash(), restricted.groupsHash());
    assertEquals(own.ranges(OBSERVERS), restricted.ranges(OBSERVERS));
  }

  private static String lack(Calibration known, ObservedGroup wanted) {
    Map<ObservedGroup, String> lacking = known.lacking(List.of(wanted), OBSERVERS);
    assertEquals(1, lacking.size());
    assertThrows(
        IllegalArgumentException.class, () -> known.restrictedTo(List.of(wanted), OBSERVERS));
    return lacking.get(wanted);
  }

  @Test
  void aGroupServesPartsOfItAndPartsServeTheGroup() {
    for (Granularity granularity : List.of(new Granularity.PerTensor(), CHANNELS)) {
      for (ObserverSpec observer : ObserverTest.ALL) {
        ObservedGroup both = Groups.of(observer, granularity, "a", "b");
        ObservedGroup a = Groups.of(observer, granularity, "a");
        ObservedGroup b = Groups.of(observer, granularity, "b");
        assertServes(seen(OBSERVERS, both), a);
        assertServes(seen(OBSERVERS, both), b);
        assertServes(seen(OBSERVERS, a, b), both);
        assertServes(seen(OBSERVERS, a, both), both);
      }
    }
  }

  @Test
  void typeAndSchemeNeedNoNewStatistics() {
    ObservedGroup group = Groups.of(ObserverSpec.entropy(), "a", "b");
    Calibration known = seen(OBSERVERS, group);
    assertServes(
        known,
        new ObservedGroup(
            group.values(),
            group.spec().withType(QuantizedType.of(Storage.UINT8)).withScheme(Scheme.symmetric())));
  }

  @Test
  void whatKeepsAHistogramServesEverySearchOfItAndTheExtremes() {
    for (ObserverSpec kept :
        List.of(ObserverSpec.entropy(), ObserverSpec.percentile(99), ObserverSpec.squaredError())) {
      Calibration known = seen(OBSERVERS, Groups.of(kept, CHANNELS, "a", "b"));
      for (ObserverSpec wanted : ObserverTest.ALL) {
        assertServes(known, Groups.of(wanted, CHANNELS, "a"));
      }
      assertServes(known, Groups.of(ObserverSpec.percentile(50), CHANNELS, "b", "a"));
    }
  }

  @Test
  void saysWhatWasNotObserved() {
    Calibration known = seen(OBSERVERS, Groups.of(ObserverSpec.minMax(), "a"));
    assertEquals(
        "it has not observed 'b'", lack(known, Groups.of(ObserverSpec.minMax(), "a", "b")));
    assertEquals(
        "it has observed 'a' by min-max, and needed is in a histogram",
        lack(known, Groups.of(ObserverSpec.percentile(99.5), "a")));
    assertEquals(
        "it has observed 'a' by min-max, and needed is by min-max for each channel of axis 0",
        lack(known, Groups.of(ObserverSpec.minMax(), CHANNELS, "a")));
  }

  /** What a file of version 4 has of a group of two values cannot be taken apart. */
  @Test
  void whatWasSeenTogetherServesTheGroupAsAWholeAlone() {
    ObservedGroup both = Groups.of(ObserverSpec.minMax(), "a", "b");
    Calibration known =
        new Calibration("m", SeenSamples.unknown(3), seen(OBSERVERS, both).groups());
    assertServes(known, both);
    assertEquals(
        "it has observed 'a' by min-max together with 'b', and needed is by min-max",
        lack(known, Groups.of(ObserverSpec.minMax(), "a")));
  }

  @Test
  void whatDependsOnOrderServesTheSameGroupAlone() {
    Observers observers =
        OBSERVERS.with(QuantizerProvider.of("acme", context -> {}, new LastValueKind()));
    ObserverSpec last = new ObserverSpec("last-value", new TreeMap<>());
    ObservedGroup both = Groups.of(last, "a", "b");
    Calibration known = seen(observers, both);
    assertEquals(known.groups(), known.restrictedTo(List.of(both), observers).groups());
    ObservedGroup a = Groups.of(last, "a");
    String why = known.lacking(List.of(a), observers).get(a);
    assertTrue(why != null && why.contains("'a' by last-value together with 'b'"), why);
    ObservedGroup turned = Groups.of(last, "b", "a");
    assertTrue(known.lacking(List.of(turned), observers).containsKey(turned));
  }

  @Test
  void twoGroupsMayBeAlikeAndCountTwice() {
    ObservedGroup a = Groups.of(ObserverSpec.minMax(), "a");
    Calibration known = seen(OBSERVERS, a);
    Calibration twice = known.restrictedTo(List.of(a, a), OBSERVERS);
    assertEquals(2, twice.groups().size());
    assertEquals(known.groups().get(0), twice.groups().get(1));
  }
}

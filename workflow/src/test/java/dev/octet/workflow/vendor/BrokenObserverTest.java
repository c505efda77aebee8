package dev.octet.workflow.vendor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.MergeableStatistics;
import dev.octet.api.observer.ObserverContext;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.Range;
import dev.octet.api.observer.RangeContext;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.calibrate.Observers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a vendor can do wrong, and what is said of it. */
class BrokenObserverTest {

  private static final float[] VALUES = {1f, Float.NaN, -3f, 0.5f};

  /** Statistics with a state. */
  private record Kept(Extremes extremes, String note) implements ChannelStatistics {
    @Override
    public Tree.Mapping state() {
      return Tree.of(Map.of("note", Tree.of(note)));
    }
  }

  /** Statistics that multiply wrongly. */
  private record Doubled(Extremes extremes) implements MergeableStatistics {
    @Override
    public MergeableStatistics plus(MergeableStatistics other) {
      return new Doubled(extremes.plus(other.extremes()));
    }

    @Override
    public MergeableStatistics repeated(long times) {
      return this;
    }
  }

  /** An observer that keeps what it is told to keep. */
  private record Kind(boolean orderDependent, Supplier<List<ChannelStatistics>> kept)
      implements ObserverKind {
    @Override
    public ObserverDescriptor descriptor() {
      ObserverDescriptor plain = ObserverDescriptor.of("acme-broken", "Breaks.");
      return orderDependent ? plain.dependingOnOrder() : plain;
    }

    @Override
    public ValueObserver create(ObserverContext context) {
      return new ValueObserver() {
        @Override
        public void observe(float[] data, int from, int count, ChannelLayout layout) {}

        @Override
        public List<ChannelStatistics> statistics() {
          return kept.get();
        }
      };
    }

    @Override
    public Range range(RangeContext context, ChannelStatistics statistics) {
      return new Range(2f, 1f);
    }

    @Override
    public ChannelStatistics restore(
        ObserverContext context, Extremes extremes, Tree.Mapping state) {
      return state.find("note").isPresent()
          ? new Kept(extremes, "forgotten")
          : new Doubled(extremes);
    }
  }

  /** A backend that brings an observer. */
  private record Acme(String name, Supplier<List<ObserverKind>> brought)
      implements QuantizerProvider {
    @Override
    public String description() {
      return "a backend";
    }

    @Override
    public List<Capability> capabilities(Options options) {
      return List.of();
    }

    @Override
    public Quantizer create(Options options) {
      throw new IllegalStateException("not used");
    }

    @Override
    public List<ObserverKind> observers() {
      return brought.get();
    }
  }

  private static ObserverSpec spec(String name) {
    return new ObserverSpec(name, new TreeMap<>());
  }

  private static Extremes seen() {
    return Extremes.of(VALUES, 0, ChannelLayout.perTensor(4), 0);
  }

  private static ValueObserver acme(
      boolean orderDependent, Supplier<List<ChannelStatistics>> kept) {
    Kind kind = new Kind(orderDependent, kept);
    Observers observers = Observers.standard().with(new Acme("acme", () -> List.of(kind)));
    ValueObserver observer = observers.create(spec("acme-broken"));
    observer.observe(VALUES, 0, 4, ChannelLayout.perTensor(4));
    return observer;
  }

  private static String failure(boolean orderDependent, Supplier<List<ChannelStatistics>> kept) {
    OctetException e = assertThrows(OctetException.class, acme(orderDependent, kept)::statistics);
    assertEquals("OCT-CAL-017", e.id());
    assertEquals(ErrorKind.BACKEND, e.kind());
    String start = "Observer 'acme-broken' of backend 'acme' failed: ";
    assertTrue(e.fact().startsWith(start), e.fact());
    return e.fact().substring(start.length());
  }

  @Test
  void valuesThatAreNotCounted() {
    Extremes without = new Extremes(-3f, 1f, 3, 0, 0);
    assertEquals(
        "a channel saw 4 values, of which its statistics count 3",
        failure(true, () -> List.of(new Kept(without, "x"))));
  }

  @Test
  void anotherNumberOfChannels() {
    assertEquals(
        "it has statistics of 2 channels and saw 1",
        failure(true, () -> List.of(new Kept(seen(), "x"), new Kept(seen(), "x"))));
  }

  @Test
  void anExceptionOfItsOwn() {
    ValueObserver observer =
        acme(
            true,
            () -> {
              throw new IllegalStateException("no licence");
            });
    OctetException e = assertThrows(OctetException.class, observer::statistics);
    assertEquals("OCT-REG-006", e.id());
    assertEquals(
        "observer 'acme-broken' of backend 'acme' failed in statistics:"
            + " java.lang.IllegalStateException: no licence",
        e.fact());
  }

  @Test
  void aDeclarationThatItsStatisticsContradict() {
    assertEquals(
        "it is declared order-dependent, but its statistics can be merged",
        failure(true, () -> List.of(new Doubled(seen()))));
    assertEquals(
        "it is not declared order-dependent, but its statistics cannot be merged",
        failure(false, () -> List.of(new Kept(seen(), "forgotten"))));
  }

  @Test
  void aStateThatIsNotRestored() {
    assertEquals(
        "what it restores from [note] is something else",
        failure(true, () -> List.of(new Kept(seen(), "kept"))));
  }

  @Test
  void aSumThatIsNotOne() {
    assertEquals(
        "statistics added to themselves are not what they are when seen twice",
        failure(false, () -> List.of(new Doubled(seen()))));
  }

  @Test
  void aRangeThatIsNone() {
    Kind kind = new Kind(true, List::of);
    Observers observers = Observers.standard().with(new Acme("acme", () -> List.of(kind)));
    QuantizedType type = QuantizedType.of(Storage.INT8);
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                observers.choose(
                    QuantizationSpec.Observed.of(type).withObserver(spec("acme-broken")), seen()));
    assertEquals("OCT-REG-006", e.id());
    assertTrue(e.fact().contains("range 2.0..1.0 is no finite range"), e.fact());
  }

  @Test
  void aNameThatOctetHas() {
    Acme acme = new Acme("acme", () -> List.of(new Named("min-max")));
    OctetException e = assertThrows(OctetException.class, () -> Observers.standard().with(acme));
    assertEquals("OCT-CAL-020", e.id());
    assertEquals(ErrorKind.BACKEND, e.kind());
    assertEquals("backend 'acme' brings an observer 'min-max', which Octet has already", e.fact());
    Observers all = Observers.standard().withAll(List.of(acme));
    assertEquals(Observers.standard().descriptor(spec("min-max")), all.descriptor(spec("min-max")));
  }

  @Test
  void aNameThatTwoBackendsHave() {
    Acme acme = new Acme("acme", () -> List.of(new Named("mean"), new Named("acme-own")));
    Acme other = new Acme("other", () -> List.of(new Named("mean")));
    Acme broken =
        new Acme(
            "broken",
            () -> {
              throw new IllegalStateException("no licence");
            });
    Observers all = Observers.standard().withAll(List.of(acme, broken, other));
    assertEquals("acme-own", all.descriptor(spec("acme-own")).name());
    OctetException e = assertThrows(OctetException.class, () -> all.descriptor(spec("mean")));
    assertEquals("OCT-CAL-020", e.id());
    assertEquals(
        "backend 'other' brings an observer 'mean', which backend 'acme' has already", e.fact());
    OctetException unknown =
        assertThrows(OctetException.class, () -> all.descriptor(spec("nobodys")));
    assertEquals("OCT-CAL-001", unknown.id());
    assertEquals(
        "There is no observer 'nobodys'; backend 'broken' failed in observers:"
            + " java.lang.IllegalStateException: no licence",
        unknown.fact());
    OctetException alone =
        assertThrows(OctetException.class, () -> Observers.standard().with(broken));
    assertEquals("OCT-REG-006", alone.id());
    assertTrue(alone.fact().contains("no licence"), alone.fact());
  }

  @Test
  void aNameOfAnotherForm() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> ObserverDescriptor.of("Acme Mean", ""));
    assertFalse(e.getMessage().isEmpty());
  }

  /** A kind of a name, which keeps extremes. */
  private record Named(String name) implements ObserverKind {
    @Override
    public ObserverDescriptor descriptor() {
      return ObserverDescriptor.of(name, "Keeps extremes.");
    }

    @Override
    public ValueObserver create(ObserverContext context) {
      throw new IllegalStateException("not used");
    }

    @Override
    public Range range(RangeContext context, ChannelStatistics statistics) {
      return new Range(statistics.min(), statistics.max());
    }
  }
}

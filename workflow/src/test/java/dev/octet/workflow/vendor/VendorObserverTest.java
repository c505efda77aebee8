package dev.octet.workflow.vendor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.ObserverContext;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.Range;
import dev.octet.api.observer.RangeContext;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.ListSource;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.text.JsonText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VendorObserverTest {

  private static final Observers OBSERVERS = Observers.standard().with(acme(context -> {}));
  private static final int SAMPLES = 90;
  private static final int WIDTH = 16;

  @TempDir Path folder;

  /** x -> Add a constant -> Relu -> MatMul; the constant shares the group of x. */
  private static Model model() {
    float[] shift = new float[WIDTH];
    float[] weight = new float[WIDTH * 4];
    for (int i = 0; i < weight.length; i++) {
      shift[i % WIDTH] = i % 5 - 2;
      weight[i] = (i % 7 - 3) * 0.25f;
    }
    return new Models()
        .samples("x", WIDTH)
        .constant("shift", Tensor.of(shift, WIDTH))
        .constant("w", Tensor.of(weight, WIDTH, 4))
        .node("add", "Add", List.of("x", "shift"), "sum")
        .node("relu", "Relu", List.of("sum"), "v")
        .node("product", "MatMul", List.of("v", "w"), "y")
        .output("y", 2)
        .model(21);
  }

  private static QuantizationSpec spec(Scheme scheme, ObserverSpec observer) {
    boolean weight = scheme.equals(Scheme.symmetric());
    return QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8))
        .withScheme(scheme)
        .withGranularity(weight ? new Granularity.PerChannel(1) : new Granularity.PerTensor())
        .withObserver(observer);
  }

  private static Quantizer quantizer(ObserverSpec observer) {
    return new Quantizer() {
      @Override
      public void annotate(AnnotationContext context) {
        QuantizationSpec spec = spec(Scheme.affine(), observer);
        QuantizationSpec weight = spec(Scheme.symmetric(), observer);
        Node add = context.graph().node("add").orElseThrow();
        Node product = context.graph().node("product").orElseThrow();
        context.claim("add", List.of(add));
        context.markOperand(add, 0, spec);
        context.markOperand(add, 1, new QuantizationSpec.Shared(Point.operand("add", 0)));
        context.claim("product", List.of(product));
        context.markOperand(product, 0, spec);
        context.markOperand(product, 1, weight);
      }
    };
  }

  private static ObserverSpec named(String name, String... decay) {
    TreeMap<String, String> parameters = new TreeMap<>();
    for (String value : decay) {
      parameters.put("decay", value);
    }
    return new ObserverSpec(name, parameters);
  }

  private static QuantizerProvider acme(Quantizer quantizer) {
    return QuantizerProvider.of("acme", quantizer, new MovingAverage(), new MeanAbsolute());
  }

  private static Plan plan(String observer) {
    return Quantization.plan(QuantizationRequest.of(model(), acme(quantizer(named(observer)))));
  }

  private static ListSource data() {
    Random random = new Random(7);
    float[] elements = new float[SAMPLES * WIDTH];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) (random.nextGaussian() * (1 + i / 100));
    }
    return new ListSource(elements, OptionalInt.empty(), WIDTH);
  }

  private static Calibration calibrate(Plan plan, ListSource data, int threads) {
    return Quantization.calibrate(plan, data, Execution.threads(threads));
  }

  private byte[] bytes(Calibration calibration) throws Exception {
    Path file = folder.resolve("x.calib");
    calibration.write(file);
    return Files.readAllBytes(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {MovingAverage.NAME, MeanAbsolute.NAME})
  void givesTheSameBytesOnAnyNumberOfThreadsAndReadsThemBack(String observer) throws Exception {
    Plan plan = plan(observer);
    Calibration once = calibrate(plan, data(), 1);
    byte[] expected = bytes(once);
    for (int threads : new int[] {2, 4}) {
      assertArrayEquals(expected, bytes(calibrate(plan, data(), threads)), threads + " threads");
    }
    Calibration read = Calibration.read(folder.resolve("x.calib"), OBSERVERS);
    assertEquals(once, read);
    assertEquals(once.ranges(OBSERVERS), read.ranges(OBSERVERS));
    assertArrayEquals(expected, bytes(read));
    Graph converted = Quantization.convert(plan, once).model().graph();
    Graph again = Quantization.convert(plan, read).model().graph();
    assertEquals(converted.nodes(), again.nodes());
    assertEquals(converted.initializers(), again.initializers());
    assertTrue(converted.initializers().containsKey("w_quantized"));
  }

  @Test
  void showsAnOrderDependentObserverOneSampleAfterTheOtherEachWithItsConstantsFirst() {
    float[] elements = new float[3 * WIDTH];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = 10 * (1 + i / WIDTH) * (i % 2 == 0 ? 1 : -1);
    }
    ListSource data = new ListSource(elements, OptionalInt.empty(), WIDTH);
    Plan plan =
        Quantization.plan(
            QuantizationRequest.of(model(), acme(quantizer(named(MovingAverage.NAME, "0.5")))));
    // -2, 2 is the constant: (2 + 10) / 2 = 6, (6 + 2) / 2 = 4, (4 + 20) / 2 = 12, 7, 18.5.
    Calibration calibration = calibrate(plan, data, 4);
    assertEquals(List.of("x", "shift"), calibration.groups().get(1).group().values());
    assertEquals(new Range(-18.5f, 18.5f), calibration.ranges(OBSERVERS).get(1).get(0));
    assertEquals(30f, calibration.groups().get(1).channels().get(0).max());
    assertEquals(List.of(48L, 48L), calibration.groups().get(1).elements());
  }

  @Test
  void showsEachSampleByItselfEvenWhereABatchOfTheFirstTwoWouldDo() {
    float[] elements = new float[3 * WIDTH];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = i < 2 * WIDTH ? 10 : 20;
    }
    ListSource data = new ListSource(elements, OptionalInt.empty(), WIDTH);
    QuantizationSpec spec = spec(Scheme.affine(), named(MovingAverage.NAME, "0.5"));
    Quantizer quantizer =
        context -> {
          Node product = context.graph().node("product").orElseThrow();
          context.claim("product", List.of(product));
          context.markOperand(product, 0, spec);
        };
    Plan plan = Quantization.plan(QuantizationRequest.of(model(), acme(quantizer)));
    // From 8 to 12 twice, then from 18 to 22; one batch would be from 8 to 22.
    Calibration calibration = calibrate(plan, data, 4);
    assertEquals(new Range(13f, 17f), calibration.ranges(OBSERVERS).get(0).get(0));
  }

  @Test
  void showsAnOrderDependentObserverEachChannelOfAConstantInOneCall() {
    Plan plan = plan(MovingAverage.NAME);
    Graph converted = Quantization.convert(plan, calibrate(plan, data(), 1)).model().graph();
    // Every channel of the weight holds 0.75 or -0.75; several calls would average less.
    for (float scale : converted.initializers().get("w_scale").floats()) {
      assertEquals(0.75f / 127.5f, scale);
    }
  }

  @Test
  void mergesWhatDoesNotDependOnOrder() throws Exception {
    Plan plan = plan(MeanAbsolute.NAME);
    Calibration first = calibrate(plan, data().part(0, 31), 2);
    Calibration second = calibrate(plan, data().part(31, SAMPLES), 3);
    byte[] once = bytes(calibrate(plan, data(), 1));
    assertArrayEquals(once, bytes(Calibration.merge(List.of(first, second))));
    assertArrayEquals(once, bytes(Calibration.merge(List.of(second, first))));
  }

  @Test
  void refusesToMergeWhatDependsOnOrder() {
    Plan plan = plan(MovingAverage.NAME);
    Calibration first = calibrate(plan, data().part(0, 31), 1);
    Calibration second = calibrate(plan, data().part(31, SAMPLES), 1);
    OctetException e =
        assertThrows(OctetException.class, () -> Calibration.merge(List.of(first, second)));
    assertEquals("OCT-CAL-018", e.id());
    assertTrue(e.fact().contains("'acme-moving-average'"), e.fact());
    assertEquals(Optional.of("v"), e.place());
    assertEquals(first, Calibration.merge(List.of(first)));
  }

  @Test
  void refusesACalibrationFileWhoseObserverIsNotKnown() {
    Plan plan = plan(MeanAbsolute.NAME);
    Path file = folder.resolve("x.calib");
    calibrate(plan, data(), 1).write(file);
    OctetException e = assertThrows(OctetException.class, () -> Calibration.read(file));
    assertEquals("OCT-CAL-001", e.id());
    assertEquals(ErrorKind.INPUT, e.kind());
    assertEquals("There is no observer 'acme-mean-absolute'", e.fact());
    assertTrue(e.candidates().contains("min-max"), e.getMessage());
    assertEquals(Optional.of(file.toString()), e.place());
    assertTrue(e.nextStep().contains("the backend that brings it"), e.nextStep());
  }

  @Test
  void refusesAPlanWhoseObserverIsNotKnown() {
    ObserverSpec observer = named("acme-mean");
    Quantizer quantizer = quantizer(observer);
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> Quantization.plan(QuantizationRequest.of(model(), acme(quantizer))));
    assertEquals("OCT-CAL-001", e.id());
    assertTrue(e.candidates().contains(MeanAbsolute.NAME), e.getMessage());
    assertEquals(Optional.of("$.groups[0].spec.observer, for 'x'"), e.place());
  }

  @Test
  void refusesAPlanThatWasEditedToAnUnknownObserverOrParameter() {
    Quantizer quantizer = quantizer(named(MovingAverage.NAME));
    String text = JsonText.write(plan(MovingAverage.NAME).document().toTree());
    PlanDocument renamed = edited(text.replace(MovingAverage.NAME, "acme-median"));
    OctetException e =
        assertThrows(
            OctetException.class, () -> Quantization.bind(renamed, model(), acme(quantizer)));
    assertEquals("OCT-CAL-001", e.id());
    assertTrue(e.place().orElseThrow().startsWith("plan.json"), e.getMessage());
    Plan strict =
        Quantization.plan(
            QuantizationRequest.of(model(), acme(quantizer(named(MovingAverage.NAME, "0.5")))));
    String parameters = JsonText.write(strict.document().toTree());
    PlanDocument outside = edited(parameters.replace("\"0.5\"", "\"5\""));
    OctetException bounds =
        assertThrows(
            OctetException.class, () -> Quantization.bind(outside, model(), acme(quantizer)));
    assertEquals("OCT-CAL-024", bounds.id());
    assertEquals("Give a number above 0 and at most 1.", bounds.nextStep());
  }

  private static PlanDocument edited(String text) {
    return PlanDocument.fromTree(JsonText.parse(text, "plan.json"));
  }

  @Test
  void keepsTheObserversOfThePlanForConversion() {
    Plan average = plan(MovingAverage.NAME);
    Plan mean = plan(MeanAbsolute.NAME);
    assertEquals(OBSERVERS.descriptors(), average.observers().descriptors());
    assertNotEquals(
        calibrate(average, data(), 1).ranges(average.observers()),
        calibrate(mean, data(), 1).ranges(mean.observers()));
  }

  /** A later version of {@link MovingAverage}, which keeps something else. */
  private static ObserverKind laterVersion(Supplier<ChannelStatistics> restored) {
    MovingAverage before = new MovingAverage();
    return new ObserverKind() {
      @Override
      public ObserverDescriptor descriptor() {
        return before.descriptor();
      }

      @Override
      public String canonical(String parameter, String value) {
        return before.canonical(parameter, value);
      }

      @Override
      public ValueObserver create(ObserverContext context) {
        return before.create(context);
      }

      @Override
      public Range range(RangeContext context, ChannelStatistics statistics) {
        return before.range(context, statistics);
      }

      @Override
      public ChannelStatistics restore(
          ObserverContext context, Extremes extremes, Tree.Mapping state) {
        return restored.get();
      }
    };
  }

  @Test
  void saysThatAnotherVersionCannotReadItsStatistics() throws Exception {
    Plan plan = plan(MovingAverage.NAME);
    bytes(calibrate(plan, data(), 1));
    Supplier<ChannelStatistics> fails =
        () -> {
          throw new IllegalStateException("no field 'variance'");
        };
    for (Supplier<ChannelStatistics> restored :
        List.of(fails, () -> new Extremes(0f, 0f, 1, 0, 0))) {
      Observers later =
          Observers.standard()
              .with(QuantizerProvider.of("acme", context -> {}, laterVersion(restored)));
      OctetException e =
          assertThrows(
              OctetException.class, () -> Calibration.read(folder.resolve("x.calib"), later));
      assertEquals("OCT-CAL-019", e.id(), e.getMessage());
      assertEquals(ErrorKind.INPUT, e.kind());
    }
  }
}

package dev.octet.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.format.FormatOrigin;
import dev.octet.api.format.ModelFormat;
import dev.octet.api.format.RaisedModel;
import dev.octet.api.format.StoredForm;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.ListSource;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.evaluate.Evaluation;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.recipe.Recipe;
import dev.octet.workflow.run.NamedRuntime;
import dev.octet.workflow.vendor.MeanAbsolute;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.InOrder;

class QuantizationTest {

  private static final Finding RAISED =
      new Finding(Finding.Severity.INFO, "FAKE-FMT-001", "raised to 13", Optional.empty());
  private static final Finding OWN =
      new Finding(Finding.Severity.INFO, "ACME-TST-001", "a word", Optional.empty());

  /** A format that has room for scales per channel from operator set 13 on. */
  private static final class FakeFormat implements ModelFormat {
    private final List<Set<StoredForm>> asked = new ArrayList<>();

    @Override
    public String name() {
      return "fake";
    }

    @Override
    public List<String> extensions() {
      return List.of("fake");
    }

    @Override
    public boolean recognises(Path file, byte[] start) {
      return false;
    }

    @Override
    public Model read(Path file) {
      throw new AssertionError("nothing is read");
    }

    @Override
    public void write(Model model, Path file) {
      throw new AssertionError("nothing is written");
    }

    @Override
    public List<Path> dataFiles(Model model) {
      return List.of();
    }

    @Override
    public RaisedModel raise(Model model, Collection<StoredForm> forms) {
      asked.add(Set.copyOf(forms));
      boolean enough =
          model.opset() >= 13
              || forms.stream().allMatch(f -> f.granularity() instanceof Granularity.PerTensor);
      return enough
          ? new RaisedModel(model, List.of())
          : new RaisedModel(model.withOpset("", 13), List.of(RAISED));
    }
  }

  private record FakeOrigin(ModelFormat format) implements FormatOrigin {}

  private static Model model(long opset, Optional<ModelFormat> format) {
    Model made =
        new Models()
            .samples("x", 2)
            .constant("w", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2))
            .node("product", "MatMul", List.of("x", "w"), "y")
            .output("y", 2)
            .model(opset);
    return new Model(made.graph(), made.opsets(), Map.of(), format.map(FakeOrigin::new));
  }

  private static QuantizationSpec spec(Granularity granularity, ObserverSpec observer) {
    return QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8))
        .withScheme(Scheme.symmetric())
        .withGranularity(granularity)
        .withObserver(observer);
  }

  /** Marks the operands of the product, and has a word to say. */
  private static Quantizer marking(Granularity weight, ObserverSpec observer) {
    return new Quantizer() {
      @Override
      public void annotate(AnnotationContext context) {
        Node product = context.graph().node("product").orElseThrow();
        context.claim("product", List.of(product));
        context.markOperand(product, 0, spec(new Granularity.PerTensor(), observer));
        context.markOperand(product, 1, spec(weight, ObserverSpec.minMax()));
      }

      @Override
      public List<Finding> validate(AnnotatedGraph graph) {
        return List.of(OWN);
      }
    };
  }

  private static QuantizerProvider perChannel() {
    return QuantizerProvider.of(
        "acme", marking(new Granularity.PerChannel(1), ObserverSpec.minMax()));
  }

  @Test
  void raisesAModelThatHasNoRoomForThePlanAndSaysSoFirst() {
    FakeFormat format = new FakeFormat();
    Plan plan =
        Quantization.plan(QuantizationRequest.of(model(11, Optional.of(format)), perChannel()));
    assertEquals(13, plan.prepared().model().opset());
    assertEquals(13, plan.prepared().original().opset());
    assertEquals(List.of(RAISED, OWN), plan.findings());
    Set<StoredForm> forms =
        Set.of(
            new StoredForm(DataType.INT8, new Granularity.PerTensor(), false),
            new StoredForm(DataType.INT8, new Granularity.PerChannel(1), false));
    assertEquals(List.of(forms), format.asked);
  }

  @Test
  void takesUpAPlanOfARaisedModel() {
    Model model = model(11, Optional.of(new FakeFormat()));
    Plan plan = Quantization.plan(QuantizationRequest.of(model, perChannel()));
    PlanDocument read = PlanDocument.fromTree(plan.document().toTree());
    Plan bound = Quantization.bind(read, model, perChannel());
    assertEquals(plan.contentHash(), bound.contentHash());
    assertEquals(13, bound.prepared().model().opset());
    assertEquals(List.of(RAISED, OWN), bound.findings());
  }

  @Test
  void leavesAModelThatHasRoomOrThatNoFormatReadAsItIs() {
    Model room = model(13, Optional.of(new FakeFormat()));
    Plan plan = Quantization.plan(QuantizationRequest.of(room, perChannel()));
    assertSame(room, plan.prepared().original());
    assertEquals(List.of(OWN), plan.findings());
    Model made = model(11, Optional.empty());
    Plan own = Quantization.plan(QuantizationRequest.of(made, perChannel()));
    assertSame(made, own.prepared().original());
    assertEquals(List.of(OWN), own.findings());
  }

  @Test
  void knowsTheObserversThatTheBackendBrings() {
    ObserverSpec observer = new ObserverSpec(MeanAbsolute.NAME, new java.util.TreeMap<>());
    Quantizer quantizer = marking(new Granularity.PerTensor(), observer);
    QuantizerProvider acme = QuantizerProvider.of("acme", quantizer, new MeanAbsolute());
    Plan plan = Quantization.plan(QuantizationRequest.of(model(13, Optional.empty()), acme));
    ListSource data = new ListSource(new float[] {1, -3, 2, 2}, OptionalInt.empty(), 2);
    Calibration calibration = Quantization.calibrate(plan, data, Execution.threads(1));
    Graph converted = Quantization.convert(plan, calibration).model().graph();
    // Four times the mean of 1, 3, 2 and 2, over the 127.5 steps of a symmetric range.
    float scale = converted.initializers().get("x_scale").floats()[0];
    assertEquals(8f / 127.5f, scale, 0);
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                Quantization.plan(
                    QuantizationRequest.of(
                        model(13, Optional.empty()), QuantizerProvider.of("acme", quantizer))));
    assertEquals("OCT-CAL-001", e.id());
  }

  @Test
  void readsAStreamOnceInOrderOnTheCallingThread() {
    Plan plan =
        Quantization.plan(QuantizationRequest.of(model(13, Optional.empty()), perChannel()));
    float[] elements = {1, -3, 2, 2, -5, 0.5f};
    ListSource data = new ListSource(elements, OptionalInt.empty(), 2);
    Thread caller = Thread.currentThread();
    List<Integer> done = new ArrayList<>();
    Iterator<Map<String, Tensor>> sets =
        IntStream.range(0, 3)
            .peek(i -> assertSame(caller, Thread.currentThread()))
            .mapToObj(i -> data.batch(i, 1))
            .iterator();
    Calibration streamed =
        Quantization.calibrate(
            plan, DataSource.of(sets), Execution.threads(2).progress((now, all) -> done.add(now)));
    assertEquals(List.of(1, 2, 3), done);
    assertEquals(3, streamed.samples());
    Calibration stored = Quantization.calibrate(plan, data, Execution.threads(2));
    assertEquals(stored.groups(), streamed.groups());
    assertEquals(
        "OCT-DATA-032",
        assertThrows(
                OctetException.class,
                () -> Quantization.calibrate(plan, DataSource.of(sets), Execution.threads(2)))
            .id());
  }

  /** Counts how often it is asked, and cancels at one of the times. */
  private static final class Countdown implements Cancellation {
    private final int last;
    private int asked;

    Countdown(int last) {
      this.last = last;
    }

    @Override
    public boolean isCancelled() {
      asked++;
      return asked > last;
    }
  }

  private static void assertCancellable(Consumer<Execution> step) {
    Countdown whole = new Countdown(Integer.MAX_VALUE);
    step.accept(Execution.threads(1).cancellation(whole));
    assertTrue(whole.asked > 0, "it is never asked");
    for (int last = 0; last < whole.asked; last++) {
      Execution execution = Execution.threads(1).cancellation(new Countdown(last));
      OctetException e = assertThrows(OctetException.class, () -> step.accept(execution));
      assertEquals("OCT-RUN-007", e.id(), "asked " + last + " times");
    }
  }

  @Test
  void everyStepEndsWheneverItIsCancelled() {
    Model model =
        new Models()
            .samples("x", 2)
            .constant("u", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2))
            .node("constant", "Neg", List.of("u"), "w")
            .node("product", "MatMul", List.of("x", "w"), "y")
            .output("y", 2)
            .model(11);
    Model raised =
        new Model(
            model.graph(),
            model.opsets(),
            Map.of(),
            Optional.of(new FakeFormat()).map(FakeOrigin::new));
    ListSource data = new ListSource(new float[40], OptionalInt.empty(), 2);
    QuantizationRequest request = QuantizationRequest.of(raised, perChannel());
    Plan plan = Quantization.plan(request);
    Calibration calibration = Quantization.calibrate(plan, data, Execution.standard());
    PlanDocument document = plan.document();
    assertCancellable(execution -> Quantization.plan(request, execution));
    assertCancellable(execution -> Quantization.bind(document, raised, perChannel(), execution));
    assertCancellable(execution -> Quantization.calibrate(plan, data, execution));
    assertCancellable(execution -> Quantization.convert(plan, calibration, execution));
    NamedRuntime cpu = NamedRuntime.of("cpu", new ReferenceRuntime());
    assertCancellable(e -> cpu.run(raised, data, e, (from, count, inputs, outputs) -> {}));
    assertCancellable(execution -> Evaluation.of(cpu, raised, data, execution));
    assertCancellable(execution -> Evaluation.of(cpu, raised, raised, data, execution));
  }

  @Test
  void refusesOptionsThatTheBackendDoesNotUnderstand() {
    QuantizationRequest request =
        QuantizationRequest.of(model(13, Optional.empty()), perChannel())
            .options(Options.of("speed", "high"));
    OctetException e = assertThrows(OctetException.class, () -> Quantization.plan(request));
    assertEquals("OCT-OPT-001", e.id());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "transformForAnnotation",
        "annotate",
        "validate",
        "adjustObservers",
        "nodeOptions"
      })
  void namesTheBackendAndTheMethodThatFails(String method) {
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                planned(
                    quantizer(
                        name -> {
                          if (name.equals(method)) {
                            throw new IllegalStateException("out of luck");
                          }
                        })));
    assertEquals("OCT-REG-006", e.id());
    assertEquals(ErrorKind.BACKEND, e.kind());
    assertTrue(e.fact().startsWith("backend 'acme' failed in " + method + ": "), e.fact());
  }

  @Test
  void asksAQuantizerOnceAndInTheOrderOfItsMethods() {
    Quantizer quantizer = quantizer(name -> {});
    planned(quantizer);
    InOrder order = inOrder(quantizer);
    order.verify(quantizer).nodeOptions();
    order.verify(quantizer).transformForAnnotation(any());
    order.verify(quantizer).annotate(any());
    order.verify(quantizer).validate(any());
    order.verify(quantizer).adjustObservers(any());
    verifyNoMoreInteractions(quantizer);
  }

  private static void planned(Quantizer quantizer) {
    Quantization.plan(
        QuantizationRequest.of(
            model(13, Optional.empty()), QuantizerProvider.of("acme", quantizer)));
  }

  /** Returns a quantizer that marks nothing, and tells which method is called. */
  private static Quantizer quantizer(Consumer<String> called) {
    return mock(
        Quantizer.class,
        call -> {
          called.accept(call.getMethod().getName());
          return switch (call.getMethod().getName()) {
            case "transformForAnnotation" ->
                new GraphEditor.Edited(call.getArgument(0), NameMapping.identity());
            case "nodeOptions" -> Set.of();
            case "validate" -> List.of();
            default -> null;
          };
        });
  }

  @Test
  void asksABackendOnceWhichOptionsItHas() {
    QuantizerProvider acme = mock(QuantizerProvider.class);
    when(acme.name()).thenReturn("acme");
    when(acme.options()).thenReturn(List.of(OptionDescriptor.text("mode", "For a test.")));
    when(acme.create(any()))
        .thenReturn(marking(new Granularity.PerTensor(), ObserverSpec.minMax()));
    Quantization.plan(
        QuantizationRequest.of(model(13, Optional.empty()), acme)
            .recipe(Recipe.parse("recipe: 1\noptions: {mode: fast}\n", "r.yaml"))
            .options(Options.of("mode", "exact")));
    verify(acme, times(1)).options();
    verify(acme).create(Options.of("mode", "exact"));
  }
}

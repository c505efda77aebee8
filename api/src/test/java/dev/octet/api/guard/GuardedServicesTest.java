package dev.octet.api.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.format.ModelFormat;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.MergeableStatistics;
import dev.octet.api.observer.ObserverContext;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.RangeContext;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.CustomOperator;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.ScaleGridKind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.mockito.InOrder;
import org.mockito.invocation.InvocationOnMock;
import org.mockito.stubbing.Answer;

/** Every method of every interface that others implement, as the catalogues hand it out. */
class GuardedServicesTest {

  private static final ObserverContext CONTEXT = mock(ObserverContext.class);
  private static final RangeContext RANGE = mock(RangeContext.class);
  private static final ObserverDescriptor DESCRIPTOR = ObserverDescriptor.of("acme-mean", "Means.");

  /**
   * An interface that others implement.
   *
   * @param guard returns what is handed out of it
   * @param told what is asked once, when it is handed out
   */
  private record Kind<T>(Class<T> type, Function<T, T> guard, Set<String> told) {

    T mocked(Answer<Object> answer) {
      return mock(type, answer);
    }

    List<Method> methods() {
      return Arrays.stream(type.getMethods())
          .filter(m -> !Modifier.isStatic(m.getModifiers()))
          .filter(m -> !told.contains(m.getName()))
          .toList();
    }
  }

  private static List<Kind<?>> kinds() {
    return List.of(
        new Kind<>(QuantizerProvider.class, QuantizerProvider::guarded, Set.of("name")),
        new Kind<>(ModelFormat.class, ModelFormat::guarded, Set.of("name")),
        new Kind<>(Quantizer.class, GuardedServicesTest::guarded, Set.of()),
        new Kind<>(ObserverKind.class, GuardedServicesTest::guarded, Set.of("descriptor")),
        new Kind<>(ScaleGridKind.class, GuardedServicesTest::guarded, Set.of("name")),
        new Kind<>(DerivationKind.class, GuardedServicesTest::guarded, Set.of("name")),
        new Kind<>(ValueObserver.class, GuardedServicesTest::guarded, Set.of()),
        new Kind<>(ChannelStatistics.class, GuardedServicesTest::guarded, Set.of()),
        new Kind<>(
            MergeableStatistics.class,
            s -> (MergeableStatistics) guarded((ChannelStatistics) s),
            Set.of()),
        new Kind<>(CustomOperator.class, GuardedServicesTest::guarded, Set.of("op")),
        new Kind<>(BackendRuntime.class, GuardedServicesTest::guarded, Set.of()),
        new Kind<>(
            ExecutableModel.class, GuardedServicesTest::guarded, Set.of("inputs", "outputs")));
  }

  private static QuantizerProvider acme() {
    QuantizerProvider acme = mock(QuantizerProvider.class);
    when(acme.name()).thenReturn("acme");
    return acme;
  }

  private static Quantizer guarded(Quantizer quantizer) {
    QuantizerProvider acme = acme();
    when(acme.create(Options.none())).thenReturn(quantizer);
    return QuantizerProvider.guarded(acme).create(Options.none());
  }

  private static ObserverKind guarded(ObserverKind kind) {
    QuantizerProvider acme = acme();
    when(acme.observers()).thenReturn(List.of(kind));
    return QuantizerProvider.guarded(acme).observers().get(0);
  }

  private static ScaleGridKind guarded(ScaleGridKind grid) {
    QuantizerProvider acme = acme();
    when(acme.scaleGrids()).thenReturn(List.of(grid));
    return QuantizerProvider.guarded(acme).scaleGrids().get(0);
  }

  private static DerivationKind guarded(DerivationKind derivation) {
    QuantizerProvider acme = acme();
    when(acme.derivations()).thenReturn(List.of(derivation));
    return QuantizerProvider.guarded(acme).derivations().get(0);
  }

  private static CustomOperator guarded(CustomOperator operator) {
    QuantizerProvider acme = acme();
    when(acme.operators()).thenReturn(List.of(operator));
    return QuantizerProvider.guarded(acme).operators().get(0);
  }

  private static ValueObserver guarded(ValueObserver observer) {
    ObserverKind kind = mock(ObserverKind.class);
    when(kind.descriptor()).thenReturn(DESCRIPTOR);
    when(kind.create(CONTEXT)).thenReturn(observer);
    return guarded(kind).create(CONTEXT);
  }

  private static ChannelStatistics guarded(ChannelStatistics statistics) {
    ValueObserver observer = mock(ValueObserver.class);
    when(observer.statistics()).thenReturn(List.of(statistics));
    return guarded(observer).statistics().get(0);
  }

  private static BackendRuntime guarded(BackendRuntime runtime) {
    QuantizerProvider acme = acme();
    when(acme.runtime()).thenReturn(Optional.of(runtime));
    return QuantizerProvider.guarded(acme).runtime().orElseThrow();
  }

  private static ExecutableModel guarded(ExecutableModel model) {
    BackendRuntime runtime = mock(BackendRuntime.class);
    when(runtime.load(any())).thenReturn(model);
    return guarded(runtime).load(request(model.outputs()));
  }

  private static LoadRequest request() {
    return request(List.of());
  }

  /** A request for a model of some outputs; null is what a mock has. */
  private static LoadRequest request(@Nullable List<ValueInfo> outputs) {
    List<ValueInfo> known = outputs == null ? List.of() : outputs;
    Graph graph = new Graph("g", List.of(), known, Map.of(), List.of(), Map.of(), Optional.empty());
    return LoadRequest.of(Model.of(graph, 21)).build();
  }

  /**
   * Answers what is asked when a service is handed out, and then one method as it is told: options
   * are asked for by the way.
   */
  private static final class Later implements Answer<Object> {
    private final Answer<Object> then;
    private final Method asked;
    private boolean now;

    Later(Answer<Object> then, Method asked) {
      this.then = then;
      this.asked = asked;
    }

    @Override
    public Object answer(InvocationOnMock call) throws Throwable {
      String name = call.getMethod().getName();
      if (now && (name.equals(asked.getName()) || !name.equals("options"))) {
        return then.answer(call);
      }
      return switch (name) {
        case "name" -> "acme";
        case "op" -> new OpType("acme", "Fancy");
        case "descriptor" -> DESCRIPTOR;
        case "inputs", "outputs", "options" -> List.of();
        default -> null;
      };
    }
  }

  private static Stream<DynamicTest> everyMethod(
      Function<Method, Answer<Object>> answer,
      java.util.function.BiConsumer<Method, Throwable> test) {
    Stream.Builder<DynamicTest> tests = Stream.builder();
    for (Kind<?> kind : kinds()) {
      for (Method method : kind.methods()) {
        String title = kind.type().getSimpleName() + "." + method.getName();
        tests.add(
            dynamicTest(
                title, () -> test.accept(method, thrown(kind, method, answer.apply(method)))));
      }
    }
    return tests.build();
  }

  private static <T> Throwable thrown(Kind<T> kind, Method method, Answer<Object> answer)
      throws Exception {
    Later later = new Later(answer, method);
    T guarded = kind.guard().apply(kind.mocked(later));
    later.now = true;
    Object[] arguments =
        Arrays.stream(method.getParameterTypes()).map(type -> argument(type, method)).toArray();
    try {
      Object result = method.invoke(guarded, arguments);
      return new AssertionError(method + " returned " + result);
    } catch (InvocationTargetException e) {
      return e.getCause();
    }
  }

  private static Graph empty() {
    return new Graph("g", List.of(), List.of(), Map.of(), List.of(), Map.of(), Optional.empty());
  }

  private static Object argument(Class<?> type, Method method) {
    if (type == int.class || type == float.class) {
      return 1;
    }
    if (type == LoadRequest.class) {
      return request();
    }
    if (type == Options.class) {
      return Options.none();
    }
    if (type == Node.class) {
      return Node.of("fancy", new OpType("acme", "Fancy"), List.of("x"), List.of("y"));
    }
    if (type == List.class) {
      return List.of();
    }
    if (type == AnnotationContext.class) {
      return AnnotationContext.of("acme", empty());
    }
    return type == long.class ? (Object) 1L : type == String.class ? method.getName() : null;
  }

  @TestFactory
  Stream<DynamicTest> whatAnyMethodThrowsIsLaidToTheBackend() {
    return everyMethod(
        method ->
            call -> {
              throw new IllegalStateException("no\nlicence");
            },
        (method, thrown) -> {
          OctetException e = assertInstanceOf(OctetException.class, thrown);
          assertEquals("OCT-REG-006", e.id());
          assertEquals(ErrorKind.BACKEND, e.kind());
          String end =
              " failed in " + method.getName() + ": java.lang.IllegalStateException: no licence";
          assertTrue(e.fact().endsWith(end), e.fact());
          assertTrue(e.fact().contains("'acme'"), e.fact());
          assertEquals(IllegalStateException.class, e.getCause().getClass());
        });
  }

  @TestFactory
  Stream<DynamicTest> theNullThatAnyMethodReturnsIsLaidToTheBackend() {
    return everyMethod(
        method -> call -> null,
        (method, thrown) -> {
          boolean nothing = method.getReturnType().isPrimitive();
          if (!nothing) {
            OctetException e = assertInstanceOf(OctetException.class, thrown);
            assertTrue(
                e.fact().endsWith(" failed in " + method.getName() + ": it returned null"),
                e.fact());
          }
        });
  }

  @Test
  void noInterfaceOfOthersIsHandedOutUnguarded() {
    Set<Class<?>> guarded = new java.util.HashSet<>();
    kinds().forEach(kind -> guarded.add(kind.type()));
    for (Kind<?> kind : kinds()) {
      for (Method method : kind.type().getMethods()) {
        for (Class<?> type : classes(method.getGenericReturnType())) {
          boolean ofOthers =
              type.isInterface() && !type.isSealed() && type.getName().startsWith("dev.octet.");
          assertTrue(!ofOthers || guarded.contains(type), method + " hands out " + type);
        }
      }
    }
  }

  private static List<Class<?>> classes(Type type) {
    if (type instanceof ParameterizedType parameterized) {
      return Stream.concat(
              classes(parameterized.getRawType()).stream(),
              Arrays.stream(parameterized.getActualTypeArguments())
                  .flatMap(argument -> classes(argument).stream()))
          .toList();
    }
    return type instanceof Class<?> known ? List.of(known) : List.of();
  }

  @Test
  void saysWhatTheTypeOfAnErrorMeans() {
    assertFact(
        "it ran out of memory (java.lang.OutOfMemoryError: heap)", new OutOfMemoryError("heap"));
    String fault = "a fault occurred in an unsafe memory access operation";
    assertFact(
        "a file that it reads was cut off (java.lang.InternalError: " + fault + ")",
        new InternalError(fault));
    assertFact("java.lang.InternalError: other", new InternalError("other"));
    assertFact("its calls never end (java.lang.StackOverflowError)", new StackOverflowError());
    assertFact(
        "java.lang.NoSuchMethodError: run (built against another API version?)",
        new NoSuchMethodError("run"));
    assertFact(
        "java.lang.ExceptionInInitializerError, caused by java.lang.IllegalStateException: no key",
        new ExceptionInInitializerError(new IllegalStateException("no key")));
    assertFact("java.lang.AssertionError: no", new AssertionError("no"));
    assertFact("java.io.IOException: gone", new java.io.IOException("gone"));
    assertFact(Untold.class.getName(), new Untold());
  }

  /** An exception whose own texts fail. */
  private static final class Untold extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String toString() {
      throw new IllegalStateException("no words");
    }
  }

  private static OctetException failure(Throwable thrown) {
    QuantizerProvider acme =
        mock(
            QuantizerProvider.class,
            (Answer<Object>)
                call -> {
                  if (call.getMethod().getName().equals("name")) {
                    return "acme";
                  }
                  throw thrown;
                });
    return assertThrows(OctetException.class, () -> QuantizerProvider.guarded(acme).description());
  }

  private static void assertFact(String words, Throwable thrown) {
    assertEquals("backend 'acme' failed in description: " + words, failure(thrown).fact());
  }

  @Test
  void anErrorOfTheBackendsOwnPassesAndSaysWhereItComesFrom() {
    OctetException own =
        ErrorId.backend("ACME-001", "The chip is too small.", "Cut the model.")
            .error("the model has 9 MB")
            .at("node 'conv'")
            .build();
    OctetException e = failure(own);
    assertEquals("ACME-001", e.id());
    assertEquals(own.fact(), e.fact());
    String source = e.source().orElseThrow();
    assertTrue(source.startsWith("backend 'acme', ") && source.contains(" in "), source);
    assertTrue(e.getMessage().contains("(at node 'conv'; from " + source + ")"), e.getMessage());
    assertSame(e, e.from("elsewhere"));
  }

  @Test
  void aCancellationPasses() {
    CancellationException cancelled = new CancellationException("enough");
    Quantizer quantizer = mock(Quantizer.class);
    when(quantizer.nodeOptions()).thenThrow(cancelled);
    assertSame(
        cancelled,
        assertThrows(CancellationException.class, () -> guarded(quantizer).nodeOptions()));
  }

  @Test
  void anInterruptionLeavesTheThreadInterrupted() {
    OctetException e = failure(new InterruptedException());
    assertTrue(Thread.interrupted());
    assertEquals("OCT-REG-008", e.id());
    assertEquals("backend 'acme' was interrupted in description", e.fact());
  }

  @Test
  void annotateNamesTheNodeThatWasAskedForLast() {
    Quantizer broken =
        context -> {
          for (Node node : context.nodes()) {
            context.isFree(node);
            if (node.name().equals("b")) {
              throw new IllegalStateException("no");
            }
          }
        };
    Graph graph =
        new Graph(
            "g",
            List.of(),
            List.of(),
            Map.of(),
            List.of(node("a"), node("b"), node("c")),
            Map.of(),
            Optional.empty());
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> guarded(broken).annotate(AnnotationContext.of("acme", graph)));
    assertTrue(e.place().orElseThrow().startsWith("node 'b', "), e.getMessage());
  }

  private static Node node(String name) {
    return Node.of(name, new OpType("", "Relu"), List.of("x"), List.of(name + "_y"));
  }

  @Test
  void aListWithANullIsAFailure() {
    QuantizerProvider acme = acme();
    when(acme.alsoRunBy()).thenReturn(Arrays.asList("cpu", null));
    OctetException e =
        assertThrows(OctetException.class, () -> QuantizerProvider.guarded(acme).alsoRunBy());
    assertEquals(
        "backend 'acme' failed in alsoRunBy: it returned a list with a null in it", e.fact());
  }

  @Test
  void twoOptionsOfOneNameAreAFailure() {
    QuantizerProvider acme = acme();
    OptionDescriptor bits = OptionDescriptor.integer("bits", "Width.");
    when(acme.options()).thenReturn(List.of(bits, bits));
    OctetException e =
        assertThrows(OctetException.class, () -> QuantizerProvider.guarded(acme).options());
    assertEquals("backend 'acme' failed in options: two are named 'bits'", e.fact());
  }

  @Test
  void aRunIsHeldToTheOutputsOfItsModel() {
    ExecutableModel model = mock(ExecutableModel.class);
    when(model.inputs()).thenReturn(List.of());
    when(model.outputs())
        .thenReturn(
            List.of(ValueInfo.of("y", new TensorType(DataType.FLOAT, Optional.of(Shape.of(2))))));
    ExecutableModel guarded = guarded(model);
    Map<String, Tensor> right = Map.of("y", Tensor.of(new float[] {1, 2}, 2));
    when(model.run(any(), any())).thenReturn(right);
    assertEquals(right, guarded.run(Map.of()));
    assertRun("it gave [], without output 'y'", guarded, model, Map.of());
    assertRun(
        "it gave [x], without output 'y'",
        guarded,
        model,
        Map.of("x", Tensor.of(new float[] {1, 2}, 2)));
    Tensor three = Tensor.of(new float[] {1, 2, 3}, 3);
    assertRun("output 'y' is " + three + " and not ", guarded, model, Map.of("y", three));
    Map<String, Tensor> none = new LinkedHashMap<>();
    none.put("y", null);
    assertRun("it returned a map with a null in it", guarded, model, none);
    guarded.close();
    assertThrows(IllegalStateException.class, () -> guarded.run(Map.of()));
  }

  private static void assertRun(
      String why, ExecutableModel guarded, ExecutableModel model, Map<String, Tensor> given) {
    when(model.run(any(), any())).thenReturn(given);
    OctetException e = assertThrows(OctetException.class, () -> guarded.run(Map.of()));
    assertTrue(e.fact().startsWith("backend 'acme' failed in run: " + why), e.fact());
  }

  @Test
  void whatIsGivenForOneCallIsRefusedAfterwardsAndElsewhere() throws InterruptedException {
    AtomicReference<@Nullable ObserverPlan> kept = new AtomicReference<>();
    Quantizer quantizer = mock(Quantizer.class);
    doAnswer(
            call -> {
              kept.set(call.getArgument(0));
              return null;
            })
        .when(quantizer)
        .adjustObservers(any());
    ObserverPlan plan = mock(ObserverPlan.class);
    guarded(quantizer).adjustObservers(plan);
    QuantizationSpec spec = new QuantizationSpec.KeepFloat("no");
    ObserverPlan late = Objects.requireNonNull(kept.get());
    OctetException e = assertThrows(OctetException.class, () -> late.replace(0, spec));
    assertEquals("OCT-REG-009", e.id());
    assertEquals("a backend changes the plan of adjustObservers when that call is over", e.fact());
    doAnswer(
            call -> {
              ObserverPlan own = call.getArgument(0);
              Thread other = new Thread(() -> own.replace(0, spec), "other");
              other.setUncaughtExceptionHandler((thread, thrown) -> {});
              other.start();
              other.join();
              return null;
            })
        .when(quantizer)
        .adjustObservers(any());
    OctetException elsewhere =
        assertThrows(OctetException.class, () -> guarded(quantizer).adjustObservers(plan));
    assertEquals(
        "a backend changes the plan of adjustObservers on thread 'other', not its own",
        elsewhere.fact());
    verify(plan, never()).replace(anyInt(), any());
  }

  @Test
  void aFullHeapIsNobodysFaultWhereOctetsOwnCodeFindsIt() {
    OutOfMemoryError full = new OutOfMemoryError("Java heap space");
    Guard own = Guard.of("backend 'cpu'", new ServicePlace(GuardedServicesTest.class));
    RuntimeException ofHelper = new IllegalStateException(full);
    assertSame(
        full,
        assertThrows(
            OutOfMemoryError.class,
            () ->
                own.run(
                    "run",
                    () -> {
                      throw ofHelper;
                    })));
    Guard vendors = Guard.of("backend 'acme'", new ServicePlace(Test.class));
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                vendors.run(
                    "run",
                    () -> {
                      throw ofHelper;
                    }));
    assertEquals("OCT-REG-006", e.id());
    assertTrue(e.nextStep().startsWith("Give the JVM more memory, for example with"), e.nextStep());
  }

  @Test
  void aNameThatIsAnotherOneAtTheNextCallIsLaidToTheBackend() {
    QuantizerProvider provider = mock(QuantizerProvider.class);
    when(provider.name()).thenReturn("acme", "acmf");
    OctetException e =
        assertThrows(OctetException.class, () -> QuantizerProvider.guarded(provider));
    assertEquals(
        "a backend failed in name: it returned acme and then acmf; it is the same at every call",
        e.fact());
  }

  @Test
  void eachCallReachesTheBackendOnce() {
    ExecutableModel model = mock(ExecutableModel.class);
    BackendRuntime runtime = mock(BackendRuntime.class);
    LoadRequest request = request();
    Cancellation wanted = () -> false;
    when(runtime.load(any())).thenReturn(model);
    ExecutableModel loaded = guarded(runtime).load(request);
    loaded.outputs();
    loaded.run(Map.of(), wanted);
    loaded.close();
    InOrder order = inOrder(runtime, model);
    order.verify(runtime).options();
    order.verify(runtime).load(any());
    order.verify(model).inputs();
    order.verify(model).outputs();
    order.verify(model).run(Map.of(), wanted);
    order.verify(model).close();
    verifyNoMoreInteractions(runtime, model);
  }

  @Test
  void statisticsComeBackToThoseWhoWroteThem() {
    record Kept(Extremes extremes) implements ChannelStatistics {}
    Kept kept = new Kept(Extremes.NONE);
    ObserverKind kind = mock(ObserverKind.class);
    when(kind.descriptor()).thenReturn(DESCRIPTOR);
    ChannelStatistics guarded = guarded(kept);
    assertEquals(guarded, guarded((ChannelStatistics) new Kept(Extremes.NONE)));
    assertEquals(guarded.hashCode(), kept.hashCode());
    assertThrows(OctetException.class, () -> guarded(kind).range(RANGE, guarded));
    org.mockito.Mockito.verify(kind).range(RANGE, kept);
  }

  @Test
  void aGuardedServiceIsGuardedOnce() {
    QuantizerProvider guarded = QuantizerProvider.guarded(acme());
    assertSame(guarded, QuantizerProvider.guarded(guarded));
  }
}

package dev.octet.annotation;

import static dev.octet.annotation.resolve.Chains.A;
import static dev.octet.annotation.resolve.Chains.A_ENTROPY;
import static dev.octet.annotation.resolve.Chains.B;
import static dev.octet.annotation.resolve.Chains.graph;
import static dev.octet.annotation.resolve.Chains.node;
import static dev.octet.annotation.resolve.Chains.shared;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.resolve.GroupReplacements;
import dev.octet.annotation.resolve.Resolution;
import dev.octet.annotation.resolve.ResolvedGraph;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.BoundaryAnnotation;
import dev.octet.api.quantizer.Directive;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.quantizer.ParameterPlan;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ComposableQuantizerTest {

  private final Node conv = node("conv", "Conv", List.of("x", "w"), "c");
  private final Node relu = node("relu", "Relu", List.of("c"), "r");
  private final Node exp = node("exp", "Exp", List.of("r"), "y");
  private final Graph graph = graph(List.of("x", "w"), List.of("y"), conv, relu, exp);

  private final Quantizer convolutions =
      annotating(
          context -> {
            if (context.isFree(conv)) {
              context.claim("conv", List.of(conv));
              context.markOperand(conv, 0, A);
              context.markOperand(conv, 1, B);
            }
            context.explain(relu, "no activations here");
            context.explain(exp, "too wide");
          });
  private final Quantizer activations =
      annotating(
          context -> {
            context.claim("act", List.of(relu));
            context.markOperand(relu, 0, A);
            context.markResult(relu, 0, shared(Point.operand("relu", 0)));
            context.optOutOfImplicitSharing(Point.operand("relu", 0));
            context.decidedBy(relu, "operator type 'Relu'");
            context.explain(exp, "no table");
          });

  @Test
  void quantizesWhatAnyOfThemClaims() {
    AnnotatedGraph annotated = annotate(compose("b", convolutions, "a", activations));
    assertEquals(Optional.of("conv"), annotated.nodes().get("conv").rule());
    assertEquals(Map.of(0, A, 1, B), annotated.nodes().get("conv").operands());
    NodeAnnotation act = annotated.nodes().get("relu");
    assertEquals(Optional.of("act"), act.rule());
    assertEquals(Optional.of("operator type 'Relu'"), act.decidedBy());
    assertEquals(Map.of(0, shared(Point.operand("relu", 0))), act.results());
    assertEquals(Set.of(Point.operand("relu", 0)), annotated.unshared());
  }

  @Test
  void joinsTheReasonsOfAllByTheirNames() {
    AnnotatedGraph annotated = annotate(compose("b", convolutions, "a", activations));
    assertEquals(Optional.of("a: no table; b: too wide"), annotated.nodes().get("exp").reason());
    AnnotatedGraph twice = annotate(compose("b", activations, "a", annotating(a -> {})));
    assertEquals(Optional.of("no table"), twice.nodes().get("exp").reason());
    assertEquals(
        Optional.of("no rule of backend 'acme' matches Conv"), twice.nodes().get("conv").reason());
  }

  @Test
  void givesTheSameWhateverTheOrder() {
    assertEquals(
        annotate(compose("b", convolutions, "a", activations)),
        annotate(compose("a", activations, "b", convolutions)));
  }

  @Test
  void namesBothOfTwoThatClaimANodeAndThePoints() {
    Quantizer other =
        annotating(
            context -> {
              // Nobody sees what the others claim, so that asking first gives no advantage.
              assertTrue(context.isFree(conv));
              context.claim("wide", List.of(conv, relu));
              context.markOperand(conv, 1, A);
              context.markResult(relu, 0, A);
            });
    for (ComposableQuantizer composed :
        List.of(
            compose("npu", convolutions, "dsp", other),
            compose("dsp", other, "npu", convolutions))) {
      OctetException e = assertThrows(OctetException.class, () -> annotate(composed));
      assertEquals("OCT-ANN-011", e.id());
      assertEquals(
          "quantizers 'dsp' (rule 'wide') and 'npu' (rule 'conv') claim node 'conv'", e.fact());
      assertEquals(Optional.of("operand 1 of 'conv'"), e.place());
    }
  }

  @Test
  void takesInputsAndOutputsThatAllMarkAlike() {
    Quantizer inputs = annotating(context -> context.mark(Point.input("x"), A));
    Quantizer both =
        annotating(
            context -> {
              assertTrue(context.isFree(Point.input("x")), "nobody sees what the others mark");
              context.mark(Point.input("x"), A);
              context.mark(Point.output("y"), B);
            });
    AnnotatedGraph annotated = annotate(compose("npu", inputs, "dsp", both));
    assertEquals(
        Map.of(
            Point.input("x"), BoundaryAnnotation.of(Point.input("x"), A),
            Point.output("y"), BoundaryAnnotation.of(Point.output("y"), B)),
        annotated.boundary());
    Quantizer other = annotating(context -> context.mark(Point.input("x"), B));
    OctetException e =
        assertThrows(OctetException.class, () -> annotate(compose("npu", inputs, "dsp", other)));
    assertEquals("OCT-ANN-014", e.id());
    assertTrue(
        e.fact().startsWith("quantizers 'dsp' and 'npu' mark input 'x' differently: ["), e.fact());
  }

  @Test
  void namesTheNodeWhereTwoThatClaimItMarkNoPointBoth() {
    Quantizer claiming = annotating(context -> context.claim("all", List.of(exp, relu)));
    OctetException e =
        assertThrows(
            OctetException.class, () -> annotate(compose("a", claiming, "b", activations)));
    assertEquals(Optional.of("node 'relu'"), e.place());
  }

  @Test
  void sharesParametersAcrossQuantizers() {
    Quantizer sharing =
        annotating(
            context -> {
              context.claim("exp", List.of(exp));
              context.markResult(exp, 0, shared(Point.operand("conv", 0)));
            });
    ResolvedGraph resolved = Resolution.resolve(annotate(compose("a", sharing, "b", convolutions)));
    assertEquals(resolved.group(Point.operand("conv", 0)), resolved.group(Point.result("exp", 0)));
  }

  @Test
  void keepsThePolicyOfTheCaller() {
    Map<String, Directive> directives =
        Map.of(
            "conv", new Directive.Excluded("node 'conv'"),
            "relu", new Directive.Configured(Options.of("bits", "4", "axis", "1"), "global"));
    List<Options> seen = new ArrayList<>();
    Quantizer reading =
        new Quantizer() {
          @Override
          public void annotate(AnnotationContext context) {
            context.directive(relu).ifPresent(d -> seen.add(((Directive.Configured) d).options()));
          }

          @Override
          public Set<String> nodeOptions() {
            return Set.of("bits");
          }
        };
    AnnotationContext context =
        AnnotationContext.builder("acme", graph).directives(directives).build();
    compose("a", convolutions, "b", reading).annotate(context);
    AnnotatedGraph annotated = context.annotated();
    assertEquals(Optional.of("excluded by node 'conv'"), annotated.nodes().get("conv").reason());
    assertEquals(List.of(Options.of("bits", "4")), seen);
  }

  @Test
  void rewritesByName() {
    Quantizer first = renaming("relu", "relu_1");
    Quantizer second = renaming("relu_1", "relu_2");
    for (ComposableQuantizer composed :
        List.of(compose("a", first, "b", second), compose("b", second, "a", first))) {
      GraphEditor.Edited edited = composed.transformForAnnotation(graph);
      assertTrue(edited.graph().node("relu_2").isPresent());
      assertEquals(List.of("relu_2"), edited.mapping().currentNames("relu"));
    }
  }

  @Test
  void returnsTheFindingsOfAllOnce() {
    Finding one = new Finding(Finding.Severity.INFO, "ACME-CHIP-001", "one", Optional.empty());
    Finding two = new Finding(Finding.Severity.ERROR, "ACME-CHIP-002", "two", Optional.empty());
    assertEquals(
        List.of(two, one),
        compose("b", finding(one), "a", finding(two, one)).validate(annotated()));
  }

  @Test
  void everyQuantizerSeesTheGraphBeforeObserversAreMade() {
    ResolvedGraph resolved = resolved();
    List<Graph> seen = new ArrayList<>();
    Quantizer looking =
        new Quantizer() {
          @Override
          public void annotate(AnnotationContext context) {}

          @Override
          public void adjustObservers(ObserverPlan plan) {
            seen.add(plan.graph());
          }
        };
    resolved.adjusted(compose("a", looking, "b", looking)::adjustObservers);
    assertEquals(List.of(resolved.annotated().graph(), resolved.annotated().graph()), seen);
  }

  @Test
  void replacesTheSpecsOfGroupsForAll() {
    ResolvedGraph adjusted =
        resolved().adjusted(compose("a", replacing(0, B), "b", replacing(1, B))::adjustObservers);
    assertEquals(List.of(B, B), adjusted.groups().stream().map(ObserverPlan.Group::spec).toList());
    ResolvedGraph alike =
        resolved().adjusted(compose("a", replacing(0, B), "b", replacing(0, B))::adjustObservers);
    assertEquals(B, alike.groups().get(0).spec());
  }

  @Test
  void setsParametersForAll() {
    QuantizationParameters one = QuantizationParameters.of(1, 0);
    QuantizationParameters two = QuantizationParameters.of(2, 0);
    Given different = new Given(resolved());
    compose("a", setting(0, one), "b", setting(1, two)).adjustParameters(different);
    assertEquals(Map.of(0, one, 1, two), different.set);
    Given alike = new Given(resolved());
    compose("a", setting(1, one), "b", setting(1, one)).adjustParameters(alike);
    assertEquals(Map.of(1, one), alike.set);
  }

  @Test
  void showsAQuantizerTheParametersThatItSetItselfAndNotThoseOfOthers() {
    Given plan = new Given(resolved());
    QuantizationParameters one = QuantizationParameters.of(1, 0);
    Quantizer looking =
        setting(
            own -> {
              assertEquals(plan.groups(), own.groups());
              own.set(1, one);
              assertEquals(Optional.of(one), own.groups().get(1).parameters());
              Point point = own.groups().get(1).points().get(0);
              assertEquals(Optional.of(one), own.group(point).orElseThrow().parameters());
              assertEquals(Optional.empty(), own.group(Point.result("exp", 9)));
              assertEquals(plan.graph(), own.graph());
              assertEquals(0.5f, own.gridScale(0, 0.25f));
            });
    compose("b", looking, "a", looking).adjustParameters(plan);
    assertEquals(Map.of(1, one), plan.set);
  }

  @Test
  void namesBothOfTwoThatSetParametersDifferently() {
    Quantizer composed =
        compose(
            "b",
            setting(1, QuantizationParameters.of(1, 0)),
            "a",
            setting(1, QuantizationParameters.of(1, 5)));
    Given plan = new Given(resolved());
    OctetException e = assertThrows(OctetException.class, () -> composed.adjustParameters(plan));
    assertEquals("OCT-ANN-013", e.id());
    assertEquals(
        "quantizers 'a' and 'b' set the parameters of group 1 differently: scale [1.0] zero point"
            + " [5] and scale [1.0] zero point [0]",
        e.fact());
    assertEquals(Map.of(), plan.set);
  }

  /** A plan on whose grid every other scale is twice as large. */
  private static final class Given implements ParameterPlan {
    private final ResolvedGraph resolved;
    private final List<Group> groups;
    private final Map<Integer, QuantizationParameters> set = new TreeMap<>();

    Given(ResolvedGraph resolved) {
      this.resolved = resolved;
      this.groups =
          resolved.groups().stream()
              .map(group -> Group.of(group.id(), group.points(), group.spec()))
              .toList();
    }

    @Override
    public Graph graph() {
      return resolved.annotated().graph();
    }

    @Override
    public List<Group> groups() {
      return groups;
    }

    @Override
    public Optional<Group> group(Point point) {
      return groups.stream().filter(group -> group.points().contains(point)).findFirst();
    }

    @Override
    public float gridScale(int id, float scale) {
      return 2 * scale;
    }

    @Override
    public void set(int id, QuantizationParameters parameters) {
      set.put(id, parameters);
    }
  }

  private static Quantizer setting(int group, QuantizationParameters parameters) {
    return setting(plan -> plan.set(group, parameters));
  }

  private static Quantizer setting(Consumer<ParameterPlan> hook) {
    return new Quantizer() {
      @Override
      public void annotate(AnnotationContext context) {}

      @Override
      public void adjustParameters(ParameterPlan plan) {
        hook.accept(plan);
      }
    };
  }

  @Test
  void namesBothOfTwoThatReplaceASpecDifferently() {
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                resolved()
                    .adjusted(
                        compose("b", replacing(1, B), "a", replacing(1, A_ENTROPY))
                            ::adjustObservers));
    assertEquals("OCT-ANN-012", e.id());
    assertTrue(
        e.fact().startsWith("quantizers 'a' and 'b' replace the spec of group 1 differently: "),
        e.fact());
    assertEquals(Optional.of("operand 1 of 'conv'"), e.place());
  }

  @Test
  void refusesToReplaceAGroupThatDoesNotExist() {
    for (int id : new int[] {-1, 2, Integer.MAX_VALUE}) {
      OctetException e =
          assertThrows(
              OctetException.class, () -> resolved().adjusted(plan -> plan.replace(id, B)));
      assertEquals("OCT-ANN-005", e.id());
      assertEquals("there is no group " + id, e.fact());
    }
  }

  @Test
  void refusesToReplaceASpecByOneOfAnotherKind() {
    QuantizationSpec shared = new QuantizationSpec.Shared(Point.operand("conv", 1));
    OctetException e =
        assertThrows(
            OctetException.class, () -> resolved().adjusted(plan -> plan.replace(0, shared)));
    assertEquals("OCT-ANN-008", e.id());
    assertTrue(e.fact().startsWith("group 0 cannot become "), e.fact());
  }

  @Test
  void hasTheOptionsOfAll() {
    Quantizer one = options("bits", "axis");
    Quantizer two = options("mode", "bits");
    assertEquals(Set.of("bits", "axis", "mode"), compose("a", one, "b", two).nodeOptions());
  }

  @Test
  void refusesToComposeNothing() {
    assertThrows(IllegalArgumentException.class, () -> ComposableQuantizer.of(Map.of()));
  }

  @Test
  void forwardsEveryMethodThatAQuantizerHas() throws Exception {
    List<Method> methods =
        Arrays.stream(Quantizer.class.getMethods())
            .filter(method -> !Modifier.isStatic(method.getModifiers()))
            .toList();
    assertTrue(methods.size() >= 5, methods.toString());
    for (Method method : methods) {
      List<String> called = new ArrayList<>();
      ComposableQuantizer composed =
          compose("b", listening("second", called), "a", listening("first", called));
      method.invoke(
          composed, Arrays.stream(method.getParameterTypes()).map(this::argument).toArray());
      String name = method.getName();
      assertTrue(
          called.containsAll(List.of("first " + name, "second " + name)),
          name + " reached " + called);
    }
  }

  private Object argument(Class<?> type) {
    return new HashMap<Class<?>, Object>(
            Map.of(
                Graph.class,
                graph,
                AnnotationContext.class,
                AnnotationContext.of("acme", graph),
                AnnotatedGraph.class,
                annotated(),
                ObserverPlan.class,
                new GroupReplacements(graph, resolved().groups()),
                ParameterPlan.class,
                new Given(resolved())))
        .computeIfAbsent(
            type,
            unknown -> {
              throw new AssertionError("a method of Quantizer has a new parameter: " + unknown);
            });
  }

  /** A quantizer that does nothing but write down which of its methods are called. */
  private static Quantizer listening(String name, List<String> called) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          called.add(name + " " + method.getName());
          return method.isDefault()
              ? InvocationHandler.invokeDefault(proxy, method, arguments)
              : null;
        };
    return (Quantizer)
        Proxy.newProxyInstance(
            Quantizer.class.getClassLoader(), new Class<?>[] {Quantizer.class}, handler);
  }

  private static ComposableQuantizer compose(
      String name, Quantizer one, String other, Quantizer two) {
    Map<String, Quantizer> children = new LinkedHashMap<>();
    children.put(name, one);
    children.put(other, two);
    return ComposableQuantizer.of(children);
  }

  private AnnotatedGraph annotate(Quantizer quantizer) {
    AnnotationContext context = AnnotationContext.of("acme", graph);
    quantizer.annotate(context);
    return context.annotated();
  }

  private AnnotatedGraph annotated() {
    return AnnotatedGraph.builder(graph).build();
  }

  private ResolvedGraph resolved() {
    NodeAnnotation decision =
        NodeAnnotation.claimed("conv", "conv").operand(0, A).operand(1, A).build();
    return Resolution.resolve(AnnotatedGraph.builder(graph).node(decision).build());
  }

  private static Quantizer annotating(Consumer<AnnotationContext> how) {
    return how::accept;
  }

  private static Quantizer renaming(String from, String to) {
    return new Quantizer() {
      @Override
      public GraphEditor.Edited transformForAnnotation(Graph given) {
        List<Node> nodes =
            given.nodes().stream()
                .map(
                    n -> n.name().equals(from) ? Node.of(to, n.op(), n.operands(), n.results()) : n)
                .toList();
        Graph renamed = graph(List.of("x", "w"), List.of("y"), nodes.toArray(Node[]::new));
        return new GraphEditor.Edited(
            renamed, new NameMapping(new TreeMap<>(Map.of(from, List.of(to)))));
      }

      @Override
      public void annotate(AnnotationContext context) {}
    };
  }

  private static Quantizer finding(Finding... findings) {
    return new Quantizer() {
      @Override
      public void annotate(AnnotationContext context) {}

      @Override
      public List<Finding> validate(AnnotatedGraph given) {
        return List.of(findings);
      }
    };
  }

  private static Quantizer replacing(int group, QuantizationSpec spec) {
    return new Quantizer() {
      @Override
      public void annotate(AnnotationContext context) {}

      @Override
      public void adjustObservers(ObserverPlan plan) {
        // Each sees the groups as they were resolved.
        plan.groups().forEach(g -> assertEquals(A, g.spec()));
        plan.replace(group, spec);
      }
    };
  }

  private static Quantizer options(String... names) {
    return new Quantizer() {
      @Override
      public void annotate(AnnotationContext context) {}

      @Override
      public Set<String> nodeOptions() {
        return Set.of(names);
      }
    };
  }
}

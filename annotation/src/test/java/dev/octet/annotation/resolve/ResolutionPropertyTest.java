package dev.octet.annotation.resolve;

import static dev.octet.annotation.resolve.Chains.A;
import static dev.octet.annotation.resolve.Chains.A_ENTROPY;
import static dev.octet.annotation.resolve.Chains.B;
import static dev.octet.annotation.resolve.Chains.derived;
import static dev.octet.annotation.resolve.Chains.shared;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Neither the order of calls nor that of nodes changes what is resolved. */
class ResolutionPropertyTest {

  private static final int GRAPHS = 12_000;
  private static final int ORDERS = 3;
  private static final long BASE_SEED = Long.getLong("octet.seed", 20_260_101L);

  @Test
  void resolvesAlikeWhateverTheOrderOfCallsAndOfNodes() {
    System.out.println("resolution property: base seed " + BASE_SEED + ", " + GRAPHS + " graphs");
    Map<String, Integer> kinds = new TreeMap<>();
    for (int i = 0; i < GRAPHS; i++) {
      long seed = BASE_SEED + i;
      kinds.merge(kind(check(seed)), 1, Integer::sum);
    }
    System.out.println("resolution property: outcomes " + kinds);
    // Every outcome has its share, so that the property is about errors as well.
    for (String kind :
        List.of("OCT-RES-001", "OCT-RES-002", "OCT-RES-003", "OCT-RES-004", "OCT-RES-005")) {
      assertTrue(kinds.getOrDefault(kind, 0) > 50, kind + " in " + kinds);
    }
    assertTrue(kinds.getOrDefault("resolved", 0) > GRAPHS / 3, kinds.toString());
  }

  private static String check(long seed) {
    Random random = new Random(seed);
    Graph graph = GeneratedGraph.of(random, 3 + random.nextInt(38));
    Marks marks = Marks.of(graph, random);
    String expected = outcome(graph, marks, new ArrayList<>(marks.specs.keySet()), random);
    for (int i = 0; i < ORDERS; i++) {
      List<Point> order = new ArrayList<>(marks.specs.keySet());
      Collections.shuffle(order, random);
      Graph same = GeneratedGraph.reordered(graph, random);
      assertEquals(expected, outcome(same, marks, order, random), "seed " + seed);
    }
    return expected;
  }

  private static String kind(String outcome) {
    return outcome.startsWith("OCT-") ? outcome.substring(0, 11) : "resolved";
  }

  /** Returns the members and the spec of every group in an order of its own, or the error. */
  private static String outcome(Graph graph, Marks marks, List<Point> order, Random random) {
    AnnotationContext context = AnnotationContext.of("acme", graph);
    Map<String, Node> nodes = new HashMap<>();
    graph.nodesWithSubgraphs().forEach(node -> nodes.put(node.name(), node));
    Set<Point> unshared = new TreeSet<>(marks.unshared);
    for (Point point : order) {
      Node node = nodes.get(point.node());
      if (context.isFree(node)) {
        context.claim("rule", List.of(node));
      }
      QuantizationSpec spec = marks.specs.get(point);
      if (point.side() == Point.Side.OPERAND) {
        context.markOperand(node, point.index(), spec);
      } else {
        context.markResult(node, point.index(), spec);
      }
      if (random.nextBoolean() && unshared.remove(point)) {
        context.optOutOfImplicitSharing(point);
      }
    }
    unshared.forEach(context::optOutOfImplicitSharing);
    try {
      return Resolution.resolve(context.annotated()).groups().stream()
          .map(ResolutionPropertyTest::text)
          .sorted()
          .collect(Collectors.joining("\n"));
    } catch (OctetException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String text(ObserverPlan.Group group) {
    return group.points() + " " + group.spec();
  }

  /** What is marked, and what keeps out of implicit sharing. */
  private record Marks(Map<Point, QuantizationSpec> specs, Set<Point> unshared) {

    private static Marks of(Graph graph, Random random) {
      List<Point> points = GeneratedGraph.points(graph);
      // Most graphs have few faults, so that many resolve and the others show each error.
      int faults = random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 0;
      Map<Point, QuantizationSpec> specs = new LinkedHashMap<>();
      for (Point point : points) {
        if (random.nextInt(8) != 0) {
          specs.put(point, sound(random, List.copyOf(specs.keySet()), specs));
        }
      }
      for (int i = 0; i < faults; i++) {
        specs.put(any(points, random), fault(points, random));
      }
      Set<Point> unshared = new TreeSet<>();
      specs.keySet().stream().filter(p -> random.nextInt(10) == 0).forEach(unshared::add);
      return new Marks(specs, unshared);
    }

    private static QuantizationSpec sound(
        Random random, List<Point> marked, Map<Point, QuantizationSpec> specs) {
      QuantizationSpec kept = new QuantizationSpec.KeepFloat("wide");
      int choice = random.nextInt(12);
      if (choice < 4 && !marked.isEmpty()) {
        Point other = any(marked, random);
        boolean quantized = !(specs.get(other) instanceof QuantizationSpec.KeepFloat);
        return quantized ? (choice == 0 ? derived(other) : shared(other)) : kept;
      }
      return switch (choice) {
        case 4 -> B;
        case 5 -> A_ENTROPY;
        case 6 -> random.nextInt(4) == 0 ? kept : A;
        default -> A;
      };
    }

    private static QuantizationSpec fault(List<Point> points, Random random) {
      Point other = any(points, random);
      return switch (random.nextInt(4)) {
        case 0 -> derived(other, any(points, random));
        case 1 -> new QuantizationSpec.KeepFloat("narrow");
        default -> shared(other);
      };
    }

    private static Point any(List<Point> points, Random random) {
      return points.get(random.nextInt(points.size()));
    }
  }
}

package dev.octet.annotation.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.option.Options;
import dev.octet.fixtures.jdk.CpuTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicySpeedTest {

  private static final int NODES = 100_000;

  private static Graph graph() {
    Node[] nodes = new Node[NODES];
    for (int i = 0; i < NODES; i++) {
      String path = "layer" + i % 40 + ".block" + i % 1000;
      nodes[i] =
          i % 2 == 0
              ? PolicyTest.node("/" + path.replace('.', '/') + "/Conv_" + i, "Conv", Map.of())
              : PolicyTest.in(
                  "add_" + i,
                  "Add",
                  "['', '" + path.substring(0, path.indexOf('.')) + "', '" + path + "', 'add']",
                  "['net.Net', 'net.Layer', 'net.Block', 'aten.add']");
    }
    return PolicyTest.graph(nodes);
  }

  private static Policy policy() {
    Policy.Builder rules = Policy.builder().global(Options.of("a", "1"));
    for (int i = 0; i < 4; i++) {
      rules.module("*layer" + i + "*block*", Options.of("b", "" + i));
      rules.moduleRegex(".*layer[0-9]+\\.block.*" + i, Options.of("c", "" + i));
      rules.exclude(Selector.node("*_*" + i + "*" + i));
    }
    return rules
        .operatorType("Conv", Options.of("d", "1"))
        .moduleType("Block", Options.none())
        .build();
  }

  /** A machine takes two seconds; a search through all nodes for each of them would take hours. */
  @Test
  void decidesForAHundredThousandNodesInSeconds() {
    Graph graph = graph();
    assertTakesAtMost(
        Duration.ofSeconds(20),
        () ->
            assertEquals(
                NODES, policy().decide(graph, node -> List.of(node.name())).directives().size()));
  }

  @Test
  void matchesGlobsWithManyStarsInSteps() {
    assertTakesAtMost(
        Duration.ofSeconds(5),
        () -> assertEquals(false, new Glob("*a".repeat(200) + "b").matches("a".repeat(20_000))));
  }

  @Test
  void givesUpExpressionsThatTakeANameApartInManyWays() {
    assertTakesAtMost(
        Duration.ofSeconds(5),
        () -> {
          refused("(.*a){12}b", "a".repeat(60));
          refused("(\\w+\\s?)*\\1b", "a".repeat(40));
          refused("(a|b)*c", "ab".repeat(100_000));
          refused("(((.*)*)*)*b", "a".repeat(60));
          refused(".*a.*a.*a.*a.*a.*b", "a".repeat(60));
        });
  }

  @Test
  void givesUpNamesThatTogetherTakeTooManySteps() {
    ModuleRegexMatch slow = new ModuleRegexMatch("(.*a){4}b");
    String name = "a".repeat(30);
    assertEquals(false, slow.matches(name));
    assertTakesAtMost(
        Duration.ofSeconds(10),
        () ->
            assertEquals(
                "OCT-POL-012",
                assertThrows(
                        OctetException.class,
                        () -> {
                          for (int i = 0; i < 10_000; i++) {
                            slow.matches(name);
                          }
                        })
                    .id()));
  }

  private static void refused(String regex, String name) {
    OctetException e =
        assertThrows(OctetException.class, () -> new ModuleRegexMatch(regex).matches(name));
    assertEquals("OCT-POL-012", e.id());
    String start = name.length() <= 100 ? name : name.substring(0, 100) + "...";
    assertEquals("'" + regex + "' takes too many steps to match '" + start + "'", e.fact());
  }

  @Test
  void refusesExpressionsThatAreNestedTooDeeply() {
    String regex = "(".repeat(50_000) + ")".repeat(50_000);
    OctetException e = assertThrows(OctetException.class, () -> Selector.moduleRegex(regex));
    assertEquals("OCT-POL-004", e.id());
    assertEquals(
        "'"
            + "(".repeat(100)
            + "...' is no regular expression: "
            + "Stack overflow during pattern compilation",
        e.fact());
  }

  private static void assertTakesAtMost(Duration limit, Runnable work) {
    Duration taken = CpuTime.of(work);
    assertTrue(taken.compareTo(limit) <= 0, taken + " of a processor, more than " + limit);
  }
}

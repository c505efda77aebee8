package dev.octet.workflow.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Position;
import dev.octet.api.tree.Tree;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.run.NamedRuntime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ComparisonPageTest {

  private static final NamedRuntime CPU = NamedRuntime.of("cpu", new ReferenceRuntime());
  private static final String HOSTILE = "</title></td><script>alert('1')</script>\"&\u202e\u0001";

  /** A product, whose result goes through integers, and a Log; names are given. */
  private static Models product(Models models, String name) {
    return models.node("first" + name, "MatMul", List.of("x", "w"), name);
  }

  private static Model reference(String name) {
    return product(
            new Models()
                .samples("x", 2)
                .output("y", 2)
                .constant("w", Tensor.of(new float[] {1.02f, 0, 0, 1.02f}, 2, 2)),
            name)
        .node("log", "Log", List.of(name), "y")
        .model(13);
  }

  private static Model quantized(String name) {
    Models models =
        new Models()
            .samples("x", 2)
            .output("y", 2)
            .constant("one", Tensor.of(new float[] {1}))
            .constant("zero", Tensor.of(DataType.INT8, new byte[] {0}))
            .constant("integers", Tensor.of(DataType.INT8, new byte[] {1, 0, 0, 1}, 2, 2))
            .node("d_w", "DequantizeLinear", List.of("integers", "one", "zero"), "w");
    return product(models, name)
        .node("q", "QuantizeLinear", List.of(name, "one", "zero"), "q_integers")
        .node("d", "DequantizeLinear", List.of("q_integers", "one", "zero"), "q_floats")
        .node("log", "Log", List.of("q_floats"), "y")
        .model(13);
  }

  /** Values with one that is clipped. */
  private static final float[] FAR = {1, 2, 3, 150, 4, 8, 1, 16};

  /** Values whose logarithms are next to nothing. */
  private static final float[] NEAR = {1, 1, 1, 1};

  private static Comparison comparison(String name, int threads, float... samples) {
    Model reference = reference(name);
    DataSource data =
        DataSource.of(reference.graph(), Map.of("x", Tensor.of(samples, samples.length / 2, 2)));
    return Comparison.of(CPU, reference, quantized(name), data, Execution.threads(threads));
  }

  private static String page() {
    return comparison("a", 1, NEAR).page("m.onnx", "m.int8.onnx");
  }

  private static List<String> groups(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.DOTALL)
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void hasNoAddressOutside() {
    String page = page();
    for (String outside : List.of("http:", "https:", "//", "src=", "url(", "@import", "<link")) {
      assertFalse(page.contains(outside), outside);
    }
    List<String> links = groups("href=\"([^\"]*)\"", page);
    assertEquals(List.of("#t1"), links);
    assertTrue(page.contains("id=\"t1\""));
  }

  @Test
  void declaresTheSameColoursForLightAndDark() {
    String page = page();
    assertTrue(page.contains("color-scheme: light dark"));
    List<String> schemes = groups(":root \\{(.*?)\\}", page);
    assertEquals(2, schemes.size());
    assertTrue(page.contains("@media (prefers-color-scheme: dark) { :root {"));
    assertEquals(
        new TreeSet<>(groups("(--[a-z]+):", schemes.get(0))),
        new TreeSet<>(groups("(--[a-z]+):", schemes.get(1))));
    // Every colour is one of them.
    String rest = page.substring(page.indexOf("* { box-sizing"));
    assertEquals(List.of(), groups("(: ?#[0-9a-f]{3,6})", rest));
  }

  /** A row of the table, as its cells say it. */
  private static List<String> cells(MatchResult row) {
    return groups("data-value=\"([^\"]*)\"", row.group());
  }

  @Test
  void hasARowForEveryTensorWithTheFiguresOfTheJson() {
    Comparison comparison = comparison("a", 1, FAR);
    List<Tree> tensors = comparison.report(1).json(true).asMapping().get("tensors").asItems();
    List<MatchResult> rows =
        Pattern.compile("<tr id=\"t(\\d+)\".*?</tr>")
            .matcher(comparison.page("m.onnx", "q.onnx"))
            .results()
            .toList();
    assertEquals(tensors.size(), rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Tree.Mapping tensor = tensors.get(i).asMapping();
      assertEquals(tensor.get("place").asInt(), Integer.parseInt(rows.get(i).group(1)));
      assertTrue(rows.get(i).group().contains(">" + tensor.get("name").asText() + "<"));
      List<String> cells = cells(rows.get(i));
      List<String> fields =
          List.of("place", "sqnrDb", "localSqnrDb", "readsSqnrDb", "largestError");
      for (int k = 0; k < fields.size(); k++) {
        assertEquals(number(tensor, fields.get(k)), Double.parseDouble(cells.get(k)));
      }
      double clipped = -1;
      double used = -1;
      if (tensor.find("range").isPresent()) {
        clipped = number(tensor.get("range").asMapping(), "clipped");
        used = number(tensor.get("range").asMapping(), "used");
      }
      assertEquals(clipped, Double.parseDouble(cells.get(5)));
      assertEquals(used, Double.parseDouble(cells.get(6)));
      bars(rows.get(i).group(), tensor.get("values").asMapping());
    }
    assertEquals(2, rows.size());
  }

  /** What is null is equal; what is absent would fail here. */
  private static double number(Tree.Mapping fields, String name) {
    Tree value = fields.entries().get(name);
    return new Tree.Null(Position.ROOT).equals(value)
        ? Double.POSITIVE_INFINITY
        : fields.get(name).asNumber().doubleValue();
  }

  /** As many bars as bins that count a value. */
  private static void bars(String row, Tree.Mapping values) {
    long counting =
        values.get("counts").asItems().stream().filter(count -> count.asLong() > 0).count();
    long bars =
        groups("<path class=\"(?:in|out)\" d=\"([^\"]*)\"", row).stream()
            .mapToLong(path -> path.chars().filter(c -> c == 'M').count())
            .sum();
    assertEquals(counting, bars, row);
  }

  @Test
  void namesAreNoMarkup() {
    String page = comparison(HOSTILE, 1, NEAR).page("<b>&", "\u2028" + HOSTILE);
    assertFalse(page.contains("alert('1')"));
    assertFalse(page.contains("<b>"));
    assertFalse(page.chars().anyMatch(c -> c == 0x202e || c == 1 || c == 0x2028));
    assertTrue(page.contains("&lt;/title&gt;&lt;/td&gt;&lt;script&gt;alert(&#39;1&#39;)"));
    assertTrue(page.contains("&quot;&amp;\\u{202e}\\u{1}"));
    assertEquals(1, groups("(<script>)", page).size());
    // A name that ends an element or attribute would leave a bracket outside of every tag.
    List<String> drawings = groups("(<svg.*?</svg>)", page);
    assertEquals(3, drawings.size());
    for (String drawing : drawings) {
      String outside = drawing.replaceAll("</?[a-z]+( [a-zA-Z-]+=\"[^\"<>]*\")* ?/?>", "");
      assertFalse(outside.contains("<") || outside.contains(">"), outside);
    }
  }

  @Test
  void isTheSameForTheSameComparison() {
    assertEquals(page(), comparison("a", 3, NEAR).page("m.onnx", "m.int8.onnx"));
  }

  @Test
  void drawsEveryTensorTwice() {
    String page = page();
    List<String> points = groups("<circle data-t=\"(\\d+)\"", page);
    assertEquals(List.of("0", "1", "0", "1"), points);
    assertEquals(
        new HashSet<>(List.of("0", "1")), new HashSet<>(groups("<tr id=\"t(\\d+)\"", page)));
    List<Double> heights = new ArrayList<>();
    groups("<circle [^>]* cy=\"([^\"]*)\"", page).forEach(y -> heights.add(Double.parseDouble(y)));
    // Alone, and with all before it: the Log gets what it is given, and is worse than what it
    // reads.
    assertEquals(heights.get(0), heights.get(2));
    assertTrue(heights.get(3) > heights.get(2), heights.toString());
  }
}

package dev.octet.workflow.normalise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.execute.GraphExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rewritten node computes what it did. */
class PlainFormsTest {

  private static final long SIZE = 8;

  private static final Set<String> BEYOND = Set.of("ceil_mode", "count_include_pad");

  @Test
  void aPadOfSomeAxesNamesThePadsOfAll() {
    Model model =
        new Models()
            .input("x", 1, 2, SIZE, SIZE)
            .constant("pads", Tensor.of(new long[] {1, 2, 3, -1}, 4))
            .constant("axes", Tensor.of(new long[] {-1, 2}, 2))
            .node("pad", "Pad", List.of("x", "pads", "", "axes"), "y")
            .output("y", 4)
            .model(18);
    Graph plain = computesTheSame(model);
    assertEquals(List.of("x", "pad_pads", ""), plain.nodes().get(0).operands());
    assertEquals(Set.of("pad_pads"), plain.initializers().keySet());
    assertArrayEquals(
        new long[] {0, 0, 2, 1, 0, 0, -1, 3}, plain.initializers().get("pad_pads").integers());
  }

  @Test
  void theAxesOfAPadThatOthersReadStay() {
    Model model =
        new Models()
            .input("x", 2, 2)
            .constant("pads", Tensor.of(new long[] {1, 1}, 2))
            .constant("axes", Tensor.of(new long[] {0}, 1))
            .node("pad", "Pad", List.of("x", "pads", "", "axes"), "p")
            .node("sum", "ReduceSum", List.of("p", "axes"), "y", Attribute.of("keepdims", 0))
            .output("y", 1)
            .model(18);
    assertEquals(
        new TreeSet<>(Set.of("axes", "pad_pads")),
        new TreeSet<>(computesTheSame(model).initializers().keySet()));
  }

  @Test
  void aPadOfAnAxisThatIsNotThereIsRefused() {
    Models models =
        new Models()
            .input("x", 2, 2)
            .constant("axes", Tensor.of(new long[] {5}, 1))
            .constant("pads", Tensor.of(new long[] {1, 1}, 2))
            .node("pad", "Pad", List.of("x", "pads", "", "axes"), "y")
            .output("y", 2);
    Model model = models.model(18);
    OctetException e = assertThrows(OctetException.class, () -> Normaliser.normalise(model));
    assertEquals("OCT-GRAPH-002", e.id());
    assertTrue(e.fact().contains("axis 5 lies outside rank 2"), e.fact());
  }

  @ParameterizedTest
  @CsvSource({
    // Dilations of one are the default, others are not.
    "1 1, , 1 1, 0 0 0 0, 0, 0, strides",
    "2 1, , 1 1, 0 0 0 0, 0, 0, dilations strides",
    // Without padding there is none to count.
    ", , 2 2, 0 0 0 0, 1, 1, ceil_mode strides",
    ", VALID, 2 2, , 0, 1, auto_pad strides",
    ", SAME_UPPER, 2 2, , 1, 1, auto_pad count_include_pad strides",
    // Kernels of 3 at steps of 2 fit into 8 and 1, and not into 8 and 2.
    ", , 2 2, 1 1 0 0, 1, 1, count_include_pad pads strides",
    ", , 2 2, 1 1 1 1, 1, 1, ceil_mode count_include_pad pads strides",
    ", , 2 2, 1 0 0 1, 1, 1, count_include_pad pads strides",
    ", , 2 2, 1 0 1 1, 1, 1, ceil_mode count_include_pad pads strides",
    // The last window would begin behind the input, and is dropped.
    ", , 4 4, 0 0 2 2, 1, 1, count_include_pad pads strides",
    ", , 1 1, 1 1 1 1, 0, 1, count_include_pad pads strides"
  })
  void anAverageStatesWhatMatters(
      String dilations,
      String auto,
      String strides,
      String pads,
      long ceil,
      long count,
      String left) {
    List<Attribute> attributes = new ArrayList<>();
    attributes.add(Attribute.of("kernel_shape", List.of(3L, 3L)));
    attributes.add(Attribute.of("strides", numbers(strides)));
    if (pads != null) {
      attributes.add(Attribute.of("pads", numbers(pads)));
    }
    if (dilations != null) {
      attributes.add(Attribute.of("dilations", numbers(dilations)));
    }
    if (auto != null) {
      attributes.add(Attribute.of("auto_pad", auto));
    }
    if (ceil != 0) {
      attributes.add(Attribute.of("ceil_mode", ceil));
    }
    if (count != 0) {
      attributes.add(Attribute.of("count_include_pad", count));
    }
    Model model =
        new Models()
            .input("x", 1, 2, SIZE, SIZE)
            .node("pool", "AveragePool", List.of("x"), "y", attributes.toArray(Attribute[]::new))
            .output("y", 4)
            .model(19);
    Graph graph = computesTheSame(model);
    Node plain = graph.nodes().get(0);
    Set<String> stated = new TreeSet<>(plain.attributes().keySet());
    boolean held = stated.contains("dilations") || stated.containsAll(BEYOND);
    assertEquals(held, graph.node("pool_held").isPresent());
    assertEquals(
        graph.nodes(), Normaliser.normalise(model.withGraph(graph)).model().graph().nodes());
    stated.remove("kernel_shape");
    if (pads != null && numbers(pads).stream().allMatch(p -> p == 0)) {
      stated.remove("pads");
    }
    assertEquals(left, String.join(" ", stated));
  }

  @Test
  void aResizeOfSomeAxesNamesTheNumbersOfAll() {
    Models models =
        new Models()
            .input("x", 2, 3, SIZE, SIZE)
            .constant("roi", Tensor.of(new float[] {0.25f, 0.5f, 0.75f, 1}, 4))
            .constant("scales", Tensor.of(new float[] {2, 3}, 2))
            .constant("sizes", Tensor.of(new long[] {5, 9}, 2));
    Attribute axes = Attribute.of("axes", List.of(-1L, 1L));
    Graph scaled =
        plain(models.node("r", "Resize", List.of("x", "roi", "scales"), "y", axes).output("y", 4));
    assertEquals(Map.of(), scaled.nodes().get(0).attributes());
    assertArrayEquals(
        new float[] {0, 0.5f, 0, 0.25f, 1, 1, 1, 0.75f},
        scaled.initializers().get("r_all_1").floats());
    assertArrayEquals(new float[] {1, 3, 1, 2}, scaled.initializers().get("r_all_2").floats());
    assertEquals(Set.of("r_all_1", "r_all_2", "sizes"), scaled.initializers().keySet());
  }

  @Test
  void sizesOfSomeAxesStandBesideThoseThatAreThere() {
    Attribute axes = Attribute.of("axes", List.of(-1L, 1L));
    Models resize = new Models().input("x", 2, 3, SIZE, SIZE);
    resize.constant("sizes", Tensor.of(new long[] {5, 9}, 2));
    resize.node("r", "Resize", List.of("x", "", "", "sizes"), "y", axes).output("y", 4);
    assertArrayEquals(
        new long[] {2, 9, SIZE, 5}, plain(resize).initializers().get("r_all_3").integers());
    Models crop = new Models().input("x", 2, 3, SIZE, SIZE);
    crop.constant("sizes", Tensor.of(new long[] {5, 9}, 2));
    crop.node("c", "CenterCropPad", List.of("x", "sizes"), "y", axes).output("y", 4);
    assertArrayEquals(
        new long[] {2, 9, SIZE, 5}, plain(crop).initializers().get("c_all_1").integers());
  }

  @Test
  void sizesStayWhereTheOthersAreNotKnownOrTheirRatioMatters() {
    Attribute axes = Attribute.of("axes", List.of(1L));
    Models unknown = new Models().samples("x", 3);
    unknown.constant("sizes", Tensor.of(new long[] {5}, 1));
    unknown.node("r", "Resize", List.of("x", "", "", "sizes"), "y", axes).output("y", 2);
    assertEquals(Set.of("axes"), plain(unknown).nodes().get(0).attributes().keySet());
    Models ratio = new Models().input("x", 2, 3);
    Attribute policy = Attribute.of("keep_aspect_ratio_policy", "not_larger");
    ratio.constant("sizes", Tensor.of(new long[] {5}, 1));
    ratio.node("r", "Resize", List.of("x", "", "", "sizes"), "y", axes, policy).output("y", 2);
    assertEquals(2, plain(ratio).nodes().get(0).attributes().size());
  }

  @ParameterizedTest
  @CsvSource({
    "true, 4, cubic, 1 1 0.5 2,, false, false, true",
    "true, 4, cubic, 1 1 2 0.5,, false, false, true",
    "true, 4, cubic, 1 1 1 2,, false, false, false",
    "true, 4, cubic, 1 1 0.5 0.5,, true, false, false",
    "true, 4, linear, 1 1 0.5 0.5,, false, false, false",
    "true, 4, nearest, 1 1 0.5 0.5,, false, false, false",
    "false, 4, cubic, 1 1 0.5 0.5,, false, false, false",
    "true, 4, cubic,, 1 2 7 8, false, false, true",
    "true, 4, cubic,, 1 2 8 9, false, false, false",
    "true, 4, cubic,, 8 7, false, true, true",
    "true, 4, cubic,, 8 8, false, true, false",
    // Where the ratio is kept, axes stay named.
    "true, 4, linear,, 8 16, false, not_larger, true",
    "true, 3, linear,, 16, false, not_larger, false"
  })
  void aResizeThatCannotBeMovedReadsThroughAnIdentity(
      boolean convolves,
      int rank,
      String mode,
      String scales,
      String sizes,
      boolean antialias,
      String axes,
      boolean held) {
    Models models = new Models().input("x", Arrays.copyOf(new long[] {1, 2, SIZE, SIZE}, rank));
    models.constant("w", Tensor.of(new float[4], Arrays.copyOf(new long[] {2, 2, 1, 1}, rank)));
    models.node("c", convolves ? "Conv" : "ConvTranspose", List.of("x", "w"), "v");
    List<Attribute> attributes = new ArrayList<>(List.of(Attribute.of("mode", mode)));
    if (antialias) {
      attributes.add(Attribute.of("antialias", 1));
    }
    if (!axes.equals("false")) {
      attributes.add(Attribute.of("axes", rank == 4 ? List.of(-2L, 3L) : List.of(2L)));
      String policy = axes.equals("true") ? "stretch" : axes;
      attributes.add(Attribute.of("keep_aspect_ratio_policy", policy));
    }
    if (scales != null) {
      models.constant("s", Tensor.of(floats(scales), 4));
    } else {
      long[] all = numbers(sizes).stream().mapToLong(Long::longValue).toArray();
      models.constant("s", Tensor.of(all, all.length));
    }
    List<String> read = scales != null ? List.of("v", "", "s") : List.of("v", "", "", "s");
    models.node("r", "Resize", read, "y", attributes.toArray(Attribute[]::new)).output("y", rank);
    Graph plain = computesTheSame(models.model(18));
    assertEquals(held, plain.node("r_held").isPresent());
    Model again = models.model(18).withGraph(plain);
    assertEquals(plain.nodes(), Normaliser.normalise(again).model().graph().nodes());
    plain.node("r_held").ifPresent(node -> assertEquals(plain.type("v"), plain.type("v_held")));
  }

  private static float[] floats(String words) {
    String[] each = words.split(" ");
    float[] floats = new float[each.length];
    for (int i = 0; i < each.length; i++) {
      floats[i] = Float.parseFloat(each[i]);
    }
    return floats;
  }

  private static Graph plain(Models models) {
    return Normaliser.normalise(models.model(19)).model().graph();
  }

  private static List<Long> numbers(String words) {
    return List.of(words.split(" ")).stream().map(Long::valueOf).toList();
  }

  /** Returns the graph of the normalised model. */
  private static Graph computesTheSame(Model model) {
    Graph plain = Normaliser.normalise(model).model().graph();
    assertEquals(run(model), run(model.withGraph(plain)));
    return plain;
  }

  private static Map<String, Tensor> run(Model model) {
    try (GraphExecutor executor = GraphExecutor.of(model, 1)) {
      long[] sizes =
          model.graph().inputs().get(0).tensorType().orElseThrow().shape().orElseThrow().sizes();
      int count = 1;
      for (long size : sizes) {
        count *= (int) size;
      }
      float[] x = new float[count];
      for (int i = 0; i < count; i++) {
        x[i] = i * 7 % 31 - 11;
      }
      return executor.run(Map.of("x", Tensor.of(x, sizes)));
    }
  }
}

package dev.octet.workflow.source;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.quantizer.Finding;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.lower.StoredScales;
import dev.octet.workflow.plan.NodeReads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes layers as {@code com.microsoft.MatMulNBits}: a MatMul or a Gemm without factors, on a
 * weight of 2, 4 or 8 bits whose groups are made of blocks of 16, 32, 64, 128 or 256 inputs. Of
 * these the one is chosen that needs the fewest bytes; a scale is repeated for each block of its
 * group. A layer whose activations are quantized has accuracy_level 4, every other one computes in
 * float.
 */
final class MatMulNBitsForm {

  private static final int ON_INTEGERS = 4;

  private final Graph graph;
  private final GraphEditor editor;
  private final Map<String, NBitsWeight.Stored> stored = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private int changed;

  private MatMulNBitsForm(Graph graph) {
    this.graph = graph;
    this.editor = new GraphEditor(graph);
  }

  /** Returns the model in this form; layers that have none stay as they are, with a finding. */
  static SourceQuantized of(SourceQuantized quantized) {
    // The operator's scales are FLOAT.
    Model model = StoredScales.widened(quantized.model());
    MatMulNBitsForm form = new MatMulNBitsForm(model.graph());
    for (LayerOutcome layer : quantized.layers()) {
      if (layer.isQuantized()) {
        form.rewrite(layer.node());
      }
    }
    List<Finding> findings = new ArrayList<>(quantized.findings());
    findings.addAll(form.findings);
    if (form.changed > 0) {
      findings.add(
          SourceErrors.OTHER_ACTIVATIONS.about(
              form.changed
                  + " layers quantize their activations symmetrically by blocks of inputs, and"
                  + " not as the scheme says."));
    }
    Model written =
        model
            .withGraph(Unread.removed(form.editor.finish().graph(), model.graph()))
            .withOpset(IntegerDialect.MICROSOFT, 1);
    return new SourceQuantized(written, quantized.layers(), findings);
  }

  /** What a layer reads in this form. */
  private record Operands(String input, boolean onIntegers, NBitsWeight weight, String addend) {}

  private void rewrite(String name) {
    Optional<Operands> found = graph.node(name).flatMap(this::operands);
    if (found.isEmpty()) {
      findings.add(
          SourceErrors.NO_FORM.aboutNode(
              name, "the layer has no form as a MatMulNBits; it stays as nodes of ONNX."));
      return;
    }
    replace(editor.node(name), found.get());
  }

  private Optional<Operands> operands(Node node) {
    boolean gemm = node.op().is("Gemm");
    boolean plain =
        node.op().is("MatMul")
            || (gemm
                && node.floatAttribute("alpha", 1f) == 1f
                && (node.operand(2).isEmpty() || node.floatAttribute("beta", 1f) == 1f));
    Optional<NBitsWeight> weight =
        plain
            ? graph
                .producer(node.operands().get(1))
                .flatMap(by -> NBitsWeight.of(by, graph.initializers(), inputAxis(node)))
            : Optional.empty();
    Optional<String> addend = gemm ? node.operand(2) : Optional.empty();
    long columns = weight.map(NBitsWeight::columns).orElse(0L);
    boolean fits =
        addend.isEmpty()
            || addend
                .map(graph.initializers()::get)
                .filter(c -> c.rank() == 1 && c.elementCount() == columns)
                .isPresent();
    return weight
        .filter(w -> fits)
        .map(
            w -> {
              String read = node.operands().get(0);
              Optional<String> input = InputNodes.unquantized(read, graph);
              return new Operands(input.orElse(read), input.isPresent(), w, addend.orElse(""));
            });
  }

  private static int inputAxis(Node node) {
    return node.intAttribute("transB", 0) != 0 ? 1 : 0;
  }

  private void replace(Node node, Operands operands) {
    String key = node.operands().get(1) + " " + inputAxis(node);
    NBitsWeight.Stored weight =
        stored.computeIfAbsent(key, k -> operands.weight.store(editor, node.name()));
    List<String> names =
        new ArrayList<>(List.of(operands.input, weight.integers(), weight.scales()));
    names.add(weight.zeroPoints());
    names.add("");
    names.add(operands.addend);
    while (names.get(names.size() - 1).isEmpty()) {
      names.remove(names.size() - 1);
    }
    List<Attribute> attributes = new ArrayList<>(weight.attributes());
    attributes.add(Attribute.of("accuracy_level", operands.onIntegers ? (long) ON_INTEGERS : 0L));
    changed += operands.onIntegers ? 1 : 0;
    editor.replace(
        node.name(),
        List.of(
            Node.of(
                node.name(),
                IntegerDialect.MATMUL_N_BITS,
                names,
                node.results(),
                attributes.toArray(Attribute[]::new))));
  }

  /** Removes what nobody reads any more. */
  private static final class Unread {

    private Unread() {}

    /**
     * Returns a graph without the nodes and constants that are in the way of nothing.
     *
     * @param before the graph before it was edited: what nobody read there stays
     */
    static Graph removed(Graph graph, Graph before) {
      Set<String> once = read(before);
      Set<String> read = new HashSet<>();
      graph.outputs().forEach(output -> read.add(output.name()));
      GraphEditor editor = new GraphEditor(graph);
      for (int i = graph.nodes().size() - 1; i >= 0; i--) {
        Node node = graph.nodes().get(i);
        boolean unread = node.results().stream().noneMatch(read::contains);
        if (unread && node.results().stream().anyMatch(once::contains)) {
          editor.remove(node.name());
        } else {
          read.addAll(NodeReads.of(node));
        }
      }
      for (String name : graph.initializers().keySet()) {
        if (!read.contains(name) && once.contains(name)) {
          editor.removeInitializer(name);
        }
      }
      return editor.finish().graph();
    }

    private static Set<String> read(Graph graph) {
      Set<String> read = new HashSet<>();
      graph.outputs().forEach(output -> read.add(output.name()));
      graph.nodes().forEach(node -> read.addAll(NodeReads.of(node)));
      return read;
    }
  }
}

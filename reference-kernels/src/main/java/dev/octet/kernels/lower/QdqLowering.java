package dev.octet.kernels.lower;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.qdq.QdqValue;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.kernels.definition.MovementRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.definition.StaysFloatException;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.kernels.operators.Operators;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns a graph in QDQ form, whoever wrote it, into one that computes on integers.
 *
 * <p>A node that reads DequantizeLinear and is read by QuantizeLinear, perhaps through an operator
 * that bounds its operand such as Relu, becomes one node of the operator on integers whose
 * definition says that it is lowered from the node's operator: a Conv becomes a QLinearConv, a lone
 * Relu a dev.octet Requantize (as does a DequantizeLinear directly before a QuantizeLinear). Bounds
 * become the attributes output_min and output_max on the integers of the result. Operators that
 * move elements run on the integers; where their result has another scale or zero point, a
 * Requantize follows. Nodes keep their names, integer values those of the QuantizeLinear's results.
 *
 * <p>Nodes that together compute a function of one value of 8 bits, as those of a GELU that an
 * exporter spelt out, become one dev.octet Lookup, whose table holds what those nodes give for
 * every integer: the same bits as if they ran.
 *
 * <p>A MatMul or Gemm whose left operand is quantized while the model runs becomes a dev.octet
 * MatMulIntegerToFloat, whatever reads it. A Gather of rows of a constant matrix takes them from
 * the integers where it would have to read floats, and the rows alone are dequantized.
 *
 * <p>Everything else stays as it is, between DequantizeLinear and QuantizeLinear. Scales and zero
 * points must be constants; activations have 8 or 16 bits and one scale; weights have at most 16
 * bits and one scale or one for each output channel; a bias is INT32 or INT64 with the scale of the
 * sums. Softmax takes 8 bits alone. Thread-safe.
 */
public final class QdqLowering {

  private final Model model;
  private final Lowering lowering;
  private final QdqGraph graph;
  private final Set<String> done = new HashSet<>();
  private final List<LoweringReport.Entry> entries = new ArrayList<>();
  private final Set<String> domains = new TreeSet<>();

  private QdqLowering(Model model, OperatorSet operators) {
    this.model = model;
    this.graph = new QdqGraph(ShapeInference.infer(model, operators));
    this.lowering = new Lowering(graph, model.opset());
  }

  /** Returns a model that computes on integers wherever it can, and what became of each node. */
  public static Lowered lower(Model model) {
    return lower(model, OperatorSet.standard());
  }

  /**
   * Returns a model that computes on integers wherever it can, and what became of each node.
   *
   * @param operators the operators that there are
   */
  public static Lowered lower(Model model, OperatorSet operators) {
    return new QdqLowering(StoredScales.widened(model), operators).run();
  }

  private Lowered run() {
    Map<String, OneValueRegion> regions = OneValueRegion.of(lowering);
    for (Node node : graph.graph().nodes()) {
      if (!done.contains(node.name()) && !graph.isDequantizing(node)) {
        OneValueRegion region = regions.get(node.name());
        if (region == null || !lookUp(region)) {
          visit(node);
        }
      }
    }
    removeUnread();
    Graph lowered = lowering.editor().finish().graph();
    Model result = model.withGraph(lowered);
    for (String domain : domains) {
      result = result.withOpset(domain, 1);
    }
    return new Lowered(result, new LoweringReport(entries));
  }

  private void visit(Node node) {
    if (QdqGraph.isQuantize(node)) {
      requantize(node);
      return;
    }
    try {
      Optional<MovementRule> movement =
          Operators.find(node.op()).flatMap(OperatorDefinition::movement);
      if (movement.isPresent()) {
        move(node, movement.get());
      } else {
        compute(node);
      }
    } catch (StaysFloatException e) {
      if (TableRows.take(node, lowering)) {
        report(node, Optional.of(node.op()), "takes rows of integers, which are then dequantized");
      } else {
        report(node, Optional.empty(), e.reason());
      }
    }
  }

  /** A QuantizeLinear directly behind a DequantizeLinear. */
  private void requantize(Node quantize) {
    Optional<QuantizedValue> x = constant(graph.operand(quantize, 0));
    Optional<QuantizedValue> y = constant(graph.quantized(quantize));
    boolean lowers =
        x.isPresent()
            && y.isPresent()
            && Lowering.isActivation(x.get(), Short.SIZE)
            && Lowering.isActivation(y.get(), Short.SIZE);
    if (lowers) {
      Node node = requantized(quantize.name(), x.get(), y.get(), y.get().value());
      lowering.editor().update(quantize.name(), node);
      report(quantize, Optional.of(node.op()), "changes scale and zero point");
    }
  }

  private static Optional<QuantizedValue> constant(Optional<QdqValue> value) {
    return value.flatMap(
        v -> v.match(new QdqValue.Cases<>(Optional::of, dynamic -> Optional.empty())));
  }

  private Node requantized(String name, QuantizedValue x, QuantizedValue y, String result) {
    return x.meansTheSameAs(y)
        ? Node.of(name, OpType.onnx("Identity"), List.of(x.value()), List.of(result))
        : use(SlotFilling.requantize(x, y, lowering)).node(name, result);
  }

  private void compute(Node node) {
    if (Operators.find(node.op()).filter(OperatorDefinition::computesIntegers).isPresent()) {
      report(node, Optional.of(node.op()), "is an integer operator in the model");
      return;
    }
    Optional<IntegerForm> product = RowProduct.form(node, lowering);
    if (product.isPresent()) {
      IntegerForm form = use(product.get());
      lowering.editor().update(node.name(), form.node(node.name(), node.results().get(0)));
      report(node, Optional.of(form.op()), "reads integers and gives floats");
      return;
    }
    OperatorDefinition integers =
        Operators.integerFormOf(node.op())
            .orElseThrow(() -> new StaysFloatException("there is no integer form of " + node.op()));
    Pattern pattern = Pattern.around(node, graph);
    List<Node> clamping = new ArrayList<>(pattern.activations());
    if (Activations.rule(node).isPresent()) {
      clamping.add(0, node);
    }
    List<Node> quantizers = pattern.quantizers().get(0);
    List<IntegerForm> forms = new ArrayList<>();
    for (Node quantizer : quantizers) {
      QuantizedValue y = result(quantizer, integers.lowering().orElseThrow().mostBits());
      IntegerForm form = SlotFilling.form(integers, node, y, lowering);
      forms.add(form.with(Activations.bounds(clamping, y, lowering)));
    }
    for (int i = 0; i < forms.size(); i++) {
      place(node, i, use(forms.get(i)), quantizers.get(i));
    }
    OpType op = forms.get(0).op();
    report(node, Optional.of(op), "reads and gives integers");
    fuse(pattern.activations(), node, op);
  }

  /** Makes one table of all nodes of a region; returns whether that can be done. */
  private boolean lookUp(OneValueRegion region) {
    float[] floats;
    try {
      floats = OneValueTable.floats(region, lowering);
    } catch (StaysFloatException e) {
      return false;
    }
    Node last = region.last();
    for (int i = 0; i < region.quantizers().size(); i++) {
      Node quantizer = region.quantizers().get(i);
      QuantizedValue y = result(quantizer, Byte.SIZE);
      String table = lowering.table(y.value(), OneValueTable.quantized(floats, y));
      List<String> operands = List.of(region.source().value(), table);
      IntegerForm form = new IntegerForm(IntegerDialect.LOOKUP, operands, List.of());
      place(last, i, use(form), quantizer);
    }
    region.nodes().forEach(node -> absorb(node, region));
    return true;
  }

  private void absorb(Node node, OneValueRegion region) {
    String last = region.last().name();
    done.add(node.name());
    if (node.name().equals(last)) {
      String parts = region.nodes().size() + " nodes";
      report(
          node,
          Optional.of(IntegerDialect.LOOKUP),
          "reads and gives integers, by one table of " + parts);
    } else {
      lowering.editor().remove(node.name(), last);
      report(
          node, Optional.of(IntegerDialect.LOOKUP), "became part of the table of '" + last + "'");
    }
  }

  private void place(Node node, int index, IntegerForm form, Node quantizer) {
    GraphEditor editor = lowering.editor();
    editor.remove(quantizer.name(), node.name());
    done.add(quantizer.name());
    String result = quantizer.results().get(0);
    if (index == 0) {
      editor.update(node.name(), form.node(node.name(), result));
    } else {
      String name = editor.freshNodeName(node.name());
      editor.insertAfter(node.name(), form.node(name, result));
    }
  }

  private void fuse(List<Node> activations, Node node, OpType op) {
    for (Node activation : activations) {
      lowering.editor().remove(activation.name(), node.name());
      done.add(activation.name());
      report(activation, Optional.of(op), "became bounds of '" + node.name() + "'");
    }
  }

  private QuantizedValue result(Node quantizer, int mostBits) {
    String what = "'" + quantizer.name() + "'";
    QdqValue given =
        graph
            .quantized(quantizer)
            .orElseThrow(() -> new StaysFloatException("the integers of " + what + " are unknown"));
    QuantizedValue y = Lowering.requireConstant(given, what);
    Lowering.requireActivation(y, mostBits, "its result");
    return y;
  }

  /** A node that runs on integers as it does on floats. */
  private void move(Node node, MovementRule rule) {
    QuantizedValue x = lowering.activation(node, 0, Short.SIZE);
    Pattern pattern = Pattern.around(node, graph);
    boolean same = true;
    for (List<Node> quantizers : pattern.quantizers()) {
      for (Node quantizer : quantizers) {
        QuantizedValue y = result(quantizer, Short.SIZE);
        same &= x.meansTheSameAs(y);
        Activations.bounds(pattern.activations(), y, lowering);
      }
    }
    MovedOperands operands = new MovedOperands(node, x, same, lowering);
    rule.apply(lowering.facts(node, List.of(), x), operands);
    boolean direct = pattern.activations().isEmpty();
    List<String> results = new ArrayList<>();
    for (int i = 0; i < node.results().size(); i++) {
      List<Node> quantizers = pattern.quantizers().get(i);
      results.add(movedResult(node.results().get(i), x, direct, quantizers));
    }
    lowering.editor().update(node.name(), node.withOperands(operands.names()).withResults(results));
    for (int i = 0; i < results.size(); i++) {
      follow(pattern, x.named(results.get(i)), pattern.quantizers().get(i));
    }
    boolean plain = same && direct;
    String how = plain ? "moves integers" : "moves integers, which are then requantized";
    report(node, Optional.of(node.op()), how);
    fuse(pattern.activations(), node, IntegerDialect.REQUANTIZE);
  }

  /** The name of a moved result: that of a quantizer with the same meaning, if there is one. */
  private String movedResult(
      String result, QuantizedValue x, boolean direct, List<Node> quantizers) {
    for (Node quantizer : quantizers) {
      if (direct && x.meansTheSameAs(result(quantizer, Short.SIZE))) {
        lowering.editor().remove(quantizer.name());
        done.add(quantizer.name());
        return quantizer.results().get(0);
      }
    }
    return quantizers.isEmpty() ? result : lowering.editor().freshValueName(result + "_moved");
  }

  /** Gives the remaining quantizers of a moved result their integers. */
  private void follow(Pattern pattern, QuantizedValue moved, List<Node> quantizers) {
    String node = pattern.node().name();
    for (Node quantizer : quantizers) {
      if (done.add(quantizer.name())) {
        QuantizedValue y = result(quantizer, Short.SIZE);
        lowering.editor().remove(quantizer.name(), node);
        Node after =
            pattern.activations().isEmpty()
                ? requantized(quantizer.name(), moved, y, y.value())
                : use(SlotFilling.requantize(moved, y, lowering)
                        .with(Activations.bounds(pattern.activations(), y, lowering)))
                    .node(quantizer.name(), y.value());
        lowering.editor().insertAfter(node, after);
      }
    }
  }

  private IntegerForm use(IntegerForm form) {
    if (!form.op().domain().isEmpty()) {
      domains.add(form.op().domain());
    }
    return form;
  }

  private void report(Node node, Optional<OpType> integerOp, String reason) {
    if (!node.op().is("Constant")) {
      entries.add(new LoweringReport.Entry(node.name(), node.op(), integerOp, reason));
    }
  }

  /**
   * Drops DequantizeLinear nodes, Constant nodes, stored matrices that were turned round, and
   * constants that nothing reads any more.
   */
  private void removeUnread() {
    Graph edited = lowering.editor().finish().graph();
    QdqGraph view = new QdqGraph(edited);
    Set<String> read = new HashSet<>();
    edited.outputs().forEach(o -> read.add(o.name()));
    List<Node> nodes = edited.nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      boolean unread =
          (view.isDequantizing(node)
                  || node.op().is("Constant")
                  || (RowProduct.turnsMatrix(node) && view.operand(node, 0).isPresent()))
              && node.results().stream().noneMatch(r -> read.contains(r) || view.isReadOutside(r));
      if (unread) {
        lowering.editor().remove(node.name());
      } else {
        read.addAll(node.operands());
      }
    }
    for (String constant : edited.initializers().keySet()) {
      if (!read.contains(constant) && !view.isReadOutside(constant)) {
        lowering.editor().removeInitializer(constant);
      }
    }
  }
}

package dev.octet.workflow;

import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.int8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.inspect.Coverage;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A quantizer that is written by hand, beside a table of rules. */
class ByHandTest {

  private static final int WIDTH = 2;
  private static final QuantizationSpec INT8 =
      QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8));

  private static Plan plan(Model model, Quantizer quantizer) {
    return Quantization.plan(
        QuantizationRequest.of(model, QuantizerProvider.of("acme", quantizer)));
  }

  private static PlannedNode node(Plan plan, String name) {
    return plan.nodes().stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }

  /**
   * A node that no kernel runs, a normalization that is not folded, and one that is nothing
   * special.
   */
  private static Model unusual() {
    return new Models()
        .input("x", 1, WIDTH, 2, 2)
        .vector("g", 1, 2)
        .vector("v", 1, 1)
        .node(Node.of("own", new OpType("com.acme", "Twist"), List.of("x"), List.of("a")))
        .node("bn", "BatchNormalization", List.of("a", "g", "g", "g", "v"), "b")
        .node("turn", "Neg", List.of("b"), "y")
        .output("y", 4)
        .model(13)
        .withOpset("com.acme", 1);
  }

  @Test
  void aReasonByHandGoesBeforeThatOfTheWorkflow() {
    Plan plan =
        plan(
            unusual(),
            context -> context.nodes().forEach(node -> context.explain(node, "off the chip")));
    for (String name : List.of("own", "bn", "turn")) {
      assertEquals(Optional.of("off the chip"), node(plan, name).reason(), name);
    }
  }

  @Test
  void aTableLeavesTheReasonOfTheWorkflow() {
    Quantizer table =
        BackendRules.named("acme")
            .rule("all", op("BatchNormalization").constantOperand(0))
            .output(int8())
            .build()
            .quantizer();
    for (Quantizer quantizer : List.<Quantizer>of(table, context -> {})) {
      Plan plan = plan(unusual(), quantizer);
      assertEquals(
          Optional.of("not folded: it does not follow a Conv or Gemm"), node(plan, "bn").reason());
      assertEquals(
          Optional.of("the reference kernels do not run this com.acme.Twist: "),
          node(plan, "own").reason().map(r -> r.substring(0, r.indexOf(": ") + 2)));
      assertEquals(
          Optional.of("no rule of backend 'acme' matches Neg"), node(plan, "turn").reason());
    }
  }

  @Test
  void aClaimWithoutMarksIsCountedAsFloat() {
    Plan plan =
        plan(
            new Models()
                .input("x", WIDTH)
                .node("first", "Neg", List.of("x"), "a")
                .node("second", "Abs", List.of("a"), "b")
                .node("third", "Neg", List.of("b"), "y")
                .output("y", 1)
                .model(13),
            context -> {
              context.claim("pair", context.nodes().subList(0, 2));
              context.markOperand(context.nodes().get(0), 0, INT8);
              context.claim("none", context.nodes().subList(2, 3));
            });
    // The second node has no mark of its own, but is part of a match that has one.
    assertEquals(Optional.of("pair"), node(plan, "second").rule());
    assertEquals(
        Optional.of("rule 'none' claims it and marks nothing"), node(plan, "third").reason());
    assertEquals("rule none", node(plan, "third").decidedBy());
    Coverage coverage = Coverage.of(plan);
    assertEquals(2, coverage.quantizedNodes());
    assertEquals(List.of("third"), coverage.floatNodes().stream().map(n -> n.name()).toList());
  }

  /** MatMul and Relu in every body, by a weight of the graph around or one that is computed. */
  private static Model bodies() {
    Graph branch =
        new Models()
            .node("if/product", "MatMul", List.of("x", "w"), "p")
            .node("if/relu", "Relu", List.of("p"), "o")
            .output("o", 2)
            .model(13)
            .graph();
    Graph other =
        new Models()
            .node("else/product", "MatMul", List.of("x", "x"), "p")
            .node("else/relu", "Relu", List.of("p"), "o")
            .output("o", 2)
            .model(13)
            .graph();
    Graph step =
        new Models()
            .input("v", WIDTH, WIDTH)
            .node("loop/product", "MatMul", List.of("v", "w"), "p")
            .node("loop/relu", "Relu", List.of("p"), "s")
            .output("s", 2)
            .model(13)
            .graph();
    Graph loop =
        new Graph(
            "body",
            List.of(scalar("i", DataType.INT64), scalar("go", DataType.BOOL), step.inputs().get(0)),
            List.of(scalar("go", DataType.BOOL), step.outputs().get(0)),
            Map.of(),
            step.nodes(),
            Map.of(),
            Optional.empty());
    Graph scan =
        new Models()
            .input("e", WIDTH)
            .node("scan/product", "MatMul", List.of("e", "w"), "p")
            .node("scan/relu", "Relu", List.of("p"), "o")
            .output("o", 1)
            .model(13)
            .graph();
    return new Models()
        .input("x", WIDTH, WIDTH)
        .constant("w", Tensor.of(new float[] {1, 2, 3, 4}, WIDTH, WIDTH))
        .constant("zero", Tensor.of(new float[] {0f}))
        .constant("m", Tensor.of(new long[] {3}))
        .node("sum", "ReduceSum", List.of("x"), "total", Attribute.of("keepdims", 0L))
        .node("more", "Greater", List.of("total", "zero"), "c")
        .node(
            Node.of(
                "if",
                OpType.onnx("If"),
                List.of("c"),
                List.of("y1"),
                body("then_branch", branch),
                body("else_branch", other)))
        .node(
            Node.of(
                "loop",
                OpType.onnx("Loop"),
                List.of("m", "", "y1"),
                List.of("y2"),
                body("body", loop)))
        .node(
            Node.of(
                "scan",
                OpType.onnx("Scan"),
                List.of("y2"),
                List.of("y"),
                Attribute.of("num_scan_inputs", 1L),
                body("body", scan)))
        .output("y", 2)
        .model(13);
  }

  private static Attribute body(String name, Graph graph) {
    return new Attribute(name, new Attribute.GraphValue(graph), Optional.empty());
  }

  private static ValueInfo scalar(String name, DataType type) {
    return ValueInfo.of(name, ValueType.TensorType.of(type, Shape.of()));
  }

  private static void byHand(AnnotationContext context) {
    for (Node node : context.nodes()) {
      NodeView view = context.view(node);
      List<NodeView.Reader> readers = view.readers(0);
      if (!node.op().is("MatMul")) {
        continue;
      }
      if (view.constant(1).isEmpty()) {
        context.explain(node, "weight is not constant");
      } else if (readers.size() == 1 && readers.get(0).node().node().op().is("Relu")) {
        Node relu = readers.get(0).node().node();
        context.claim("dense", List.of(node, relu));
        context.markOperand(node, 0, INT8);
        context.markOperand(node, 1, INT8);
        context.markResult(relu, 0, INT8);
      }
    }
    for (Node node : context.nodes()) {
      if (node.op().is("Relu") && context.isFree(node)) {
        context.explain(node, "Relu is quantized only as a later part of rule 'dense'");
      }
    }
  }

  @Test
  void seesTheBodiesOfIfLoopAndScanAsATableDoes() {
    Plan byHand = plan(bodies(), ByHandTest::byHand);
    Plan byTable =
        plan(
            bodies(),
            BackendRules.named("acme")
                .rule("dense", op("MatMul").constantOperand(1).then("Relu"))
                .activation(int8())
                .weight(int8())
                .output(int8())
                .build()
                .quantizer());
    assertEquals(byTable.nodes(), byHand.nodes());
    assertEquals(byTable.groups(), byHand.groups());
    assertEquals(Optional.of("weight is not constant"), node(byHand, "else/product").reason());
    for (String body : List.of("if", "loop", "scan")) {
      assertEquals(Optional.of("dense"), node(byHand, body + "/product").rule(), body);
      assertEquals(Optional.of("dense"), node(byHand, body + "/relu").rule(), body);
    }
  }
}

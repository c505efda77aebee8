package dev.octet.tck.broken;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.DerivationContext;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.ScaleGridKind;
import java.util.List;

/**
 * A correct backend with observers, a scale grid, a derivation and two rewritings of its own: a
 * constant that is subtracted is added with the other sign, and HardSwish becomes a product.
 */
public class Equipped extends Tampered {

  /** Three times a power of two. */
  static class Thirds implements ScaleGridKind {
    @Override
    public String name() {
      return "acme-thirds";
    }

    @Override
    public String documentation() {
      return "Three times a power of two, from 3 * 2^-149 to 3 * 2^126.";
    }

    @Override
    public float atLeast(float scale) {
      float third = scale / 3;
      float power = Math.scalb(1f, Math.max(-149, Math.getExponent(third) - 1));
      while (power * 3 < scale) {
        power *= 2;
      }
      return power * 3;
    }
  }

  /** The product of scales, under another name. */
  static class Product implements DerivationKind {
    @Override
    public String name() {
      return "acme-product";
    }

    @Override
    public String documentation() {
      return "The product of the scales of all sources.";
    }

    @Override
    public int count(DerivationContext context) {
      int most =
          context.sources().stream()
              .mapToInt(source -> source.parameters().count())
              .max()
              .orElseThrow();
      return most == 1 ? 1 : most * groups(context);
    }

    /** The weight of a ConvTranspose has the output channels of one group. */
    private static int groups(DerivationContext context) {
      return context.node().op().is("ConvTranspose")
          ? (int) context.node().intAttribute("group", 1)
          : 1;
    }

    @Override
    public float scale(DerivationContext context, int index) {
      float product = 1;
      for (DerivationContext.Source source : context.sources()) {
        product *= source.scale(index % source.parameters().count());
      }
      return product;
    }
  }

  @Override
  protected GraphEditor.Edited rewrite(Graph graph) {
    GraphEditor editor = new GraphEditor(graph);
    GraphValues values = GraphValues.of(graph);
    for (Node node : graph.nodesWithSubgraphs()) {
      if (node.op().is("Sub")) {
        values
            .member(node.name())
            .flatMap(member -> member.scope().constant(node.operands().get(1)))
            .filter(constant -> constant.dataType() == DataType.FLOAT)
            .ifPresent(constant -> addNegated(editor, node, constant));
      } else if (node.op().is("HardSwish")) {
        multiplyByGate(editor, node);
      }
    }
    return editor.finish();
  }

  /** Adds the negated constant in the place of subtracting it. */
  protected void addNegated(GraphEditor editor, Node node, Tensor constant) {
    String negated = editor.freshValueName(node.operands().get(1) + "_negated");
    editor.putInitializerBeside(node.name(), negated, negated(constant));
    editor.update(node.name(), added(node, negated));
  }

  /** Returns a node that adds a constant. */
  static Node added(Node node, String constant) {
    List<String> operands = List.of(node.operands().get(0), constant);
    return Node.of(node.name(), OpType.onnx("Add"), operands, node.results());
  }

  /** Returns a constant with the other sign. */
  static Tensor negated(Tensor constant) {
    float[] floats = constant.floats();
    for (int i = 0; i < floats.length; i++) {
      floats[i] = -floats[i];
    }
    return Tensor.of(floats, constant.sizes());
  }

  /** Puts the product of a value and its gate in the place of HardSwish. */
  protected void multiplyByGate(GraphEditor editor, Node node) {
    String gate = editor.freshValueName(node.results().get(0) + "_gate");
    String value = node.operands().get(0);
    editor.replace(
        node.name(),
        List.of(
            Node.of(
                editor.freshNodeName(node.name() + "_gate"),
                OpType.onnx("HardSigmoid"),
                List.of(value),
                List.of(gate),
                Attribute.of("alpha", 1f / 6),
                Attribute.of("beta", 0.5f)),
            Node.of(
                editor.freshNodeName(node.name() + "_product"),
                OpType.onnx("Mul"),
                List.of(value, gate),
                node.results())));
  }

  @Override
  public List<ObserverKind> observers() {
    return List.of(
        new MeanObserver(),
        new AverageObserver(),
        new DelegatingObserver(ObserverSpec.minMax()),
        new DelegatingObserver(ObserverSpec.percentile(99.9)),
        new DelegatingObserver(ObserverSpec.entropy()),
        new DelegatingObserver(ObserverSpec.squaredError()));
  }

  @Override
  public List<ScaleGridKind> scaleGrids() {
    return List.of(new Thirds());
  }

  @Override
  public List<DerivationKind> derivations() {
    return List.of(new Product());
  }

  @Override
  protected void mark(AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
    QuantizationSpec changed =
        spec.match(
            QuantizationSpec.Cases.<QuantizationSpec>otherwise(other -> other)
                .derived(
                    derived ->
                        new QuantizationSpec.Derived(
                            derived.type(), Derivation.named("acme-product"), derived.sources())));
    super.mark(context, node, point, changed);
  }
}

package dev.octet.tck.broken;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.quantizer.ParameterPlan;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.QuantizationSpec;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;

/**
 * A backend whose quantizer decides as that of {@link Acme}, and then does something else. A
 * subclass overrides one of the methods.
 */
public class Tampered extends Acme {

  @Override
  public Quantizer create(Options options) {
    Quantizer right = super.create(options);
    return new Quantizer() {
      @Override
      public GraphEditor.Edited transformForAnnotation(Graph graph) {
        return rewrite(graph);
      }

      @Override
      public void annotate(AnnotationContext context) {
        begin(context);
        replay(context, decided(right, context));
      }

      @Override
      public void adjustParameters(ParameterPlan plan) {
        adjust(plan);
      }

      @Override
      public Set<String> nodeOptions() {
        return right.nodeOptions();
      }
    };
  }

  /** Returns a backend that marks some points otherwise. */
  static Tampered marking(BiPredicate<Node, Point> where, UnaryOperator<QuantizationSpec> change) {
    return new Tampered() {
      @Override
      protected void mark(
          AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
        context.mark(point, where.test(node, point) ? change.apply(spec) : spec);
      }
    };
  }

  /** What becomes of a graph before it is annotated. */
  protected GraphEditor.Edited rewrite(Graph graph) {
    return new GraphEditor.Edited(graph, NameMapping.identity());
  }

  /** What is done before anything is decided. */
  protected void begin(AnnotationContext context) {}

  /** What the right quantizer decides. */
  protected AnnotatedGraph decided(Quantizer right, AnnotationContext context) {
    AnnotationContext own = context.child(name(), right.nodeOptions());
    right.annotate(own);
    return own.annotated();
  }

  private void replay(AnnotationContext context, AnnotatedGraph decided) {
    for (Node node : context.nodes()) {
      NodeAnnotation said = decided.nodes().get(node.name());
      if (said.isClaimed() && said.match().get(0).equals(node.name())) {
        List<Node> match =
            context.nodes().stream().filter(n -> said.match().contains(n.name())).toList();
        if (takes(context, node)) {
          context.claim(rule(said.rule().orElseThrow(), node), taken(match));
          match.forEach(each -> marks(context, each, decided.nodes().get(each.name())));
          more(context, match);
        }
      } else if (!said.isClaimed() && context.callersReason(node).isEmpty()) {
        context.explain(node, reason(context, node, said.reason().orElseThrow()));
      }
    }
  }

  private void marks(AnnotationContext context, Node node, NodeAnnotation said) {
    if (context.isClaimed(node)) {
      said.operands()
          .forEach((i, spec) -> mark(context, node, Point.operand(node.name(), i), spec));
      said.results().forEach((i, spec) -> mark(context, node, Point.result(node.name(), i), spec));
    }
  }

  /** Tells whether a match is claimed. */
  protected boolean takes(AnnotationContext context, Node first) {
    return true;
  }

  /** The name of the rule. */
  protected String rule(String usual, Node first) {
    return usual;
  }

  /** The nodes of a match that are claimed. */
  protected List<Node> taken(List<Node> match) {
    return match;
  }

  /** Marks one point. */
  protected void mark(AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
    context.mark(point, spec);
  }

  /** What is done to a match beside. */
  protected void more(AnnotationContext context, List<Node> match) {}

  /** Why a node stays float. */
  protected String reason(AnnotationContext context, Node node, String usual) {
    return usual;
  }

  /** The last word on parameters. */
  protected void adjust(ParameterPlan plan) {}
}

package dev.octet.tck.broken;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.MatchPoint;
import dev.octet.annotation.rules.NodePattern;
import dev.octet.annotation.rules.Specs;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Directive;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Backends that are right of a layer alone, and wrong by what stands around it, what was before it,
 * and what is said of others.
 */
final class WrongSurroundings {

  private WrongSurroundings() {}

  static List<WrongBackend> all() {
    return Stream.of(around(), bodies(), policies(), lives()).flatMap(List::stream).toList();
  }

  private static List<WrongBackend> around() {
    return List.of(
        marking(
            "TCK-CAP-011",
            "forgets a result that two nodes read",
            (context, point) ->
                point.side() == Point.Side.RESULT && view(context, point).readers(0).size() > 1,
            "scales from 2^-63, per-tensor, min-max, and result 0 of 'n0' is marked nothing"),
        new WrongBackend(
            "TCK-CAP-009",
            "marks two results of a Split and no more",
            () ->
                new Acme() {
                  @Override
                  public BackendRules rules(Options options) {
                    return BackendRules.named(name())
                        .rule("split", NodePattern.op("Split"))
                        .activation(Specs.int8())
                        .mark(MatchPoint.result(0, 0), Specs.int8())
                        .mark(MatchPoint.result(0, 1), Specs.int8())
                        .build();
                  }
                },
            "result 2 of 'n0', which leaves the match, is not marked"),
        claiming(
            "TCK-DET-009",
            "takes no Conv whose input another node reads too",
            (context, node) ->
                !node.op().is("Conv") || context.view(node).readersOfOperand(0).size() < 2,
            "that other nodes read inputs and outputs too changes what is decided of 'n0'"),
        claiming(
            "TCK-DET-009",
            "takes no Conv whose weight another node reads too",
            (context, node) ->
                !node.op().is("Conv") || context.view(node).readersOfOperand(1).size() < 2,
            "that other nodes read the constants too changes what is decided of 'n0'"),
        claiming(
            "TCK-DET-009",
            "takes no Conv behind a node that it does not know",
            (context, node) -> !node.op().is("Conv") || context.view(node).producer(0).isEmpty(),
            "a Sin in front and behind changes what is decided of 'n0'"),
        claiming(
            "TCK-DET-009",
            "takes no model that imports operators of others",
            (context, node) -> context.opset("com.microsoft") == 0,
            "an operator set 'com.microsoft' of which the model uses nothing"),
        new WrongBackend(
            "TCK-DET-009",
            "looks for the scale while the model runs where the batch is not known",
            WrongSurroundings::dynamicOfUnknownBatch,
            "that the size of the batch is not known changes what is decided of 'n0'"));
  }

  private static Tampered dynamicOfUnknownBatch() {
    return new Tampered() {
      @Override
      protected void mark(
          AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
        boolean known = context.view(node).size(0, 0).isPresent();
        boolean flows = point.side() == Point.Side.OPERAND && point.index() == 0;
        context.mark(
            point,
            known || !flows || !(spec instanceof QuantizationSpec.Observed observed)
                ? spec
                : observed.withMode(Mode.DYNAMIC));
      }
    };
  }

  private static List<WrongBackend> bodies() {
    return List.of(
        claiming(
            "TCK-ANN-008",
            "passes over the bodies of scans",
            (context, node) -> owner(context, node).filter(op -> op.is("Scan")).isEmpty(),
            "in the body of a Scan"),
        claiming(
            "TCK-ANN-008",
            "looks one body deep",
            (context, node) ->
                context.scope(node).owner().flatMap(o -> context.scope(o).owner()).isEmpty(),
            "the node in an If inside of an If"),
        new WrongBackend(
            "TCK-ANN-008",
            "has one scale for weights in bodies",
            () -> oneScaleWhere((context, node) -> context.scope(node).owner().isPresent()),
            "the node in a branch of an If, 'then_n0', is decided otherwise"),
        new WrongBackend(
            "TCK-ANN-007",
            "has one scale for weights that two nodes read",
            WrongSurroundings::oneScaleOfTheSecond,
            "the second node that reads the constants, 'again_n0', is decided otherwise"));
  }

  private static Tampered oneScaleOfTheSecond() {
    return new Tampered() {
      private final Set<String> seen = new HashSet<>();

      @Override
      protected void begin(AnnotationContext context) {
        seen.clear();
      }

      @Override
      protected void mark(
          AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
        boolean weight = point.side() == Point.Side.OPERAND && point.index() == 1;
        boolean second = weight && !seen.add(node.operands().get(1));
        context.mark(point, second ? oneScale(spec) : spec);
      }
    };
  }

  private static Tampered oneScaleWhere(BiPredicate<AnnotationContext, Node> where) {
    return new Tampered() {
      @Override
      protected void mark(
          AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
        context.mark(point, where.test(context, node) ? oneScale(spec) : spec);
      }
    };
  }

  private static QuantizationSpec oneScale(QuantizationSpec spec) {
    return spec instanceof QuantizationSpec.Observed observed
        ? observed.withGranularity(new Granularity.PerTensor())
        : spec;
  }

  private static List<WrongBackend> policies() {
    return List.of(
        claiming(
            "TCK-POL-005",
            "excludes every name that begins with an excluded one",
            (context, node) -> excluded(context).noneMatch(e -> node.name().startsWith(e.name())),
            "that [a_n0] are excluded changes what is decided of 'a_n00'"),
        claiming(
            "TCK-POL-005",
            "excludes every node of an excluded operator",
            (context, node) -> excluded(context).noneMatch(e -> e.op().equals(node.op())),
            "that [a_n0] are excluded changes what is decided of 'a_n00'"),
        claiming(
            "TCK-POL-005",
            "leaves what reads an excluded result in float",
            (context, node) ->
                excluded(context).noneMatch(e -> node.operands().contains(e.results().get(0))),
            "that [around_front, around_behind0] are excluded changes what is decided of 'n0'"),
        claiming(
            "TCK-POL-005",
            "leaves all branches in float where a node of one is excluded",
            (context, node) ->
                context.scope(node).owner().isEmpty()
                    || excluded(context).noneMatch(e -> context.scope(e).owner().isPresent()),
            "changes what is decided of 'else_n0'"));
  }

  private static Stream<Node> excluded(AnnotationContext context) {
    return context.nodes().stream()
        .filter(
            node ->
                context.directive(node).filter(Directive.Excluded.class::isInstance).isPresent());
  }

  private static List<WrongBackend> lives() {
    return List.of(
        new WrongBackend(
            "TCK-DET-001",
            "forgets Conv behind a model that begins with a Softmax",
            WrongSurroundings::forgetsBehindSoftmax,
            "right before changes what is decided of"),
        new WrongBackend(
            "TCK-DET-001",
            "is tired of a model when it comes again and again",
            WrongSurroundings::tired,
            "that the instance annotated the same model before, 4 times,"),
        new WrongBackend(
            "TCK-DET-003",
            "takes no graph that a certain exporter named",
            () -> byGraphName("torch"),
            "another name of the graph, 'torch_jit'"),
        new WrongBackend(
            "TCK-DET-004",
            "writes numbers in reasons as the user's language does",
            () ->
                new Tampered() {
                  @Override
                  protected String reason(AnnotationContext context, Node node, String usual) {
                    return usual + String.format(Locale.getDefault(), " (cost %.1f)", 1.5);
                  }
                },
            "the default locale tr-TR"),
        new WrongBackend(
            "TCK-DET-005",
            "keeps the names of the model in a list for all instances",
            WrongSurroundings::oneListForAll,
            "other threads"));
  }

  private static Tampered forgetsBehindSoftmax() {
    return new Tampered() {
      private String before = "";
      private String now = "";

      @Override
      protected void begin(AnnotationContext context) {
        before = now;
        now = context.nodes().isEmpty() ? "" : context.nodes().get(0).op().toString();
      }

      @Override
      protected boolean takes(AnnotationContext context, Node first) {
        return !before.equals("Softmax") || !first.op().is("Conv");
      }
    };
  }

  private static Tampered tired() {
    return new Tampered() {
      private final List<String> seen = new ArrayList<>();
      private long times;

      @Override
      protected void begin(AnnotationContext context) {
        String looks = context.nodes().stream().map(Node::toString).collect(Collectors.joining());
        times = seen.stream().filter(looks::equals).count();
        seen.add(looks);
      }

      @Override
      protected boolean takes(AnnotationContext context, Node first) {
        return times < 5;
      }
    };
  }

  private static Tampered byGraphName(String part) {
    return new Tampered() {
      @Override
      protected boolean takes(AnnotationContext context, Node first) {
        return !context.graph().name().contains(part);
      }
    };
  }

  private static Tampered oneListForAll() {
    return new Tampered() {
      private List<String> names = List.of();

      @Override
      protected void begin(AnnotationContext context) {
        names = context.nodes().stream().map(Node::toString).toList();
        Thread.yield();
      }

      @Override
      protected boolean takes(AnnotationContext context, Node first) {
        return names.contains(first.toString());
      }
    };
  }

  private static NodeView view(AnnotationContext context, Point point) {
    return NodeView.of(context.graph(), point.node());
  }

  private static Optional<OpType> owner(AnnotationContext context, Node node) {
    return context.scope(node).owner().map(Node::op);
  }

  private static WrongBackend claiming(
      String rule, String mistake, BiPredicate<AnnotationContext, Node> takes, String says) {
    Supplier<Tampered> wrong =
        () ->
            new Tampered() {
              @Override
              protected boolean takes(AnnotationContext context, Node first) {
                return takes.test(context, first);
              }
            };
    return new WrongBackend(rule, mistake, wrong::get, says);
  }

  /** A backend that marks nothing at some points. */
  private static WrongBackend marking(
      String rule, String mistake, BiPredicate<AnnotationContext, Point> without, String says) {
    Supplier<Tampered> wrong =
        () ->
            new Tampered() {
              @Override
              protected void mark(
                  AnnotationContext context, Node node, Point point, QuantizationSpec spec) {
                if (!without.test(context, point)) {
                  context.mark(point, spec);
                }
              }
            };
    return new WrongBackend(rule, mistake, wrong::get, says);
  }
}

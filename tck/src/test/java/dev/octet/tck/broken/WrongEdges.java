package dev.octet.tck.broken;

import static dev.octet.tck.broken.WrongRuntimes.wrong;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.DeclaredUse;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.api.runtime.RuntimeUses;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Backends that are right in what is usual, and wrong where attributes stand together, sizes are
 * large, or a process has run for long.
 */
final class WrongEdges {

  private static final String BY_THE_RULE = "by the declared rule";

  private WrongEdges() {}

  static List<WrongBackend> all() {
    return Stream.of(claims(), marks(), forms(), lives()).flatMap(List::stream).toList();
  }

  private static List<WrongBackend> claims() {
    return List.of(
        claiming(
            "TCK-CAP-001",
            "takes no Conv of 32 channels or more",
            (context, node) ->
                !node.op().is("Conv") || context.view(node).size(1, 0).orElse(0) < 32,
            "the backend leaves it in float"),
        claiming(
            "TCK-DET-003",
            "leaves the head of a language model in float",
            (context, node) -> !node.name().contains("lm_head"),
            "other names, beginning with 'lm_head"),
        claiming(
            "TCK-DET-003",
            "takes the Relu whose name comes first",
            (context, node) ->
                !node.op().is("Relu")
                    || context.nodes().stream()
                        .filter(other -> other.op().equals(node.op()))
                        .allMatch(other -> other.name().compareTo(node.name()) >= 0),
            "that names sort the other way round"),
        claiming(
            "TCK-DET-008",
            "takes new operator sets alone",
            (context, node) -> context.opset("") > 18,
            "in the place of 21"),
        claiming(
            "TCK-ANN-008",
            "passes over the bodies of loops",
            (context, node) ->
                context.scope(node).owner().filter(owner -> owner.op().is("Loop")).isEmpty(),
            "in the body of a Loop"),
        claiming(
            "TCK-CAP-001",
            "asks for the size of the batch",
            (context, node) -> !node.op().is("Conv") || context.view(node).size(0, 0).isPresent(),
            "where the batch size is not known"),
        claiming(
            "TCK-DET-002",
            "looks at a hundred nodes and no more",
            (context, node) -> context.nodes().size() <= 100,
            "that the model is 64 times as large"),
        claiming(
            "TCK-DET-003",
            "passes over nodes with metadata",
            (context, node) -> node.metadata().isEmpty(),
            "and notes at its nodes changes"));
  }

  private static WrongBackend claiming(
      String rule, String mistake, BiPredicate<AnnotationContext, Node> takes, String says) {
    return new WrongBackend(
        rule,
        mistake,
        () ->
            new Tampered() {
              @Override
              protected boolean takes(AnnotationContext context, Node first) {
                return takes.test(context, first);
              }
            },
        says);
  }

  private static List<WrongBackend> marks() {
    return List.of(
        marking(
            "TCK-CAP-004",
            "reads the second summand as uint8",
            (node, point) -> node.op().is("Add") && isOperand(point, 1),
            spec -> typed(spec, Storage.UINT8),
            "activations are declared int8, and operand 1"),
        marking(
            "TCK-CAP-004",
            "leaves what Concat reads second in float",
            (node, point) -> node.op().is("Concat") && isOperand(point, 1),
            spec -> new QuantizationSpec.KeepFloat("it is the second"),
            "operand 1 of 'n0', which reads one, is not marked"),
        marking(
            "TCK-CAP-005",
            "computes with weights in float",
            (node, point) -> node.op().is("Conv") && isOperand(point, 1),
            spec -> ((QuantizationSpec.Observed) spec).withMode(Mode.WEIGHT_ONLY),
            "the capability is declared of mode STATIC"),
        marking(
            "TCK-CAP-010",
            "gives uint8 behind Softmax",
            (node, point) -> node.op().is("Softmax") && point.side() == Point.Side.RESULT,
            spec -> QuantizationSpec.Fixed.of(QuantizedType.of(Storage.UINT8), 1f / 256, 0),
            "activations are declared int8, and result 0"),
        marking(
            "TCK-CAP-010",
            "has a scale for each channel of what a Conv gives",
            (node, point) -> node.op().is("Conv") && point.side() == Point.Side.RESULT,
            WrongEdges::perChannel,
            "static activations have one scale and zero point, and result 0"),
        marking(
            "TCK-ANN-005",
            "has a scale for each channel of what flows into a Conv",
            (node, point) -> node.op().is("Conv") && isOperand(point, 0),
            WrongEdges::perChannel,
            "Conv sums along axis 1"),
        marking(
            "TCK-ANN-006",
            "watches biases as it watches activations",
            (node, point) -> node.op().is("Conv") && isOperand(point, 2),
            spec -> QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8)),
            "a bias, is marked int8, beside"));
  }

  private static WrongBackend marking(
      String rule,
      String mistake,
      BiPredicate<Node, Point> where,
      UnaryOperator<QuantizationSpec> change,
      String says) {
    return new WrongBackend(rule, mistake, () -> Tampered.marking(where, change), says);
  }

  private static boolean isOperand(Point point, int index) {
    return point.side() == Point.Side.OPERAND && point.index() == index;
  }

  private static QuantizationSpec typed(QuantizationSpec spec, Storage storage) {
    return ((QuantizationSpec.Observed) spec).withType(QuantizedType.of(storage));
  }

  private static QuantizationSpec perChannel(QuantizationSpec spec) {
    return ((QuantizationSpec.Observed) spec).withGranularity(new Granularity.PerChannel(1));
  }

  private static List<WrongBackend> forms() {
    return List.of(
        wrong(
            3,
            "adds in float32 what it declares in fixed point",
            () ->
                new WrongRuntime() {
                  @Override
                  public RuntimeUses uses(Options options) {
                    return RuntimeUses.of(
                        DeclaredUse.of("Add", "Concat", "Relu")
                            .requantizedBy(RequantizationProfile.fixedPointSingleRounding())
                            .exact());
                  }
                },
            "by the declared rule (exact, fixed-point-single-rounding)"),
        wrong(
            25,
            "takes inputs as they come, whatever they are called",
            () ->
                new WrongRuntime() {
                  @Override
                  Map<String, Tensor> run(
                      LoadRequest request,
                      ExecutableModel model,
                      Map<String, Tensor> inputs,
                      Cancellation cancellation) {
                    Map<String, Tensor> placed = new LinkedHashMap<>();
                    Iterator<Tensor> next = inputs.values().iterator();
                    model.inputs().forEach(input -> placed.put(input.name(), next.next()));
                    return super.run(request, model, placed, cancellation);
                  }
                },
            "when inputs are given in another order"),
        wrongWhere(
            2,
            "computes more than 16 columns wrong",
            "Gemm",
            graph -> sizes(graph, "Gemm", 1).anyMatch(w -> Math.min(w[0], w[1]) > 16)),
        wrongWhere(
            6,
            "loses bits of a Conv over more than 4096 terms",
            "Conv",
            graph -> sizes(graph, "Conv", 1).anyMatch(w -> w[1] > 4096)),
        wrongWhere(
            8,
            "forgets the padding where strides and groups are stated too",
            "Conv",
            graph -> has(graph, "pads") && has(graph, "strides") && has(graph, "group")),
        wrongWhere(
            10,
            "takes an axis other than the first for the first",
            "Gather",
            graph -> graph.nodes().stream().anyMatch(WrongEdges::gathersAlongAnotherAxis)),
        wrongWhere(
            11,
            "loses a value that has to wait for more than 40 nodes",
            "Relu",
            graph -> graph.nodes().size() > 40));
  }

  private static boolean gathersAlongAnotherAxis(Node node) {
    return node.op().is("Gather") && node.intAttribute("axis", 0) != 0;
  }

  private static Stream<long[]> sizes(Graph graph, String op, int operand) {
    return graph.nodes().stream()
        .filter(node -> node.op().is(op))
        .flatMap(node -> graph.producer(node.operands().get(operand)).stream())
        .map(dequantize -> dequantize.operands().get(0))
        .flatMap(name -> Optional.ofNullable(graph.initializers().get(name)).stream())
        .map(Tensor::sizes);
  }

  private static boolean has(Graph graph, String attribute) {
    return graph.nodes().stream()
        .filter(node -> !node.op().is("DequantizeLinear") && !node.op().is("QuantizeLinear"))
        .anyMatch(node -> node.attributes().containsKey(attribute));
  }

  /** A runtime of little more than one operator, of some of whose models one element is off. */
  private static WrongBackend wrongWhere(
      int rule, String mistake, String op, Predicate<Graph> where) {
    return wrong(
        rule,
        mistake,
        () ->
            new WrongRuntime() {
              @Override
              public RuntimeUses uses(Options options) {
                List<OpType> kept = List.of(OpType.onnx(op), OpType.onnx("Add"));
                return RuntimeUses.of(
                    super.uses(options).rows().stream()
                        .filter(row -> !Collections.disjoint(row.operators(), kept))
                        .toList());
              }

              @Override
              Map<String, Tensor> change(
                  LoadRequest request, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
                return where.test(request.model().graph())
                    ? Edits.element(outputs, false)
                    : outputs;
              }
            },
        BY_THE_RULE);
  }

  private static List<WrongBackend> lives() {
    return List.of(
        wrong(
            16,
            "keeps the constants of the first model of the same names and sizes",
            KeepsConstants::new,
            "the same names and shapes"),
        wrong(16, "frees one session for all", FreesOneSession::new, "once another one is closed"),
        wrong(
            19,
            "computes the samples behind the sixteenth wrong",
            () ->
                new WrongRuntime() {
                  @Override
                  Map<String, Tensor> change(
                      LoadRequest request,
                      Map<String, Tensor> inputs,
                      Map<String, Tensor> outputs) {
                    boolean many = outputs.values().stream().anyMatch(t -> t.sizes()[0] > 16);
                    return many ? Edits.element(outputs, true) : outputs;
                  }
                },
            "is run alone"),
        wrong(31, "counts its runs in eight bits", CountsRuns::new, "in run 257"),
        wrong(31, "has a thread for each model", KeepsThreads::new, "threads behind"));
  }

  /** Takes models for one another that look alike. */
  private static final class KeepsConstants extends WrongRuntime {
    private final Map<String, Map<String, Tensor>> known = new HashMap<>();

    @Override
    Model change(Model model) {
      StringBuilder looks = new StringBuilder();
      model.graph().nodes().forEach(node -> looks.append(node.op()).append(node.operands()));
      model
          .graph()
          .initializers()
          .forEach((name, t) -> looks.append(t.dataType()).append(Arrays.toString(t.sizes())));
      looks.append(model.graph().name());
      Map<String, Tensor> first =
          known.computeIfAbsent(looks.toString(), key -> model.graph().initializers());
      return Edits.constants(model, first::getOrDefault);
    }
  }

  /** What was loaded before the last close is gone. */
  private static final class FreesOneSession extends WrongRuntime {
    private final AtomicInteger closed = new AtomicInteger();
    private final Map<ExecutableModel, Integer> loaded =
        Collections.synchronizedMap(new IdentityHashMap<>());

    @Override
    Map<String, Tensor> run(
        LoadRequest request,
        ExecutableModel model,
        Map<String, Tensor> inputs,
        Cancellation cancellation) {
      Integer before = loaded.putIfAbsent(model, closed.get());
      if (before != null && before != closed.get()) {
        throw new IllegalArgumentException("no such session");
      }
      return super.run(request, model, inputs, cancellation);
    }

    @Override
    void close(ExecutableModel model) {
      closed.incrementAndGet();
      super.close(model);
    }
  }

  /** From the 257th run on an element is off. */
  private static final class CountsRuns extends WrongRuntime {
    private final Map<ExecutableModel, AtomicInteger> runs =
        Collections.synchronizedMap(new IdentityHashMap<>());

    @Override
    Map<String, Tensor> run(
        LoadRequest request,
        ExecutableModel model,
        Map<String, Tensor> inputs,
        Cancellation cancellation) {
      int run = runs.computeIfAbsent(model, key -> new AtomicInteger()).incrementAndGet();
      Map<String, Tensor> outputs = super.run(request, model, inputs, cancellation);
      return run > 256 ? Edits.element(outputs, false) : outputs;
    }
  }

  /** Starts a thread for each model that nothing ends. */
  private static final class KeepsThreads extends WrongRuntime {
    private final CountDownLatch never = new CountDownLatch(1);

    @Override
    Model change(Model model) {
      Thread worker =
          new Thread(
              () -> {
                try {
                  never.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      worker.setDaemon(true);
      worker.start();
      return model;
    }
  }
}

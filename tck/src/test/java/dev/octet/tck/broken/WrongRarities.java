package dev.octet.tck.broken;

import static dev.octet.tck.broken.WrongRuntimes.saying;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.runtime.LoadRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.LongPredicate;

/** Backends that are wrong of what is met seldom: attributes that go together, ranks, moments. */
final class WrongRarities {

  private static final long ROWS_OF_A_TILE = 128;

  private WrongRarities() {}

  static List<WrongBackend> all() {
    return List.of(
        WrongRuntimes.wrong(
            18,
            "knows an input again by its first integer",
            () -> keeping((model, input) -> List.of(model, input.shape(), first(input))),
            "after a run whose inputs differ in their last elements alone"),
        WrongRuntimes.wrong(
            16,
            "keeps results for whatever model reads the same integers",
            () -> keeping((model, input) -> List.of(input)),
            "beside a model with the same names and shapes, and other constants"),
        node(
            "pads at the end what SAME_LOWER pads in front, but only with strides",
            "Conv",
            (conv, graph) ->
                conv.stringAttribute("auto_pad", "").equals("SAME_LOWER")
                    && any(conv, "strides", stride -> stride > 1),
            "of Conv (conv/same-lower-stride"),
        node(
            "forgets pads where windows have gaps",
            "Conv",
            (conv, graph) ->
                conv.intAttribute("group", 1) == 1
                    && any(conv, "pads", pad -> pad > 0)
                    && any(conv, "dilations", gap -> gap > 1),
            "of Conv (conv/pad-dilation"),
        node(
            "pads in front alone",
            "Conv",
            (conv, graph) -> conv.intsAttribute("pads").filter(WrongRarities::atTheEnd).isPresent(),
            "of Conv (conv/end-pad"),
        node(
            "reads a bias that groups have not",
            "Conv",
            (conv, graph) -> conv.intAttribute("group", 1) > 1 && conv.operand(2).isEmpty(),
            "of Conv (conv/"),
        node(
            "slides a depthwise window by one step",
            "Conv",
            (conv, graph) ->
                conv.intAttribute("group", 1) > 2 && any(conv, "strides", stride -> stride > 1),
            "of Conv (conv/depthwise-stride"),
        node(
            "adds the first bias to all rows where there is one for each",
            "Gemm",
            (gemm, graph) -> sizes(graph, gemm, 2).length == 2,
            "of Gemm (gemm/bias-"),
        node(
            "transposes one of two matrices",
            "Gemm",
            (gemm, graph) ->
                gemm.intAttribute("transA", 0) == 1 && gemm.intAttribute("transB", 0) == 1,
            "of Gemm (gemm/trans-both"),
        node(
            "multiplies a vector from the right alone",
            "MatMul",
            (product, graph) -> sizes(graph, product, 0).length == 1,
            "of MatMul (matmul/vector-first"),
        node(
            "has no loop behind the first tile of rows",
            "MatMul",
            (product, graph) ->
                sizes(graph, product, 0).length == 2
                    && sizes(graph, product, 0)[0] > ROWS_OF_A_TILE,
            "of MatMul (matmul/many-rows"),
        node(
            "rounds sizes down where pads are stated",
            "MaxPool",
            (pool, graph) ->
                pool.intAttribute("ceil_mode", 0) == 1 && any(pool, "pads", pad -> pad > 0),
            "of MaxPool (maxpool/ceil-pad"),
        node(
            "averages over what is padded, but only step by step",
            "AveragePool",
            (pool, graph) ->
                pool.intAttribute("count_include_pad", 0) == 1
                    && any(pool, "strides", stride -> stride > 1),
            "of AveragePool (averagepool/counted-"),
        node(
            "pools planes alone",
            "GlobalAveragePool",
            (pool, graph) -> sizes(graph, pool, 0).length != 4,
            "of GlobalAveragePool (globalaveragepool/rank-"),
        node(
            "counts axes from the end for the last alone",
            "Softmax",
            (softmax, graph) -> softmax.intAttribute("axis", -1) == -2,
            "of Softmax (softmax/last-but-one"),
        node(
            "takes the start of a slice for one from the front",
            "Slice",
            (slice, graph) -> any(graph, slice, 1, start -> start < 0),
            "of Slice (slice/"),
        node(
            "has one index for a table of indices",
            "Gather",
            (gather, graph) -> sizes(graph, gather, 1).length > 1,
            "of Gather (gather/table"),
        node(
            "halves a value whose parts are stated alone",
            "Split",
            (split, graph) -> split.operand(1).isEmpty(),
            "of Split (split/halves"),
        saying(
            2,
            "counts elements with 16 bits",
            (request, in, out) ->
                out.values().stream().anyMatch(tensor -> tensor.elementCount() > 1 << 16)
                    ? Edits.element(out, true)
                    : out,
            "/large/"),
        saying(
            33,
            "is switched to another mode by a system property",
            (request, in, out) -> Boolean.getBoolean("acme.fast") ? Edits.element(out, true) : out,
            "when the system property 'acme.fast' is 'true'"),
        saying(
            33,
            "is wrong in every other second",
            (request, in, out) ->
                System.currentTimeMillis() / 1000 % 2 == 1 ? Edits.element(out, true) : out,
            // Whether a moment later or when it is only repeated: a second may end at any time.
            "output 'y0' differs"),
        quantizer(
            "takes no Conv where a system property says so",
            () -> System.getProperty("acme.conv") == null,
            "that the system property 'acme.conv' is"),
        quantizer(
            "takes no Conv in every other second",
            () -> System.currentTimeMillis() / 1000 % 2 == 0,
            "changes what is decided of"));
  }

  /** Keeps what it gave for the first input of a model. */
  private static WrongRuntime keeping(BiFunction<Model, Tensor, Object> key) {
    Map<Object, Map<String, Tensor>> kept = new ConcurrentHashMap<>();
    return new WrongRuntime() {
      @Override
      Map<String, Tensor> change(
          LoadRequest request, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
        Tensor input = inputs.get(request.model().graph().inputs().get(0).name());
        Map<String, Tensor> before =
            kept.computeIfAbsent(key.apply(request.model(), input), unseen -> outputs);
        return before.keySet().equals(outputs.keySet()) ? before : outputs;
      }
    };
  }

  private static long first(Tensor input) {
    return input.elementCount() == 0 ? 0 : input.integers()[0];
  }

  private static WrongBackend node(
      String mistake, String op, BiPredicate<Node, Graph> where, String says) {
    return saying(
        2,
        mistake,
        (request, in, out) -> isIn(request, op, where) ? Edits.element(out, true) : out,
        says);
  }

  private static boolean isIn(LoadRequest request, String op, BiPredicate<Node, Graph> where) {
    Graph graph = request.model().graph();
    return graph.nodes().stream()
        .anyMatch(node -> node.op().equals(OpType.onnx(op)) && where.test(node, graph));
  }

  /** What a moment or the process says. */
  @FunctionalInterface
  private interface Whim {
    boolean takes();
  }

  private static WrongBackend quantizer(String mistake, Whim whim, String says) {
    return new WrongBackend(
        "TCK-DET-004",
        mistake,
        () ->
            new Tampered() {
              @Override
              protected boolean takes(AnnotationContext context, Node first) {
                return !first.op().is("Conv") || whim.takes();
              }
            },
        says);
  }

  private static boolean any(Node node, String attribute, LongPredicate of) {
    return node.intsAttribute(attribute)
        .filter(all -> all.stream().anyMatch(each -> of.test(each)))
        .isPresent();
  }

  private static boolean any(Graph graph, Node node, int operand, LongPredicate of) {
    return Optional.ofNullable(graph.initializers().get(node.operands().get(operand)))
        .map(Tensor::integers)
        .filter(all -> Arrays.stream(all).anyMatch(of))
        .isPresent();
  }

  private static boolean atTheEnd(List<Long> pads) {
    int half = pads.size() / 2;
    return pads.subList(0, half).stream().allMatch(pad -> pad == 0)
        && pads.subList(half, pads.size()).stream().anyMatch(pad -> pad > 0);
  }

  /** Returns the sizes of an operand; none where it is left out. */
  private static long[] sizes(Graph graph, Node node, int operand) {
    Map<String, Tensor> constants = graph.initializers();
    return node.operand(operand)
        .flatMap(
            name ->
                Optional.ofNullable(constants.get(name))
                    .map(Tensor::shape)
                    .or(
                        () ->
                            graph.type(name).flatMap(ValueType::tensor).flatMap(TensorType::shape)))
        .filter(Shape::isKnown)
        .map(Shape::sizes)
        .orElse(new long[0]);
  }
}

package dev.octet.tck.broken;

import static dev.octet.tck.broken.WrongRuntimes.changing;
import static dev.octet.tck.broken.WrongRuntimes.giving;
import static dev.octet.tck.broken.WrongRuntimes.wrong;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.runtime.LoadRequest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;

/** Backends whose runtime computes integers wrongly where few models look. */
final class WrongIntegers {

  private static final String BY_THE_RULE = "by the declared rule";

  private WrongIntegers() {}

  static List<WrongBackend> all() {
    return List.of(
        wrongWhere(2, "computes 9 to 15 columns in vectors of 8", r -> columns(r) % 16 > 8),
        wrongWhere(2, "has no loop for rows behind whole vectors of 4", r -> rows(r) % 4 == 1),
        wrongWhere(2, "takes a value without an axis for an empty one", WrongIntegers::isScalar),
        wrongWhere(2, "slides over two axes of three", r -> rank(r, "Conv") == 5),
        wrongWhere(2, "pools over two axes of three", r -> rank(r, "MaxPool") == 5),
        wrongWhere(
            2, "reads the second operand with the sign of the first", WrongIntegers::mixesSigns),
        wrongWhere(2, "computes 16 bits with kernels of 8", r -> reads(r, "x0", DataType.INT16)),
        wrongWhere(6, "is wrong for more than 65 536 terms alone", r -> terms(r) > 65_536),
        changing(
            2,
            "has one zero point for all channels",
            model -> Edits.constants(model, WrongIntegers::firstZeroPoint),
            BY_THE_RULE),
        changing(
            5,
            "takes the weight -128 for -127",
            model -> weights(model, integer -> Math.max(-127, integer)),
            BY_THE_RULE),
        changing(
            6,
            "keeps biases as float32",
            model ->
                Edits.constants(
                    model, (name, t) -> t.dataType() == DataType.INT32 ? ofFloats(t) : t),
            BY_THE_RULE),
        wrong(
            3,
            "rounds ties below zero towards it",
            () ->
                new WrongRounding(
                    (v, s, z, min, max) ->
                        WrongRounding.clamp(
                            (v < 0 ? Math.ceil((double) v / s - 0.5) : Math.rint((double) v / s))
                                + z,
                            min,
                            max)),
            BY_THE_RULE),
        changing(
            11,
            "leaves out a conversion to integers that nobody else reads",
            WrongIntegers::withoutInnerConversions,
            BY_THE_RULE));
  }

  private static WrongBackend wrongWhere(int rule, String mistake, Predicate<LoadRequest> where) {
    return giving(
        rule, mistake, (request, in, out) -> where.test(request) ? Edits.element(out, true) : out);
  }

  private static Optional<Tensor> weight(LoadRequest request) {
    return Optional.ofNullable(request.model().graph().initializers().get("c0"));
  }

  private static boolean has(LoadRequest request, String op) {
    return request.model().graph().nodes().stream().anyMatch(node -> node.op().is(op));
  }

  private static long columns(LoadRequest request) {
    return has(request, "MatMul")
        ? weight(request).filter(w -> w.rank() == 2).map(w -> w.sizes()[1]).orElse(0L)
        : 0;
  }

  /** More than one vector, so that small samples are right. */
  private static long rows(LoadRequest request) {
    long rows = sizes(request, "x0").length == 2 ? sizes(request, "x0")[0] : 0;
    return has(request, "Gemm") && rows > 4 ? rows : 0;
  }

  private static long terms(LoadRequest request) {
    return weight(request).map(w -> w.elementCount() / 3).orElse(0L);
  }

  private static long[] sizes(LoadRequest request, String input) {
    return request.model().graph().inputs().stream()
        .filter(info -> info.name().equals(input))
        .flatMap(info -> info.tensorType().stream())
        .flatMap(type -> type.shape().stream())
        .filter(shape -> shape.isKnown())
        .map(shape -> shape.sizes())
        .findFirst()
        .orElse(new long[0]);
  }

  private static boolean isScalar(LoadRequest request) {
    return request.model().graph().inputs().stream()
        .allMatch(
            info ->
                info.tensorType()
                    .flatMap(type -> type.shape())
                    .filter(shape -> shape.rank() == 0)
                    .isPresent());
  }

  private static int rank(LoadRequest request, String op) {
    return has(request, op) ? sizes(request, "x0").length : 0;
  }

  private static boolean reads(LoadRequest request, String input, DataType type) {
    return request.model().graph().inputs().stream()
        .filter(info -> info.name().equals(input))
        .flatMap(info -> info.tensorType().stream())
        .anyMatch(t -> t.dataType() == type);
  }

  private static boolean mixesSigns(LoadRequest request) {
    return has(request, "Add")
        && reads(request, "x0", DataType.INT8)
        && reads(request, "x1", DataType.UINT8);
  }

  private static Tensor firstZeroPoint(String name, Tensor tensor) {
    if (!name.matches("c[0-9]+_dq_zero") || tensor.elementCount() < 2) {
      return tensor;
    }
    long[] integers = tensor.integers();
    Arrays.fill(integers, integers[0]);
    return Tensor.ofIntegers(tensor.dataType(), integers, tensor.sizes());
  }

  private static Model weights(Model model, LongUnaryOperator change) {
    return Edits.constants(
        model,
        (name, tensor) ->
            name.equals("c0") && tensor.dataType() == DataType.INT8
                ? Tensor.ofIntegers(
                    DataType.INT8,
                    Arrays.stream(tensor.integers()).map(change).toArray(),
                    tensor.sizes())
                : tensor);
  }

  private static Tensor ofFloats(Tensor bias) {
    long[] rounded = Arrays.stream(bias.integers()).map(b -> (long) (float) b).toArray();
    return Tensor.ofIntegers(DataType.INT32, rounded, bias.sizes());
  }

  /** What reads dequantized integers that are no output reads the floats in front of them. */
  private static Model withoutInnerConversions(Model model) {
    Graph graph = model.graph();
    Map<String, String> floats = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (QdqGraph.isDequantize(node)) {
        String integers = node.operands().get(0);
        graph
            .producer(integers)
            .filter(producer -> !graph.isOutput(integers))
            .ifPresent(producer -> floats.put(node.results().get(0), producer.operands().get(0)));
      }
    }
    return Edits.nodes(
        model,
        node ->
            List.of(
                node.withOperands(
                    node.operands().stream()
                        .map(name -> floats.getOrDefault(name, name))
                        .toList())),
        Map.of());
  }
}

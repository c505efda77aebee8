package dev.octet.tck.broken;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** Backends whose runtime is wrong in a product that gives floats. */
final class WrongProducts {

  private static final String BY_ITS_OPERANDS = "by what its operands mean";

  private WrongProducts() {}

  static List<WrongBackend> all() {
    return List.of(
        changing(
            36,
            "takes the halves of a byte in the other order",
            weights("w_stored", 4, WrongProducts::halvesSwapped)),
        changing(
            36,
            "has the first scale for all groups",
            weights("w_scale", 32, WrongProducts::firstScale)),
        changing(
            36,
            "does not subtract the zero points of groups",
            weights("w_zero", 4, WrongProducts::zeros)),
        changing(37, "quantizes all rows by the largest of them", WrongProducts::largestRow),
        WrongRuntimes.wrong(
            37,
            "keeps the scales of rows from the first run",
            WrongProducts::firstScales,
            BY_ITS_OPERANDS));
  }

  private static WrongBackend changing(int rule, String mistake, UnaryOperator<Model> change) {
    return WrongRuntimes.changing(rule, mistake, change, BY_ITS_OPERANDS);
  }

  /** Changes a constant of so many bits an element. */
  private static UnaryOperator<Model> weights(
      String constant, int bits, UnaryOperator<Tensor> change) {
    return model ->
        Edits.constants(
            model,
            (name, tensor) ->
                name.equals(constant) && tensor.dataType().bits() == bits
                    ? change.apply(tensor)
                    : tensor);
  }

  private static Tensor halvesSwapped(Tensor tensor) {
    long[] integers = tensor.integers();
    for (int i = 0; i + 1 < integers.length; i += 2) {
      long first = integers[i];
      integers[i] = integers[i + 1];
      integers[i + 1] = first;
    }
    return Tensor.ofIntegers(tensor.dataType(), integers, tensor.sizes());
  }

  private static Tensor firstScale(Tensor tensor) {
    float[] scales = tensor.floats();
    if (tensor.rank() == 2) {
      Arrays.fill(scales, scales[0]);
    }
    return Tensor.of(scales, tensor.sizes());
  }

  private static Tensor zeros(Tensor tensor) {
    return Tensor.ofIntegers(tensor.dataType(), new long[tensor.integers().length], tensor.sizes());
  }

  private static Model largestRow(Model model) {
    return Edits.nodes(
        model,
        node ->
            node.results().equals(List.of("x_most"))
                ? List.of(
                    Node.of(node.name(), node.op(), node.operands(), List.of("x_most_of_row")),
                    Node.of(
                        "all",
                        OpType.onnx("ReduceMax"),
                        List.of("x_most_of_row"),
                        List.of("x_most_of_all")),
                    Node.of(
                        "more",
                        OpType.onnx("Max"),
                        List.of("x_most_of_row", "x_most_of_all"),
                        List.of("x_most")))
                : List.of(node),
        Map.of());
  }

  /** Puts the input on the grid of the first one, row by row. */
  private static WrongRuntime firstScales() {
    return new WrongRuntime() {
      private final AtomicReference<Tensor> first = new AtomicReference<>();

      @Override
      Map<String, Tensor> run(
          LoadRequest request,
          ExecutableModel loaded,
          Map<String, Tensor> inputs,
          Cancellation cancellation) {
        Tensor x = inputs.get("x");
        if (x == null || !request.model().graph().initializers().containsKey("half")) {
          return loaded.run(inputs, cancellation);
        }
        Tensor before = first.updateAndGet(known -> known == null ? x : known);
        boolean sameSizes = Arrays.equals(before.sizes(), x.sizes());
        return loaded.run(Map.of("x", sameSizes ? onGridOf(before, x) : x), cancellation);
      }
    };
  }

  private static Tensor onGridOf(Tensor before, Tensor x) {
    float[] old = before.floats();
    float[] now = x.floats();
    int inputs = (int) x.sizes()[x.rank() - 1];
    for (int row = 0; row < now.length; row += inputs) {
      float most = 0x1p-23f;
      for (int i = row; i < row + inputs; i++) {
        most = Math.max(most, Math.abs(old[i]) / 127.5f);
      }
      for (int i = row; i < row + inputs; i++) {
        now[i] = (float) Math.rint(now[i] / most) * most;
      }
    }
    return Tensor.of(now, x.sizes());
  }
}

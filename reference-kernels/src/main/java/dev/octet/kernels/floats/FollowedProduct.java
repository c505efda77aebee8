package dev.octet.kernels.floats;

import dev.octet.api.graph.Node;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * com.microsoft FusedConv and FusedGemm: a Conv or Gemm, then a tensor that is added (FusedConv's
 * operand 3), then the function that the attribute activation names, each rounded as it is alone.
 */
final class FollowedProduct implements Kernel {

  private static final Map<String, Function<List<Float>, FloatUnary>> FUNCTIONS =
      Map.of(
          "Relu", given -> UnaryFunctions::relu,
          "Tanh", given -> UnaryFunctions.inDouble(StrictMath::tanh),
          "Sigmoid", given -> UnaryFunctions.inDouble(UnaryFunctions::sigmoid),
          "LeakyRelu", given -> UnaryFunctions.leakyRelu(number(given, 0, 0.01f)),
          "HardSigmoid",
              given -> UnaryFunctions.hardSigmoid(number(given, 0, 0.2f), number(given, 1, 0.5f)),
          "Clip",
              given -> clip(number(given, 0, -Float.MAX_VALUE), number(given, 1, Float.MAX_VALUE)));

  private final Kernel product;
  private final FloatUnary function;
  private final int addend;
  private final int count;

  private FollowedProduct(Kernel product, FloatUnary function, int addend, int count) {
    this.product = product;
    this.function = function;
    this.addend = addend;
    this.count = count;
  }

  static Kernel conv(Preparation preparation) {
    return of(Conv.prepare(preparation), preparation, 3);
  }

  static Kernel gemm(Preparation preparation) {
    return of(Gemm.prepare(preparation), preparation, Integer.MAX_VALUE);
  }

  private static Kernel of(Kernel product, Preparation preparation, int addend) {
    FloatUnary function =
        Optional.ofNullable(FUNCTIONS.get(name(preparation.node())))
            .map(named -> named.apply(parameters(preparation.node())))
            .orElse((x, y, from, to) -> {});
    return new FollowedProduct(product, function, addend, preparation.result(0).count());
  }

  /** Refuses functions that are not known. */
  static Optional<String> refusal(Signature signature) {
    String name = name(signature.node());
    return name.isEmpty() || FUNCTIONS.containsKey(name)
        ? Optional.empty()
        : Optional.of(
            "the activation '" + name + "' is none of " + new TreeSet<>(FUNCTIONS.keySet()));
  }

  private static String name(Node node) {
    return node.stringAttribute("activation", "");
  }

  /** Those of FusedConv are a list, those of FusedGemm have names. */
  private static List<Float> parameters(Node node) {
    List<Float> parameters = new ArrayList<>();
    node.floatsAttribute("activation_params").ifPresent(parameters::addAll);
    for (String name : List.of("activation_alpha", "activation_beta")) {
      if (node.attributes().containsKey(name)) {
        parameters.add(node.floatAttribute(name, 0));
      }
    }
    return parameters;
  }

  private static float number(List<Float> given, int index, float otherwise) {
    return index < given.size() ? given.get(index) : otherwise;
  }

  private static FloatUnary clip(float low, float high) {
    return (x, y, from, to) -> {
      for (int i = from; i < to; i++) {
        y[i] = Math.min(Math.max(x[i], low), high);
      }
    };
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    product.run(operands, results, workers);
    float[] y = (float[]) results[0];
    float[] added = addend < operands.length ? (float[]) operands[addend] : null;
    workers.forRange(
        count,
        FloatUnary.GRAIN,
        (from, to) -> {
          for (int i = from; added != null && i < to; i++) {
            y[i] += added[i];
          }
          function.apply(y, y, from, to);
        });
  }
}

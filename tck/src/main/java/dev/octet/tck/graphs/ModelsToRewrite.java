package dev.octet.tck.graphs;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.OpType;
import dev.octet.api.provider.Capability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Models in which a backend may find something to rewrite: whatever it declares, since that is what
 * it rewrites to or from as well as everything else, and the pairs that rewritings usually join.
 */
public final class ModelsToRewrite {
  private static final List<List<String>> PAIRS =
      Arrays.stream(
              """
              Add Add, Add Relu, Clip Clip, Concat Split, Conv Add, Conv BatchNormalization,
              Conv Clip, Conv Conv, Conv Mul, Conv Relu, Div Mul, Gemm Add, Gemm Relu,
              Identity Relu, MatMul Add, MatMul Mul, Mul Add, Mul Conv, Mul Mul, Mul Softmax,
              Pad AveragePool, Pad Conv, Pad MaxPool, Relu Clip, Reshape MatMul, Reshape Reshape,
              Sigmoid Mul, Transpose MatMul, Transpose Reshape, Transpose Transpose,
              Unsqueeze Squeeze
              """
                  .split(","))
          .map(pair -> List.of(pair.strip().split(" ")))
          .toList();

  private ModelsToRewrite() {}

  /** Returns a model of each operator that the kit knows, and of each pair, in several forms. */
  public static List<Composition> general(long seed) {
    List<Capability> all = new ArrayList<>();
    OperatorForms.operators().forEach(op -> all.add(capability(List.of(op))));
    PAIRS.forEach(pair -> all.add(capability(pair)));
    return new Composer(all, Breadth.NARROW, seed).compositions();
  }

  private static Capability capability(List<String> operators) {
    return Capability.of(operators.stream().map(OpType::onnx).toList()).build();
  }

  /**
   * Returns a model with what rewritings stumble over, by name: constants and values that others
   * read too, sizes that are not known, and bodies of other nodes.
   */
  public static Map<String, Model> variants(Model model) {
    Map<String, Function<Model, Optional<Model>>> changes = new LinkedHashMap<>();
    changes.put("showing-all", plain -> Optional.of(Variants.showingAll(plain)));
    changes.put("tied", plain -> Optional.of(Variants.tied(plain)));
    changes.put("constants-read-elsewhere", Variants::readingConstants);
    changes.put("unknown-batch", Variants::ofUnknownBatch);
    changes.put("inside-if", plain -> Optional.of(Variants.insideIf(plain)));
    Map<String, Model> variants = new LinkedHashMap<>();
    changes.forEach(
        (name, change) -> change.apply(model).ifPresent(made -> variants.put(name, made)));
    return variants;
  }
}

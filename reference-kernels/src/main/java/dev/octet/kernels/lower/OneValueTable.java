package dev.octet.kernels.lower;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Constant;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.definition.StaysFloatException;
import dev.octet.kernels.operators.Operators;
import dev.octet.kernels.quantize.QuantizeLinear;
import dev.octet.kernels.thread.HelperThreads;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The results of a region of one value at every integer that its operand may be: each is
 * dequantized, taken through the float kernels of the region's nodes, and quantized, so that the
 * table has the bits that running those nodes would give.
 */
final class OneValueTable {

  private static final int ENTRIES = 256;
  private static final ArrayType ALL = ArrayType.of(DataType.FLOAT, ENTRIES);

  private final OneValueRegion region;
  private final Lowering lowering;
  private final Map<String, Object> values = new HashMap<>();

  private OneValueTable(OneValueRegion region, Lowering lowering) {
    this.region = region;
    this.lowering = lowering;
  }

  /**
   * Returns the floats that a region gives, from the least integer of its operand to the largest.
   *
   * @throws StaysFloatException if a node has no kernel that runs it
   */
  static float[] floats(OneValueRegion region, Lowering lowering) {
    return new OneValueTable(region, lowering).run();
  }

  /** Returns the integers that floats become. */
  static Tensor quantized(float[] floats, QuantizedValue y) {
    long[] entries = new long[floats.length];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = Activations.quantize(floats[i], y);
    }
    return Tensor.ofIntegers(y.type(), entries, entries.length);
  }

  private float[] run() {
    float[] every = dequantized(region.source());
    for (Node node : region.nodes()) {
      run(node, every);
    }
    return (float[]) Objects.requireNonNull(values.get(region.last().results().get(0)));
  }

  private static float[] dequantized(QuantizedValue x) {
    long least = Storage.valueOf(x.type().name()).min();
    float[] all = new float[ENTRIES];
    for (int i = 0; i < all.length; i++) {
      all[i] = QuantizeLinear.dequantize(least + i, x.firstScale(), x.firstZero());
    }
    return all;
  }

  private void run(Node node, float[] every) {
    List<Optional<Constant>> constants = new ArrayList<>();
    List<Optional<ArrayType>> types = new ArrayList<>();
    @Nullable Object[] arrays = new @Nullable Object[node.operands().size()];
    for (int i = 0; i < arrays.length; i++) {
      Optional<Constant> constant = node.operand(i).flatMap(this::constant);
      constants.add(constant);
      types.add(node.operand(i).map(name -> constant.map(Constant::type).orElse(ALL)));
      arrays[i] =
          constant.isPresent()
              ? constant.get().array().array()
              : node.operand(i).map(name -> values.getOrDefault(name, every)).orElse(null);
    }
    values.put(node.results().get(0), run(node, types, constants, arrays));
  }

  private Object run(
      Node node,
      List<Optional<ArrayType>> types,
      List<Optional<Constant>> constants,
      @Nullable Object[] arrays) {
    Signature signature =
        new Signature(
            node, lowering.opset(), types.stream().map(t -> t.map(ArrayType::dataType)).toList());
    CompiledNode compiled =
        kernel(signature).compile(new Compilation(signature, List.of(DataType.FLOAT), constants));
    Kernel bound =
        compiled.bind(new Preparation(node, lowering.opset(), types, constants, List.of(ALL)));
    if (bound.aliasedOperand() >= 0) {
      return Objects.requireNonNull(arrays[bound.aliasedOperand()]);
    }
    float[] result = new float[ENTRIES];
    try (HelperThreads caller = new HelperThreads(1)) {
      bound.run(arrays, new Object[] {result}, new Workers(caller));
    }
    return result;
  }

  private static OperatorKernel kernel(Signature signature) {
    return Operators.find(signature.node().op())
        .flatMap(OperatorDefinition::kernel)
        .filter(kernel -> kernel.refusal(signature).isEmpty())
        .orElseThrow(
            () -> new StaysFloatException("no kernel runs " + signature.node().op() + " alone"));
  }

  /** One element, whatever its rank. */
  private Optional<Constant> constant(String name) {
    return lowering.graph().constant(name).map(tensor -> Constant.of(tensor.reshaped()));
  }
}

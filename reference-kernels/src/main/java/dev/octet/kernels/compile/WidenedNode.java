package dev.octet.kernels.compile;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Constant;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.array.TensorArray;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node of FLOAT16 or BFLOAT16 that computes as one of FLOAT: its operands are widened, which is
 * exact, and each result is rounded to its type once, half to even.
 */
final class WidenedNode implements CompiledNode {

  private final CompiledNode wide;

  private WidenedNode(CompiledNode wide) {
    this.wide = wide;
  }

  /** Returns how a node is compiled, given how one of FLOAT is. */
  static Function<Compilation, CompiledNode> of(Function<Compilation, CompiledNode> floats) {
    return compilation ->
        isNarrow(compilation)
            ? new WidenedNode(floats.apply(widened(compilation)))
            : floats.apply(compilation);
  }

  private static boolean isNarrow(Compilation compilation) {
    return compilation.signature().operandTypes().stream()
        .flatMap(Optional::stream)
        .anyMatch(WidenedNode::isNarrow);
  }

  private static boolean isNarrow(DataType type) {
    return type == DataType.FLOAT16 || type == DataType.BFLOAT16;
  }

  private static DataType widened(DataType type) {
    return isNarrow(type) ? DataType.FLOAT : type;
  }

  private static Compilation widened(Compilation compilation) {
    Signature signature = compilation.signature();
    return new Compilation(
        new Signature(
            signature.node(),
            signature.opset(),
            signature.operandTypes().stream().map(t -> t.map(WidenedNode::widened)).toList()),
        compilation.resultTypes().stream().map(WidenedNode::widened).toList(),
        compilation.constants().stream().map(c -> c.map(WidenedNode::widened)).toList());
  }

  private static ArrayType widened(ArrayType type) {
    return ArrayType.of(widened(type.dataType()), type.sizes());
  }

  private static Constant widened(Constant constant) {
    ArrayType type = constant.type();
    return isNarrow(type.dataType())
        ? Constant.of(new TensorArray(widened(type), widened(type, constant.array().array())))
        : constant;
  }

  private static float[] widened(ArrayType type, Object array) {
    float[] wide = new float[type.count()];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = (float) Elements.real(type.dataType(), array, i);
    }
    return wide;
  }

  private static void round(float[] wide, ArrayType type, Object array) {
    for (int i = 0; i < wide.length; i++) {
      Elements.putReal(type.dataType(), array, i, wide[i]);
    }
  }

  @Override
  public boolean reads(int operand) {
    return wide.reads(operand);
  }

  @Override
  public Kernel bind(Preparation preparation) {
    Kernel kernel =
        wide.bind(
            new Preparation(
                preparation.node(),
                preparation.opset(),
                preparation.operands().stream().map(o -> o.map(WidenedNode::widened)).toList(),
                preparation.constants().stream().map(c -> c.map(WidenedNode::widened)).toList(),
                preparation.results().stream().map(WidenedNode::widened).toList()));
    return kernel.aliasedOperand() >= 0
        ? kernel
        : new Widened(kernel, preparation.operands(), preparation.results());
  }

  /** A kernel of FLOAT between arrays of 16 bits. */
  private record Widened(Kernel wide, List<Optional<ArrayType>> from, List<ArrayType> to)
      implements Kernel {

    private Widened {
      from = List.copyOf(from);
      to = List.copyOf(to);
    }

    @Override
    public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
      @Nullable Object[] floats = operands.clone();
      for (int i = 0; i < floats.length; i++) {
        Object narrow = operands[i];
        Optional<ArrayType> type = from.get(i).filter(t -> isNarrow(t.dataType()));
        if (narrow != null && type.isPresent()) {
          floats[i] = widened(type.get(), narrow);
        }
      }
      @Nullable Object[] wideResults = wideResults(results);
      wide.run(floats, wideResults, workers);
      for (int i = 0; i < results.length; i++) {
        Object narrow = results[i];
        Object values = wideResults[i];
        if (narrow != null && values != null && values != narrow) {
          round((float[]) values, to.get(i), narrow);
        }
      }
    }

    private @Nullable Object[] wideResults(@Nullable Object[] results) {
      List<@Nullable Object> arrays = new ArrayList<>();
      for (int i = 0; i < results.length; i++) {
        boolean narrow = results[i] != null && isNarrow(to.get(i).dataType());
        arrays.add(narrow ? new float[to.get(i).count()] : results[i]);
      }
      return arrays.toArray();
    }
  }
}

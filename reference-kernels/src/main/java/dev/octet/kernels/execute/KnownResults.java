package dev.octet.kernels.execute;

import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Constant;
import dev.octet.kernels.array.TensorArray;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.thread.HelperThreads;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs nodes whose results are known before a run. */
final class KnownResults {

  private KnownResults() {}

  /**
   * Returns the results of a node that reads nothing but constants of the model, by result index.
   * Large ones that are made of passing constants pass as well: they are computed again, on the
   * thread that asks for them.
   */
  static List<Constant> ofModel(
      OperatorKernel operator, Compilation compilation, Preparation preparation, Workers workers) {
    boolean passing =
        compilation.constants().stream().flatMap(Optional::stream).anyMatch(Constant::isPassing);
    if (!passing || preparation.results().stream().noneMatch(HeapShare::isLarge)) {
      return computed(operator, compilation, preparation, workers);
    }
    List<Constant> results = new ArrayList<>();
    for (int i = 0; i < preparation.results().size(); i++) {
      int result = i;
      results.add(
          Constant.passing(
              preparation.result(i),
              () -> computed(operator, compilation, preparation, alone()).get(result).array()));
    }
    return results;
  }

  private static Workers alone() {
    return new Workers(new HelperThreads(1));
  }

  private static List<Constant> computed(
      OperatorKernel operator, Compilation compilation, Preparation preparation, Workers workers) {
    Kernel kernel = operator.compile(compilation).bind(preparation);
    return of(kernel, preparation, preparation.node().operands(), workers);
  }

  /**
   * Returns the results of a kernel all of whose operands are known, by result index.
   *
   * @param reads the operands' names by index; empty where the kernel reads none, so that its
   *     contents may have been released
   */
  static List<Constant> of(
      Kernel kernel, Preparation preparation, List<String> reads, Workers workers) {
    if (kernel.aliasedOperand() >= 0) {
      Object array = preparation.constant(kernel.aliasedOperand()).orElseThrow().array();
      return List.of(Constant.of(new TensorArray(preparation.result(0), array)));
    }
    Node node = preparation.node();
    @Nullable Object[] operands = new Object[reads.size()];
    for (int i = 0; i < operands.length; i++) {
      operands[i] =
          reads.get(i).isEmpty()
              ? null
              : preparation.constant(i).map(TensorArray::array).orElse(null);
    }
    List<Constant> results = new ArrayList<>();
    Object[] arrays = new Object[node.results().size()];
    for (int i = 0; i < arrays.length; i++) {
      ArrayType type = preparation.result(i);
      arrays[i] = allocated(type, preparation);
      results.add(Constant.of(new TensorArray(type, arrays[i])));
    }
    try {
      kernel.run(operands, arrays, workers);
    } catch (KernelDataException e) {
      throw GraphExecutor.badData(node, e);
    }
    return results;
  }

  private static Object allocated(ArrayType type, Preparation preparation) {
    try {
      return type.kind().allocate(type.count());
    } catch (OutOfMemoryError e) {
      throw new NodeErrors(preparation.node(), preparation.operands()).noRoom(type.bytes());
    }
  }
}

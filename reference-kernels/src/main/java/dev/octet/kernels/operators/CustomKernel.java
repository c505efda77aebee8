package dev.octet.kernels.operators;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.runtime.CustomOperator;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.TensorArray;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs the nodes of an operator that a backend brings: on tensors, made of the executor's arrays.
 */
final class CustomKernel implements OperatorKernel {

  private final CustomOperator operator;

  private CustomKernel(CustomOperator operator) {
    this.operator = operator;
  }

  static OperatorDefinition definition(CustomOperator operator) {
    return OperatorDefinition.of(
        operator.op(), context -> results(operator, context), new CustomKernel(operator));
  }

  /** The vendor is asked when the types of all operands that are there are known. */
  private static List<Optional<TensorType>> results(CustomOperator operator, ShapeContext context) {
    Node node = context.node();
    List<Optional<TensorType>> operands = new ArrayList<>();
    for (int i = 0; i < node.operands().size(); i++) {
      Optional<TensorType> type = context.operands().get(i);
      if (type.isEmpty() && node.operand(i).isPresent()) {
        return List.of();
      }
      operands.add(type);
    }
    return operator.results(node, operands).stream().map(Optional::of).toList();
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return operator.refusal(signature.node());
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    return Bound::new;
  }

  private final class Bound implements Kernel {
    private final Preparation preparation;

    Bound(Preparation preparation) {
      this.preparation = preparation;
    }

    @Override
    public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
      List<Optional<Tensor>> given = new ArrayList<>();
      for (int i = 0; i < operands.length; i++) {
        given.add(tensor(i, operands[i]));
      }
      List<Tensor> computed = operator.compute(preparation.node(), given);
      for (int i = 0; i < results.length; i++) {
        if (results[i] != null) {
          TensorArray.read(computed.get(i), Objects.requireNonNull(results[i]));
        }
      }
    }

    private Optional<Tensor> tensor(int operand, @Nullable Object array) {
      Optional<ArrayType> type = preparation.operands().get(operand);
      return type.isEmpty() || array == null
          ? Optional.empty()
          : Optional.of(new TensorArray(type.get(), array).toTensor());
    }
  }
}

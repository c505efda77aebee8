package dev.octet.kernels.integer;

import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.primitive.Destination;
import dev.octet.kernels.primitive.MatrixGeometry;
import dev.octet.kernels.primitive.Primitives;
import dev.octet.kernels.primitive.WideProduct;
import dev.octet.kernels.primitive.WideWeights;
import java.util.Objects;

/** A matrix product with sums of 64 bits. */
final class WideMatrices implements CompiledNode {

  /** What one operator says of its products. */
  interface Rule {
    /** How the right matrices lie in their operand. */
    MatrixGeometry.Right right(ArrayType type);

    /** The sizes, checked. */
    MatrixGeometry geometry(Preparation preparation);

    /** What the sums of a run begin with. */
    WideProduct.Start start(Preparation preparation, OperandReader reader);

    /** Where they end. */
    Destination destination(OperandReader reader, Object y);
  }

  private final QuantizedSlot left;
  private final QuantizedSlot right;
  private final ParameterSlot result;
  private final Rule rule;
  private final FromOperands<WideWeights> weights;

  WideMatrices(
      Compilation compilation,
      QuantizedSlot left,
      QuantizedSlot right,
      ParameterSlot result,
      Rule rule) {
    this.left = left;
    this.right = right;
    this.result = result;
    this.rule = rule;
    this.weights =
        FromOperands.of(
            compilation, r -> r.wideMatrices(right, rule::right), right.value(), right.zeroPoint());
  }

  @Override
  public Kernel bind(Preparation preparation) {
    Refusals.requireScalars(
        preparation, left.scale(), left.zeroPoint(), result.scale(), result.zeroPoint());
    MatrixGeometry geometry = rule.geometry(preparation);
    Refusals.requireColumns(preparation, right.scale(), geometry.columns());
    return (operands, results, workers) -> {
      OperandReader reader = new OperandReader(preparation, operands);
      Object y = Objects.requireNonNull(results[0]);
      Primitives.chosen()
          .multiply(
              new WideProduct(
                  geometry,
                  reader.differences(left, index -> 0),
                  weights.in(reader),
                  rule.start(preparation, reader),
                  rule.destination(reader, y)),
              workers);
    };
  }

  @Override
  public boolean reads(int operand) {
    return operand != right.value() || weights.constant().isEmpty();
  }
}

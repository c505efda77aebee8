package dev.octet.kernels.integer;

import static dev.octet.kernels.integer.ConvolutionOperands.BIAS;
import static dev.octet.kernels.integer.ConvolutionOperands.INPUT;
import static dev.octet.kernels.integer.ConvolutionOperands.RESULT;
import static dev.octet.kernels.integer.ConvolutionOperands.SLOTS;
import static dev.octet.kernels.integer.ConvolutionOperands.WEIGHT;

import dev.octet.api.graph.OpType;
import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Constant;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.ExactProducts;
import dev.octet.kernels.primitive.Destination;
import dev.octet.kernels.primitive.MatrixWeights;
import dev.octet.kernels.primitive.Requantizer;
import dev.octet.kernels.shape.QuantizedShapes;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * dev.octet QLinearConvTranspose: operands x, x_scale, x_zero_point, w, w_scale, w_zero_point,
 * y_scale, y_zero_point, B; the attributes of an ONNX ConvTranspose, whose input is {@code [N, C,
 * in...]}, weights {@code [C, M / group, kernel...]} and result {@code [N, M, out...]}, over one to
 * three spatial axes.
 *
 * <p>{@code acc = B[m] + sum (x - z_x) * (w - z_w[n])} exactly, over the input positions i and taps
 * k that meet at an output position, {@code i * stride + k * dilation - pad}; {@code y =
 * rne(clamp(float32(acc) * ((s_x * s_w[n]) / s_y))) + z_y}, see {@link Requantizer}. Weight scale
 * and zero point are those of the tensor, or run along axis 1 of the weights: output channel m has
 * those at {@code n = m mod (M / group)}, since every group has the same ones. INT8 and UINT8 in
 * any mix. INT16 and UINT16, a B of INT64, and 8 bits where a sum may leave int32 ({@code 255 *
 * kernel * sum over c of |w - z_w| + |B|}, or {@code 255 * 255 * C / group * kernel} when the
 * weights are not constant, is 2^31 or more) have sums of int64.
 */
final class QLinearConvTranspose implements OperatorKernel {

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
            new OpType(IntegerDialect.OCTET, "QLinearConvTranspose"),
            QuantizedShapes.qLinearConvTranspose(INPUT, WEIGHT, RESULT),
            new QLinearConvTranspose())
        .slots(SLOTS)
        .formula(
            "acc = B + sum (x - z_x) * (w - z_w), rne(clamp(f32(acc) * ((s_x * s_w) / s_y))) + z_y")
        .exact(QLinearConvTranspose::exact)
        .requantizedBy(RequantizationProfile.floatHalfEven())
        .lowered(
            LoweringRule.of(
                    slots ->
                        slots.activation(0, INPUT).weight(1, WEIGHT).bias(2, BIAS).result(RESULT),
                    "ConvTranspose")
                .upToSixteenBits());
  }

  private static IntFunction<ExactElement> exact(ExactOperands operands) {
    return ExactProducts.convTranspose(
        operands,
        operands.quantized(INPUT),
        operands.quantized(WEIGHT),
        operands.find(BIAS),
        operands.parameters(RESULT));
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return ConvolutionOperands.refusal(signature);
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    if (ConvolutionOperands.areWide(compilation)) {
      return new Wide(compilation);
    }
    Narrow narrow = new Narrow(compilation);
    return narrow.fits() ? narrow : new Wide(compilation);
  }

  private static TransposedGeometry geometry(Preparation preparation) {
    ConvolutionOperands.requireScalars(preparation);
    TransposedGeometry geometry = TransposedGeometry.of(preparation, INPUT.value(), WEIGHT.value());
    Refusals.requireColumns(preparation, WEIGHT.scale(), geometry.perGroup());
    if (preparation.has(WEIGHT.zeroPoint())) {
      Refusals.requireColumns(preparation, WEIGHT.zeroPoint(), geometry.perGroup());
    }
    if (preparation.has(BIAS) && preparation.operand(BIAS).count() != geometry.results()) {
      throw new ShapeMismatchException(
          preparation.operand(BIAS) + " as bias of " + geometry.results() + " channels");
    }
    return geometry;
  }

  /** With sums of 64 bits. */
  private static final class Wide implements CompiledNode {
    private final FromOperands<int[]> weights;
    private final FromOperands<long[]> bias;
    private final FromOperands<Requantizer> requantizer;

    Wide(Compilation compilation) {
      this.weights =
          FromOperands.of(compilation, Wide::differences, WEIGHT.value(), WEIGHT.zeroPoint());
      this.bias = ConvolutionOperands.wideBias(compilation);
      this.requantizer = ConvolutionOperands.requantizer(compilation);
    }

    /** Zero points run along axis 1, and begin again with each input channel. */
    private static int[] differences(OperandReader reader) {
      ArrayType type = reader.type(WEIGHT.value());
      int taps = type.product(2, type.rank());
      return reader.differences(WEIGHT, index -> index / taps);
    }

    @Override
    public Kernel bind(Preparation preparation) {
      TransposedGeometry geometry = geometry(preparation);
      int depth = Math.multiplyExact(geometry.depth(), geometry.taps());
      Refusals.requireInt64(depth, bias.constant().orElse(new long[0]));
      return (operands, results, workers) -> {
        OperandReader reader = new OperandReader(preparation, operands);
        Object y = Objects.requireNonNull(results[0]);
        new WideTransposed(
                geometry,
                reader.differences(INPUT, index -> 0),
                weights.in(reader),
                bias.in(reader),
                new Destination.Requantized(requantizer.in(reader), y))
            .run(workers);
      };
    }

    @Override
    public boolean reads(int operand) {
      return operand != WEIGHT.value() || weights.constant().isEmpty();
    }
  }

  /** With sums of 32 bits. */
  private static final class Narrow implements CompiledNode {
    private final Compilation compilation;
    private final FromOperands<MatrixWeights> weights;
    private final FromOperands<int[]> bias;
    private final FromOperands<Requantizer> requantizer;

    Narrow(Compilation compilation) {
      this.compilation = compilation;
      long groups = compilation.node().intAttribute("group", 1);
      this.weights =
          FromOperands.of(
              compilation, r -> matrices(r, groups), WEIGHT.value(), WEIGHT.zeroPoint());
      this.bias = ConvolutionOperands.bias(compilation);
      this.requantizer = ConvolutionOperands.requantizer(compilation);
    }

    /** A zero point of an output channel is that of all its taps, which are columns. */
    private static MatrixWeights matrices(OperandReader reader, long groups) {
      ArrayType type = reader.type(WEIGHT.value());
      int[] zeros = reader.zeroPoints(WEIGHT.zeroPoint());
      int taps = type.product(Math.min(2, type.rank()), type.rank());
      int[] ofColumns = new int[zeros.length == 1 ? 1 : zeros.length * taps];
      for (int i = 0; i < ofColumns.length; i++) {
        ofColumns[i] = zeros[zeros.length == 1 ? 0 : i / taps];
      }
      return reader.rightMatrices(
          WEIGHT.value(), ofColumns, weights -> TransposedGeometry.matrices(weights, groups));
    }

    /** Tells whether sums of 32 bits will do, as far as that is known. */
    boolean fits() {
      if (!hasConstantSums()) {
        return true;
      }
      ArrayType type = compilation.constant(WEIGHT.value()).map(Constant::type).orElseThrow();
      long largest = 0;
      for (int addend : bias.constant().orElseThrow()) {
        largest = Math.max(largest, Math.abs((long) addend));
      }
      long taps = type.product(2, type.rank());
      return fitsInt32(taps * weights.constant().orElseThrow().largestSum() + largest);
    }

    private static boolean fitsInt32(long largest) {
      return largest <= Integer.MAX_VALUE;
    }

    @Override
    public Kernel bind(Preparation preparation) {
      TransposedGeometry geometry = geometry(preparation);
      long depth = (long) geometry.depth() * geometry.taps();
      if (!hasConstantSums() && !fitsInt32(255L * 255L * depth)) {
        return new Wide(compilation).bind(preparation);
      }
      return (operands, results, workers) -> {
        OperandReader reader = new OperandReader(preparation, operands);
        byte[] y = (byte[]) Objects.requireNonNull(results[0]);
        new TransposedProduct(
                geometry,
                reader.leftMatrices(INPUT.value(), INPUT.zeroPoint()),
                weights.in(reader),
                bias.in(reader),
                new Destination.Requantized(requantizer.in(reader), y))
            .run(workers);
      };
    }

    private boolean hasConstantSums() {
      return weights.constant().isPresent() && bias.constant().isPresent();
    }

    /** Where sums are not known yet, sizes decide whether weights are compiled for wide ones. */
    @Override
    public boolean reads(int operand) {
      return operand != WEIGHT.value() || !hasConstantSums();
    }
  }
}

package dev.octet.kernels.integer;

import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Constant;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.AttributeRule;
import dev.octet.kernels.definition.FloatNode;
import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.definition.StaysFloatException;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.dialect.SumRule;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.ExactProducts;
import dev.octet.kernels.primitive.Destination;
import dev.octet.kernels.primitive.MatrixGeometry;
import dev.octet.kernels.primitive.MatrixProduct;
import dev.octet.kernels.primitive.MatrixWeights;
import dev.octet.kernels.primitive.Primitives;
import dev.octet.kernels.primitive.Requantizer;
import dev.octet.kernels.primitive.WideProduct;
import dev.octet.kernels.shape.QuantizedShapes;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * com.microsoft QGemm: operands A, a_scale, a_zero_point, B, b_scale, b_zero_point, C, y_scale,
 * y_zero_point; attributes alpha, transA, transB.
 *
 * <p>{@code acc = C + sum (a - z_a) * (b - z_b[n])}, C broadcasting to [M, N]. With y_scale {@code
 * y = rne(clamp(float32(acc) * (((alpha * s_a) * s_b[n]) / s_y))) + z_y}, see {@link Requantizer};
 * without, the float {@code float32(acc) * ((alpha * s_a) * s_b[n])}. Every operation is rounded to
 * float32. INT8 and UINT8 in any mix; b's scale and zero point per tensor or per column. INT16 and
 * UINT16 as well and a C of INT64 have sums of int64, and so have 8 bits whose sums may leave int32
 * and are to be exact, see {@link SumRule}; C counts as far as it is constant.
 */
final class QGemm implements OperatorKernel {

  private static final Slots SLOTS =
      Slots.of(
          "A",
          "a_scale",
          "a_zero_point",
          "B",
          "b_scale",
          "b_zero_point",
          "C",
          "y_scale",
          "y_zero_point");
  private static final QuantizedSlot LEFT = SLOTS.quantized("A");
  private static final QuantizedSlot RIGHT = SLOTS.quantized("B");
  private static final ParameterSlot RESULT = SLOTS.parameters("y");
  private static final int C = SLOTS.index("C");

  private static final AttributeRule SUMS =
      ((AttributeRule) QGemm::attributes).with(SumRule.exact());

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
            microsoft("QGemm"), QuantizedShapes.qGemm(LEFT, RIGHT, RESULT), new QGemm())
        .slots(SLOTS)
        .formula(
            "acc = C + sum (a - z_a) * (b - z_b), rne(clamp(f32(acc) * (((alpha * s_a) * s_b) /"
                + " s_y))) + z_y; without y_scale f32(acc) * ((alpha * s_a) * s_b)")
        .exact(QGemm::exact)
        .requantizedBy(RequantizationProfile.floatHalfEven())
        .lowered(
            LoweringRule.of(
                    slots -> slots.activation(0, LEFT).weight(1, RIGHT).bias(2, C).result(RESULT),
                    "Gemm")
                .upToSixteenBits()
                .attributes(SUMS));
  }

  /** Without beta, which scales the addend. */
  private static List<Attribute> attributes(FloatNode gemm) {
    Node node = gemm.node();
    if (node.floatAttribute("alpha", 1f) != 1f
        || (node.operand(2).isPresent() && node.floatAttribute("beta", 1f) != 1f)) {
      throw new StaysFloatException("its alpha or beta is not 1");
    }
    return gemm.attributes().stream().filter(a -> !a.name().equals("beta")).toList();
  }

  private static IntFunction<ExactElement> exact(ExactOperands operands) {
    return ExactProducts.gemm(
        operands,
        operands.quantized(LEFT),
        operands.quantized(RIGHT),
        operands.find(C),
        operands.find(RESULT.scale()).map(scale -> operands.parameters(RESULT)));
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return Refusals.first(
        Refusals.unlessEightOrSixteenBits(
            signature, LEFT.value(), LEFT.zeroPoint(), RESULT.zeroPoint()),
        Refusals.unlessAtMostSixteenBits(signature, RIGHT.value(), RIGHT.zeroPoint()),
        Refusals.unlessAddend(signature, C),
        Refusals.unlessFloat(signature, LEFT.scale(), RIGHT.scale(), RESULT.scale()));
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    if (WideOperands.has(compilation, new int[] {LEFT.value(), RIGHT.value()}, C)) {
      return wide(compilation);
    }
    Compiled narrow = new Compiled(compilation);
    return narrow.fits() ? narrow : wide(compilation);
  }

  private static CompiledNode wide(Compilation compilation) {
    FromOperands<Scaling> scaling = Compiled.scaling(compilation);
    WideMatrices.Rule rule =
        new WideMatrices.Rule() {
          @Override
          public MatrixGeometry.Right right(ArrayType type) {
            return MatrixGeometry.Right.ofGemm(compilation.node(), type);
          }

          @Override
          public MatrixGeometry geometry(Preparation preparation) {
            MatrixGeometry geometry =
                MatrixGeometry.ofGemm(preparation, LEFT.value(), RIGHT.value());
            requireBroadcast(preparation, geometry);
            long[] known = preparation.integers(C).orElse(new long[0]);
            Refusals.requireInt64(geometry.depth(), known);
            return geometry;
          }

          @Override
          public WideProduct.Start start(Preparation preparation, OperandReader reader) {
            if (!preparation.has(C)) {
              return WideProduct.Start.NONE;
            }
            long[] addends = reader.longs(C);
            int rowStep = rowStep(preparation.operand(C));
            int columnStep = columnStep(preparation.operand(C));
            return (row, column) -> addends[row * rowStep + column * columnStep];
          }

          @Override
          public Destination destination(OperandReader reader, Object y) {
            return scaling.in(reader).of(y);
          }
        };
    return new WideMatrices(compilation, LEFT, RIGHT, RESULT, rule);
  }

  private static void requireBroadcast(Preparation preparation, MatrixGeometry geometry) {
    Refusals.requireColumns(preparation, RIGHT.scale(), geometry.columns());
    if (preparation.has(C)) {
      ArrayType c = preparation.operand(C);
      if (c.rank() > 2
          || !fits(c, c.rank() - 1, geometry.columns())
          || !fits(c, c.rank() - 2, geometry.rows())) {
        throw new ShapeMismatchException(
            "operand "
                + C
                + " "
                + c
                + " does not broadcast to the result "
                + preparation.result(0));
      }
    }
  }

  private static boolean fits(ArrayType type, int axis, int size) {
    return axis < 0 || type.size(axis) == 1 || type.size(axis) == size;
  }

  /** How many elements of C lie between those of neighbouring rows. */
  private static int rowStep(ArrayType c) {
    return c.rank() == 2 && c.size(0) > 1 ? c.size(1) : 0;
  }

  /** How many elements of C lie between those of neighbouring columns. */
  private static int columnStep(ArrayType c) {
    return c.rank() == 0 || c.size(c.rank() - 1) == 1 ? 0 : 1;
  }

  private static final class Compiled implements CompiledNode {
    private final Compilation compilation;
    private final FromOperands<MatrixWeights> right;
    private final long largestAddend;
    private final FromOperands<Scaling> scaling;

    Compiled(Compilation compilation) {
      Node node = compilation.node();
      this.compilation = compilation;
      this.right =
          FromOperands.of(
              compilation,
              r ->
                  r.rightMatrices(
                      RIGHT.value(),
                      RIGHT.zeroPoint(),
                      type -> MatrixGeometry.Right.ofGemm(node, type)),
              RIGHT.value(),
              RIGHT.zeroPoint());
      this.largestAddend = largestAddend(compilation);
      this.scaling = scaling(compilation);
    }

    private SumRule rule() {
      return SumRule.of(compilation.node());
    }

    /** Tells whether sums of 32 bits will do, as far as that is known. */
    boolean fits() {
      return right
          .constant()
          .filter(weights -> !rule().allowsInt32(weights.largestSum() + largestAddend))
          .isEmpty();
    }

    private static FromOperands<Scaling> scaling(Compilation compilation) {
      return FromOperands.of(
          compilation,
          r -> scaling(compilation, r),
          LEFT.scale(),
          RIGHT.scale(),
          RESULT.scale(),
          RESULT.zeroPoint());
    }

    /** The largest magnitude of C; 0 when it is only known in a run, where it then may wrap. */
    private static long largestAddend(Compilation compilation) {
      Optional<Constant> addend = compilation.constant(C);
      long largest = 0;
      if (addend.isPresent()) {
        int[] values = (int[]) addend.get().array().array();
        for (int i = 0; i < addend.get().type().count(); i++) {
          largest = Math.max(largest, Math.abs((long) values[i]));
        }
      }
      return largest;
    }

    private static Scaling scaling(Compilation compilation, OperandReader reader) {
      float alpha = compilation.node().floatAttribute("alpha", 1f);
      float inputScale = alpha * reader.scale(LEFT.scale());
      float[] scales = reader.floats(RIGHT.scale());
      if (!reader.has(RESULT.scale())) {
        float[] products = Requantizer.multipliers(inputScale, scales, 1f);
        return new Scaled(products);
      }
      IntegerRange range = IntegerRange.of(compilation.node(), compilation.resultType(0));
      Requantizer requantizer =
          new Requantizer(
              Requantizer.multipliers(inputScale, scales, reader.scale(RESULT.scale())),
              range.around(reader.zeroPoint(RESULT.zeroPoint())));
      return new Requantized(requantizer);
    }

    @Override
    public Kernel bind(Preparation preparation) {
      Refusals.requireScalars(
          preparation, LEFT.scale(), LEFT.zeroPoint(), RESULT.scale(), RESULT.zeroPoint());
      MatrixGeometry geometry = MatrixGeometry.ofGemm(preparation, LEFT.value(), RIGHT.value());
      long largest = 255L * 255L * geometry.depth() + largestAddend;
      if (right.constant().isEmpty() && !rule().allowsInt32(largest)) {
        return wide(compilation).bind(preparation);
      }
      requireBroadcast(preparation, geometry);
      return (operands, results, workers) -> {
        OperandReader reader = new OperandReader(preparation, operands);
        Object y = Objects.requireNonNull(results[0]);
        Primitives.chosen()
            .multiply(
                new MatrixProduct(
                    geometry,
                    reader.leftMatrices(LEFT.value(), LEFT.zeroPoint()),
                    right.in(reader),
                    addend(preparation, reader),
                    scaling.in(reader).of(y)),
                workers);
      };
    }

    private static MatrixProduct.Addend addend(Preparation preparation, OperandReader reader) {
      if (!preparation.has(C)) {
        return MatrixProduct.Addend.none();
      }
      ArrayType c = preparation.operand(C);
      return new MatrixProduct.Addend(
          (int[]) reader.array(C), c.count(), rowStep(c), columnStep(c));
    }

    @Override
    public boolean reads(int operand) {
      return operand != RIGHT.value() || right.constant().isEmpty();
    }
  }

  /** Says what becomes of the sums on their way to a result. */
  private interface Scaling {
    Destination of(Object y);
  }

  /** To integers. */
  private record Requantized(Requantizer requantizer) implements Scaling {
    @Override
    public Destination of(Object y) {
      return new Destination.Requantized(requantizer, y);
    }
  }

  /** To floats. */
  @SuppressWarnings("ArrayRecordComponent") // Internal: never compared, read only.
  private record Scaled(float[] scales) implements Scaling {
    @Override
    public Destination of(Object y) {
      return new Destination.Scaled(scales, (float[]) y);
    }
  }
}

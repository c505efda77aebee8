package dev.octet.kernels.integer;

import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import dev.octet.api.graph.DataType;
import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.BinarySlots;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactElementwise;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.floats.BinaryFunctions;
import dev.octet.kernels.floats.FloatBinary;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.primitive.Primitives;
import dev.octet.kernels.primitive.Saturation;
import dev.octet.kernels.shape.QuantizedShapes;
import dev.octet.kernels.thread.Workers;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * com.microsoft QLinearAdd and QLinearMul: operands A, A_scale, A_zero_point, B, B_scale,
 * B_zero_point, C_scale, C_zero_point; A and B broadcast.
 *
 * <p>Every operation is rounded to float32, to nearest with ties to even; the zero point of the
 * result is added before rounding to an integer:
 *
 * <ul>
 *   <li>add: {@code r_a = s_a / s_c}, {@code r_b = s_b / s_c}, {@code f = z_c - (r_a * z_a + r_b *
 *       z_b)}, {@code c = clamp(rne((f + a * r_a) + b * r_b))};
 *   <li>mul: {@code m = (s_a * s_b) / s_c}, {@code c = clamp(rne(float32((a - z_a) * (b - z_b)) * m
 *       + z_c))}, two roundings and no fused multiply-add.
 * </ul>
 *
 * <p>Where an operand or the result has 16 bits, the terms are those of DequantizeLinear and the
 * rounding is that of QuantizeLinear: {@code c = clamp(rne((float32(a - z_a) * s_a + float32(b -
 * z_b) * s_b) / s_c) + z_c)}, and so for mul. The terms of the rules above, which hold the zero
 * points, would be as large as the type, and their rounding errors parts of a step.
 *
 * <p>Source: ONNX Runtime on x86; for 16 bits, which its operators do not take, the standard's
 * DequantizeLinear and QuantizeLinear.
 */
final class QLinearBinary implements OperatorKernel {

  private static final QuantizedSlot LEFT = BinarySlots.LEFT;
  private static final QuantizedSlot RIGHT = BinarySlots.RIGHT;
  private static final ParameterSlot RESULT = BinarySlots.RESULT;

  private static final int GRAIN = 1 << 14;

  /** Elements that are computed as floats before they are rounded. */
  private static final int CHUNK = 512;

  /** The largest product of two differences of 8-bit integers. */
  private static final int LARGEST_PRODUCT = 255 * 255;

  /** Computes the numbers that are to be rounded. Immutable. */
  private abstract static class Rule {
    private final boolean bounded;
    private final Saturation saturation;

    /**
     * Makes a rule.
     *
     * @param bounded whether no number can be NaN or beyond {@link Primitives#BOUND}
     * @param range the integers of the result, whose zero point the numbers hold already
     */
    Rule(boolean bounded, IntegerRange range) {
      this.bounded = bounded;
      this.saturation = range.around(0);
    }

    /** Computes neighbouring numbers; steps are 0 or 1. */
    abstract void compute(
        byte[] a, int ao, int as, byte[] b, int bo, int bs, float[] values, int count);

    void row(byte[] a, int ao, int as, byte[] b, int bo, int bs, byte[] c, int co, int count) {
      float[] values = new float[Math.min(CHUNK, count)];
      for (int done = 0; done < count; done += CHUNK) {
        int some = Math.min(CHUNK, count - done);
        compute(a, ao + done * as, as, b, bo + done * bs, bs, values, some);
        if (bounded) {
          Primitives.chosen().round(values, some, saturation, c, co + done);
        } else {
          for (int i = 0; i < some; i++) {
            c[co + done + i] = (byte) saturation.round(values[i]);
          }
        }
      }
    }
  }

  /** Makes the rule of scales and zero points. */
  private interface RuleMaker {
    Rule make(OperandReader reader, IntegerRange range);
  }

  private final RuleMaker maker;
  private final FloatBinary ofSixteenBits;

  private QLinearBinary(RuleMaker maker, FloatBinary ofSixteenBits) {
    this.maker = maker;
    this.ofSixteenBits = ofSixteenBits;
  }

  /** Returns the definitions. */
  static List<OperatorDefinition> definitions() {
    return List.of(
        definition("QLinearAdd", new QLinearBinary(Sum::of, BinaryFunctions.ADD), "Add")
            .formula(
                "r_a = s_a / s_c, r_b = s_b / s_c, f = z_c - (r_a * z_a + r_b * z_b), clamp(rne((f"
                    + " + a * r_a) + b * r_b)); 16 bits: clamp(rne((f32(a - z_a) * s_a + f32(b -"
                    + " z_b) * s_b) / s_c) + z_c)")
            .exact(QLinearBinary::exactSum),
        definition("QLinearMul", new QLinearBinary(Product::of, BinaryFunctions.MUL), "Mul")
            .formula(
                "m = (s_a * s_b) / s_c, clamp(rne(f32((a - z_a) * (b - z_b)) * m + z_c)), two"
                    + " roundings; 16 bits: clamp(rne(((f32(a - z_a) * s_a) * (f32(b - z_b) * s_b))"
                    + " / s_c) + z_c)")
            .exact(QLinearBinary::exactProduct));
  }

  private static OperatorDefinition definition(String name, QLinearBinary kernel, String onnxName) {
    return OperatorDefinition.of(
            microsoft(name), QuantizedShapes.qLinearBinary(LEFT, RIGHT, RESULT), kernel)
        .slots(BinarySlots.SLOTS)
        .requantizedBy(RequantizationProfile.floatHalfEvenWithZeroPoint())
        .lowered(
            LoweringRule.of(
                    slots -> slots.activation(0, LEFT).activation(1, RIGHT).result(RESULT),
                    onnxName)
                .upToSixteenBitsBy(RequantizationProfile.simulated()));
  }

  private static IntFunction<ExactElement> exactSum(ExactOperands operands) {
    return ExactElementwise.add(
        operands, operands.quantized(LEFT), operands.quantized(RIGHT), operands.parameters(RESULT));
  }

  private static IntFunction<ExactElement> exactProduct(ExactOperands operands) {
    return ExactElementwise.mul(
        operands, operands.quantized(LEFT), operands.quantized(RIGHT), operands.parameters(RESULT));
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return DequantizedBinary.refusal(signature);
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    if (WideOperands.has(compilation, LEFT.value(), RIGHT.value())) {
      return new DequantizedBinary(ofSixteenBits);
    }
    IntegerRange range = IntegerRange.of(compilation.node(), compilation.resultType(0));
    FromOperands<Rule> rule =
        FromOperands.of(
            compilation,
            reader -> maker.make(reader, range),
            LEFT.scale(),
            LEFT.zeroPoint(),
            RIGHT.scale(),
            RIGHT.zeroPoint(),
            RESULT.scale(),
            RESULT.zeroPoint());
    return preparation -> bind(preparation, rule);
  }

  private static Kernel bind(Preparation preparation, FromOperands<Rule> rule) {
    DequantizedBinary.requireScalars(preparation);
    Broadcast walk =
        Broadcast.of(
            preparation.result(0).sizes(),
            preparation.operand(LEFT.value()).sizes(),
            preparation.operand(RIGHT.value()).sizes());
    return (operands, results, workers) -> {
      OperandReader reader = new OperandReader(preparation, operands);
      byte[] c = (byte[]) Objects.requireNonNull(results[0]);
      apply(walk, rule.in(reader), reader, c, workers);
    };
  }

  private static void apply(
      Broadcast walk, Rule rule, OperandReader reader, byte[] c, Workers workers) {
    byte[] a = (byte[]) reader.array(LEFT.value());
    byte[] b = (byte[]) reader.array(RIGHT.value());
    int length = walk.rowLength();
    if (walk.isPlain()) {
      workers.forRange(
          length, GRAIN, (from, to) -> rule.row(a, from, 1, b, from, 1, c, from, to - from));
      return;
    }
    workers.forRange(
        walk.rows(),
        Math.max(1, GRAIN / Math.max(1, length)),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int ao = walk.offset(0, row);
            int bo = walk.offset(1, row);
            rule.row(a, ao, walk.step(0), b, bo, walk.step(1), c, row * length, length);
          }
        });
  }

  /** The sum: one table of terms for each operand. */
  private static final class Sum extends Rule {
    private final float[] aTerms;
    private final float[] bTerms;

    private Sum(float[] aTerms, float[] bTerms, IntegerRange range) {
      super(areBounded(aTerms) && areBounded(bTerms), range);
      this.aTerms = aTerms;
      this.bTerms = bTerms;
    }

    static Sum of(OperandReader reader, IntegerRange range) {
      float ra = reader.scale(LEFT.scale()) / reader.scale(RESULT.scale());
      float rb = reader.scale(RIGHT.scale()) / reader.scale(RESULT.scale());
      float zeros =
          ra * reader.zeroPoint(LEFT.zeroPoint()) + rb * reader.zeroPoint(RIGHT.zeroPoint());
      return new Sum(
          terms(reader.dataType(LEFT.value()), ra, reader.zeroPoint(RESULT.zeroPoint()) - zeros),
          terms(reader.dataType(RIGHT.value()), rb, 0f),
          range);
    }

    private static float[] terms(DataType type, float ratio, float addend) {
      float[] terms = new float[256];
      IntegerRange whole = IntegerRange.of(type);
      for (int q = whole.min(); q <= whole.max(); q++) {
        terms[q & 0xFF] = addend + q * ratio;
      }
      return terms;
    }

    private static boolean areBounded(float[] terms) {
      for (float term : terms) {
        if (!(Math.abs(term) <= Primitives.BOUND / 2)) {
          return false;
        }
      }
      return true;
    }

    @Override
    void compute(byte[] a, int ao, int as, byte[] b, int bo, int bs, float[] values, int count) {
      if (as == 1 && bs == 1) {
        // Without strides the compiler leaves out the checks of these indices.
        for (int i = 0; i < count; i++) {
          values[i] = aTerms[a[ao + i] & 0xFF] + bTerms[b[bo + i] & 0xFF];
        }
        return;
      }
      for (int i = 0; i < count; i++) {
        values[i] = aTerms[a[ao + i * as] & 0xFF] + bTerms[b[bo + i * bs] & 0xFF];
      }
    }
  }

  /** The product: one table of differences for each operand. */
  private static final class Product extends Rule {
    private final int[] aDifferences;
    private final int[] bDifferences;
    private final float multiplier;
    private final float zeroPoint;

    private Product(OperandReader reader, float multiplier, IntegerRange range) {
      super(Math.abs(multiplier) <= Primitives.BOUND / LARGEST_PRODUCT / 2, range);
      this.aDifferences =
          differences(reader.dataType(LEFT.value()), reader.zeroPoint(LEFT.zeroPoint()));
      this.bDifferences =
          differences(reader.dataType(RIGHT.value()), reader.zeroPoint(RIGHT.zeroPoint()));
      this.multiplier = multiplier;
      this.zeroPoint = reader.zeroPoint(RESULT.zeroPoint());
    }

    static Product of(OperandReader reader, IntegerRange range) {
      float multiplier =
          reader.scale(LEFT.scale()) * reader.scale(RIGHT.scale()) / reader.scale(RESULT.scale());
      return new Product(reader, multiplier, range);
    }

    private static int[] differences(DataType type, int zeroPoint) {
      int[] differences = new int[256];
      IntegerRange whole = IntegerRange.of(type);
      for (int q = whole.min(); q <= whole.max(); q++) {
        differences[q & 0xFF] = q - zeroPoint;
      }
      return differences;
    }

    @Override
    void compute(byte[] a, int ao, int as, byte[] b, int bo, int bs, float[] values, int count) {
      for (int i = 0; i < count; i++) {
        int product = aDifferences[a[ao + i * as] & 0xFF] * bDifferences[b[bo + i * bs] & 0xFF];
        values[i] = (float) product * multiplier + zeroPoint;
      }
    }
  }
}

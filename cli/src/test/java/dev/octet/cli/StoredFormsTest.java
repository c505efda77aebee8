package dev.octet.cli;

import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.axis;
import static dev.octet.annotation.rules.Specs.fixed;
import static dev.octet.annotation.rules.Specs.inputChannel;
import static dev.octet.annotation.rules.Specs.int8;
import static dev.octet.annotation.rules.Specs.outputChannel;
import static dev.octet.annotation.rules.Specs.uint8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.RuleTree;
import dev.octet.annotation.rules.SpecTemplate;
import dev.octet.annotation.rules.Specs;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.ScaleLevels;
import dev.octet.api.spec.Storage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Scales and zero points beyond one scale and one integer per channel, each from a vendor's table
 * to the file that runs, with the numbers of the file computed by hand.
 */
class StoredFormsTest {

  private static final QuantizedType INT4 = new QuantizedType(Storage.INT4, -7, 7);
  private static final ScaleLevels BLOCKS =
      ScaleLevels.integers(16, ScaleLevels.Over.ROW).rounded(ScaleLevels.Rounding.NEAREST);

  private static BackendRules weight(SpecTemplate spec) {
    BackendRules table =
        BackendRules.named("acme")
            .rule("dense", op("MatMul").constantOperand(1))
            .weight(spec)
            .build();
    assertEquals(table, RuleTree.fromTree(RuleTree.toTree(table)));
    return table;
  }

  /** {@code x [2, K] w [K, N]}. */
  private static Model product(float[] w, int rows, int columns) {
    return CommandFixture.model(
        List.of(dense()),
        Map.of("w", Tensor.of(w, rows, columns)),
        13,
        CommandFixture.value("x", 2, rows),
        CommandFixture.value("y", 2, columns));
  }

  private static Node dense() {
    return Node.of("dense", OpType.onnx("MatMul"), List.of("x", "w"), List.of("y"));
  }

  private static Map<String, Tensor> sample(long... sizes) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i * 5 % 11 - 5) / 4f;
    }
    return Map.of("x", Tensor.of(values, sizes));
  }

  /** Plans, converts and runs; the product is that of the weight that the file means. */
  private static VendorRun runs(SpecTemplate spec, Model model, float[] meant, long... sizes) {
    Map<String, Tensor> x = sample(sizes);
    VendorRun run = VendorRun.of(weight(spec), model, x);
    long[] shape = model.graph().initializers().get("w").sizes();
    run.assertComputes(VendorRun.with(model, "w", Tensor.of(meant, shape)), "cpu", x);
    run.assertComputesAsTheReference("onnxruntime", 0.3, x);
    return run;
  }

  @Test
  void fixedScalesPerChannel() {
    Model model = product(new float[] {1f, 0.3f, -9f, 0.6f, -0.25f, 2.25f}, 2, 3);
    QuantizedType type = QuantizedType.of(Storage.INT8);
    SpecTemplate spec =
        fixed(type, new float[] {0.5f, 0.25f, 0.0625f}, new float[] {0, 3, -1}, outputChannel());
    // 1 / .5, .3 / .25 + 3, -9 / .0625 - 1 saturates; .6 / .5 = 1.2, -1 + 3, 36 - 1.
    VendorRun run = runs(spec, model, new float[] {1f, 0.25f, -7.9375f, 0.5f, -0.25f, 2.25f}, 2, 2);
    assertArrayEquals(new long[] {2, 4, -128, 1, 2, 35}, run.stored("w_quantized").integers());
    assertArrayEquals(new long[] {0, 3, -1}, run.stored("w_zero_point").integers());
    String refused =
        VendorRun.refusal(
            weight(fixed(type, new float[] {0.5f, 0.25f}, new float[2], outputChannel())), model);
    assertTrue(
        refused.contains(
            "rule 'dense' marks a point that cannot be quantized so: it has size 3 along axis 1,"
                + " and 2 scales (at operand 1 of 'dense'"),
        refused);
  }

  @Test
  void fixedScalesPerChannelOfAComputedValue() {
    BackendRules table =
        BackendRules.named("acme")
            .rule("dense", op("MatMul"))
            .activation(
                fixed(
                    QuantizedType.of(Storage.UINT8),
                    new float[] {0.5f, 0.25f},
                    new float[] {10, 4},
                    axis(1)))
            .build();
    Model model = product(new float[] {1f, 0f, 0f, 1f}, 2, 2);
    VendorRun run = VendorRun.of(table, model, Map.of());
    Map<String, Tensor> x = Map.of("x", Tensor.of(new float[] {0.6f, 0.6f, -7f, -1.1f}, 2, 2));
    Map<String, Tensor> meant = Map.of("x", Tensor.of(new float[] {0.5f, 0.5f, -5f, -1f}, 2, 2));
    assertArrayEquals(VendorRun.run(model, "cpu", meant), VendorRun.run(run.quantized(), "cpu", x));
    assertArrayEquals(
        VendorRun.run(model, "cpu", meant), VendorRun.run(run.quantized(), "onnxruntime", x));
  }

  /** Two experts of 2 x 3: a scale for each expert and output channel. */
  @Test
  void weightsOfExperts() {
    float[] w = {127f, 1f, 0.5f, 30.4f, -2f, 0.25f, 12.7f, -254f, 0f, -1.26f, 100f, 1.27f};
    Model model =
        CommandFixture.model(
            List.of(dense()),
            Map.of("w", Tensor.of(w, 2, 2, 3)),
            13,
            CommandFixture.value("x", 2, 2, 2),
            CommandFixture.value("y", 2, 2, 3));
    SpecTemplate spec =
        int8().range(-127, 127).symmetric().weightOnly().perChannel(axis(0), outputChannel());
    float[] scales = {127f / 127, 2f / 127, 0.5f / 127, 12.7f / 127, 254f / 127, 1.27f / 127};
    long[] integers = {127, 64, 127, 30, -127, 64, 127, -127, 0, -13, 50, 127};
    float[] meant = new float[12];
    for (int i = 0; i < 12; i++) {
      meant[i] = integers[i] * scales[i / 6 * 3 + i % 3];
    }
    VendorRun run = runs(spec, model, meant, 2, 2, 2);
    assertArrayEquals(new long[] {2, 1, 3}, run.stored("w_scale").sizes());
    assertArrayEquals(scales, run.stored("w_scale").floats());
    assertArrayEquals(integers, run.stored("w_quantized").integers());
  }

  /** The activations of experts are static, and the product is that of what both mean. */
  @Test
  void weightsOfExpertsBesideStaticActivations() {
    float[] w = {4f, -8f, 2f, 1f, 0.5f, 3f, -6f, 5f};
    Model model =
        CommandFixture.model(
            List.of(dense()),
            Map.of("w", Tensor.of(w, 2, 2, 2)),
            13,
            CommandFixture.value("x", 2, 2, 2),
            CommandFixture.value("y", 2, 2, 2));
    BackendRules table =
        BackendRules.named("acme")
            .rule("dense", op("MatMul").constantOperand(1))
            .activation(uint8())
            .weight(int8().symmetric().perChannel(axis(0), outputChannel()))
            .output(uint8())
            .build();
    Map<String, Tensor> x = sample(2, 2, 2);
    VendorRun run = VendorRun.of(table, model, x);
    float[] real = VendorRun.run(model, "cpu", x);
    float[] computed = VendorRun.run(run.quantized(), "cpu", x);
    float step = run.stored("y_scale").floats()[0];
    for (int i = 0; i < real.length; i++) {
      assertEquals(real[i], computed[i], 2 * step, "output " + i);
    }
    run.assertComputesAsTheReference("onnxruntime", 1.01 * step, x);
  }

  /** A scale for each plane of a kernel: blocks over two axes. */
  @Test
  void blocks() {
    float[] w = {1.27f, 0.5f, -0.02f, 0f, 2.54f, 2f, -1f, 0.1f};
    Model model =
        CommandFixture.model(
            List.of(Node.of("conv", OpType.onnx("Conv"), List.of("x", "w"), List.of("y"))),
            Map.of("w", Tensor.of(w, 1, 2, 2, 2)),
            13,
            CommandFixture.value("x", 1, 2, 2, 2),
            CommandFixture.value("y", 1, 1, 1, 1));
    BackendRules table =
        BackendRules.named("acme")
            .rule("conv", op("Conv").constantOperand(1))
            .weight(int8().range(-127, 127).symmetric().perChannel(axis(0), axis(1)).weightOnly())
            .build();
    Map<String, Tensor> x = sample(1, 2, 2, 2);
    VendorRun run = VendorRun.of(table, model, x);
    float first = 1.27f / 127;
    float second = 2.54f / 127;
    assertArrayEquals(
        new long[] {127, 50, -2, 0, 127, 100, -50, 5}, run.stored("w_quantized").integers());
    assertArrayEquals(new float[] {first, second}, run.stored("w_scale").floats());
    float[] meant = {
      127 * first, 50 * first, -2 * first, 0, 127 * second, 100 * second, -50 * second, 5 * second
    };
    Model wanted = VendorRun.with(model, "w", Tensor.of(meant, 1, 2, 2, 2));
    run.assertComputes(wanted, "cpu", x);
    run.assertComputesAsTheReference("onnxruntime", 1e-5, x);
  }

  /** Blocks of 2 x 2 of a matrix: both axes are cut. */
  @Test
  void blocksThatCutTwoAxes() {
    float[] w = {1f, 2f, 10f, 20f, 3f, 127f, 30f, 25.4f, 0f, 0f, 5f, 6.35f, 0f, 0f, 1f, 2f};
    SpecTemplate spec =
        int8()
            .range(-127, 127)
            .symmetric()
            .weightOnly()
            .granularity(new Granularity.PerBlock(List.of(2L, 2L)));
    float[] scales = {1f, 30f / 127, 0x1p-23f, 6.35f / 127};
    long[] integers = new long[16];
    float[] meant = new float[16];
    for (int i = 0; i < 16; i++) {
      float scale = scales[i / 8 * 2 + i % 4 / 2];
      integers[i] = (long) Math.rint(w[i] / scale);
      meant[i] = integers[i] * scale;
    }
    Model model = product(w, 4, 4);
    VendorRun run = runs(spec, model, meant, 2, 4);
    assertArrayEquals(integers, run.stored("w_quantized").integers());
    assertArrayEquals(scales, run.stored("w_scale").floats());
    String uneven =
        VendorRun.refusal(
            weight(int8().weightOnly().granularity(new Granularity.PerBlock(List.of(3L, 2L)))),
            model);
    assertTrue(uneven.contains("blocks of 3 do not divide its 4 elements along axis 0"), uneven);
  }

  /** Scales are powers of two of one byte, moved up from |w| / 7. */
  @Test
  void scalesOfPowersOfTwo() {
    float[] w = {7f, 1f, 0.7f, 0.1f, -3.5f, 14.5f, 0f, 0f};
    SpecTemplate spec =
        Specs.of(INT4)
            .symmetric()
            .weightOnly()
            .perGroup(inputChannel(), 2)
            .scales(ScaleGrid.float8E8m0());
    // 7 / 7 = 1; 1 / 7 -> 1 / 4; 3.5 / 7 = 1 / 2; 14.5 / 7 -> 4.
    float[] scales = {1f, 0.25f, 0.5f, 4f};
    float[] meant = {7f, 1f, 1f, 0f, -3.5f, 16f, 0f, 0f};
    VendorRun run = runs(spec, product(w, 4, 2), meant, 2, 4);
    assertArrayEquals(scales, run.stored("w_scale").floats());
  }

  /** Scales are values of FLOAT8E4M3FN, moved up: three bits behind the point. */
  @Test
  void scalesOfFloat8() {
    float[] w = {7f, 1f, 0.7f, 0.1f, -3.5f, 14.5f, 0f, 0f};
    SpecTemplate spec =
        Specs.of(INT4)
            .symmetric()
            .weightOnly()
            .perGroup(inputChannel(), 2)
            .scales(ScaleGrid.float8E4m3());
    // 1 / 7 = 1.1428 * 2^-3 -> 1.25 * 2^-3; 14.5 / 7 = 1.0357 * 2 -> 1.125 * 2.
    float[] scales = {1f, 0.15625f, 0.5f, 2.25f};
    float[] meant = {7f, 6 * 0.15625f, 1f, 0.15625f, -3.5f, 6 * 2.25f, 0f, 0f};
    VendorRun run = runs(spec, product(w, 4, 2), meant, 2, 4);
    assertArrayEquals(scales, run.stored("w_scale").floats());
  }

  /** Blocks of Qualcomm's QNN: 1 to 16 times a sixteenth of the channel's largest scale. */
  @Test
  void blocksOfTwoLevels() {
    // Column 0 asks for 1, .15 and .001; column 1 for 2, 2 and the floor.
    float[] w = {7f, 14f, -3f, 7f, 1.05f, -14f, 0.2f, 1f, 0.007f, 0f, 0f, 0f};
    SpecTemplate spec =
        Specs.of(INT4).symmetric().weightOnly().perGroup(inputChannel(), 2).scales(BLOCKS);
    // Column 0: S = 1 / 16; 16, .15 * 16 = 2.4 -> 2, .016 -> 1. Column 1: S = 1 / 8; 16, 16, 1.
    float[] scales = {1f, 2f, 0.125f, 2f, 0.0625f, 0.125f};
    // 1.05 / .125 = 8.4 is cut at 7: rounding to nearest took the range.
    long[] integers = {7, 7, -3, 4, 7, -7, 2, 0, 0, 0, 0, 0};
    float[] meant = new float[12];
    for (int i = 0; i < 12; i++) {
      meant[i] = integers[i] * scales[i / 4 * 2 + i % 2];
    }
    VendorRun run = runs(spec, product(w, 6, 2), meant, 2, 6);
    assertArrayEquals(scales, run.stored("w_scale").floats());
    assertArrayEquals(integers, run.stored("w_quantized").integers());
    SpecTemplate up =
        Specs.of(INT4)
            .symmetric()
            .weightOnly()
            .perGroup(inputChannel(), 2)
            .scales(ScaleLevels.integers(16, ScaleLevels.Over.ROW));
    assertEquals(
        0.1875f,
        VendorRun.of(weight(up), product(w, 6, 2), Map.of()).stored("w_scale").floats()[2],
        "2.4 goes up to 3 sixteenths, and 1.05 fits");
  }

  /** Float8 times one float32 for the tensor: the largest group has 448. */
  @Test
  void float8ScalesOverTheTensor() {
    float[] w = {7f * 448, 7f, 0f, 0f, 7f * 17, 7f * 0.001f, 0f, 0f};
    SpecTemplate spec =
        Specs.of(INT4)
            .symmetric()
            .weightOnly()
            .perGroup(inputChannel(), 2)
            .scales(
                ScaleLevels.float8(ScaleLevels.Over.TENSOR).rounded(ScaleLevels.Rounding.NEAREST));
    // S = 1. 17 lies between 16 and 18, and the tie goes to the even code, 16; .001 is below 2^-9.
    float[] scales = {448f, 1f, 16f, 0x1p-9f};
    float[] meant = {7f * 448, 7f, 0f, 0f, 7 * 16f, 4 * 0x1p-9f, 0f, 0f};
    VendorRun run = VendorRun.of(weight(spec), product(w, 4, 2), Map.of());
    assertArrayEquals(scales, run.stored("w_scale").floats());
    Model wanted = VendorRun.with(product(w, 4, 2), "w", Tensor.of(meant, 4, 2));
    run.assertComputes(wanted, "cpu", sample(2, 4));
    // Sums of up to 4000: a relative error of 2^-23 is as much as this.
    run.assertComputesAsTheReference("onnxruntime", 1e-3, sample(2, 4));
  }

  @Test
  void scalesOfTwoLevelsAreForGroupsOfConstants() {
    Model model = product(new float[] {1f, 2f, 3f, 4f}, 2, 2);
    String channels =
        VendorRun.refusal(
            weight(Specs.of(INT4).symmetric().weightOnly().perChannel(1).scales(BLOCKS)), model);
    assertTrue(
        channels.contains("scales of two levels over a row are for groups along an axis"),
        channels);
    BackendRules computed =
        BackendRules.named("acme")
            .rule("dense", op("MatMul"))
            .activation(int8().scales(BLOCKS))
            .build();
    String activation = VendorRun.refusal(computed, model);
    assertTrue(
        activation.contains("it is computed, and scales of two levels are for constants"),
        activation);
  }

  /** The four values of two bits are -1.5, -.5, .5 and 1.5 times the scale. */
  @Test
  void zeroPointsThatAreFractions() {
    float[] w = {3f, -1f, 0.2f, -3f, 1f, 0.75f, -0.25f, -0.1f};
    SpecTemplate spec =
        Specs.of(Storage.UINT2)
            .symmetric()
            .realZeroPoints()
            .weightOnly()
            .perChannel(outputChannel());
    // Scales 3 / 1.5 and 3 / 1.5; w / 2 + 1.5, half to even.
    long[] integers = {3, 1, 2, 0, 2, 2, 1, 1};
    float[] meant = {3f, -1f, 1f, -3f, 1f, 1f, -1f, -1f};
    VendorRun run = runs(spec, product(w, 4, 2), meant, 2, 4);
    assertArrayEquals(integers, run.stored("w_quantized").integers());
    assertArrayEquals(new float[] {1.5f, 1.5f}, run.stored("w_zero_point").floats());
    assertArrayEquals(new float[] {2f, 2f}, run.stored("w_scale").floats());
  }

  /** Per group, the groups are an axis of their own while they are dequantized. */
  @Test
  void zeroPointsThatAreFractionsPerGroup() {
    float[] w = {3f, 6f, -1f, -2f, 0.2f, 0.4f, -0.3f, -0.6f};
    SpecTemplate spec =
        Specs.of(Storage.INT2)
            .symmetric()
            .realZeroPoints()
            .weightOnly()
            .perGroup(inputChannel(), 2);
    float tenth = 0.3f / 1.5f;
    float fifth = 0.6f / 1.5f;
    float[] meant = {
      3f, 6f, -1f, -2f, 0.5f * tenth, 0.5f * fifth, -1.5f * tenth, -1.5f * fifth,
    };
    VendorRun run = runs(spec, product(w, 4, 2), meant, 2, 4);
    assertArrayEquals(
        new long[] {1, 1, -1, -1, 0, 0, -2, -2}, run.stored("w_quantized").integers());
    assertArrayEquals(new float[] {2f, 4f, tenth, fifth}, run.stored("w_scale").floats());
    String uneven =
        VendorRun.refusal(
            weight(
                Specs.of(Storage.INT2)
                    .symmetric()
                    .realZeroPoints()
                    .weightOnly()
                    .perGroup(inputChannel(), 3)),
            product(w, 4, 2));
    assertTrue(uneven.contains("blocks of 3 do not divide its 4 elements along axis 0"), uneven);
  }

  /** An affine zero point is where zero lies, and need not be one of the values. */
  @Test
  void affineZeroPointsThatAreFractions() {
    float[] w = {-1f, 0f, 2f, 5f};
    SpecTemplate spec = Specs.of(Storage.UINT2).realZeroPoints().weightOnly();
    // s = (5 + 1) / 3 = 2, z = 1 / 2: 0, rne(.5) = 0, rne(1.5) = 2, 3.
    VendorRun run = runs(spec, product(w, 2, 2), new float[] {-1f, -1f, 3f, 5f}, 2, 2);
    assertArrayEquals(new long[] {0, 0, 2, 3}, run.stored("w_quantized").integers());
    String computed =
        VendorRun.refusal(
            BackendRules.named("acme")
                .rule("dense", op("MatMul"))
                .activation(uint8().realZeroPoints())
                .build(),
            product(w, 2, 2));
    assertTrue(
        computed.contains("it is computed, and zero points that are fractions are for constants"),
        computed);
  }

  @Test
  void fixedZeroPointsThatAreFractions() {
    SpecTemplate spec =
        fixed(
            QuantizedType.of(Storage.UINT2),
            new float[] {2f, 1f},
            new float[] {1.5f, 0.5f},
            outputChannel());
    float[] w = {3f, 2.5f, -1f, -0.5f};
    VendorRun run = runs(spec, product(w, 2, 2), new float[] {3f, 2.5f, -1f, -0.5f}, 2, 2);
    assertArrayEquals(new long[] {3, 3, 1, 0}, run.stored("w_quantized").integers());
  }
}

package dev.octet.tck.graphs;

import static dev.octet.api.graph.DataType.FLOAT;
import static dev.octet.api.graph.DataType.INT4;
import static dev.octet.api.graph.DataType.INT8;
import static dev.octet.api.graph.DataType.UINT4;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.tck.exact.RealProduct;
import dev.octet.tck.integers.IntegerDraft;
import dev.octet.tck.integers.Meaning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Composes products of floats with constants in integers: MatMul and Gemm, weights of 8 and 4 bits
 * with a scale for each output or for each group of inputs, and inputs that stay float, or become
 * integers while the model runs.
 */
public final class FloatProducts {

  /** What becomes of the input while the model runs. */
  public enum Activations {
    /** Nothing. */
    FLOAT,
    /** uint8 with one scale, by DynamicQuantizeLinear. */
    PER_TENSOR,
    /** int8 with a scale for each row, by one node for each operation. */
    PER_TOKEN;

    private String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** How the constant is stored: one scale for each output where groups have no size. */
  private record Stored(DataType type, int group) {
    private String word() {
      return type.toString().toLowerCase(Locale.ROOT) + (group == 0 ? "" : "-of-" + group);
    }
  }

  /** The operator, and how it reads its operands. */
  private record Form(String name, boolean transposed, boolean bias, List<Long> rows) {}

  private static final int INPUTS = 72;
  private static final int OUTPUTS = 19;
  private static final List<Stored> STORED =
      List.of(
          new Stored(INT8, 0),
          new Stored(INT8, 24),
          new Stored(INT4, 0),
          new Stored(INT4, 24),
          new Stored(INT4, 8),
          new Stored(UINT4, 24));
  private static final List<Form> FORMS =
      List.of(
          new Form("matmul", false, false, List.of(5L)),
          new Form("matmul-one-row", false, false, List.of(1L)),
          new Form("matmul-batch", false, false, List.of(2L, 3L)),
          new Form("gemm-transposed", true, true, List.of(7L)));

  /** Of rows of the input: usual, zero, all of one sign, large, small. */
  private static final float[] RANGES = {1, 0, -1, 1e6f, 1e-9f, 30, 0.01f};

  private final long seed;

  /** Makes a composer whose random numbers depend on a seed. */
  public FloatProducts(long seed) {
    this.seed = seed;
  }

  /** Returns the models in which the input is treated in one way. */
  public List<FloatProduct> all(Activations activations) {
    List<FloatProduct> all = new ArrayList<>();
    for (Form form : FORMS) {
      for (Stored stored : STORED) {
        String name = form.name() + "/" + activations.word() + "/" + stored.word();
        all.add(new Draft(name, form, stored).product(activations));
      }
    }
    return all;
  }

  /** One model while it is composed. */
  private final class Draft {
    private final String name;
    private final Form form;
    private final Stored stored;
    private final SplittableRandom random;
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final int rows;

    private Draft(String name, Form form, Stored stored) {
      this.name = name;
      this.form = form;
      this.stored = stored;
      this.random = RandomFloats.generator(seed, name);
      this.rows = form.rows().stream().mapToInt(Long::intValue).reduce(1, Math::multiplyExact);
    }

    FloatProduct product(Activations activations) {
      float[] given = input();
      float[] right = weight();
      List<String> operands = new ArrayList<>(List.of("", "w"));
      float[] bias = new float[OUTPUTS];
      if (form.bias()) {
        bias = floats(OUTPUTS);
        constants.put("bias", Tensor.of(bias, OUTPUTS));
        operands.add("bias");
      }
      RowSteps read = read(activations, given);
      operands.set(0, read.name());
      nodes.add(
          Node.of(
              "product",
              OpType.onnx(form.bias() ? "Gemm" : "MatMul"),
              operands,
              List.of("y"),
              form.transposed() ? new Attribute[] {Attribute.of("transB", 1L)} : new Attribute[0]));
      RealProduct expected = new RealProduct(read.meant(), right, bias, INPUTS);
      Tensor input = Tensor.of(given, sizes(INPUTS));
      return new FloatProduct(name, model(), input, "product", expected, read.steps());
    }

    private long[] sizes(long last) {
      return LongStream.concat(form.rows().stream().mapToLong(Long::longValue), LongStream.of(last))
          .toArray();
    }

    private float[] input() {
      float[] given = floats(rows * INPUTS);
      for (int row = 0; row < rows; row++) {
        float range = RANGES[row % RANGES.length];
        for (int k = 0; k < INPUTS; k++) {
          int at = row * INPUTS + k;
          given[at] = range < 0 ? range * Math.abs(given[at]) : range * given[at];
        }
      }
      return given;
    }

    private float[] floats(int count) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) (random.nextDouble() * 2 - 1);
      }
      return values;
    }

    /** Stores the constant, and returns what it means, column by column. */
    private float[] weight() {
      int group = stored.group() == 0 ? INPUTS : stored.group();
      int groups = INPUTS / group;
      float[] scales = new float[OUTPUTS * groups];
      long[] zeros = new long[scales.length];
      Meaning range = Meaning.perTensor(stored.type(), 1, 0);
      for (int i = 0; i < scales.length; i++) {
        scales[i] = 0.01f + 0.0007f * i;
        zeros[i] = stored.type() == UINT4 ? random.nextLong(range.max() + 1) : 0;
      }
      long[] integers = new long[OUTPUTS * INPUTS];
      float[] meant = new float[integers.length];
      for (int i = 0; i < integers.length; i++) {
        // Beyond 64, processors that add pairs of products in 16 bits would saturate.
        integers[i] = random.nextLong(Math.max(-64, range.min()), Math.min(64, range.max()) + 1);
        int of = i / INPUTS * groups + i % INPUTS / group;
        meant[i] = (integers[i] - zeros[of]) * scales[of];
      }
      store(integers, scales, zeros, groups);
      return meant;
    }

    private void store(long[] integers, float[] scales, long[] zeros, int groups) {
      constants.put("w_stored", laid(stored.type(), integers, INPUTS));
      float[] laid = new float[scales.length];
      for (int i = 0; i < laid.length; i++) {
        laid[place(i, groups)] = scales[i];
      }
      boolean grouped = stored.group() > 0;
      long[] sizes = grouped ? laidSizes(groups) : new long[] {OUTPUTS};
      constants.put("w_scale", Tensor.of(laid, sizes));
      List<String> operands = new ArrayList<>(List.of("w_stored", "w_scale"));
      if (stored.type() == UINT4) {
        constants.put("w_zero", laid(stored.type(), zeros, groups));
        operands.add("w_zero");
      }
      int inputAxis = form.transposed() ? 1 : 0;
      nodes.add(
          Node.of(
              "w_dq",
              OpType.onnx("DequantizeLinear"),
              operands,
              List.of("w"),
              grouped
                  ? new Attribute[] {
                    Attribute.of("axis", (long) inputAxis),
                    Attribute.of("block_size", (long) stored.group())
                  }
                  : new Attribute[] {Attribute.of("axis", 1L - inputAxis)}));
    }

    /** Where an element of a column stands in the constant. */
    private int place(int index, int inputs) {
      return form.transposed() ? index : index % inputs * OUTPUTS + index / inputs;
    }

    private long[] laidSizes(int inputs) {
      return form.transposed() ? new long[] {OUTPUTS, inputs} : new long[] {inputs, OUTPUTS};
    }

    private Tensor laid(DataType type, long[] columns, int inputs) {
      long[] laid = new long[columns.length];
      for (int i = 0; i < laid.length; i++) {
        laid[place(i, inputs)] = columns[i];
      }
      return Tensor.ofIntegers(type, laid, laidSizes(inputs));
    }

    private RowSteps read(Activations activations, float[] given) {
      return switch (activations) {
        case FLOAT -> RowSteps.none("x", given, rows);
        case PER_TENSOR -> perTensor(given);
        case PER_TOKEN -> perToken(given);
      };
    }

    private RowSteps perTensor(float[] given) {
      add("DynamicQuantizeLinear", List.of("x"), List.of("x_q", "x_scale", "x_zero"));
      add("DequantizeLinear", List.of("x_q", "x_scale", "x_zero"), List.of("x_dq"));
      return RowSteps.perTensor("x_dq", given, rows);
    }

    /** {@code clamp(rne(x * (1 / s)))} with {@code s = max(max|x| / 127.5, 2^-23)} of the row. */
    private RowSteps perToken(float[] given) {
      constants.put("last", Tensor.of(new long[] {-1}, 1));
      constants.put("half", Tensor.of(new float[] {127.5f}));
      constants.put("floor", Tensor.of(new float[] {RowSteps.FLOOR}));
      constants.put("one", Tensor.of(new float[] {1}));
      constants.put("lowest", Tensor.of(new float[] {-128}));
      constants.put("highest", Tensor.of(new float[] {127}));
      add("Abs", List.of("x"), List.of("x_abs"));
      add("ReduceMax", List.of("x_abs", "last"), List.of("x_most"));
      add("Div", List.of("x_most", "half"), List.of("x_unit"));
      add("Max", List.of("x_unit", "floor"), List.of("x_scale"));
      add("Div", List.of("one", "x_scale"), List.of("x_reciprocal"));
      add("Mul", List.of("x", "x_reciprocal"), List.of("x_steps"));
      add("Round", List.of("x_steps"), List.of("x_whole"));
      add("Clip", List.of("x_whole", "lowest", "highest"), List.of("x_clamped"));
      add("Cast", List.of("x_clamped"), List.of("x_q"), Attribute.of("to", INT8.onnxNumber()));
      add(
          "DequantizeLinear",
          List.of("x_q", "x_scale"),
          List.of("x_dq"),
          Attribute.of("axis", -1L),
          Attribute.of("block_size", (long) INPUTS));
      return RowSteps.perToken("x_dq", given, rows);
    }

    private void add(String op, List<String> operands, List<String> results, Attribute... more) {
      nodes.add(Node.of("n" + nodes.size(), OpType.onnx(op), operands, results, more));
    }

    private Model model() {
      List<ValueInfo> inputs = List.of(floats("x", INPUTS));
      List<ValueInfo> outputs = List.of(floats("y", OUTPUTS));
      Graph open = new Graph(name, inputs, List.of(), constants, nodes, Map.of(), Optional.empty());
      Map<String, ValueInfo> values =
          new LinkedHashMap<>(ShapeInference.infer(open, IntegerDraft.OPSET).values());
      values.remove("y");
      return Model.of(
          new Graph(name, inputs, outputs, constants, nodes, values, Optional.empty()),
          IntegerDraft.OPSET);
    }

    private ValueInfo floats(String value, long last) {
      return ValueInfo.of(value, TensorType.of(FLOAT, Shape.of(sizes(last))));
    }
  }
}

package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizationSpec.Observed;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleLevels;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.fixtures.jdk.GeneratedPage;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/modes.md tells what a product became in every mode, granularity and type, and ran on. */
class ModesPageTest {

  private static final Path PAGE = Path.of("..", "docs", "modes.md");
  private static final int ROWS = 3;
  private static final int DEPTH = 8;
  private static final int WIDTH = 4;

  /** Half a step of 8 bits in each factor of a sum, of its largest result. */
  private static final double CLOSE = 0.02;

  private static final OnnxFormat ONNX = new OnnxFormat();

  private static final List<Storage> STORED =
      List.of(
          Storage.INT8,
          Storage.UINT8,
          Storage.INT16,
          Storage.UINT16,
          Storage.INT4,
          Storage.UINT4,
          Storage.INT2,
          Storage.UINT2);

  /** What is quantized, and how: one line of the table before types with the same cells join. */
  private record Case(Mode mode, int operand, Granularity granularity, Scheme scheme) {
    Observed spec(Storage storage) {
      return Observed.of(QuantizedType.of(storage))
          .withScheme(scheme)
          .withGranularity(granularity)
          .withMode(mode);
    }

    String words() {
      String point = operand == 0 ? "activation" : "weight";
      return String.join(
          " | ",
          lower(mode),
          point,
          granularity.match(
              new Granularity.Cases<>(
                  whole -> "per tensor",
                  channel -> "per channel",
                  runs -> "per group",
                  block -> "per block",
                  token -> "per token")),
          lower(scheme.symmetry())
              + (scheme.zeroPoints() == Scheme.ZeroPoints.REAL ? ", real zero points" : "")
              + (scheme.levels().isPresent() ? ", scales of two levels" : ""));
    }
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    Granularity tensor = new Granularity.PerTensor();
    Granularity token = new Granularity.PerToken();
    Granularity block = new Granularity.PerBlock(List.of(2L, 2L));
    Granularity group = new Granularity.PerGroup(0, 4);
    Granularity channel = new Granularity.PerChannel(1);
    Scheme affine = Scheme.affine();
    Scheme symmetric = Scheme.symmetric();
    cases.add(new Case(Mode.STATIC, 0, tensor, affine));
    cases.add(new Case(Mode.STATIC, 0, channel, affine));
    for (Granularity granularity : List.of(tensor, token)) {
      cases.add(new Case(Mode.DYNAMIC, 0, granularity, affine));
      cases.add(new Case(Mode.DYNAMIC, 0, granularity, symmetric));
    }
    cases.add(new Case(Mode.DYNAMIC, 0, channel, affine));
    for (Mode mode : List.of(Mode.STATIC, Mode.WEIGHT_ONLY)) {
      for (Granularity granularity : List.of(tensor, channel, group, block)) {
        cases.add(new Case(mode, 1, granularity, symmetric));
      }
    }
    for (Granularity granularity : List.of(channel, group)) {
      Scheme real = symmetric.withZeroPoints(Scheme.ZeroPoints.REAL);
      cases.add(new Case(Mode.WEIGHT_ONLY, 1, granularity, real));
    }
    cases.add(
        new Case(
            Mode.WEIGHT_ONLY,
            1,
            group,
            symmetric.withLevels(ScaleLevels.integers(16, ScaleLevels.Over.ROW))));
    cases.add(new Case(Mode.WEIGHT_ONLY, 0, tensor, affine));
    cases.add(new Case(Mode.QUANTIZATION_AWARE, 0, tensor, affine));
    cases.add(new Case(Mode.QUANTIZATION_AWARE, 1, channel, symmetric));
    return cases;
  }

  private static float[] numbers(int count, int seed) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = ((i * 37 + seed) % 41 - 20) / 16f;
    }
    return numbers;
  }

  private static Model floats() {
    return CommandFixture.model(
        List.of(Node.of("dense", OpType.onnx("MatMul"), List.of("x", "w"), List.of("y"))),
        Map.of("w", Tensor.of(numbers(DEPTH * WIDTH, 5), DEPTH, WIDTH)),
        10,
        CommandFixture.value("x", "N", DEPTH),
        CommandFixture.value("y", "N", WIDTH));
  }

  private static Plan plan(int operand, QuantizationSpec spec) {
    Quantizer quantizer =
        new Quantizer() {
          @Override
          public void annotate(AnnotationContext context) {
            Node dense = context.graph().node("dense").orElseThrow();
            context.claim("dense", List.of(dense));
            context.markOperand(dense, operand, spec);
          }
        };
    Model read = ONNX.read(ONNX.toBytes(floats()), "float");
    return Quantization.plan(QuantizationRequest.of(read, QuantizerProvider.of("test", quantizer)));
  }

  private static Tensor sample() {
    return Tensor.of(numbers(ROWS * DEPTH, 11), ROWS, DEPTH);
  }

  private static QuantizedModel convert(Plan plan) {
    if (plan.observedGroups().isEmpty()) {
      return Quantization.convert(plan);
    }
    DataSource data = DataSource.of(plan.prepared().model().graph(), Map.of("x", sample()));
    return Quantization.convert(plan, Quantization.calibrate(plan, data, Execution.threads(1)));
  }

  private static BackendRuntime runtime(String name) {
    return QuantizerCatalog.discover(ModesPageTest.class.getClassLoader()).runtime(name);
  }

  private static float[] run(BackendRuntime runtime, Model model) {
    try (ExecutableModel loaded = runtime.load(LoadRequest.of(model, Parallelism.threads(1)))) {
      return loaded.run(Map.of("x", sample())).get("y").floats();
    }
  }

  private static boolean agree(float[] expected, float[] actual, double bound) {
    boolean agree = expected.length == actual.length;
    for (int i = 0; agree && i < expected.length; i++) {
      agree = Math.abs(expected[i] - actual[i]) <= bound;
    }
    return agree;
  }

  /** Returns the cells: export form, first operator set, and the runtimes. */
  private static String cells(Case made, Storage storage) {
    double step = 2 * 2.5 / ((1 << storage.dataType().bits()) - 1);
    return cells(made.operand, made.spec(storage), step);
  }

  private static String cells(int operand, QuantizationSpec spec, double step) {
    Model model;
    try {
      QuantizedModel quantized = convert(plan(operand, spec));
      model = ONNX.read(ONNX.toBytes(quantized.model()), "quantized");
    } catch (OctetException e) {
      return "refused: `" + e.id() + "` | | |";
    }
    float[] cpu = run(runtime("cpu"), model);
    float[] exact = run(runtime("cpu"), floats());
    assertTrue(agree(exact, cpu, DEPTH * 1.25 * step), spec + " at operand " + operand);
    String form =
        model.graph().nodes().stream()
            .map(node -> node.op().name())
            .filter(op -> !op.equals("MatMul"))
            .collect(Collectors.joining(", "));
    return form + " | " + model.opset() + " | yes | " + onnxRuntime(model, cpu);
  }

  private static String onnxRuntime(Model model, float[] cpu) {
    float[] numbers;
    try {
      numbers = run(runtime("onnxruntime"), model);
    } catch (OctetException e) {
      return "no";
    }
    double largest = 0;
    for (float number : cpu) {
      largest = Math.max(largest, Math.abs(number));
    }
    boolean close = agree(cpu, numbers, largest * CLOSE);
    return agree(cpu, numbers, 1e-5) ? "yes" : close ? "close" : "other numbers";
  }

  private static String table() {
    StringBuilder table = new StringBuilder();
    table.append("| mode | point | granularity | scheme | types | nodes | from operator set");
    table.append(" | `cpu` | `onnxruntime` |\n|---|---|---|---|---|---|---|---|---|\n");
    for (Case made : cases()) {
      Map<String, List<String>> types = new LinkedHashMap<>();
      for (Storage storage : STORED) {
        types.computeIfAbsent(cells(made, storage), cells -> new ArrayList<>()).add(lower(storage));
      }
      types.forEach(
          (cells, names) -> {
            String all = names.size() == STORED.size() ? "all" : String.join(", ", names);
            table.append("| " + made.words() + " | " + all + " | " + cells + " |\n");
          });
    }
    return table.toString();
  }

  private static String narrowTable() {
    StringBuilder table = new StringBuilder();
    table.append("| type | point | nodes | from operator set | `cpu` | `onnxruntime` |\n");
    table.append("|---|---|---|---|---|---|\n");
    for (DataType type : QuantizationSpec.NarrowFloat.TYPES) {
      for (int operand = 0; operand < 2; operand++) {
        String cells = cells(operand, new QuantizationSpec.NarrowFloat(type), 0x1p-11);
        String point = operand == 0 ? "activation" : "weight";
        table.append("| " + type.name().toLowerCase(Locale.ROOT) + " | " + point + " | ");
        table.append(cells + " |\n");
      }
    }
    return table.toString();
  }

  @Test
  void thePageIsCurrent() throws IOException {
    String page =
        """
        # Modes

        When scales and zero points are found, where they can be, and what is written. [Writing a backend](annotation.md) says how a backend asks for a
        mode, [the arithmetic](arithmetic.md#computed-while-the-model-runs) what the nodes compute.

        * **static**: before the model is converted; those of activations from data, those of constants from themselves.
        * **dynamic**: while the model runs, from each tensor or each row along the innermost axis. No data is needed.
          Inside the bodies of If, Loop and Scan the nodes are the same and stand in the body. Scales for each row need the length of the rows, which a body
          states for what it is given; where it is not known, `OCT-CONV-019` names the node and the value.
        * **weight-only**: from the constant; the operator computes in float. No data is needed.
        * **quantization-aware**: in training. Plans and decisions hold such points, with the finding `OCT-PLAN-101`; they are not converted.

        `octet quantize` without `--data` and `octet convert` without `--calibration` do whatever has no static activation. With `--data`, `octet quantize` then says what is
        lost by the whole, and by each layer as [`octet source`](source-quantization.md#which-layers) does.

        The table is written by a test. It quantizes one operand of a MatMul of operator set 10, writes the model, reads it again, and runs it: `yes` for
        `cpu` means within the error of its steps of the float product, `yes` for `onnxruntime` the numbers of `cpu` within 1e-5, `close` within 2 % of the largest of
        them. Types are whole ranges. Outside of Octet, ONNX Runtime fuses a MatMul with the DequantizeLinear of its weight, and by default quantizes the
        float activations of such a product to 8 bits (its `session.qdq_matmulnbits_accuracy_level`, 4); `onnxruntime` asks for 1, which computes in float.

        * **Blocks** that share a scale along several axes, **real zero points** (1.5 of `uint2`) and int64 are beyond DequantizeLinear. It, with a scale of 1, or a
          Cast gives the integers as floats, a Sub takes the zero points from them, a Mul multiplies by the scales: `(q - z) * s`, each operation rounded once.
          Blocks must divide their axes, which are two axes between the Reshapes. Real zero points are added before rounding: `q = clamp(rne(w / s + z))`.
        * **Scales of two levels** are stored as the float32 products, rounded once, of factor and shared scale; the plan says how they are made. A file could
          hold both levels, the factors as small integers whose DequantizeLinear gives the weight's one its scales: `cpu` and `onnxruntime` run such a file with
          the same numbers (a test has one). It is not written, since tools look for constant scales: what reads them as computed shows no numbers, as `inspect`
          does, and a fusion that wants constants, such as ONNX Runtime's of a MatMul with its weight, leaves the product in float. The largest scale of a row is
          the largest factor times the shared one, so that both follow from the products. Scales of
          a float8 grid (`float8-e8m0`, `float8-e4m3`) are stored as float32, which has all of their values.
        * **Weights of experts**, of three dimensions, with a scale for each expert and output channel are groups along the input channels, each all of the axis.

        """
            + table()
            + """

            ## Narrow floats

            A point may become a narrower float instead of integers: `float16()` in a table, `narrowFloat(type)` for the others. It has no scale, and no data is needed.
            The value is rounded to float16, to nearest, ties to even, by a Cast, and a Cast back gives what the operator reads: it computes in float, as between
            DequantizeLinear and QuantizeLinear. A constant is stored as float16 and has the Cast back alone. What lies beyond 65504 by half a step or more becomes infinite;
            of constants, the plan says so beforehand (`OCT-PLAN-103`), and also where all of one becomes 0, as a small epsilon does. Of activations nothing is known
            before the model runs, since they need no data. bfloat16 becomes infinite, too; the four kinds of float8 saturate, as ONNX's Cast does. A rounded result keeps its name, and everyone reads it rounded. Inputs and outputs of the model stay float. Points of the other types are planned, with the
            finding `OCT-PLAN-101`, and not converted.

            """
            + narrowTable();
    new GeneratedPage("cli", ModesPageTest.class).requireCurrent(PAGE, page);
  }

  @Test
  void theOldestOperatorSetWithRoomIsTaken() {
    Observed dynamic = Observed.of(QuantizedType.of(Storage.INT8)).withMode(Mode.DYNAMIC);
    assertEquals(11, convert(plan(0, dynamic)).model().opset());
    Observed rows = dynamic.withGranularity(new Granularity.PerToken());
    assertEquals(21, convert(plan(0, rows)).model().opset());
  }
}

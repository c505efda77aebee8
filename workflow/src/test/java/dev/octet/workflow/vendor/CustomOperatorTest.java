package dev.octet.workflow.vendor;

import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.int8;
import static dev.octet.annotation.rules.Specs.outputChannel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.option.Options;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.BuiltFor;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.CustomOperator;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.run.NamedRuntime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A backend that brings an operator of its own, from the plan to the run. */
class CustomOperatorTest {

  private static final OpType FANCY = new OpType("acme", "FancyOp");
  private static final int SAMPLES = 9;

  /** acme.FancyOp: {@code y = x * |x|}, and the sum of each row behind it. */
  private static class Fancy implements CustomOperator {
    @Override
    public OpType op() {
      return FANCY;
    }

    @Override
    public Optional<String> refusal(Node node) {
      return node.attributes().isEmpty() ? Optional.empty() : Optional.of("it takes no attributes");
    }

    @Override
    public List<TensorType> results(Node node, List<Optional<TensorType>> operands) {
      List<Dimension> sizes = operands.get(0).orElseThrow().shape().orElseThrow().dimensions();
      List<Dimension> wider = List.of(sizes.get(0), Dimension.of(5));
      return List.of(TensorType.of(DataType.FLOAT, new Shape(wider)));
    }

    @Override
    public List<Tensor> compute(Node node, List<Optional<Tensor>> operands) {
      Tensor x = operands.get(0).orElseThrow();
      float[] values = x.floats();
      int rows = Math.toIntExact(x.sizes()[0]);
      float[] y = new float[rows * 5];
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i < 4; i++) {
          y[5 * r + i] = values[4 * r + i] * Math.abs(values[4 * r + i]);
          y[5 * r + 4] += y[5 * r + i];
        }
      }
      return List.of(Tensor.of(y, rows, 5));
    }
  }

  /** int8 dense layers, and the own operator between them. */
  @BuiltFor(ApiVersion.CURRENT)
  private static final class Acme extends RuleBackend {
    private final CustomOperator operator;

    Acme(CustomOperator operator) {
      super("acme", "The Acme accelerator.");
      this.operator = operator;
    }

    @Override
    public BackendRules rules(Options options) {
      return BackendRules.named(name())
          .rule("dense", op("Gemm").constantOperand(1))
          .activation(int8())
          .weight(int8().symmetric().perChannel(outputChannel()))
          .output(int8())
          .rule("fancy", op("acme.FancyOp"))
          .activation(int8())
          .output(int8())
          .build();
    }

    @Override
    public List<CustomOperator> operators() {
      return List.of(operator);
    }

    @Override
    public Optional<BackendRuntime> runtime() {
      return Optional.of(new ReferenceRuntime());
    }
  }

  private static Model model(Node fancy) {
    TensorType in =
        TensorType.of(
            DataType.FLOAT, new Shape(List.of(new Dimension.Symbolic("N"), Dimension.of(4))));
    TensorType out =
        TensorType.of(
            DataType.FLOAT, new Shape(List.of(new Dimension.Symbolic("N"), Dimension.of(2))));
    float[] first = {1, 0, 0, 0.5f, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0.25f, 1};
    float[] second = {1, 0, 0, 1, 1, -1, 0.5f, 0, 0, 0.125f};
    Graph graph =
        new Graph(
            "g",
            List.of(ValueInfo.of("in", in)),
            List.of(ValueInfo.of("out", out)),
            Map.of("w1", Tensor.of(first, 4, 4), "w2", Tensor.of(second, 5, 2)),
            List.of(
                Node.of("d1", OpType.onnx("Gemm"), List.of("in", "w1"), List.of("h")),
                fancy,
                Node.of("d2", OpType.onnx("Gemm"), List.of("f", "w2"), List.of("out"))),
            Map.of(),
            Optional.empty());
    return Model.of(graph, 13).withOpset("acme", 1);
  }

  private static Node fancy() {
    return Node.of("fancy", FANCY, List.of("h"), List.of("f"));
  }

  private static Tensor samples() {
    float[] values = new float[SAMPLES * 4];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 37 % 61 - 30) / 16f;
    }
    return Tensor.of(values, SAMPLES, 4);
  }

  private static Plan plan(CustomOperator operator, Node node) {
    return Quantization.plan(QuantizationRequest.of(model(node), new Acme(operator)));
  }

  private static Calibration calibrate(Plan plan, Execution execution) {
    return Quantization.calibrate(
        plan, DataSource.of(plan.prepared().model().graph(), Map.of("in", samples())), execution);
  }

  private static NamedRuntime runtime(QuantizerProvider provider) {
    return NamedRuntime.of(QuantizerCatalog.of(List.of(provider)), "acme");
  }

  @Test
  void aModelWithItPlansCalibratesConvertsAndRuns() {
    Plan plan = plan(new Fancy(), fancy());
    assertEquals(3, plan.nodes().stream().filter(n -> n.quantized()).count());
    assertTrue(plan.findings().isEmpty(), plan.findings().toString());
    Model converted = Quantization.convert(plan, calibrate(plan, Execution.threads(2))).model();
    try (ExecutableModel reference =
            runtime(new Acme(new Fancy())).load(model(fancy()), Execution.threads(1));
        ExecutableModel quantized =
            runtime(new Acme(new Fancy())).load(converted, Execution.threads(1))) {
      float[] exact = reference.run(Map.of("in", samples())).get("out").floats();
      float[] near = quantized.run(Map.of("in", samples())).get("out").floats();
      float[] byHand = byHand();
      for (int i = 0; i < exact.length; i++) {
        assertEquals(byHand[i], exact[i], 1e-5f, "float " + i);
        assertEquals(exact[i], near[i], 0.35f, "int8 " + i);
      }
    }
  }

  private static float[] byHand() {
    float[] x = samples().floats();
    float[] out = new float[SAMPLES * 2];
    for (int r = 0; r < SAMPLES; r++) {
      float a = x[4 * r];
      float b = x[4 * r + 1];
      float c = x[4 * r + 2] + 0.25f * x[4 * r + 3];
      float d = 0.5f * a + x[4 * r + 3];
      float[] f = {a * Math.abs(a), b * Math.abs(b), c * Math.abs(c), d * Math.abs(d)};
      float sum = f[0] + f[1] + f[2] + f[3];
      out[2 * r] = f[0] + f[2] + 0.5f * f[3];
      out[2 * r + 1] = f[1] - f[2] + 0.125f * sum;
    }
    return out;
  }

  @Test
  void itsTypesAreKnownToThePlanAndTheExecutor() {
    Plan plan = plan(new Fancy(), fancy());
    assertEquals("FLOAT[N, 5]", plan.prepared().model().graph().type("f").orElseThrow().toString());
  }

  @Test
  void threadsChangeNoBit() throws Exception {
    Plan plan = plan(new Fancy(), fancy());
    Calibration one = calibrate(plan, Execution.threads(1));
    assertEquals(one.contentHash(), calibrate(plan, Execution.threads(4)).contentHash());
    ExecutorService callers = Executors.newFixedThreadPool(8);
    try (ExecutableModel loaded =
        runtime(new Acme(new Fancy())).load(model(fancy()), Execution.threads(2))) {
      Map<String, Tensor> alone = loaded.run(Map.of("in", samples()));
      Callable<Map<String, Tensor>> run = () -> loaded.run(Map.of("in", samples()));
      List<Callable<Map<String, Tensor>>> runs =
          IntStream.range(0, 200).mapToObj(i -> run).toList();
      for (Future<Map<String, Tensor>> result : callers.invokeAll(runs)) {
        assertEquals(alone, result.get());
      }
    } finally {
      callers.shutdown();
    }
  }

  @Test
  void withoutItsKernelTheModelIsNotRun() {
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                NamedRuntime.of("cpu", new ReferenceRuntime())
                    .load(model(fancy()), Execution.threads(1)));
    assertEquals("OCT-GRAPH-001", e.id());
    assertTrue(e.fact().contains("'fancy' (acme.FancyOp: there is no kernel"), e.fact());
  }

  @Test
  void aNodeThatItRefusesIsNamedWithItsReason() {
    Node odd =
        Node.of(
            "fancy",
            FANCY,
            List.of("h"),
            List.of("f"),
            dev.octet.api.graph.Attribute.of("fast", 1L));
    Plan plan = plan(new Fancy(), odd);
    assertTrue(
        plan.findings().stream().anyMatch(f -> f.message().contains("it takes no attributes")),
        plan.findings().toString());
    OctetException e =
        assertThrows(OctetException.class, () -> calibrate(plan, Execution.threads(1)));
    assertEquals("OCT-GRAPH-001", e.id());
  }

  @Test
  void whatItThrowsIsLaidToTheBackend() {
    Plan plan =
        plan(
            new Fancy() {
              @Override
              public List<Tensor> compute(Node node, List<Optional<Tensor>> operands) {
                throw new IllegalStateException("no licence");
              }
            },
            fancy());
    assertFailure(
        plan,
        "operator 'acme.FancyOp' of backend 'acme' failed in compute:"
            + " java.lang.IllegalStateException: no licence");
  }

  @Test
  void aResultOfAnotherTypeIsLaidToTheBackend() {
    Plan plan =
        plan(
            new Fancy() {
              @Override
              public List<Tensor> compute(Node node, List<Optional<Tensor>> operands) {
                return List.of(operands.get(0).orElseThrow());
              }
            },
            fancy());
    OctetException e =
        assertThrows(OctetException.class, () -> calibrate(plan, Execution.threads(1)));
    assertEquals("OCT-REG-006", e.id());
    assertTrue(e.fact().contains("failed in compute: result 0 is FLOAT["), e.fact());
  }

  private static void assertFailure(Plan plan, String fact) {
    OctetException e =
        assertThrows(OctetException.class, () -> calibrate(plan, Execution.threads(1)));
    assertEquals("OCT-REG-006", e.id());
    assertEquals(fact, e.fact());
    String place = e.place().orElseThrow();
    assertTrue(place.startsWith("node 'fancy', " + Acme.class.getName() + " in "), place);
  }

  @Test
  void anOperatorOfAnothersDomainIsRefused() {
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                plan(
                    new Fancy() {
                      @Override
                      public OpType op() {
                        return OpType.onnx("Gelu");
                      }
                    },
                    fancy()));
    assertEquals("OCT-REG-006", e.id());
    assertEquals("backend 'acme' failed in operators: the domain of Gelu is not its own", e.fact());
  }
}

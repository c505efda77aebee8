package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.policy.Policy;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.QuantizedFile;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.GroupStatistics;
import dev.octet.workflow.convert.ConversionReport;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.evaluate.Evaluation;
import dev.octet.workflow.evaluate.LayerErrors;
import dev.octet.workflow.evaluate.Requirement;
import dev.octet.workflow.evaluate.Verdict;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.inspect.Inspection;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.plan.PlannedNode;
import dev.octet.workflow.provenance.Claims;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.run.NamedRuntime;
import dev.octet.workflow.source.GptqConfig;
import dev.octet.workflow.source.LayerOutcome;
import dev.octet.workflow.source.ModelForm;
import dev.octet.workflow.source.SchemeName;
import dev.octet.workflow.source.SchemeOptions;
import dev.octet.workflow.source.SourceRecipe;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a value says of itself fits a line of a log, whatever it holds. */
class ValueTextsTest {

  private static final int MOST = 240;
  private static final int LAYERS = 12;
  private static final int WIDTH = 24;
  private static final int MANY = 60;
  private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]{4,8}\\b");

  /** Some of what has to be met on the way, so that the way is not a short one. */
  private static final List<Class<?>> HELD =
      List.of(
          Graph.class,
          Node.class,
          Tensor.class,
          Tree.Mapping.class,
          QuantizationParameters.class,
          Capability.class,
          PlanDocument.class,
          PlannedNode.class,
          GroupStatistics.class,
          ConversionReport.class,
          LayerErrors.class,
          Report.class,
          GptqConfig.class,
          LayerOutcome.class);

  @TempDir Path folder;

  @Test
  void everyValueOfAQuantizationFitsALine() throws Exception {
    Map<String, String> found = new TreeMap<>();
    Set<String> types = new TreeSet<>();
    for (Object value : reachable(roots())) {
      Class<?> type = value.getClass();
      if (isValue(type)) {
        types.add(type.getName());
        fault(value).ifPresent(fault -> found.putIfAbsent(type.getName(), fault));
      }
    }
    assertEquals(Map.of(), found);
    for (Class<?> type : HELD) {
      assertTrue(types.contains(type.getName()), type + " is not looked at");
    }
  }

  private static Optional<String> fault(Object value) {
    String text = value.toString();
    boolean fits =
        text.length() <= MOST && text.lines().count() == 1 && !IDENTITY.matcher(text).find();
    return fits
        ? Optional.empty()
        : Optional.of(text.length() + ": " + text.substring(0, Math.min(MOST, text.length())));
  }

  /** Returns what a program holds in its hands when it quantizes a model. */
  private List<Object> roots() throws IOException {
    CommandFixture files = new CommandFixture(folder);
    Path file = files.file("m.onnx");
    Catalogs catalogs = Catalogs.discover(ValueTextsTest.class.getClassLoader());
    catalogs.formats().write(chain(), file);
    Model model = catalogs.read(file);
    float[][] samples = new float[4][WIDTH];
    Arrays.setAll(samples, i -> ramp(WIDTH, i));
    List<Object> roots = new ArrayList<>(List.of(catalogs, model, Policy.none()));
    DataSource data =
        DataSource.of(model.graph(), new long[] {WIDTH}, samples).labelled(0, 1, 2, 3);
    Execution execution = Execution.threads(1);
    roots.addAll(List.of(data, execution));
    QuantizerProvider provider = catalogs.backend("xnnpack");
    roots.add(provider.capabilities(Options.none()));
    QuantizationRequest request = QuantizationRequest.of(model, provider);
    Plan plan = Quantization.plan(request, execution);
    Calibration calibration = Quantization.calibrate(plan, data, execution);
    QuantizedModel quantized = Quantization.convert(plan, calibration, execution);
    roots.addAll(List.of(request, plan, calibration, quantized));
    roots.add(QuantizedFile.write(catalogs, file, plan, quantized, files.file("q.onnx")));
    NamedRuntime cpu = catalogs.runtime("cpu");
    Evaluation evaluation = Evaluation.withLayers(cpu, quantized.model(), model, data, execution);
    Requirement sqnr = Requirement.parse("sqnr>=20");
    roots.addAll(List.of(cpu, evaluation, Verdict.of(List.of(sqnr), evaluation)));
    roots.addAll(List.of(Inspection.of(plan), Claims.of(quantized.model())));
    roots.addAll(sourceQuantization(model));
    return roots;
  }

  private static List<Object> sourceQuantization(Model model) {
    List<Object> roots = new ArrayList<>();
    for (SchemeName scheme : SchemeName.values()) {
      roots.add(scheme.scheme(SchemeOptions.none()));
    }
    SourceRecipe recipe =
        new SourceRecipe(
            SchemeName.of("int8dyn-int4"),
            SchemeOptions.none(),
            false,
            false,
            List.of(),
            ModelForm.of("qdq"));
    roots.addAll(List.of(recipe, recipe.quantize(model)));
    return roots;
  }

  private static Model chain() {
    List<Node> nodes = new ArrayList<>();
    Map<String, Tensor> constants = new LinkedHashMap<>();
    String last = "in";
    for (int i = 0; i < LAYERS; i++) {
      String name = "/encoder/layers." + i + "/linear/MatMul";
      constants.put(name + ".weight", Tensor.of(ramp(WIDTH * WIDTH, i), WIDTH, WIDTH));
      constants.put(name + ".bias", Tensor.of(ramp(WIDTH, i), WIDTH));
      nodes.add(
          Node.of(
              name,
              OpType.onnx("Gemm"),
              List.of(last, name + ".weight", name + ".bias"),
              List.of(name + "_output_0")));
      last = i == LAYERS - 1 ? "out" : name + "_relu_0";
      nodes.add(
          Node.of(name + ".relu", OpType.onnx("Relu"), List.of(name + "_output_0"), List.of(last)));
    }
    return CommandFixture.model(
        nodes,
        constants,
        21,
        CommandFixture.value("in", "N", WIDTH),
        CommandFixture.value("out", "N", WIDTH));
  }

  private static float[] ramp(int count, int from) {
    float[] ramp = new float[count];
    for (int i = 0; i < count; i++) {
      ramp[i] = ((i + from) % 7 - 3) / 16f;
    }
    return ramp;
  }

  private static boolean isValue(Class<?> type) {
    return type.getName().startsWith("dev.octet.") && isPublic(type) && !type.isEnum();
  }

  private static boolean isPublic(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
  }

  /** Returns these and what they hand out, as far as there are not many of its kind already. */
  private static Set<Object> reachable(List<Object> roots) throws IllegalAccessException {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Map<Class<?>, Integer> counts = new HashMap<>();
    Deque<Object> left = new ArrayDeque<>(roots);
    while (!left.isEmpty()) {
      Object next = left.poll();
      boolean few =
          !isValue(next.getClass()) || counts.merge(next.getClass(), 1, Integer::sum) <= MANY;
      if (few && seen.add(next)) {
        left.addAll(parts(next));
      }
    }
    return seen;
  }

  private static List<Object> parts(Object whole) throws IllegalAccessException {
    if (whole instanceof Map<?, ?> map) {
      List<Object> parts = new ArrayList<>(map.keySet());
      parts.addAll(map.values());
      return parts;
    }
    if (whole instanceof Iterable<?> all && !(whole instanceof Path)) {
      List<Object> parts = new ArrayList<>();
      all.forEach(parts::add);
      return parts;
    }
    if (whole instanceof Optional<?> one) {
      return one.stream().<Object>map(part -> part).toList();
    }
    return isValue(whole.getClass()) ? given(whole) : List.of();
  }

  /** Returns what the methods without parameters give, except those that do something. */
  private static List<Object> given(Object value) throws IllegalAccessException {
    List<Object> given = new ArrayList<>();
    for (Method method : value.getClass().getMethods()) {
      boolean own =
          isPublic(method.getDeclaringClass()) && method.getDeclaringClass() != Object.class;
      boolean asks =
          method.getParameterCount() == 0
              && !Modifier.isStatic(method.getModifiers())
              && method.getReturnType() != void.class;
      if (own && asks) {
        try {
          Object part = method.invoke(value);
          if (part != null) {
            given.add(part);
          }
        } catch (InvocationTargetException e) {
          // Not every question has an answer: the first sample of none, for instance.
          continue;
        }
      }
    }
    return given;
  }
}

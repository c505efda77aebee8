package dev.octet.workflow.source;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.api.tree.Tree;
import dev.octet.kernels.array.SmallFloat;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.source.TorchaoCases.Case;
import dev.octet.workflow.source.TorchaoCases.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Single linear layers of torchao as models and schemes of Octet. */
final class TorchaoLayers {

  private static final Map<String, DataType> SHOWN =
      Map.of(
          "x_scale", DataType.FLOAT, "x_zero_point", DataType.INT8, "x_quantized", DataType.INT8);

  private TorchaoLayers() {}

  static FloatPrecision precision(Case one) {
    String word = one.word("precision", one.word("model_dtype", "float32"));
    return FloatPrecision.valueOf(word.toUpperCase(Locale.ROOT));
  }

  static SourceScheme scheme(Case one) {
    FloatPrecision precision = precision(one);
    if (one.was("Int8DynActInt4WeightQuantizer")) {
      return Int8DynActInt4WeightQuantizer.builder()
          .groupSize(one.number("groupsize"))
          .precision(precision)
          .scalesPrecision(scales(one.word("scales_precision", "float32")))
          .mappingType(mapping(one.word("mapping_type", "SYMMETRIC")))
          .build();
    }
    if (one.was("Int8WeightOnlyConfig")) {
      return Int8WeightOnlyConfig.builder()
          .granularity(granularity(one.word("granularity", "")))
          .precision(precision)
          .build();
    }
    if (one.was("Int8DynamicActivationInt8WeightConfig")) {
      Tree given = one.args().get("granularity");
      List<Tree> both = given.isList() ? given.asItems() : List.of(given, given);
      return Int8DynamicActivationInt8WeightConfig.builder()
          .actMappingType(mapping(one.word("act_mapping_type", "")))
          .activationsPerToken(both.get(0).asText().equals("perrow"))
          .granularity(granularity(both.get(1).asText()))
          .reduceRange(one.isSet("reduce_range"))
          .precision(precision)
          .build();
    }
    String storedScales = one.word("weight_scale_dtype", one.word("scale_dtype", ""));
    FloatPrecision scales = storedScales.isEmpty() ? precision : scales(storedScales);
    int bits = Integer.parseInt(one.word("weight_dtype", "").substring("int".length()));
    if (one.was("IntxWeightOnlyConfig")) {
      return IntxWeightOnlyConfig.builder()
          .weightBits(bits)
          .granularity(granularity(one.word("granularity", "")))
          .mappingType(mapping(one.word("mapping_type", "SYMMETRIC")))
          .precision(precision)
          .scalesPrecision(scales)
          .chooseQparamsAlgorithm(algorithm(one))
          .build();
    }
    assertTrue(one.was("Int8DynamicActivationIntxWeightConfig"), one.function());
    return Int8DynamicActivationIntxWeightConfig.builder()
        .weightBits(bits)
        .granularity(granularity(one.word("weight_granularity", "")))
        .mappingType(mapping(one.word("weight_mapping_type", "SYMMETRIC")))
        .precision(precision)
        .scalesPrecision(scales)
        .chooseQparamsAlgorithm(algorithm(one))
        .build();
  }

  private static ScaleAlgorithm algorithm(Case one) {
    return ScaleAlgorithm.valueOf(
        one.word("intx_choose_qparams_algorithm", "affine").toUpperCase(Locale.ROOT));
  }

  static FloatPrecision scales(String word) {
    return FloatPrecision.valueOf(word.toUpperCase(Locale.ROOT));
  }

  static Mapping mapping(String word) {
    return Mapping.valueOf(word);
  }

  static WeightGranularity granularity(String word) {
    return switch (word) {
      case "axis0", "perrow" -> WeightGranularity.perRow();
      case "pertensor" -> WeightGranularity.perTensor();
      default -> WeightGranularity.perGroup(Integer.parseInt(word.substring("group".length())));
    };
  }

  static Model model(Case one) {
    Numbers weight = one.input("weight");
    Models models =
        new Models()
            .samples("x", weight.sizes()[1])
            .output("y", 2)
            .constant("w", Tensor.of(weight.elements(), weight.sizes()));
    List<String> operands = new ArrayList<>(List.of("x", "w"));
    one.optionalInput("bias")
        .ifPresent(
            bias -> {
              models.vector("b", bias.elements());
              operands.add("b");
            });
    return models.node("linear", "Gemm", operands, "y", Attribute.of("transB", 1L)).model(21);
  }

  /** Runs a model and shows what becomes of its input, and the sums of magnitudes. */
  static Map<String, Tensor> run(Model model, Numbers x) {
    Graph graph = model.graph();
    GraphEditor editor = new GraphEditor(graph);
    List<ValueInfo> outputs = new ArrayList<>(graph.outputs());
    for (Node node : graph.nodes()) {
      String value = node.results().get(0);
      if (SHOWN.containsKey(value)) {
        editor.insertLast(
            Node.of(
                "show_" + value,
                OpType.onnx("Identity"),
                List.of(value),
                List.of("shown_" + value)));
        DataType type = SHOWN.get(value);
        outputs.add(
            ValueInfo.of("shown_" + value, new ValueType.TensorType(type, Optional.empty())));
      }
    }
    editor.setOutputs(outputs);
    Graph shown = editor.finish().graph();
    try (ExecutableModel loaded =
        new ReferenceRuntime()
            .load(LoadRequest.of(model.withGraph(shown), Parallelism.threads(1)))) {
      return loaded.run(Map.of("x", Tensor.of(x.elements(), x.sizes())));
    }
  }

  /** Returns the scales that a constant holds, in whatever type they are stored. */
  static float[] scales(Graph graph, String name) {
    Tensor stored = graph.initializers().get(name);
    if (stored.dataType() == DataType.FLOAT) {
      return stored.floats();
    }
    SmallFloat type =
        stored.dataType() == DataType.FLOAT16 ? SmallFloat.FLOAT16 : SmallFloat.BFLOAT16;
    short[] bits = stored.shorts();
    float[] scales = new float[bits.length];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = (float) type.value(bits[i]);
    }
    return scales;
  }

  static float[] floats(long[] integers) {
    float[] floats = new float[integers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = integers[i];
    }
    return floats;
  }
}

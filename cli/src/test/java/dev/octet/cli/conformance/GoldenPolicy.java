package dev.octet.cli.conformance;

import dev.octet.annotation.policy.ModulePosition;
import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.Selector;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.option.Options;
import dev.octet.cli.conformance.GoldenDecisions.TorchNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how a quantizer of PyTorch was made as options and a policy of ours. */
final class GoldenPolicy {

  private static final Pattern CALL = Pattern.compile("\\.(set_\\w+)\\((.*?)\\)(?=\\.set_|$)");
  private static final Pattern OUTSIDE = Pattern.compile("node not in module (.*)");

  private GoldenPolicy() {}

  /** Returns the options that the name of a configuration stands for. */
  static Options options(String config) {
    return switch (config.substring(config.indexOf('.') + 1)) {
      case "static_pc", "pc", "default", "8a8w_pc" -> Options.none();
      case "tosa_a8w8_pc", "vgf_a8w8_pc" -> Options.none();
      // The older form of TOSAQuantizer quantizes inputs and outputs only if told to.
      case "tosa_a8w8_pc_v1" -> new Options(Map.of("exclude", List.of("input:*", "output:*")));
      case "ethosu55_a8w8_pc" -> Options.none();
      case "ethosu55_a8w8_pc_uint8_io" -> Options.of("boundary", "uint8");
      case "static_pt", "pt", "8a8w_pt", "tosa_a8w8_pt" -> Options.of("per-channel", "false");
      case "static_qc4", "qc4" -> Options.of("weight-bits", "4");
      case "dynamic_pc", "dynamic" -> Options.of("mode", "dynamic");
      case "dynamic_pt" -> Options.of("mode", "dynamic", "per-channel", "false");
      case "dynamic_qc4" -> Options.of("mode", "dynamic", "weight-bits", "4");
      case "qat_pc", "qat", "8a8w_pc_qat", "tosa_a8w8_pc_qat" -> Options.of("mode", "qat");
      case "tosa_a8w4_pc", "8a4w_pc" -> Options.of("weight-bits", "4");
      case "tosa_a16w8_pc", "16a8w_pc" -> Options.of("activation-bits", "16");
      case "16a4w_pc" -> Options.of("activation-bits", "16", "weight-bits", "4");
      case "16a16w_pt" ->
          Options.of("activation-bits", "16", "weight-bits", "16", "per-channel", "false");
      case "vgf_snorm" -> Options.of("snorm", "true");
      case "qat_pt" -> Options.of("mode", "qat", "per-channel", "false");
      case "reduce_range" -> Options.of("reduce-range", "true");
      default -> throw new IllegalArgumentException("unknown configuration " + config);
    };
  }

  /** Tells whether nodes that the policy does not select are quantized. */
  static boolean isGlobal(GoldenDecisions golden) {
    return golden.call().contains(".set_global(");
  }

  /** Returns the policy of a file whose name says so; the empty policy for others. */
  static Policy of(GoldenDecisions golden, Graph original) {
    if (!golden.file().contains("_policy.")) {
      return Policy.none();
    }
    Policy.Builder policy = Policy.builder().modules(modules(golden, original));
    Matcher calls = CALL.matcher(golden.call());
    while (calls.find()) {
      add(policy, calls.group(1), calls.group(2));
    }
    return policy.build();
  }

  private static void add(Policy.Builder policy, String method, String text) {
    List<String> arguments = List.of(text.split(", ", 2));
    String last = arguments.get(arguments.size() - 1);
    switch (method) {
      case "set_global" -> policy.global(options(last));
      case "set_filter_function" -> {
        Matcher module = OUTSIDE.matcher(text);
        if (!module.matches()) {
          throw new IllegalArgumentException("unknown filter " + text);
        }
        policy.exclude(Selector.module(module.group(1)));
      }
      case "set_module_name", "set_module_name_qconfig" ->
          add(policy, Selector.module(arguments.get(0).replace("'", "")), last);
      case "set_module_type", "set_module_type_qconfig" ->
          add(policy, Selector.moduleType(simpleName(arguments.get(0))), last);
      case "set_operator_type", "set_function_type_qconfig" ->
          add(policy, Selector.operatorType(operator(arguments.get(0))), last);
      default -> throw new IllegalArgumentException("unknown method " + method);
    }
  }

  private static void add(Policy.Builder policy, Selector selector, String config) {
    if (config.equals("None")) {
      policy.exclude(selector);
    } else {
      policy.configure(selector, options(config));
    }
  }

  private static String simpleName(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  private static String operator(String torch) {
    if (torch.contains("conv2d")) {
      return "Conv";
    }
    if (torch.contains("linear")) {
      return "Gemm";
    }
    if (torch.contains("aten.add")) {
      return "Add";
    }
    throw new IllegalArgumentException("unknown operator " + torch);
  }

  /**
   * Returns where the nodes of the ONNX model stand. A convolution whose BatchNormalization is its
   * twin stands where its twin does. The files give paths alone: the types are those of the model.
   */
  private static Map<String, ModulePosition> modules(GoldenDecisions golden, Graph original) {
    Map<String, ModulePosition> modules = new LinkedHashMap<>();
    for (TorchNode node : golden.nodes().values()) {
      if (node.module().isEmpty() || node.onnxNode().isEmpty()) {
        continue;
      }
      String path = node.module().get();
      ModulePosition position = new ModulePosition(path, type(path, node));
      Node twin = original.node(node.onnxNode().get()).orElseThrow();
      modules.put(twin.name(), position);
      if (twin.op().is("BatchNormalization")) {
        original.producer(twin.operands().get(0)).ifPresent(n -> modules.put(n.name(), position));
      }
    }
    return modules;
  }

  private static Optional<String> type(String path, TorchNode node) {
    if (path.matches("layer\\d\\.\\d")) {
      return Optional.of("BasicBlock");
    }
    if (node.op().startsWith("aten.conv2d")) {
      return Optional.of("Conv2d");
    }
    return node.op().startsWith("aten.linear") ? Optional.of("Linear") : Optional.empty();
  }
}

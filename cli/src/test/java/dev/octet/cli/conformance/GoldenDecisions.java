package dev.octet.cli.conformance;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.text.JsonText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a quantizer of PyTorch decided for a graph.
 *
 * @param file the file's name, with its folder
 * @param config the name of the configuration, such as {@code xnnpack.static_pc}
 * @param call how the quantizer was made
 * @param trained whether it was prepared for training
 * @param nodes the float nodes of the quantized graph by name, in order
 * @param annotations the marks, node by node
 * @param specs the spec that holds in each group
 * @param constants the records of quantized constants
 */
record GoldenDecisions(
    String file,
    String config,
    String call,
    boolean trained,
    Map<String, TorchNode> nodes,
    List<TorchAnnotation> annotations,
    Map<Integer, TorchSpec> specs,
    List<Tree.Mapping> constants) {

  private static final String LAYERS = "aten\\.(conv|linear).*";

  /**
   * A float node.
   *
   * @param name its name
   * @param op its operator
   * @param tensor the ONNX tensor with the same numbers; empty without a twin
   * @param onnxNode the ONNX node that defines the tensor; empty without a twin
   * @param module the path of its module; empty for the outermost
   * @param sources the node behind each operand that is no constant
   */
  record TorchNode(
      String name,
      String op,
      Optional<String> tensor,
      Optional<String> onnxNode,
      Optional<String> module,
      Map<String, String> sources) {

    boolean isLayer() {
      return op.matches(LAYERS);
    }
  }

  /**
   * The marks of a node.
   *
   * @param node the node's name
   * @param op its operator
   * @param inputs the operands
   * @param outputGroup the group of the result; empty when it is not marked
   */
  record TorchAnnotation(
      String node, String op, List<TorchInput> inputs, OptionalInt outputGroup) {}

  /**
   * The mark of one input, which several operands may read.
   *
   * @param operands the operands' paths
   * @param producer the node that the operands read
   * @param group the group; empty when the input is left in float
   */
  record TorchInput(List<String> operands, String producer, OptionalInt group) {}

  /** A spec. */
  record TorchSpec(
      String type,
      long min,
      long max,
      String scheme,
      OptionalInt axis,
      boolean dynamic,
      String observer,
      float floor) {

    boolean isWatchedByMinMax() {
      return observer.equals("MinMaxObserver") || observer.equals("PerChannelMinMaxObserver");
    }
  }

  static GoldenDecisions read(Path file) {
    Tree.Mapping golden = JsonText.read(file).asMapping();
    Map<String, TorchNode> nodes = new LinkedHashMap<>();
    for (Tree node : golden.get("nodes").asItems()) {
      node.asMapping().find("node").ifPresent(n -> nodes.put(n.asText(), node(node.asMapping())));
    }
    Map<Integer, TorchSpec> specs = new HashMap<>();
    List<TorchAnnotation> annotations = new ArrayList<>();
    Map<Long, TorchSpec> stated = specs(golden.get("specs").asItems());
    for (Tree annotation : golden.get("annotations").asItems()) {
      annotations.add(annotation(annotation.asMapping(), stated, specs));
    }
    String name = file.getFileName().toString().replaceAll("(\\.b1)?\\.json$", "");
    return new GoldenDecisions(
        file.getParent().getFileName() + "/" + name,
        name,
        golden.get("call").asText(),
        golden.find("mode").map(Tree::asText).orElse("ptq").equals("qat"),
        nodes,
        annotations,
        specs,
        golden.get("qparams").asItems().stream()
            .map(Tree::asMapping)
            .filter(q -> q.get("producer_op").asText().equals("constant"))
            .toList());
  }

  private static TorchNode node(Tree.Mapping node) {
    Optional<Tree.Mapping> twin = node.find("onnx").map(Tree::asMapping);
    Map<String, String> sources = new HashMap<>();
    for (Tree operand : node.find("operands").map(Tree::asItems).orElse(List.of())) {
      Tree.Mapping entry = operand.asMapping();
      entry.find("from").ifPresent(f -> sources.put(entry.get("operand").asText(), f.asText()));
    }
    return new TorchNode(
        node.get("node").asText(),
        node.get("op").asText(),
        twin.map(t -> t.get("tensor").asText()),
        twin.flatMap(t -> t.find("node")).map(Tree::asText),
        node.find("module").map(Tree::asText),
        sources);
  }

  private static Map<Long, TorchSpec> specs(List<Tree> trees) {
    Map<Long, TorchSpec> specs = new HashMap<>();
    for (Tree tree : trees) {
      Tree.Mapping spec = tree.asMapping();
      if (spec.get("kind").asText().equals("plain")) {
        specs.put(spec.get("s").asLong(), spec(spec));
      }
    }
    return specs;
  }

  private static TorchSpec spec(Tree.Mapping spec) {
    return new TorchSpec(
        spec.get("dtype").asText(),
        spec.get("quant_min").asLong(),
        spec.get("quant_max").asLong(),
        spec.get("scheme").asText(),
        number(spec, "axis"),
        spec.find("dynamic").map(Tree::asBoolean).orElse(false),
        spec.get("observer").asText(),
        spec.get("args").asMapping().get("eps").asNumber().floatValue());
  }

  private static TorchAnnotation annotation(
      Tree.Mapping annotation, Map<Long, TorchSpec> stated, Map<Integer, TorchSpec> specs) {
    List<TorchInput> inputs = new ArrayList<>();
    for (Tree tree : annotation.get("inputs").asItems()) {
      Tree.Mapping input = tree.asMapping();
      OptionalInt group = group(input, "spec", "group", stated, specs);
      inputs.add(
          new TorchInput(
              input.get("operands").asItems().stream().map(Tree::asText).toList(),
              input.get("tensor").asText(),
              group));
    }
    return new TorchAnnotation(
        annotation.get("node").asText(),
        annotation.get("op").asText(),
        inputs,
        group(annotation, "output", "output_group", stated, specs));
  }

  /** A shared spec is that of another member of the group, which states it. */
  private static OptionalInt group(
      Tree.Mapping point,
      String spec,
      String group,
      Map<Long, TorchSpec> stated,
      Map<Integer, TorchSpec> specs) {
    if (point.find(spec).isEmpty()) {
      return OptionalInt.empty();
    }
    int number = point.get(group).asInt();
    TorchSpec plain = stated.get(point.get(spec).asLong());
    if (plain != null) {
      specs.put(number, plain);
    }
    return OptionalInt.of(number);
  }

  private static OptionalInt number(Tree.Mapping map, String name) {
    return map.find(name).map(n -> OptionalInt.of(n.asInt())).orElseGet(OptionalInt::empty);
  }
}

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
import java.util.Set;
import java.util.TreeSet;

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
 * @param floors the smallest scales that the specs of each group ask for
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
    Map<Integer, Set<Float>> floors,
    List<Tree.Mapping> constants) {

  private static final String LAYERS = "aten\\.(conv|linear).*";

  /** QnnQuantizer joins specs that differ in their smallest scale; this is the smaller of two. */
  private static final float QUALCOMM_FLOOR = (float) (1e-4 / 65535);

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

  /**
   * A spec.
   *
   * @param type the integer type; PyTorch has no uint16 and uses int32 for it
   * @param observer what watches the point; {@link #DERIVED} when nothing does
   * @param floor the smallest scale; 0 where the spec states none
   * @param sources the edges that a derived spec rests on, as {@code producer->node}
   * @param fixed scale and zero point, when they are known beforehand
   */
  record TorchSpec(
      String type,
      long min,
      long max,
      String scheme,
      OptionalInt axis,
      boolean dynamic,
      String observer,
      float floor,
      List<String> sources,
      Optional<TorchParameters> fixed) {

    static final String DERIVED = "derived";

    /**
     * Tells whether minimum and maximum alone decide. PerChannelParamObserver searches a hundred
     * ranges, the last of which is the whole one, and takes that one in every file.
     */
    boolean isWatchedByMinMax() {
      return observer.equals("MinMaxObserver")
          || observer.equals("PerChannelMinMaxObserver")
          || observer.equals("PerChannelParamObserver");
    }
  }

  /** A scale and zero point. */
  record TorchParameters(float scale, long zeroPoint) {}

  /** Returns the smallest scale of a spec; one for all where specs join that differ in it. */
  float floor(TorchSpec spec) {
    return joinsFloors() ? QUALCOMM_FLOOR : spec.floor();
  }

  /** Tells whether the specs of a group ask for another smallest scale than they are given. */
  boolean hasOtherFloor(int group) {
    return joinsFloors() && !floors.get(group).equals(Set.of(QUALCOMM_FLOOR));
  }

  private boolean joinsFloors() {
    return config.startsWith("qualcomm.");
  }

  static GoldenDecisions read(Path file) {
    Tree.Mapping golden = JsonText.read(file).asMapping();
    Map<String, TorchNode> nodes = new LinkedHashMap<>();
    for (Tree node : golden.get("nodes").asItems()) {
      node.asMapping().find("node").ifPresent(n -> nodes.put(n.asText(), node(node.asMapping())));
    }
    List<Tree> marks = golden.get("annotations").asItems();
    Groups groups = new Groups(specs(golden.get("specs").asItems()));
    marks.forEach(mark -> groups.joinConcatenated(mark.asMapping()));
    List<TorchAnnotation> annotations =
        marks.stream().map(mark -> annotation(mark.asMapping(), groups)).toList();
    String name = file.getFileName().toString().replaceAll("(\\.b1)?\\.json$", "");
    return new GoldenDecisions(
        file.getParent().getFileName() + "/" + name,
        name,
        golden.get("call").asText(),
        golden.find("mode").map(Tree::asText).orElse("ptq").equals("qat"),
        nodes,
        annotations,
        groups.specs,
        groups.floors,
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
      if (!spec.get("kind").asText().equals("shared")) {
        specs.put(spec.get("s").asLong(), spec(spec));
      }
    }
    return specs;
  }

  private static TorchSpec spec(Tree.Mapping spec) {
    Optional<Tree.Mapping> arguments = spec.find("args").map(Tree::asMapping);
    String type = spec.get("dtype").asText();
    long max = spec.get("quant_max").asLong();
    return new TorchSpec(
        type.equals("int32") && max == 65535 ? "uint16" : type,
        spec.get("quant_min").asLong(),
        max,
        spec.get("scheme").asText(),
        number(spec, "axis"),
        spec.find("dynamic").map(Tree::asBoolean).orElse(false),
        spec.find("observer").map(Tree::asText).orElse(TorchSpec.DERIVED),
        arguments.flatMap(a -> a.find("eps")).map(e -> e.asNumber().floatValue()).orElse(0f),
        spec.find("from").map(Tree::asItems).orElse(List.of()).stream().map(Tree::asText).toList(),
        arguments.flatMap(GoldenDecisions::fixed));
  }

  private static Optional<TorchParameters> fixed(Tree.Mapping arguments) {
    return arguments
        .find("scale")
        .map(
            scale ->
                new TorchParameters(
                    scale.asNumber().floatValue(), arguments.get("zero_point").asLong()));
  }

  private static TorchAnnotation annotation(Tree.Mapping annotation, Groups groups) {
    List<TorchInput> inputs = new ArrayList<>();
    for (Tree tree : annotation.get("inputs").asItems()) {
      Tree.Mapping input = tree.asMapping();
      inputs.add(
          new TorchInput(
              input.get("operands").asItems().stream().map(Tree::asText).toList(),
              input.get("tensor").asText(),
              groups.of(input, "spec", "group")));
    }
    return new TorchAnnotation(
        annotation.get("node").asText(),
        annotation.get("op").asText(),
        inputs,
        groups.of(annotation, "output", "output_group"));
  }

  /** The groups of a file, and the specs that hold in them. */
  private static final class Groups {
    private final Map<Long, TorchSpec> stated;
    private final Map<Integer, TorchSpec> specs = new HashMap<>();
    private final Map<Integer, Set<Float>> floors = new HashMap<>();
    private final Map<Integer, Integer> joined = new HashMap<>();

    Groups(Map<Long, TorchSpec> stated) {
      this.stated = stated;
    }

    /** ConcatObserver writes one range over all parts of a concatenation and over its result. */
    void joinConcatenated(Tree.Mapping annotation) {
      Optional<TorchSpec> output = annotation.find("output").map(s -> stated.get(s.asLong()));
      if (output.filter(spec -> spec.observer().equals("ConcatObserver")).isPresent()) {
        int one = group(annotation, "output_group");
        for (Tree input : annotation.get("inputs").asItems()) {
          int other = group(input.asMapping(), "group");
          joined.replaceAll((from, to) -> to == other ? one : to);
          joined.put(other, one);
        }
        joined.put(one, one);
      }
    }

    private int group(Tree.Mapping point, String name) {
      int number = point.get(name).asInt();
      return joined.getOrDefault(number, number);
    }

    /**
     * A shared spec is that of another member of the group, which states it. Where a group joins a
     * fixed spec with observed ones, the fixed one holds.
     */
    OptionalInt of(Tree.Mapping point, String spec, String name) {
      if (point.find(spec).isEmpty()) {
        return OptionalInt.empty();
      }
      int number = group(point, name);
      TorchSpec own = stated.get(point.get(spec).asLong());
      if (own != null) {
        specs.merge(number, own, (before, now) -> before.fixed().isPresent() ? before : now);
        floors.computeIfAbsent(number, n -> new TreeSet<>()).add(own.floor());
      }
      return OptionalInt.of(number);
    }
  }

  private static OptionalInt number(Tree.Mapping map, String name) {
    return map.find(name).map(n -> OptionalInt.of(n.asInt())).orElseGet(OptionalInt::empty);
  }
}

package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.kernels.sequence.PlainSequences;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ONNX Runtime, which has sequences, gives what {@code cpu} computes without them. */
class SequenceRuntimesTest {

  private static final long[] SIZES = {4, 3, 5};

  private static final Map<String, Tensor> CONSTANTS =
      Map.of(
          "zero", Tensor.of(new long[] {0}),
          "one", Tensor.of(new long[] {1}),
          "two", Tensor.of(new long[] {2}),
          "last", Tensor.of(new long[] {-1}),
          "sizes", Tensor.of(new long[] {1, 0, 3}, 3));

  /** Every node is a result, an operator, operands, and integer attributes. */
  @ParameterizedTest
  @CsvSource({
    // An element of what was built.
    "s SequenceConstruct x n; y SequenceAt s one",
    "s SequenceConstruct x n; y SequenceAt s last",
    "e SequenceEmpty; a SequenceInsert e x; b SequenceInsert a n zero; y SequenceAt b one",
    "s SequenceConstruct x n; t SequenceInsert s m last; y SequenceAt t one",
    "s SequenceConstruct x n; t SequenceInsert s m two; y SequenceAt t last",
    "s SequenceConstruct x n m; t SequenceErase s; y SequenceAt t last",
    "s SequenceConstruct x n m; t SequenceErase s zero; y SequenceAt t zero",
    // Together again, along an axis or a new one.
    "s SequenceConstruct x n m; y ConcatFromSequence s axis=1",
    "s SequenceConstruct x n m; y ConcatFromSequence s axis=-1",
    "s SequenceConstruct x n m; y ConcatFromSequence s axis=1 new_axis=1",
    "s SequenceConstruct x n m; y ConcatFromSequence s axis=-1 new_axis=1",
    "s SequenceConstruct x n m; y ConcatFromSequence s axis=3 new_axis=1",
    // Parts of one size, of sizes that are stated, and alone.
    "s SplitToSequence x; y SequenceAt s two",
    "s SplitToSequence x axis=2 keepdims=0; y SequenceAt s last",
    "s SplitToSequence x axis=-1 keepdims=0; y ConcatFromSequence s axis=0 new_axis=1",
    "s SplitToSequence x two axis=2; y SequenceAt s last",
    "s SplitToSequence x sizes keepdims=0; y SequenceAt s two",
    "s SplitToSequence x sizes; t SequenceInsert s n one; y ConcatFromSequence t axis=0",
    // What is split was an element itself.
    "s SplitToSequence x two axis=2; a SequenceAt s zero; t SplitToSequence a axis=1 keepdims=0;"
        + " y SequenceAt t one",
    // How many there are.
    "s SplitToSequence x two axis=2; l SequenceLength s; f Cast l to=1; y Mul x f",
    "e SequenceEmpty; l SequenceLength e; f Cast l to=1; y Mul x f",
    // A branch reads what stands around it.
    "s SequenceConstruct x n; y If c then=SequenceAt:s:one else=SequenceAt:s:zero"
  })
  void bothGiveTheSame(String nodes) {
    for (long opset : List.of(11L, 17L)) {
      Model model = model(nodes, opset);
      assertEquals(
          List.of(),
          PlainSequences.without(model, OperatorSet.standard())
              .graph()
              .nodesWithSubgraphs()
              .stream()
              .filter(node -> PlainSequences.isOne(node.op()))
              .toList());
      Tensor wanted = run("onnxruntime", model);
      Tensor actual = run("cpu", model);
      assertArrayEquals(wanted.sizes(), actual.sizes());
      assertArrayEquals(wanted.floats(), actual.floats());
    }
  }

  private Tensor run(String runtime, Model model) {
    float[] numbers = new float[60];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i * 7 % 31 - 14.5f;
    }
    try (ExecutableModel loaded =
        QuantizerCatalog.discover(getClass().getClassLoader())
            .runtime(runtime)
            .load(LoadRequest.of(model, Parallelism.threads(1)))) {
      return loaded.run(Map.of("x", Tensor.of(numbers, SIZES))).get("y");
    }
  }

  private static Model model(String text, long opset) {
    List<Node> nodes = new ArrayList<>();
    nodes.add(node("n Neg x"));
    nodes.add(node("m Abs x"));
    nodes.add(node("sum ReduceMax m keepdims=0"));
    nodes.add(node("c Cast sum to=9"));
    Stream.of(text.split("; *")).forEach(each -> nodes.add(node(each)));
    return CommandFixture.model(
        nodes, CONSTANTS, opset, CommandFixture.value("x", 4, 3, 5), output("y"));
  }

  private static ValueInfo output(String name) {
    return ValueInfo.of(name, new ValueType.TensorType(DataType.FLOAT, Optional.empty()));
  }

  private static Node node(String text) {
    String[] words = text.split(" ");
    List<String> operands = new ArrayList<>();
    List<Attribute> attributes = new ArrayList<>();
    for (String word : List.of(words).subList(2, words.length)) {
      String[] sides = word.split("=");
      if (sides.length == 1) {
        operands.add(word);
      } else if (sides[1].contains(":")) {
        attributes.add(branch(words[0], sides[0], sides[1].replace(':', ' ')));
      } else {
        attributes.add(Attribute.of(sides[0], Long.parseLong(sides[1])));
      }
    }
    return Node.of(
        words[0] + "_node",
        OpType.onnx(words[1]),
        operands,
        List.of(words[0]),
        attributes.toArray(Attribute[]::new));
  }

  private static Attribute branch(String result, String side, String text) {
    String name = result + "_" + side;
    Graph graph =
        new Graph(
            name,
            List.of(),
            List.of(output(name)),
            Map.of(),
            List.of(node(name + " " + text)),
            Map.of(),
            Optional.empty());
    return new Attribute(side + "_branch", new Attribute.GraphValue(graph), Optional.empty());
  }
}

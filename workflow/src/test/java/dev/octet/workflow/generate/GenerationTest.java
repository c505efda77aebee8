package dev.octet.workflow.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
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
import dev.octet.api.runtime.Cancellation;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.generate.Generation.End;
import dev.octet.workflow.run.NamedRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that knows of each token which one follows: a table of scores. */
class GenerationTest {

  private static final int VOCABULARY = 12;

  @TempDir Path folder;
  private Tokenizer tokenizer;
  private final float[] table = new float[VOCABULARY * VOCABULARY];
  private final List<String> heard = new ArrayList<>();

  @BeforeEach
  void reads() throws IOException {
    tokenizer = Tokenizer.read(Files.write(folder.resolve("t.bin"), TokenizerTest.content()));
    follows(1, 10);
    follows(10, 7);
    follows(7, 9);
    follows(9, 2);
  }

  private void follows(int token, int next) {
    table[token * VOCABULARY + next] = 1;
  }

  private Model model(DataType type, int vocabulary, Dimension batch, Dimension length) {
    Node gather = Node.of("g", OpType.onnx("Gather"), List.of("table", "x"), List.of("y"));
    List<Dimension> rows = List.of(batch, length);
    List<Dimension> scores = List.of(batch, length, Dimension.of(vocabulary));
    Tensor content =
        Tensor.of(Arrays.copyOf(table, VOCABULARY * vocabulary), VOCABULARY, vocabulary);
    return Model.of(
        new Graph(
            "g",
            List.of(ValueInfo.of("x", TensorType.of(type, new Shape(rows)))),
            List.of(ValueInfo.of("y", TensorType.of(DataType.FLOAT, new Shape(scores)))),
            Map.of("table", content),
            List.of(gather),
            Map.of(),
            Optional.empty()),
        13);
  }

  private Model anyLength() {
    return model(
        DataType.INT64, VOCABULARY, new Dimension.Symbolic("b"), new Dimension.Symbolic("n"));
  }

  private Generation.Result run(Model model, int most, String prompt, Execution execution) {
    return new Generation(tokenizer, Sampling.greedy(), most)
        .run(NamedRuntime.of("cpu", new ReferenceRuntime()), model, prompt, execution, heard::add);
  }

  private Generation.Result run(Model model, int most) {
    return run(model, most, "", Execution.threads(1));
  }

  @Test
  void endsWhereTheModelEndsTheText() {
    Generation.Result result = run(anyLength(), 100);
    assertEquals(List.of(10L, 7L, 9L), result.tokens());
    assertEquals("abba", result.text());
    assertEquals(End.TEXT, result.end());
    assertEquals(List.of("a", "b", "ba"), heard);
  }

  @Test
  void aSecondBeginningEndsATextToo() {
    follows(7, 1);
    table[7 * VOCABULARY + 9] = 0;
    assertEquals(List.of(10L, 7L), run(anyLength(), 100).tokens());
  }

  @Test
  void endsAfterAsManyTokensAsWereAskedFor() {
    assertEquals(End.COUNT, run(anyLength(), 0).end());
    assertEquals(List.of(10L), run(anyLength(), 1).tokens());
    assertEquals(List.of(10L, 7L, 9L), run(anyLength(), 3).tokens());
    assertEquals(End.COUNT, run(anyLength(), 3).end());
  }

  @Test
  void fillsAModelOfFixedLengthAndBatchOfInt32() {
    Model fixed = model(DataType.INT32, VOCABULARY, Dimension.of(3), Dimension.of(2));
    Generation.Result result = run(fixed, 100);
    assertEquals(List.of(10L, 7L), result.tokens());
    assertEquals(End.LENGTH, result.end());
  }

  @Test
  void thePromptComesFirst() {
    Generation.Result result = run(anyLength(), 1, "ab", Execution.threads(1));
    assertEquals(List.of(1L, 10L, 7L), result.prompt());
    assertEquals("abba", result.text());
  }

  @Test
  void refusesModelsThatScoreNoTokens() {
    Model model = anyLength();
    Graph graph = model.graph();
    Node sum =
        Node.of(
            "s",
            OpType.onnx("ReduceMax"),
            List.of("y"),
            List.of("z"),
            Attribute.of("keepdims", 0L));
    Model scalar =
        model.withGraph(
            new Graph(
                "g",
                graph.inputs(),
                List.of(ValueInfo.of("z", new TensorType(DataType.FLOAT, Optional.empty()))),
                graph.initializers(),
                List.of(graph.nodes().get(0), sum),
                Map.of(),
                Optional.empty()));
    assertError("OCT-GEN-002", "not FLOAT [batch, length, vocabulary]", () -> run(scalar, 1));
  }

  @Test
  void refusesTokensThatOneOfTheTwoDoesNotKnow() {
    Model small =
        model(DataType.INT64, 8, new Dimension.Symbolic("b"), new Dimension.Symbolic("n"));
    assertError(
        "OCT-GEN-003",
        "the prompt has token 10, and the model scores 8",
        () -> run(small, 1, "ab", Execution.threads(1)));
  }

  @Test
  void refusesScoresWithoutNumbersAndPromptsWithoutRoom() {
    Arrays.fill(table, Float.NaN);
    assertError("OCT-GEN-006", "all 12 scores are NaN", () -> run(anyLength(), 1));
    Model fixed = model(DataType.INT64, VOCABULARY, Dimension.of(1), Dimension.of(2));
    assertError(
        "OCT-GEN-004",
        "the prompt has 3 tokens, and the model takes 2",
        () -> run(fixed, 1, "ab", Execution.threads(1)));
  }

  @Test
  void isCancelledBetweenTokens() {
    Cancellation second = () -> heard.size() >= 1;
    Execution execution = Execution.threads(1).cancellation(second);
    assertError("OCT-RUN-007", "", () -> run(anyLength(), 9, "", execution));
    assertEquals(List.of("a"), heard);
  }

  private static void assertError(
      String id, String fact, org.junit.jupiter.api.function.Executable task) {
    OctetException e = assertThrows(OctetException.class, task);
    assertEquals(id, e.id());
    assertEquals(true, e.fact().endsWith(fact), e.fact());
  }
}

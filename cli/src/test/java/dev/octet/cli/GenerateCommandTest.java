package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.tree.Tree;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.text.JsonText;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts that a decoder goes on with. */
class GenerateCommandTest {

  private static final String START = "Once upon a time, there was a little";

  /** Of seed 1, by another implementation of the same rule on ONNX Runtime's scores. */
  private static final String DRAWN =
      "Once upon a time, there was a little boy named Timmy. Timmy loved to swim in the";

  @TempDir Path folder;
  private CommandFixture octet;
  private Tree.Mapping golden;

  @BeforeEach
  void readGolden() {
    octet = new CommandFixture(folder);
    golden = JsonText.read(Decoder.file("data/tinystories/greedy_200.json")).asMapping();
  }

  private CommandFixture.Result generate(String model, String... more) {
    Stream<String> words =
        Stream.of("generate", model, "--tokenizer", Decoder.tokenizer().toString());
    return octet.run(Stream.concat(words, Stream.of(more)).toArray(String[]::new));
  }

  private Tree.Mapping text(String model, String... more) {
    String[] words = Stream.concat(Stream.of(more), Stream.of("--json")).toArray(String[]::new);
    CommandFixture.Result result = generate(model, words);
    assertEquals(0, result.exitCode(), result.err());
    return result.json();
  }

  private String anyLength() {
    new OnnxFormat().write(Decoder.ofAnyLength(), octet.file("any.onnx"));
    return "@any.onnx";
  }

  private static List<Long> numbers(Tree.Mapping document, String field) {
    return document.get(field).asItems().stream().map(Tree::asLong).toList();
  }

  /** The golden text is another implementation's. */
  @Test
  void reproducesTheGoldenTextTokenByToken() {
    Tree.Mapping document = text(anyLength(), "--max-tokens", "200");
    assertEquals(numbers(golden, "tokens"), numbers(document, "tokens"));
    assertEquals(golden.get("text").asText(), document.get("text").asText());
    assertEquals(List.of(1L), numbers(document, "promptTokens"));
    assertEquals("count", document.get("end").asText());
  }

  @Test
  void aModelOfFixedLengthIsPadded() {
    Tree.Mapping document = text(Decoder.model().toString(), "--max-tokens", "20");
    assertEquals(numbers(golden, "tokens").subList(0, 20), numbers(document, "tokens"));
  }

  @Test
  void goesOnWithAPromptAndPrintsItFirst() {
    CommandFixture.Result result = generate(anyLength(), "--prompt", START, "--max-tokens", "8");
    assertEquals(0, result.exitCode(), result.err());
    String whole = golden.get("text").asText();
    assertTrue(result.out().startsWith(START + " girl"), result.out());
    assertTrue(whole.startsWith(result.out().stripTrailing()), result.out());
    assertTrue(result.err().contains("8 tokens; as many tokens as were asked for"), result.err());
    CommandFixture.Result nothing = generate("@any.onnx", "--prompt", START, "--max-tokens", "0");
    assertEquals(START, nothing.out().stripTrailing());
  }

  @Test
  void noTextSteersTheScreen() {
    CommandFixture.Result result =
        generate(anyLength(), "--prompt", "a\u001b[2J\u202eb", "--max-tokens", "0");
    assertEquals("a\\u{1b}[2J\\u{202e}b", result.out().stripTrailing(), result.err());
  }

  /** What quantization does to the text can be read. */
  @Test
  void aQuantizedModelGoesOnInWords() {
    anyLength();
    CommandFixture.Result source =
        octet.run("source", "@any.onnx", "--scheme", "int8dyn-int8", "-o", "@q.onnx");
    assertEquals(0, source.exitCode(), source.err());
    String text = text("@q.onnx", "--max-tokens", "40").get("text").asText();
    assertTrue(text.startsWith("Once upon a time, there was a"), text);
    assertTrue(text.matches("[A-Za-z ,.'\"!?\n]+"), text);
  }

  @Test
  void aSeedDrawsTheSameTextAndAnotherSeedAnother() {
    String model = anyLength();
    List<String> texts =
        Stream.of("1", "1", "2")
            .map(
                seed ->
                    text(model, "--max-tokens", "24", "--temperature", "1", "--seed", seed)
                        .get("text")
                        .asText())
            .toList();
    assertEquals(texts.get(0), texts.get(1));
    assertNotEquals(texts.get(0), texts.get(2));
    assertEquals(DRAWN, texts.get(0));
  }

  /** 255 tokens and a last one fill the model; the one behind them has no room to be read. */
  @Test
  void endsWhereTheModelTakesNoLongerSequence() {
    String prompt = "the ".repeat(254).strip();
    Tree.Mapping document = text(Decoder.model().toString(), "--prompt", prompt);
    assertEquals(255, document.get("promptTokens").asItems().size());
    assertEquals("length", document.get("end").asText());
    assertEquals(2, document.get("tokens").asItems().size());
  }

  @Test
  void saysWhatDoesNotFit() {
    String model = Decoder.model().toString();
    assertError(
        "OCT-GEN-004",
        "257 tokens, and the model takes 256",
        model,
        "--prompt",
        "the ".repeat(256).strip());
    assertError("OCT-GEN-005", "the number of tokens is -1", model, "--max-tokens", "-1");
    assertError("OCT-GEN-005", "top-p is 2.0", model, "--top-p", "2");
  }

  private void assertError(String id, String fact, String... words) {
    String[] more =
        Stream.concat(Stream.of(words).skip(1), Stream.of("--json")).toArray(String[]::new);
    CommandFixture.Result result = generate(words[0], more);
    assertEquals(id, result.errorId());
    assertTrue(result.err().contains(fact), result.err());
  }
}

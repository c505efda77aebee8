package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.provenance.Claim;
import dev.octet.workflow.provenance.Claims;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {

  private static final String[] FILES = {
    "--model", "@m.onnx", "--plan", "@plan.json", "--calibration", "@x.calib", "--data", "@d.yaml"
  };

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void quantizes() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
    done(
        "quantize",
        "@m.onnx",
        "--backend",
        "cpu",
        "--data",
        "@d.yaml",
        "-o",
        "@q.onnx",
        "--keep",
        "@.");
  }

  private Result done(String... words) {
    Result result = octet.run(words);
    assertEquals(0, result.exitCode(), result.err());
    return result;
  }

  private Result verify(String file, String... more) {
    return octet.run(
        Stream.concat(Stream.of("verify", file, "--json"), Stream.of(more)).toArray(String[]::new));
  }

  @Test
  void theSchemaRefusesOtherFields() {
    String json = verify("@q.onnx", FILES).out();
    assertFalse(JsonSchemas.broken("verify", json.replace("\"sameBytes\"", "\"same\"")).isEmpty());
    assertFalse(JsonSchemas.broken("verify", json.replace("\"octet.plan\"", "\"plan\"")).isEmpty());
  }

  /** Returns the keys of the checks that do not hold. */
  private static List<String> failing(Result result) {
    assertEquals(1, result.exitCode(), result.out() + result.err());
    assertEquals(false, result.json().get("holds").asBoolean());
    return result.json().get("checks").asItems().stream()
        .map(Tree::asMapping)
        .filter(check -> !check.get("holds").asBoolean())
        .map(check -> check.get("key").asText())
        .toList();
  }

  private static List<String> differences(Result result) {
    return result.json().get("differences").asItems().stream()
        .map(Tree::asMapping)
        .map(each -> each.get("kind").asText() + " " + each.get("name").asText())
        .toList();
  }

  private static List<String> keys(Result result) {
    return result.json().get("checks").asItems().stream()
        .map(check -> check.asMapping().get("key").asText())
        .toList();
  }

  /** Changes one bit of a file's last byte but some. */
  private void flip(String name, int fromEnd) throws IOException {
    byte[] bytes = Files.readAllBytes(octet.file(name));
    bytes[bytes.length - fromEnd] ^= 1;
    Files.write(octet.file(name), bytes);
  }

  @Test
  void theSameFilesGiveTheSameBytesAgain() throws IOException {
    Result result = verify("@q.onnx", FILES);
    assertEquals(0, result.exitCode(), result.out() + result.err());
    assertTrue(result.json().get("holds").asBoolean());
    assertTrue(result.json().get("sameBytes").asBoolean());
    assertEquals(List.of(), differences(result));
    assertEquals(
        List.of(
            "octet.model.sha256",
            "octet.plan",
            "octet.model.content",
            "octet.data",
            "octet.samples",
            "octet.calibration"),
        keys(result));
    assertEquals(List.of(), result.json().get("findings").asItems());
    Result text =
        octet.run(
            Stream.concat(Stream.of("verify", "@q.onnx"), Stream.of(FILES)).toArray(String[]::new));
    assertTrue(text.out().contains("the same bytes again"), text.out());
  }

  @Test
  void dataIsRunAgainWhereThereIsNoCalibration() {
    Result result =
        verify("@q.onnx", "--model", "@m.onnx", "--plan", "@plan.json", "--data", "@d.yaml");
    assertEquals(0, result.exitCode(), result.out() + result.err());
    assertTrue(result.json().get("sameBytes").asBoolean());
  }

  @Test
  void aChangedBitOfTheModelIsInItsHash() throws IOException {
    flip("m.onnx", 100);
    assertEquals(List.of("octet.model.sha256"), failing(verify("@q.onnx", FILES)));
  }

  @Test
  void anotherDecisionOfThePlanIsInItsHash() throws IOException {
    String plan = Files.readString(octet.file("plan.json"));
    octet.write("plan.json", plan.replace("\"max\": 127", "\"max\": 126"));
    assertEquals(List.of("octet.plan"), failing(verify("@q.onnx", FILES)));
    octet.write("plan.json", plan.substring(1));
    Result unreadable = verify("@q.onnx", FILES);
    assertEquals(List.of("octet.plan"), failing(unreadable));
    assertTrue(unreadable.out().contains("OCT-TREE-"), unreadable.out());
  }

  @Test
  void aChangedBitOfTheCalibrationIsInItsHash() throws IOException {
    flip("x.calib", 300);
    Result changed = verify("@q.onnx", FILES);
    assertEquals(List.of("octet.calibration"), failing(changed));
    assertTrue(changed.out().contains("OCT-CAL-008"), changed.out());
    octet.writeTwoParts();
    done("calibrate", "@m.onnx", "--plan", "@plan.json", "--data", "@first.yaml", "-o", "@x.calib");
    assertEquals(List.of("octet.calibration"), failing(verify("@q.onnx", FILES)));
  }

  @Test
  void aChangedBitOfTheDataIsInItsHash() throws IOException {
    flip("x.npy", 1);
    assertEquals(List.of("octet.data"), failing(verify("@q.onnx", FILES)));
  }

  @Test
  void otherSamplesOfTheSameDataAreCounted() throws IOException {
    octet.writeTwoParts();
    Result result =
        verify("@q.onnx", "--model", "@m.onnx", "--plan", "@plan.json", "--data", "@first.yaml");
    assertEquals(List.of("octet.samples"), failing(result));
  }

  @Test
  void whatIsChangedInTheFileIsNamed() throws IOException {
    Model model = new OnnxFormat().read(octet.file("q.onnx"));
    String weight =
        model.graph().initializers().entrySet().stream()
            .filter(each -> each.getValue().sizes().length == 2)
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
    Tensor tensor = model.graph().initializers().get(weight);
    byte[] bytes = new byte[(int) tensor.byteCount()];
    tensor.forEachWindow((at, window) -> window.duplicate().get(bytes));
    bytes[3] ^= 1;
    GraphEditor tensors = new GraphEditor(model.graph());
    tensors.putInitializer(weight, Tensor.of(tensor.dataType(), bytes, tensor.sizes()));
    assertDiffers(model.withGraph(tensors.finish().graph()), "tensor " + weight);
    GraphEditor nodes = new GraphEditor(model.graph());
    Node head = model.graph().node("head").orElseThrow();
    nodes.update("head", head.withAttribute(Attribute.of("alpha", 2f)));
    assertDiffers(model.withGraph(nodes.finish().graph()), "node head");
    assertDiffers(model.withMetadata(Map.of("author", "somebody")), "metadata author");
  }

  private void assertDiffers(Model changed, String expected) {
    new OnnxFormat().write(changed, octet.file("changed.onnx"));
    Result result = verify("@changed.onnx", FILES);
    assertEquals(List.of(), failing(result));
    assertEquals(List.of(expected), differences(result));
  }

  @Test
  void aByteThatNothingReadsIsNamedByItsPosition() throws IOException {
    byte[] bytes = Files.readAllBytes(octet.file("q.onnx"));
    // A field that no reader of ONNX knows: number 1000, the number 1.
    byte[] more = {(byte) 0xC0, 0x3E, 1};
    byte[] both = java.util.Arrays.copyOf(bytes, bytes.length + more.length);
    System.arraycopy(more, 0, both, bytes.length, more.length);
    Files.write(octet.file("longer.onnx"), both);
    Result result = verify("@longer.onnx", FILES);
    assertEquals(List.of(), failing(result));
    assertEquals(List.of("byte " + bytes.length), differences(result));
  }

  @Test
  void aFileOfAnotherVersionIsComparedByContent() throws IOException {
    Model model = new OnnxFormat().read(octet.file("q.onnx"));
    Model other = Claims.of(model).with(Claim.VERSION, "0.0.9").mark(model);
    new OnnxFormat().write(other, octet.file("other.onnx"));
    Result result = verify("@other.onnx", FILES);
    assertEquals(0, result.exitCode(), result.out() + result.err());
    assertEquals(false, result.json().get("sameBytes").asBoolean());
    assertEquals(List.of("metadata octet.version"), differences(result));
    assertTrue(result.err().contains("OCT-VER-101"), result.err());
    assertTrue(result.err().contains("was made by Octet 0.0.9"), result.err());
    Map<String, String> metadata = new LinkedHashMap<>(other.metadata());
    metadata.put("author", "somebody");
    new OnnxFormat().write(other.withMetadata(metadata), octet.file("other.onnx"));
    Result changed = verify("@other.onnx", FILES);
    assertEquals(1, changed.exitCode(), changed.out());
    assertTrue(differences(changed).contains("metadata author"), changed.out());
  }

  @Test
  void aFileOfSourceQuantizationNeedsTheModelAlone() throws IOException {
    done(
        "source",
        "@m.onnx",
        "--scheme",
        "int8dyn-intx",
        "--group-size",
        "2",
        "--bits",
        "3",
        "--mapping",
        "asymmetric",
        "--filter",
        "!head",
        "-o",
        "@s.onnx");
    Result result = verify("@s.onnx", "--model", "@m.onnx");
    assertEquals(0, result.exitCode(), result.out() + result.err());
    assertTrue(result.json().get("sameBytes").asBoolean());
    Model model = new OnnxFormat().read(octet.file("s.onnx"));
    String recipe = Claims.of(model).get(Claim.SOURCE).orElseThrow();
    Model other =
        Claims.of(model)
            .with(Claim.SOURCE, recipe.replace("\"bits\": 3", "\"bits\": 4"))
            .mark(model);
    new OnnxFormat().write(other, octet.file("t.onnx"));
    Result bits = verify("@t.onnx", "--model", "@m.onnx");
    assertEquals(List.of(), failing(bits));
    assertTrue(differences(bits).stream().anyMatch(each -> each.startsWith("tensor ")), bits.out());
    new OnnxFormat()
        .write(Claims.of(model).with(Claim.SOURCE, "{").mark(model), octet.file("t.onnx"));
    assertEquals(List.of("octet.source"), failing(verify("@t.onnx", "--model", "@m.onnx")));
  }

  @Test
  void aFileWhoseWeightsWereFittedNeedsTheData() {
    done(
        "source",
        "@m.onnx",
        "--scheme",
        "int8dyn-int4-gptq",
        "--group-size",
        "4",
        "--data",
        "@d.yaml",
        "-o",
        "@s.onnx");
    Result without = verify("@s.onnx", "--model", "@m.onnx");
    assertEquals(2, without.exitCode(), without.out());
    assertEquals("OCT-VER-003", without.errorId());
    Result result = verify("@s.onnx", "--model", "@m.onnx", "--data", "@d.yaml");
    assertEquals(0, result.exitCode(), result.out() + result.err());
    assertTrue(keys(result).contains("octet.data"));
  }

  @Test
  void whatIsMissingIsAskedFor() {
    Result plan = verify("@q.onnx", "--model", "@m.onnx");
    assertEquals(2, plan.exitCode(), plan.out());
    assertEquals("OCT-VER-002", plan.errorId());
    Result samples = verify("@q.onnx", "--model", "@m.onnx", "--plan", "@plan.json");
    assertEquals(2, samples.exitCode(), samples.out());
    assertEquals("OCT-VER-003", samples.errorId());
    Result nothing = verify("@m.onnx", "--model", "@m.onnx");
    assertEquals(3, nothing.exitCode(), nothing.out());
    assertEquals("OCT-VER-001", nothing.errorId());
    Result noFile =
        verify("@q.onnx", "--model", "@m.onnx", "--plan", "@none.json", "--data", "@d.yaml");
    assertEquals("OCT-FILE-001", noFile.errorId());
  }
}

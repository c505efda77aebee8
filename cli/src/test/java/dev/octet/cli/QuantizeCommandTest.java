package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantizeCommandTest {

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
  }

  @Test
  void saysWhatBecameOfEveryNode() throws IOException {
    Result result = quantize("--option", "exclude=relu", "--json");
    assertEquals(0, result.exitCode(), result.err());
    Tree.Mapping json = result.json();
    assertEquals(3, json.get("nodes").asInt());
    assertEquals(2, json.get("quantizedNodes").asInt());
    Tree.Mapping inFloat = json.get("floatNodes").asItems().get(0).asMapping();
    assertEquals("relu", inFloat.get("name").asText());
    assertEquals("Relu", inFloat.get("op").asText());
    assertTrue(inFloat.get("reason").asText().contains("exclude"), result.out());
    assertEquals(Files.size(octet.file("m.onnx")), json.get("bytesBefore").asLong());
    assertEquals(Files.size(octet.file("q.onnx")), json.get("bytesAfter").asLong());
    assertEquals(List.of(), json.get("findings").asItems());
  }

  @Test
  void printsTheCoverageForPeople() {
    Result result = quantize("--option", "exclude=relu");
    assertTrue(result.out().startsWith("2 of 3 nodes are quantized for backend 'cpu'\n"));
    assertTrue(result.out().contains("  relu  Relu"), result.out());
    assertTrue(
        result
            .out()
            .matches(
                "(?s).*\nWrote "
                    + octet.path("@q.onnx")
                    + "\nChecked on [0-9]+ samples: SQNR [0-9.]+ dB, top-1 agreement [0-9.]+\n"),
        result.out());
    assertEquals("", result.err());
  }

  @Test
  void writesTheSameBytesInOneStepAsInFour() throws IOException {
    assertEquals(0, quantize("--keep", "@kept").exitCode());
    assertEquals(0, octet.run("plan", "@m.onnx", "--backend", "cpu", "-o", "@p.json").exitCode());
    assertEquals(0, calibrate("@d.yaml", "@c.calib").exitCode());
    assertEquals(0, convert("@c.calib", "@four.onnx").exitCode());
    assertSame("q.onnx", "four.onnx");
    assertSame("kept/plan.json", "p.json");
    assertSame("kept/x.calib", "c.calib");
  }

  @Test
  void mergesCalibrationsOfPartsOfTheData() throws IOException {
    octet.run("plan", "@m.onnx", "--backend", "cpu", "-o", "@p.json");
    String data = Files.readString(octet.file("d.yaml"));
    octet.write("a.yaml", data + "take: 5\n");
    octet.write("b.yaml", data + "skip: 5\n");
    calibrate("@d.yaml", "@all.calib");
    calibrate("@a.yaml", "@a.calib");
    calibrate("@b.yaml", "@b.calib");
    Result merged = octet.run("merge", "@b.calib", "@a.calib", "-o", "@merged.calib", "--json");
    assertEquals(0, merged.exitCode(), merged.err());
    assertEquals(CommandFixture.SAMPLES, merged.json().get("samples").asInt());
    assertSame("all.calib", "merged.calib");
  }

  @Test
  void dividesTheDataIntoShardsThatAddUpOnceEach() throws IOException {
    octet.run("plan", "@m.onnx", "--backend", "cpu", "-o", "@p.json");
    calibrate("@d.yaml", "@all.calib");
    for (int shard = 1; shard <= 3; shard++) {
      Result part = shard(shard + "/3", "@" + shard + ".calib");
      assertEquals(0, part.exitCode(), part.err());
      assertEquals(4, part.json().get("samples").asInt());
    }
    String[] merge = {"merge", "@2.calib", "@3.calib", "@1.calib", "-o", "@sum.calib", "--json"};
    assertEquals(0, octet.run(merge).exitCode());
    assertSame("all.calib", "sum.calib");
    Files.move(octet.file("x.npy"), octet.file("y.npy"));
    octet.write("d.yaml", Files.readString(octet.file("d.yaml")).replace("x.npy", "y.npy"));
    shard("2/3", "@again.calib");
    merge[3] = "@again.calib";
    List<String> before = octet.files();
    Result twice = octet.run(merge);
    assertEquals(2, twice.exitCode());
    assertEquals("OCT-CAL-021", twice.errorId());
    assertTrue(twice.out().contains("samples 4 to 7"), twice.out());
    assertEquals(before, octet.files());
    assertEquals("OCT-CLI-014", shard("2 of 3", "@x.calib").errorId());
    assertEquals("OCT-DATA-029", shard("1/13", "@x.calib").errorId());
  }

  private Result shard(String shard, String output) {
    return octet.run(
        "calibrate",
        "@m.onnx",
        "--plan",
        "@p.json",
        "--data",
        "@d.yaml",
        "--shard",
        shard,
        "-o",
        output,
        "--json");
  }

  @Test
  void carriesOutAnEditOfThePlan() throws IOException {
    octet.run("plan", "@m.onnx", "--backend", "cpu", "-o", "@p.json");
    String plan = Files.readString(octet.file("p.json"));
    int head = plan.indexOf("\"head\"");
    int edit = plan.indexOf("\"quantized\": true", head);
    octet.write(
        "p.json", plan.substring(0, edit) + "\"quantized\": false" + plan.substring(edit + 17));
    calibrate("@d.yaml", "@c.calib");
    Result result =
        octet.run(
            "convert",
            "@m.onnx",
            "--plan",
            "@p.json",
            "--calibration",
            "@c.calib",
            "-o",
            "@q.onnx",
            "--json");
    assertEquals(0, result.exitCode(), result.err());
    assertEquals(2, result.json().get("quantizedNodes").asInt());
  }

  @Test
  void raisesAnOperatorSetWithoutRoomForTheTypesAndSaysSo() throws IOException {
    octet.writeClassifier(11);
    Result result = quantize("--json");
    assertEquals(0, result.exitCode(), result.err());
    assertEquals(13, new OnnxFormat().read(octet.file("q.onnx")).opset());
    Tree.Mapping finding = result.json().get("findings").asItems().get(0).asMapping();
    assertEquals("info", finding.get("severity").asText());
    assertTrue(finding.get("message").asText().contains("13"), finding.toString());
    assertTrue(result.err().contains("octet: info " + finding.get("id").asText()), result.err());
    octet.run("plan", "@m.onnx", "--backend", "cpu", "-o", "@p.json");
    calibrate("@d.yaml", "@c.calib");
    assertEquals(0, convert("@c.calib", "@four.onnx").exitCode());
    assertSame("q.onnx", "four.onnx");
  }

  @Test
  void plansAModelOfWhichNothingIsQuantizedAndQuantizesItNot() throws IOException {
    List<String> before = octet.files();
    Result quantized = quantize("--option", "exclude=*", "--json", "--keep", "@kept");
    assertEquals(4, quantized.exitCode());
    assertEquals("OCT-CONV-008", quantized.errorId());
    assertEquals(before, octet.files());
    Result planned =
        octet.run("plan", "@m.onnx", "--backend", "cpu", "--option", "exclude=*", "-o", "@p.json");
    assertEquals(0, planned.exitCode());
    assertTrue(planned.err().contains("octet: warning OCT-PLAN-014"), planned.err());
  }

  @Test
  void namesEveryOperatorThatIsNotRunBeforeTheFirstSample() throws IOException {
    List<Node> nodes =
        List.of(
            Node.of("g", OpType.onnx("Gemm"), List.of("in", "w1"), List.of("a")),
            Node.of("odd", new OpType("acme", "Odd"), List.of("a"), List.of("b")),
            Node.of("even", new OpType("acme", "Even"), List.of("b"), List.of("out")));
    Model classifier = CommandFixture.classifier(13);
    Model model =
        CommandFixture.model(
                nodes,
                Map.of("w1", classifier.graph().initializers().get("w1")),
                13,
                CommandFixture.value("in", "N", 4),
                CommandFixture.value("out", "N", 4))
            .withOpset("acme", 1);
    new OnnxFormat().write(model, octet.file("m.onnx"));
    List<String> before = octet.files();
    Result result = quantize("--json");
    assertEquals(5, result.exitCode());
    assertEquals("OCT-GRAPH-001", result.errorId());
    assertTrue(result.err().contains("'odd'") && result.err().contains("'even'"), result.err());
    assertEquals(before, octet.files());
    assertEquals(0, octet.run("plan", "@m.onnx", "--backend", "cpu", "-o", "@p.json").exitCode());
    Result run = octet.run("run", "@m.onnx", "--data", "@d.yaml", "-o", "@results", "--json");
    assertEquals("OCT-GRAPH-001", run.errorId());
    assertFalse(Files.exists(octet.file("results")));
  }

  @ParameterizedTest
  @CsvSource({
    "@m.onnx, @d.yaml, none, @q.onnx, 2, OCT-REG-001",
    "@none.onnx, @d.yaml, cpu, @q.onnx, 3, OCT-ONNX-001",
    "@d.yaml, @d.yaml, cpu, @q.onnx, 3, ''",
    "@m.onnx, @none.yaml, cpu, @q.onnx, 3, OCT-FILE-001",
    "@m.onnx, @m.onnx, cpu, @q.onnx, 3, ''",
    "@m.onnx, @bad.yaml, cpu, @q.onnx, 3, OCT-DATA-006",
    "@m.onnx, @d.yaml, cpu, @none/q.onnx, 2, OCT-CLI-002",
    "@m.onnx, @d.yaml, cpu, @folder, 2, OCT-CLI-002",
    "@m.onnx, @d.yaml, cpu, @m.onnx, 2, OCT-CLI-003",
    "@m.onnx, @d.yaml, cpu, @d.yaml, 2, OCT-CLI-003",
    "@m.onnx, @d.yaml, cpu, @x.npy, 2, OCT-CLI-003",
    "@m.onnx, @d.yaml, cpu, @labels.npy, 2, OCT-CLI-003"
  })
  void leavesNoFileBehindWhenSomethingIsWrong(
      String model, String data, String backend, String output, int exitCode, String id)
      throws IOException {
    Files.createDirectory(octet.file("folder"));
    octet.write("bad.yaml", "inputs:\n  x: {file: x.npy}\n");
    List<String> before = octet.files();
    byte[] bytes = Files.readAllBytes(octet.file("m.onnx"));
    Result result =
        octet.run("quantize", model, "--backend", backend, "--data", data, "-o", output, "--json");
    assertEquals(exitCode, result.exitCode(), result.err());
    assertTrue(result.errorId().startsWith(id), result.err());
    assertTrue(result.err().startsWith("octet: " + result.errorId() + ": "), result.err());
    Tree.Mapping error = result.json().get("error").asMapping();
    assertFalse(error.get("place").asText().isEmpty(), result.err());
    assertFalse(error.get("next").asText().isEmpty(), result.err());
    assertEquals(before, octet.files());
    assertArrayEquals(bytes, Files.readAllBytes(octet.file("m.onnx")));
  }

  @ParameterizedTest
  @CsvSource({
    "exclude=none*, 2",
    "exclude, OCT-OPT-002",
    "colour=red, OCT-OPT-001",
    "observer=best, OCT-OPT-003"
  })
  void namesOptionsThatTheBackendDoesNotUnderstand(String option, String id) {
    Result result = quantize("--option", option, "--json");
    assertEquals(2, result.exitCode(), result.err());
    assertTrue(result.errorId().startsWith("OCT-"), result.err());
    assertTrue(id.equals("2") || id.equals(result.errorId()), result.err());
  }

  @Test
  void saysWhereAPlanNamesABackendThatThereIsNot() throws IOException {
    octet.run("plan", "@m.onnx", "--backend", "cpu", "-o", "@p.json");
    String plan = Files.readString(octet.file("p.json"));
    octet.write("p.json", plan.replace("\"backend\": \"cpu\"", "\"backend\": \"npu\""));
    List<Result> results =
        List.of(calibrate("@d.yaml", "@c.calib"), convert("@c.calib", "@q.onnx"));
    for (Result result : results) {
      assertEquals(3, result.exitCode());
      assertTrue(result.err().contains("OCT-REG-001"), result.err());
      assertTrue(result.err().contains("$.backend"), result.err());
      assertTrue(result.err().contains(octet.path("@p.json")), result.err());
      assertTrue(result.err().contains("onnxruntime, qnn, x86, xnnpack"), result.err());
    }
  }

  @Test
  void refusesAPlanOfAnotherModel() throws IOException {
    octet.run("plan", "@m.onnx", "--backend", "cpu", "-o", "@p.json");
    octet.writeClassifier(14);
    Result result = calibrate("@d.yaml", "@c.calib");
    assertEquals(3, result.exitCode());
    assertTrue(result.err().contains("OCT-PLAN-002"), result.err());
    assertFalse(Files.exists(octet.file("c.calib")));
  }

  @Test
  void replacesNothingThatIsRead() throws IOException {
    octet.run("plan", "@m.onnx", "--backend", "cpu", "-o", "@p.json");
    calibrate("@d.yaml", "@c.calib");
    octet.npy("scores.npy", Tensor.of(new int[CommandFixture.SAMPLES], CommandFixture.SAMPLES));
    octet.write("s.yaml", "inputs: {in: {file: x.npy}}\nlabels: scores.npy\n");
    byte[] samples = Files.readAllBytes(octet.file("x.npy"));
    byte[] labels = Files.readAllBytes(octet.file("scores.npy"));
    byte[] calibration = Files.readAllBytes(octet.file("c.calib"));
    List<Result> results =
        List.of(
            calibrate("@d.yaml", "@x.npy"),
            octet.run("merge", "@c.calib", "@c.calib", "-o", "@c.calib"),
            octet.run("run", "@m.onnx", "--data", "@s.yaml", "-o", "@"));
    for (Result result : results) {
      assertEquals(2, result.exitCode(), result.err());
      assertTrue(result.err().startsWith("octet: OCT-CLI-003"), result.err());
    }
    assertArrayEquals(samples, Files.readAllBytes(octet.file("x.npy")));
    assertArrayEquals(labels, Files.readAllBytes(octet.file("scores.npy")));
    assertArrayEquals(calibration, Files.readAllBytes(octet.file("c.calib")));
  }

  @Test
  void namesNodesThatAreNotRunEvenWhenNothingWouldBeQuantized() throws IOException {
    Node odd = Node.of("odd", new OpType("acme", "Odd"), List.of("in"), List.of("y"));
    Model model =
        CommandFixture.model(
            List.of(odd),
            Map.of(),
            13,
            CommandFixture.value("in", "N", 4),
            CommandFixture.value("y", "N", 4));
    new OnnxFormat().write(model.withOpset("acme", 1), octet.file("odd.onnx"));
    Result result =
        octet.run(
            "quantize", "@odd.onnx", "--backend", "cpu", "--data", "@d.yaml", "-o", "@q.onnx");
    assertEquals(5, result.exitCode(), result.err());
    assertTrue(result.err().contains("OCT-GRAPH-001"), result.err());
    assertTrue(result.err().contains("'odd'"), result.err());
    assertTrue(result.err().contains("(at graph 'g')"), result.err());
    assertFalse(Files.exists(octet.file("q.onnx")));
  }

  @Test
  void refusesACalibrationThatDoesNotCoverThePlan() {
    octet.run("plan", "@m.onnx", "--backend", "cpu", "-o", "@p.json");
    calibrate("@d.yaml", "@c.calib");
    octet.run("plan", "@m.onnx", "--backend", "cpu", "--option", "exclude=relu", "-o", "@p.json");
    Result result = convert("@c.calib", "@q.onnx");
    assertEquals(3, result.exitCode(), result.err());
    assertTrue(result.err().contains("OCT-CONV-006"), result.err());
    assertTrue(result.err().contains("(at " + octet.path("@c.calib") + ")"), result.err());
    assertFalse(Files.exists(octet.file("q.onnx")));
  }

  private Result quantize(String... more) {
    String[] words = {
      "quantize", "@m.onnx", "--backend", "cpu", "--data", "@d.yaml", "-o", "@q.onnx"
    };
    String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return octet.run(all);
  }

  private Result calibrate(String data, String output) {
    return octet.run("calibrate", "@m.onnx", "--plan", "@p.json", "--data", data, "-o", output);
  }

  private Result convert(String calibration, String output) {
    return octet.run(
        "convert", "@m.onnx", "--plan", "@p.json", "--calibration", calibration, "-o", output);
  }

  private void assertSame(String a, String b) throws IOException {
    assertArrayEquals(
        Files.readAllBytes(octet.file(a)), Files.readAllBytes(octet.file(b)), a + " and " + b);
  }
}

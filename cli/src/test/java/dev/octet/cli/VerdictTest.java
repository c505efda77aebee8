package dev.octet.cli;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** What is required of a model, and who hears when it does not hold. */
class VerdictTest {

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
  }

  /** Hands on the samples as 'kept', and as 'ruined', which loses what the factor says. */
  private void twoOutputs(String name, float factor) {
    Model model =
        CommandFixture.model(
            List.of(
                CommandFixture.node("Identity", "in", "kept"),
                CommandFixture.node("Identity", "in", "handed"),
                Node.of("mul", OpType.onnx("Mul"), List.of("handed", "f"), List.of("ruined"))),
            Map.of("f", Tensor.of(new float[] {factor})),
            13,
            CommandFixture.value("in", "N", 4),
            CommandFixture.value("kept", "N", 4),
            CommandFixture.value("ruined", "N", 4));
    new OnnxFormat().write(model, octet.file(name));
  }

  private Result evaluate(String model, String... more) {
    List<String> words = new ArrayList<>(List.of("evaluate", model, "--data", "@d.yaml"));
    words.addAll(List.of(more));
    return octet.run(words.toArray(String[]::new));
  }

  private Document junit(String name) throws Exception {
    Path schema = Path.of("../tck/src/test/resources/dev/octet/tck/report/junit.xsd");
    SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
        .newSchema(schema.toFile())
        .newValidator()
        .validate(new StreamSource(octet.file(name).toFile()));
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(octet.path("@" + name));
  }

  private static String count(Document junit, String what) {
    return ((Element) junit.getElementsByTagName("testsuite").item(0)).getAttribute(what);
  }

  @Test
  void namesTheOneOutputOfTwoThatIsRuined() throws Exception {
    twoOutputs("float.onnx", 1);
    twoOutputs("q.onnx", 0.75f);
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}");
    String[] all = {
      "--reference", "@float.onnx", "--require", "sqnr>=20", "--junit", "@j.xml", "--json"
    };
    Result result = evaluate("@q.onnx", all);
    assertEquals(1, result.exitCode(), result.err());
    assertTrue(
        result
            .err()
            .contains("octet: 'sqnr>=20 (ruined)' does not hold: sqnr of 'ruined' is 12.0412\n"),
        result.err());
    List<Tree> required = result.json().get("requirements").asItems();
    assertEquals(
        List.of("kept true", "ruined false"),
        required.stream()
            .map(Tree::asMapping)
            .map(r -> r.get("output").asText() + " " + r.get("holds").asBoolean())
            .toList());
    assertFalse(result.json().get("passed").asBoolean());
    Document junit = junit("j.xml");
    assertEquals("3", count(junit, "tests"));
    assertEquals("1", count(junit, "failures"));
    Element failure = (Element) junit.getElementsByTagName("failure").item(0);
    assertEquals("sqnr of 'ruined' is 12.0412", failure.getAttribute("message"));
    Result kept = evaluate("@q.onnx", "--reference", "@float.onnx", "--require", "sqnr:kept>=20");
    assertEquals(0, kept.exitCode(), kept.err());
    assertTrue(
        kept.out().contains("sqnr:kept>=20 holds: sqnr of 'kept' is that of equal outputs"),
        kept.out());
  }

  /** A script that looks at ten models, and wants every report whatever the others say. */
  @Test
  void gatesManyModelsInOneScript() throws Exception {
    twoOutputs("float.onnx", 1);
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}");
    List<Integer> codes = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      twoOutputs("m" + i + ".onnx", i % 4 == 3 ? 0.5f : 0.999f);
      Result result =
          evaluate(
              "@m" + i + ".onnx",
              "--reference",
              "@float.onnx",
              "--require",
              "sqnr>=20",
              "--require",
              "cosine>=0.99",
              "--fail-on",
              "warning",
              "--junit",
              "@m" + i + ".xml",
              "-q",
              "--json");
      codes.add(result.exitCode());
      assertEquals(result.exitCode() == 0, result.json().get("passed").asBoolean(), result.out());
      Document junit = junit("m" + i + ".xml");
      assertEquals("6", count(junit, "tests"), "evaluates, two figures of two outputs, findings");
      assertEquals(result.exitCode() == 0 ? "0" : "1", count(junit, "failures"));
      assertEquals("m" + i + ".onnx", count(junit, "name"));
    }
    assertEquals(List.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 0), codes);
  }

  @Test
  void comparesTwoQuantizedModels() {
    quantize("d.yaml", "first.onnx");
    quantize("d.yaml", "second.onnx");
    Result result =
        evaluate("@first.onnx", "--reference", "@second.onnx", "--require", "agreement>=1");
    assertEquals(0, result.exitCode(), result.err());
  }

  private void quantize(String data, String out) {
    Result result =
        octet.run("quantize", "@m.onnx", "--backend", "cpu", "--data", "@" + data, "-o", "@" + out);
    assertEquals(0, result.exitCode(), result.err());
  }

  @Test
  void asksForWhatARequirementIsCountedFromBeforeAnythingRuns() throws Exception {
    Result noReference = evaluate("@m.onnx", "--require", "sqnr>=20", "--json");
    assertEquals(2, noReference.exitCode());
    assertEquals("OCT-CLI-032", noReference.errorId());
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}");
    Result noLabels = evaluate("@m.onnx", "--require", "top1>=0.9", "--junit", "@j.xml", "--json");
    assertEquals(2, noLabels.exitCode());
    assertEquals("OCT-CLI-032", noLabels.errorId());
    assertEquals("1", count(junit("j.xml"), "errors"));
    Result misspelt = evaluate("@m.onnx", "--require", "top1>0.9", "--json");
    assertEquals(2, misspelt.exitCode());
    assertEquals("OCT-CLI-031", misspelt.errorId());
  }

  @Test
  void theRunThatFailsIsAnErrorInTheXml() throws Exception {
    octet.write("d.yaml", "inputs: {in: {file: nothing.npy}}");
    Result result = evaluate("@m.onnx", "--junit", "@j.xml");
    assertEquals(3, result.exitCode(), result.err());
    Element error = (Element) junit("j.xml").getElementsByTagName("error").item(0);
    assertTrue(error.getAttribute("message").startsWith("OCT-"), error.getAttribute("message"));
    Result nowhere = evaluate("@m.onnx", "--junit", "@nowhere/j.xml", "--json");
    assertEquals("OCT-CLI-002", nowhere.errorId());
  }

  /** The classic: the division by 255 stands in the calibration data and not in the test data. */
  @Test
  void findsAForgottenDivision() throws Exception {
    octet.write("c.yaml", "inputs: {in: {file: x.npy, steps: [{multiply: 0.00392156862745098}]}}");
    quantize("c.yaml", "q.onnx");
    Result clipped = evaluate("@q.onnx", "--fail-on", "warning", "--junit", "@j.xml", "--json");
    assertEquals(1, clipped.exitCode(), clipped.err());
    assertEquals(List.of("OCT-CLI-103"), findings(clipped));
    assertTrue(
        clipped.err().contains("octet: findings fail the command: OCT-CLI-103\n"), clipped.err());
    assertFalse(clipped.json().get("passed").asBoolean());
    assertEquals("1", count(junit("j.xml"), "failures"));
    quantize("d.yaml", "q.onnx");
    Result unused =
        octet.run("evaluate", "@q.onnx", "--data", "@c.yaml", "--fail-on", "error", "--json");
    assertEquals(0, unused.exitCode(), unused.err());
    assertEquals(List.of("OCT-CLI-104"), findings(unused));
    assertEquals(List.of(), findings(evaluate("@q.onnx", "--json")));
  }

  private static List<String> findings(Result result) {
    return result.json().get("findings").asItems().stream()
        .map(finding -> finding.asMapping().get("id").asText())
        .toList();
  }

  @Test
  void aWarningThatWasReadFailsNothingAndOneThatIsNotThereIsOne() throws Exception {
    octet.write("c.yaml", "inputs: {in: {file: x.npy, steps: [{multiply: 0.00392156862745098}]}}");
    quantize("c.yaml", "q.onnx");
    Result read = evaluate("@q.onnx", "--fail-on", "warning", "--accept", "OCT-CLI-103", "--json");
    assertEquals(0, read.exitCode(), read.err());
    assertTrue(read.json().get("passed").asBoolean());
    Tree.Mapping finding = read.json().get("findings").asItems().get(0).asMapping();
    assertTrue(finding.get("accepted").asBoolean());
    assertTrue(read.err().contains("octet: accepted warning OCT-CLI-103: "), read.err());
    Result stale = evaluate("@m.onnx", "--fail-on", "warning", "--accept", "OCT-CLI-103", "--json");
    assertEquals(1, stale.exitCode(), stale.err());
    assertEquals(List.of("OCT-CLI-105"), findings(stale));
    assertTrue(
        stale.err().contains("'OCT-CLI-103' is accepted, and there is no such finding"),
        stale.err());
  }

  @Test
  void namesOfClassesMakeTheFirstOutputOneOfClasses() throws Exception {
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}");
    String[] same = {"--reference", "@m.onnx", "--require", "agreement>=1", "--json"};
    assertEquals("OCT-CLI-032", evaluate("@m.onnx", same).errorId());
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}\nclasses: [a, b, c]");
    Result named = evaluate("@m.onnx", same);
    assertEquals(0, named.exitCode(), named.err() + named.out());
  }

  private Result quantizeBy(String... more) {
    List<String> words =
        new ArrayList<>(List.of("quantize", "@m.onnx", "--backend", "cpu", "--data", "@one.yaml"));
    words.addAll(List.of("-o", "@q.onnx", "--fail-on", "warning", "-q", "--json"));
    words.addAll(List.of(more));
    return octet.run(words.toArray(String[]::new));
  }

  @Test
  void findsOneSampleAndDataOfZerosAtEveryStep() throws Exception {
    octet.write("one.yaml", "inputs: {in: {file: x.npy, steps: [{multiply: 0}]}}\ntake: 1\n");
    List<String> both = List.of("OCT-CAL-101", "OCT-CAL-102");
    Result quantized = quantizeBy();
    assertEquals(1, quantized.exitCode(), quantized.err());
    assertEquals(both, findings(quantized));
    assertTrue(Files.exists(octet.file("q.onnx")));
    octet.run("plan", "@m.onnx", "--backend", "cpu", "-o", "@p.json");
    Result calibrated =
        octet.run(
            "calibrate",
            "@m.onnx",
            "--plan",
            "@p.json",
            "--data",
            "@one.yaml",
            "-o",
            "@c.calib",
            "--fail-on",
            "warning",
            "--json");
    assertEquals(1, calibrated.exitCode(), calibrated.err());
    assertEquals(both, findings(calibrated));
    Result converted =
        octet.run(
            "convert",
            "@m.onnx",
            "--plan",
            "@p.json",
            "--calibration",
            "@c.calib",
            "-o",
            "@q.onnx",
            "--accept",
            "OCT-CAL-101",
            "--fail-on",
            "warning",
            "--json");
    assertEquals(1, converted.exitCode(), converted.err());
    assertTrue(
        converted.err().contains("findings fail the command: OCT-CAL-102\n"), converted.err());
  }

  @Test
  void aRecipeAcceptsFindings() throws Exception {
    octet.write("one.yaml", "inputs: {in: {file: x.npy}}\ntake: 1\n");
    octet.write("r.yaml", "recipe: 1\naccept: [OCT-CAL-101]\n");
    Result read = quantizeBy("--recipe", "@r.yaml");
    assertEquals(0, read.exitCode(), read.err());
    octet.write("one.yaml", "inputs: {in: {file: x.npy}}\n");
    Result stale = quantizeBy("--recipe", "@r.yaml");
    assertEquals(1, stale.exitCode(), stale.err());
    assertEquals(List.of("OCT-CLI-105"), findings(stale));
    // A plan sees none of what calibration will find.
    Result planned =
        octet.run(
            "plan",
            "@m.onnx",
            "--backend",
            "cpu",
            "--recipe",
            "@r.yaml",
            "-o",
            "@p.json",
            "--fail-on",
            "warning");
    assertEquals(0, planned.exitCode(), planned.err());
  }

  @Test
  void aPlanShowsWhatIsAccepted() throws Exception {
    Model model =
        CommandFixture.model(
            List.of(
                CommandFixture.node("Relu", "in", "r"),
                Node.of("odd", new OpType("some.where", "Odd"), List.of("r"), List.of("out"))),
            Map.of(),
            13,
            CommandFixture.value("in", "N", 4),
            CommandFixture.value("out", "N", 4));
    new OnnxFormat().write(model, octet.file("odd.onnx"));
    octet.write("r.yaml", "recipe: 1\naccept: [OCT-PLAN-010]\n");
    for (List<String> accepted :
        List.of(
            List.<String>of(),
            List.of("--accept", "OCT-PLAN-010"),
            List.of("--recipe", "@r.yaml"))) {
      List<String> words = new ArrayList<>(List.of("plan", "@odd.onnx", "--backend", "cpu"));
      words.addAll(List.of("-o", "@p.json", "--fail-on", "warning", "--json"));
      words.addAll(accepted);
      Result planned = octet.run(words.toArray(String[]::new));
      assertEquals(accepted.isEmpty() ? 1 : 0, planned.exitCode(), planned.err());
      Tree.Mapping finding = planned.json().get("findings").asItems().get(0).asMapping();
      assertEquals("OCT-PLAN-010", finding.get("id").asText());
      assertEquals(accepted.isEmpty(), finding.find("accepted").isEmpty(), planned.out());
    }
  }

  @Test
  void quietSaysNothingButWhatDoesNotHold() {
    Result holds = evaluate("@m.onnx", "-q", "--require", "top1>=1");
    assertEquals("", holds.out() + holds.err());
    assertEquals(0, holds.exitCode());
    Result fails = evaluate("@m.onnx", "--quiet", "--require", "top1<=0.5");
    assertEquals("", fails.out());
    assertEquals("octet: 'top1<=0.5' does not hold: top1 is 1.00000\n", fails.err());
    assertEquals(1, fails.exitCode());
  }

  @Test
  void namesAreWrittenInXmlWhateverTheyHold() throws Exception {
    JunitFile file = new JunitFile("a<b>\"&\u0001\ud800\uffff\n");
    file.passed("x\ty").failed("z", "<&>").write(octet.file("j.xml"));
    Document junit = junit("j.xml");
    assertEquals("a<b>\"&\\u{1}\\u{d800}\\u{ffff} ", count(junit, "name"));
    assertEquals(
        "<&>", ((Element) junit.getElementsByTagName("failure").item(0)).getAttribute("message"));
    assertTrue(Stream.of(Objects.requireNonNull(folder.toFile().list())).anyMatch("j.xml"::equals));
    assertTrue(Files.readString(octet.file("j.xml")).endsWith("</testsuites>\n"));
  }
}

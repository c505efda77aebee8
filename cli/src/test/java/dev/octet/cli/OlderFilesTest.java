package dev.octet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Model;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.provenance.Claim;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the files in the resources {@code older}, whose README says what wrote them. */
class OlderFilesTest {

  private static final Path SAMPLE = Path.of("..", "examples", "sample").toAbsolutePath();
  private static final String MODEL = SAMPLE.resolve("shapes.onnx").toString();

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void makeFixture() {
    octet = new CommandFixture(folder);
  }

  /** The file of old says which plan it is from, and nothing else. */
  @Test
  void aPlanAndItsCalibrationConvertToTheSameFileButForWhatItSaysOfThem() throws IOException {
    take("min-max/plan.json", "min-max/x.calib");
    convert("x.calib", "q.onnx");
    assertArrayEquals(older("min-max/model.onnx"), bytesWithoutClaims("q.onnx"));
    take("plan-2/plan.json", "plan-2/x.calib", "plan-2/model.onnx");
    convert("x.calib", "q.onnx");
    assertArrayEquals(bytesWithoutClaims("model.onnx"), bytesWithoutClaims("q.onnx"));
  }

  private byte[] bytesWithoutClaims(String file) {
    return new OnnxFormat().toBytes(withoutClaims(new OnnxFormat().read(octet.file(file))));
  }

  private static Model withoutClaims(Model model) {
    Map<String, String> metadata = new LinkedHashMap<>(model.metadata());
    for (Claim claim : Claim.values()) {
      metadata.remove(claim.key());
    }
    return new Model(model.graph(), model.opsets(), metadata, model.origin());
  }

  @Test
  void aCalibrationFromBefore02IsRefusedWithWhatToDo() throws IOException {
    take("min-max/plan.json", "before-0.2/x.calib");
    Result result =
        octet.run(
            "convert",
            MODEL,
            "--plan",
            "@plan.json",
            "--calibration",
            "@x.calib",
            "-o",
            "@q.onnx",
            "--json");
    assertEquals(3, result.exitCode(), result.err());
    assertEquals("OCT-CAL-029", result.errorId());
    assertTrue(result.err().contains("has version 1, from before 0.2"), result.err());
    assertTrue(result.err().contains("Calibrate again with this release"), result.err());
  }

  @Test
  void aPlanFromBefore02IsRefusedWithWhatToDo() throws IOException {
    take("min-max/plan.json");
    String plan = Files.readString(octet.file("plan.json"));
    octet.write("plan.json", plan.replace("\"formatVersion\": 1", "\"formatVersion\": 0"));
    Result result = octet.run("convert", MODEL, "--plan", "@plan.json", "-o", "@q.onnx", "--json");
    assertEquals(3, result.exitCode(), result.err());
    assertEquals("OCT-PLAN-029", result.errorId());
    assertTrue(result.err().contains("format version 0, from before 0.2"), result.err());
    assertTrue(result.err().contains("Plan again with this release"), result.err());
  }

  @Test
  void aQuantizedModelOfAnotherVersionIsVerifiedByItsContent() throws IOException {
    take("min-max/plan.json", "min-max/x.calib", "min-max/model.onnx");
    Result result =
        succeed(
            "verify",
            "@model.onnx",
            "--model",
            MODEL,
            "--plan",
            "@plan.json",
            "--calibration",
            "@x.calib",
            "--json");
    assertTrue(result.json().get("holds").asBoolean());
    assertFalse(result.json().get("sameBytes").asBoolean());
    assertTrue(result.err().contains("OCT-VER-101"), result.err());
    assertTrue(result.err().contains("made by an unknown version of Octet"), result.err());
  }

  /** The hash of what was seen of the plan's groups is that of the version before. */
  @Test
  void aQuantizedModelThatNamesItsCalibrationIsVerifiedWithIt() throws IOException {
    take("plan-2/plan.json", "plan-2/x.calib", "plan-2/model.onnx");
    Tree.Mapping json =
        succeed(
                "verify",
                "@model.onnx",
                "--model",
                MODEL,
                "--plan",
                "@plan.json",
                "--calibration",
                "@x.calib",
                "--json")
            .json();
    assertTrue(json.get("holds").asBoolean());
    List<String> checked =
        json.get("checks").asItems().stream()
            .map(check -> check.asMapping().get("key").asText())
            .toList();
    assertTrue(checked.containsAll(List.of("octet.plan", "octet.calibration")), checked::toString);
  }

  @Test
  void aQuantizedModelComputesTheSameNumbers() throws IOException {
    take("min-max/model.onnx");
    octet.write(
        "d.yaml",
        """
        inputs:
          image:
            file: %s:test_images
            steps:
              - transpose: NHWC -> NCHW
              - multiply: 0.00392156862745098
        take: 50
        """
            .formatted(SAMPLE.resolve("shapes.npz")));
    succeed("run", "@model.onnx", "--data", "@d.yaml", "-o", "@out");
    assertArrayEquals(
        older("min-max/logits.npy"), Files.readAllBytes(octet.file("out/logits.npy")));
  }

  @Test
  void theCalibrationsOfPartsMergeAndGiveTheParametersOfTheWhole() throws IOException {
    take(
        "histogram/plan.json",
        "histogram/first.calib",
        "histogram/second.calib",
        "histogram/whole.calib");
    succeed("merge", "@second.calib", "@first.calib", "-o", "@merged.calib");
    convert("merged.calib", "merged.onnx");
    convert("whole.calib", "whole.onnx");
    assertArrayEquals(
        Files.readAllBytes(octet.file("whole.onnx")),
        Files.readAllBytes(octet.file("merged.onnx")));
    Tree expected =
        JsonText.parse(new String(older("histogram/parameters.json"), UTF_8), "parameters.json");
    assertEquals(expected, succeed("inspect", "@merged.onnx", "--json").json().get("parameters"));
  }

  @Test
  void aCalibrationSaysWhatItSaw() throws IOException {
    take("histogram/whole.calib", "plan-2/x.calib");
    for (String file : List.of("@whole.calib", "@x.calib")) {
      assertEquals(200, succeed("inspect", file, "--json").json().get("samples").asInt());
    }
  }

  @Test
  void aPlanWithOptionsForANodeIsReadAndTakenUp() throws IOException {
    take("dynamic/plan.json");
    List<Tree> nodes = succeed("inspect", "@plan.json", "--json").json().get("nodes").asItems();
    assertEquals(39, nodes.size());
    assertEquals(7, nodes.stream().filter(n -> n.asMapping().get("quantized").asBoolean()).count());
    succeed("convert", MODEL, "--plan", "@plan.json", "-o", "@q.onnx");
  }

  private void convert(String calibration, String output) {
    succeed(
        "convert",
        MODEL,
        "--plan",
        "@plan.json",
        "--calibration",
        "@" + calibration,
        "-o",
        "@" + output);
  }

  private Result succeed(String... words) {
    Result result = octet.run(words);
    assertEquals(0, result.exitCode(), result.err());
    return result;
  }

  /** Puts older files into the folder. */
  private void take(String... names) throws IOException {
    for (String name : names) {
      Files.write(octet.file(name.substring(name.indexOf('/') + 1)), older(name));
    }
  }

  private static byte[] older(String name) throws IOException {
    InputStream plain = OlderFilesTest.class.getResourceAsStream("older/" + name);
    if (plain != null) {
      try (plain) {
        return plain.readAllBytes();
      }
    }
    InputStream packed = OlderFilesTest.class.getResourceAsStream("older/" + name + ".gz");
    try (InputStream in = new GZIPInputStream(Objects.requireNonNull(packed, name))) {
      return in.readAllBytes();
    }
  }
}

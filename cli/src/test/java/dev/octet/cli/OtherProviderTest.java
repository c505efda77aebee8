package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Model;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.provenance.Claim;
import dev.octet.workflow.provenance.Claims;
import dev.octet.workflow.provenance.OctetBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan or calibration that one jar of a vendor made is not taken up by another unasked. */
class OtherProviderTest {

  private static final String ALLOW = "--allow-other-provider";
  private static final String HASH = "\"sha256\": \"";

  @TempDir Path folder;
  private CommandFixture octet;
  private String first = "";
  private String second = "";

  @BeforeEach
  void build() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
    octet.writeTwoParts();
    first = jar("first.jar", "1.0");
    second = jar("second.jar", "1.1");
  }

  private String jar(String name, String version) throws IOException {
    String source =
        VendorObserverTest.SOURCE.replace(
            "public String name()",
            "public Optional<String> version() { return Optional.of(\""
                + version
                + "\"); } public String name()");
    return CommandFixture.vendor("acme", source).build(folder, name).toString();
  }

  private Result run(String jar, String... words) {
    Stream<String> more = Stream.of("--json", "--class-path", jar);
    return octet.run(Stream.concat(Stream.of(words), more).toArray(String[]::new));
  }

  private Result done(String jar, String... words) {
    Result result = run(jar, words);
    assertEquals(0, result.exitCode(), result.out() + result.err());
    return result;
  }

  private Result plan(String jar) {
    return done(jar, "plan", "@m.onnx", "--backend", "acme", "-o", "@p.json");
  }

  private Result calibrate(String jar, String data, String output, String... more) {
    Stream<String> words =
        Stream.of("calibrate", "@m.onnx", "--plan", "@p.json", "--data", data, "-o", output);
    return run(jar, Stream.concat(words, Stream.of(more)).toArray(String[]::new));
  }

  private Result convert(String jar, String... more) {
    Stream<String> words =
        Stream.of(
            "convert",
            "@m.onnx",
            "--plan",
            "@p.json",
            "--calibration",
            "@x.calib",
            "-o",
            "@q.onnx");
    return run(jar, Stream.concat(words, Stream.of(more)).toArray(String[]::new));
  }

  private static List<String> findings(Result result) {
    return result.json().get("findings").asItems().stream()
        .map(finding -> finding.asMapping().get("id").asText())
        .toList();
  }

  private static String sha256(String file) throws Exception {
    byte[] content = Files.readAllBytes(Path.of(file));
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private static void assertRefused(Result result, String file) {
    assertEquals(5, result.exitCode(), result.out() + result.err());
    assertEquals("OCT-PROV-001", result.errorId());
    assertTrue(
        result.err().contains("another jar of backend 'acme' made the " + file + ": version 1."),
        result.err());
    assertTrue(result.err().contains(ALLOW), result.err());
  }

  @Test
  void planAndCalibrationRecordVersionAndHashBesideTheirContentHash() throws Exception {
    plan(first);
    assertEquals(0, calibrate(first, "@d.yaml", "@x.calib").exitCode());
    Tree expected =
        Tree.of(java.util.Map.of("version", Tree.of("1.0"), "sha256", Tree.of(sha256(first))));
    assertEquals(expected, run(first, "inspect", "@p.json").json().get("provider"));
    Tree.Mapping seen = done(first, "inspect", "@x.calib").json();
    Tree.Mapping maker = seen.get("makers").asItems().get(0).asMapping();
    assertEquals(expected, maker.get("provider"));
    assertEquals("cpu", maker.get("runtime").asText());
    Tree octets = OctetBuild.current().toTree();
    assertEquals(octets, maker.get("octet"));
    assertEquals(octets, run(first, "inspect", "@p.json").json().get("octet"));
    byte[] plan = Files.readAllBytes(octet.file("p.json"));
    byte[] calibration = Files.readAllBytes(octet.file("x.calib"));
    plan(second);
    assertEquals(0, calibrate(second, "@d.yaml", "@x.calib").exitCode());
    assertNotEquals(new String(plan), Files.readString(octet.file("p.json")));
    assertFalse(java.util.Arrays.equals(calibration, Files.readAllBytes(octet.file("x.calib"))));
    Tree.Mapping again = done(second, "inspect", "@x.calib").json();
    assertEquals(seen.get("contentHash"), again.get("contentHash"));
    assertEquals(seen.get("model"), again.get("model"));
  }

  @Test
  void calibrateRefusesAnotherJarUnlessAsked() {
    plan(first);
    assertRefused(calibrate(second, "@d.yaml", "@x.calib"), "plan");
    assertFalse(Files.exists(octet.file("x.calib")));
    Result asked = calibrate(second, "@d.yaml", "@x.calib", ALLOW);
    assertEquals(0, asked.exitCode(), asked.err());
    assertEquals(List.of("OCT-PROV-101"), findings(asked));
  }

  @Test
  void convertRefusesThePlanOfAnotherJarUnlessAsked() throws Exception {
    plan(first);
    assertEquals(0, calibrate(first, "@d.yaml", "@x.calib").exitCode());
    assertEquals(0, convert(first).exitCode());
    Model expected = new OnnxFormat().read(octet.file("q.onnx"));
    Files.delete(octet.file("q.onnx"));
    assertRefused(convert(second), "plan");
    assertFalse(Files.exists(octet.file("q.onnx")));
    Result asked = convert(second, ALLOW);
    assertEquals(0, asked.exitCode(), asked.err());
    assertEquals(List.of("OCT-PROV-101", "OCT-PROV-101"), findings(asked));
    Model other = new OnnxFormat().read(octet.file("q.onnx"));
    assertEquals(Optional.of(sha256(first)), Claims.of(expected).get(Claim.BACKEND_JAR));
    assertEquals(Optional.of("1.1"), Claims.of(other).get(Claim.BACKEND_VERSION));
    Claims same =
        Claims.of(other).with(Claim.BACKEND_VERSION, "1.0").with(Claim.BACKEND_JAR, sha256(first));
    assertArrayEquals(
        new OnnxFormat().toBytes(expected), new OnnxFormat().toBytes(same.mark(other)));
  }

  @Test
  void convertRefusesTheCalibrationOfAnotherJarUnlessAsked() {
    plan(first);
    assertEquals(0, calibrate(first, "@first.yaml", "@a.calib").exitCode());
    assertEquals(0, calibrate(second, "@rest.yaml", "@b.calib", ALLOW).exitCode());
    done(first, "merge", "@a.calib", "@b.calib", "-o", "@x.calib");
    List<Tree> makers = done(first, "inspect", "@x.calib").json().get("makers").asItems();
    assertEquals(
        List.of("1.0", "1.1"),
        makers.stream()
            .map(maker -> maker.asMapping().get("provider").asMapping().get("version").asText())
            .toList());
    assertRefused(convert(first), "calibration");
    Result asked = convert(first, ALLOW);
    assertEquals(0, asked.exitCode(), asked.err());
    assertEquals(List.of("OCT-PROV-101"), findings(asked));
  }

  @Test
  void aPlanThatDoesNotSayItsJarIsReadWithAFinding() throws IOException {
    plan(first);
    assertEquals(0, calibrate(first, "@d.yaml", "@x.calib").exitCode());
    String text = Files.readString(octet.file("p.json"));
    int from = text.indexOf("\"provider\"");
    octet.write("p.json", text.substring(0, from) + text.substring(text.indexOf("},", from) + 2));
    Result result = convert(second, ALLOW);
    assertEquals(0, result.exitCode(), result.err());
    assertEquals(List.of("OCT-PROV-103", "OCT-PROV-101"), findings(result));
  }

  @Test
  void octetsOwnBackendsGoByTheirVersion() throws IOException {
    done(first, "plan", "@m.onnx", "--backend", "cpu", "-o", "@p.json");
    assertEquals(0, calibrate(first, "@d.yaml", "@x.calib").exitCode());
    String text = Files.readString(octet.file("p.json"));
    String provider = text.substring(text.indexOf("\"provider\""));
    String hash =
        provider.substring(
            provider.indexOf(HASH), provider.indexOf("\"\n", provider.indexOf(HASH)));
    octet.write("p.json", text.replace(hash, HASH + "0".repeat(64)));
    assertEquals(List.of(), findings(convert(first)));
  }
}

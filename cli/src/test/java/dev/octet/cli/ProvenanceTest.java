package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.ComposableQuantizer;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Provenance;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.provenance.Claim;
import dev.octet.workflow.provenance.Claims;
import dev.octet.workflow.provenance.FloatFile;
import dev.octet.workflow.provenance.OctetBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a converted model says of the plan that it is from, through files and commands. */
class ProvenanceTest {

  @TempDir Path folder;
  private final Catalogs catalogs = Catalogs.discover(ProvenanceTest.class.getClassLoader());
  private CommandFixture octet;

  @BeforeEach
  void quantizes() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
    done("quantize", "@m.onnx", "--backend", "cpu", "--data", "@d.yaml", "-o", "@q.onnx");
  }

  private Result done(String... words) {
    Result result = octet.run(words);
    assertEquals(0, result.exitCode(), result.err());
    return result;
  }

  private Plan plan(String... options) {
    Model model = new OnnxFormat().read(octet.file("m.onnx"));
    return Quantization.plan(
        QuantizationRequest.of(model, catalogs.backend("cpu")).options(Options.of(options)));
  }

  @Test
  void theFileNamesThePlanAndTheRuleOfEachNode() {
    Model read = new OnnxFormat().read(octet.file("q.onnx"));
    Provenance known = Provenance.of(read).orElseThrow();
    assertEquals(plan().contentHash(), known.planHash());
    assertEquals("cpu", known.backend());
    for (Node node : read.graph().nodes()) {
      boolean users = List.of("hidden", "relu", "head").contains(node.name());
      assertEquals(
          users ? Optional.of("cpu") : Optional.empty(),
          Provenance.of(node).map(Provenance.Owner::backend),
          node.name());
    }
    assertEquals(
        Map.of("octet.rule", "dense", "octet.backend", "cpu"),
        read.graph().node("head").orElseThrow().metadata());
  }

  @Test
  void theStepsGiveTheSameBytesAsAllInOne() throws IOException {
    done("plan", "@m.onnx", "--backend", "cpu", "-o", "@plan.json");
    done("calibrate", "@m.onnx", "--plan", "@plan.json", "--data", "@d.yaml", "-o", "@x.calib");
    done(
        "convert",
        "@m.onnx",
        "--plan",
        "@plan.json",
        "--calibration",
        "@x.calib",
        "-o",
        "@steps.onnx");
    assertArrayEquals(
        Files.readAllBytes(octet.file("q.onnx")), Files.readAllBytes(octet.file("steps.onnx")));
  }

  @Test
  void aPlanThatWasReadAgainHasTheSameHashAndAnotherDecisionAnother() {
    Plan plan = plan();
    plan.document().write(octet.file("plan.json"));
    Plan bound =
        Quantization.bind(
            PlanDocument.read(octet.file("plan.json")),
            new OnnxFormat().read(octet.file("m.onnx")),
            catalogs.backend("cpu"));
    assertEquals(plan.contentHash(), bound.contentHash());
    assertNotEquals(plan.contentHash(), plan("exclude", "head").contentHash());
    assertNotEquals(plan.contentHash(), plan("observer", "entropy").contentHash());
  }

  @Test
  void inspectShowsIt() {
    Tree.Mapping json = done("inspect", "@q.onnx", "--json").json();
    Tree.Mapping from = json.get("plan").asMapping();
    assertEquals(plan().contentHash(), from.get("sha256").asText());
    assertEquals("cpu", from.get("backend").asText());
    Tree.Mapping head = json.get("nodes").asItems().get(2).asMapping();
    assertEquals("dense", head.get("rule").asText());
    assertEquals("cpu", head.get("backend").asText());
    String out = done("inspect", "@q.onnx").out();
    assertTrue(out.contains("converted by plan " + plan().contentHash()), out);
    assertTrue(out.matches("(?s).*head +Gemm +dense +cpu\\s.*"), out);
    assertTrue(done("inspect", "@m.onnx", "--json").json().find("plan").isEmpty());
  }

  private static String sha256(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theFileNamesItsMakersAndTheContentOfAllThatItIsFrom() throws IOException {
    done("plan", "@m.onnx", "--backend", "cpu", "-o", "@plan.json");
    done("calibrate", "@m.onnx", "--plan", "@plan.json", "--data", "@d.yaml", "-o", "@x.calib");
    Tree.Mapping seen = done("inspect", "@x.calib", "--json").json();
    Claims claims = Claims.of(new OnnxFormat().read(octet.file("q.onnx")));
    OctetBuild octets = OctetBuild.current();
    assertEquals(octets.version(), claims.get(Claim.VERSION));
    assertEquals(octets.commit(), claims.get(Claim.COMMIT));
    assertEquals(catalogs.backend("cpu").version(), claims.get(Claim.BACKEND_VERSION));
    assertEquals(Optional.empty(), claims.get(Claim.BACKEND_JAR));
    assertEquals(Optional.of(sha256(octet.file("m.onnx"))), claims.get(Claim.MODEL));
    assertEquals(Optional.empty(), claims.get(Claim.MODEL_DATA));
    assertEquals(Optional.of(plan().document().modelHash()), claims.get(Claim.MODEL_CONTENT));
    Tree.Mapping data = seen.get("data").asItems().get(0).asMapping();
    assertEquals(Optional.of(data.get("content").asText()), claims.get(Claim.DATA));
    assertEquals(Optional.of("12"), claims.get(Claim.SAMPLES));
    assertEquals(Optional.of("cpu"), claims.get(Claim.RUNTIME));
    Calibration calibration = Calibration.read(octet.file("x.calib"));
    assertEquals(Optional.of(calibration.groupsHash()), claims.get(Claim.CALIBRATION));
    Tree shown = done("inspect", "@q.onnx", "--json").json().get("claims");
    assertEquals(claims.toTree(), shown);
    String out = done("inspect", "@q.onnx").out();
    assertTrue(out.contains("octet.model.sha256 " + sha256(octet.file("m.onnx"))), out);
  }

  @Test
  void filesBesideTheModelAreNamedAsSha256sumPrintsThem() throws IOException {
    Files.createDirectory(octet.file("sub"));
    octet.write("sub/b c.bin", "two");
    octet.write("a.bin", "one");
    FloatFile file =
        new FloatFile(
            "00",
            Map.of(
                "sub/b c.bin",
                sha256(octet.file("sub/b c.bin")),
                "a.bin",
                sha256(octet.file("a.bin"))));
    Model marked =
        Claims.ofThisBuild().with(file).mark(new OnnxFormat().read(octet.file("m.onnx")));
    assertEquals(
        Optional.of(
            "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed  a.bin\n"
                + "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3  sub/b c.bin"),
        Claims.of(marked).get(Claim.MODEL_DATA));
  }

  @Test
  void aModelThatWasMadeInMemoryIsKnownByItsContent() {
    Model model = new OnnxFormat().read(octet.file("m.onnx"));
    Plan plan =
        Quantization.plan(
            QuantizationRequest.of(model, catalogs.backend("xnnpack"))
                .options(Options.of("mode", "dynamic")));
    Claims claims = Claims.of(Quantization.convert(plan).model());
    assertEquals(Optional.empty(), claims.get(Claim.MODEL));
    assertEquals(Optional.of(plan.document().modelHash()), claims.get(Claim.MODEL_CONTENT));
    for (Claim calibrated : List.of(Claim.CALIBRATION, Claim.DATA, Claim.SAMPLES, Claim.RUNTIME)) {
      assertEquals(Optional.empty(), claims.get(calibrated), calibrated.key());
    }
  }

  @Test
  void onnxRuntimeLoadsIt() {
    done("run", "@q.onnx", "--data", "@d.yaml", "--runtime", "onnxruntime", "-o", "@out");
  }

  @Test
  void aModelThatIsConvertedAgainForgetsEarlierOwners() throws IOException {
    done(
        "quantize",
        "@q.onnx",
        "--backend",
        "cpu",
        "--option",
        "exclude=head",
        "--data",
        "@d.yaml",
        "-o",
        "@again.onnx");
    Model again = new OnnxFormat().read(octet.file("again.onnx"));
    assertEquals(Optional.empty(), Provenance.of(again.graph().node("head").orElseThrow()));
    assertNotEquals(plan().contentHash(), Provenance.of(again).orElseThrow().planHash());
    assertEquals(Optional.of(sha256(octet.file("q.onnx"))), Claims.of(again).get(Claim.MODEL));
  }

  /** Quantizes the weight of one node. */
  private static Quantizer weightOf(String name) {
    return context -> {
      Node node = context.graph().node(name).orElseThrow();
      context.claim("weight", List.of(node));
      context.markOperand(
          node,
          1,
          QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8)).withMode(Mode.WEIGHT_ONLY));
    };
  }

  @Test
  void aNodeOfACompositionNamesTheQuantizerThatOwnsIt() {
    Quantizer inner = ComposableQuantizer.of(Map.of("b", weightOf("head")));
    QuantizerProvider provider =
        QuantizerProvider.of(
            "pair", ComposableQuantizer.of(Map.of("a", weightOf("hidden"), "inner", inner)));
    Model floats = new OnnxFormat().read(octet.file("m.onnx"));
    Plan plan = Quantization.plan(QuantizationRequest.of(floats, provider));
    Plan read =
        Quantization.bind(PlanDocument.fromTree(plan.document().toTree()), floats, provider);
    assertEquals(plan.contentHash(), read.contentHash());
    Graph converted = Quantization.convert(read).model().graph();
    assertEquals(
        Optional.of(new Provenance.Owner("weight", "a")),
        Provenance.of(converted.node("hidden").orElseThrow()));
    assertEquals(
        Optional.of(new Provenance.Owner("weight", "b")),
        Provenance.of(converted.node("head").orElseThrow()));
  }
}

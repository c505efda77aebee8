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
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Test
  void onnxRuntimeLoadsIt() {
    done("run", "@q.onnx", "--data", "@d.yaml", "--runtime", "onnxruntime", "-o", "@out");
  }

  @Test
  void aModelThatIsConvertedAgainForgetsEarlierOwners() {
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

package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.annotation.policy.Policy;
import dev.octet.api.graph.Model;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.source.GptqConfig;
import dev.octet.workflow.source.Int8DynActBestWeightQuantizer;
import dev.octet.workflow.source.Int8DynActInt4WeightQuantizer;
import dev.octet.workflow.source.LayerOutcome;
import dev.octet.workflow.source.ScaleAlgorithm;
import dev.octet.workflow.source.SourceQuantization;
import dev.octet.workflow.source.SourceQuantized;
import dev.octet.workflow.source.SourceScheme;
import dev.octet.workflow.source.WithEmbeddings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights of four bits that are searched, and fitted to data. */
class SourceFittingTest {

  private static final double FLOATS = 1.2511;

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
  }

  @Test
  void asksForDataWhereWeightsAreFittedToIt() {
    String[] words = {"source", "@m.onnx", "--scheme", "int8dyn-best", "-o", "@s.onnx", "--json"};
    assertEquals("OCT-SRC-007", octet.run(words).errorId());
    CommandFixture.Result fitted =
        octet.run(
            "source",
            "@m.onnx",
            "--scheme",
            "int8dyn-best",
            "--data",
            "@d.yaml",
            "-o",
            "@s.onnx",
            "--json");
    assertEquals(0, fitted.exitCode(), fitted.err());
    assertTrue(fitted.json().get("quantizedLayers").asLong() > 0);
  }

  /** Rounding to the nearest adds 0.17 to the likelihood of the five stories. */
  @Test
  void aDecoderKeepsMoreOfItsLikelihood() {
    String corpora = System.getProperty("octet.corpora", "");
    assumeTrue(!corpora.isEmpty(), "the models are absent: set the system property octet.corpora");
    Path file = Path.of(corpora, "models/stories260K/stories260K_T256.onnx");
    String test = Path.of(corpora, "descriptions/stories_test.yaml").toString();
    Model model = new OnnxFormat().read(file);
    SourceScheme plain = int4(ScaleAlgorithm.AFFINE);
    SourceQuantized nearest = SourceQuantization.quantize(model, plain);
    SourceQuantized hqq = SourceQuantization.quantize(model, int4(ScaleAlgorithm.HQQ_SCALE_ONLY));
    SourceQuantized gptq;
    SourceQuantized best;
    Path tokens = Path.of(corpora, "descriptions/stories_calibration.yaml");
    try (DataSource data = DataSource.open(tokens, model)) {
      gptq = fitted(model, GptqConfig.builder().baseConfig(plain).build(), data);
      best = fitted(model, Int8DynActBestWeightQuantizer.builder().build(), data);
    }
    double ofHqq = likelihood(hqq, test) - FLOATS;
    double ofGptq = likelihood(gptq, test) - FLOATS;
    double ofBest = likelihood(best, test) - FLOATS;
    System.out.printf(
        Locale.ROOT,
        "NLL above float: HQQ %.4f, GPTQ %.4f, best %.4f in %d bytes for %d%n",
        ofHqq,
        ofGptq,
        ofBest,
        bytes(best),
        bytes(nearest));
    assertTrue(ofHqq < 0.16, "HQQ " + ofHqq);
    assertTrue(ofGptq < 0.11, "GPTQ " + ofGptq);
    assertTrue(ofBest < 0.06, "best " + ofBest);
    assertTrue(bytes(best) <= bytes(nearest), bytes(best) + " for " + bytes(nearest));
  }

  /** The last weight of the decoder is its table of embeddings turned round. */
  @Test
  void aDecoderStoresItsEmbeddingsOnce() {
    String corpora = System.getProperty("octet.corpora", "");
    assumeTrue(!corpora.isEmpty(), "the models are absent: set the system property octet.corpora");
    String test = Path.of(corpora, "descriptions/stories_test.yaml").toString();
    Model model =
        new OnnxFormat().read(Path.of(corpora, "models/stories260K/stories260K_T256.onnx"));
    SourceScheme plain = int4(ScaleAlgorithm.AFFINE);
    SourceQuantized apart = SourceQuantization.quantize(model, new WithEmbeddings(plain, false));
    SourceQuantized tied = SourceQuantization.quantize(model, new WithEmbeddings(plain, true));
    assertEquals(bytes(apart), bytes(tied) + 512 * 64 / 2 + 512 * 2 * 4);
    double rise = likelihood(tied, test) - FLOATS;
    System.out.printf(Locale.ROOT, "NLL above float with embeddings of 4 bits: %.4f%n", rise);
    assertEquals(rise, likelihood(apart, test) - FLOATS, 1e-9);
    assertTrue(rise < 0.25, "rises by " + rise);
  }

  private static SourceScheme int4(ScaleAlgorithm algorithm) {
    return Int8DynActInt4WeightQuantizer.builder()
        .groupSize(32)
        .paddingAllowed(true)
        .chooseQparamsAlgorithm(algorithm)
        .build();
  }

  private static SourceQuantized fitted(Model model, SourceScheme scheme, DataSource data) {
    return SourceQuantization.quantize(model, scheme, Policy.none(), data, Execution.threads(2));
  }

  private static long bytes(SourceQuantized quantized) {
    return quantized.layers().stream()
        .filter(LayerOutcome::isQuantized)
        .mapToLong(layer -> layer.weight().orElseThrow().bytesAfter())
        .sum();
  }

  private double likelihood(SourceQuantized quantized, String data) {
    Path written = octet.file("fitted.onnx");
    new OnnxFormat().write(quantized.model(), written);
    CommandFixture.Result result =
        octet.run("evaluate", written.toString(), "--data", data, "--json");
    assertEquals(0, result.exitCode(), result.err());
    return result.json().get("nll").asNumber().doubleValue();
  }
}

package dev.octet.cli.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.format.StoredForm;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Model;
import dev.octet.api.spec.Granularity;
import dev.octet.api.tree.Tree;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the golden files of a family of quantizers, and the models that they are about. */
final class GoldenCases {

  private static final List<StoredForm> PER_CHANNEL =
      List.of(new StoredForm(DataType.INT8, new Granularity.PerChannel(0), false));

  private static final Map<String, String> MODELS =
      Map.of(
          "kws", "mlperf_kws/kws_ds_cnn.onnx",
          "kwt1", "kwt1/kwt1.onnx",
          "mnist", "mnist/opt-mnist.onnx",
          "resnet20", "cifar_resnet20/resnet20.onnx");

  private GoldenCases() {}

  /**
   * A graph and a configuration.
   *
   * @param name such as {@code conv_relu/xnnpack.static_pc}
   * @param model the model's file
   * @param file what was decided; empty when there is no file
   * @param outcome what happened instead: {@code nothing annotated} or the text of an error
   */
  record GoldenCase(String name, Path model, Optional<Path> file, String outcome) {

    Model read() {
      return new OnnxFormat().raise(new OnnxFormat().read(model), PER_CHANNEL).model();
    }

    String config() {
      return name.substring(name.indexOf('/') + 1);
    }
  }

  /** Returns every pattern in every configuration of a family that was run. */
  static List<GoldenCase> patterns(String family) {
    Path folder = folder("octet.goldens").resolve("backends/patterns");
    List<GoldenCase> cases = new ArrayList<>();
    Tree.Mapping summary = JsonText.read(folder.resolve("summary.json")).asMapping();
    for (Tree entry : summary.get("cases").asItems()) {
      String name = entry.asMapping().get("case").asText();
      Tree.Mapping outcomes = entry.asMapping().get("quantized_tensors").asMapping();
      outcomes
          .entries()
          .forEach(
              (config, outcome) -> {
                if (config.startsWith(family + ".")) {
                  cases.add(pattern(folder.resolve(name), config, outcome));
                }
              });
    }
    return cases;
  }

  private static GoldenCase pattern(Path folder, String config, Tree outcome) {
    String name = folder.getFileName() + "/" + config;
    Path model = folder.resolve("model.onnx");
    if (outcome instanceof Tree.Num) {
      return new GoldenCase(name, model, Optional.of(folder.resolve(config + ".json")), "");
    }
    String text =
        outcome instanceof Tree.Mapping error
            ? error.get("type").asText() + ": " + error.get("message").asText()
            : outcome.asText();
    return new GoldenCase(name, model, Optional.empty(), text);
  }

  /** Returns every whole model in every configuration and policy of a family. */
  static List<GoldenCase> models(String family) {
    Path corpora = folder("octet.corpora").resolve("models");
    Path folder = folder("octet.goldens").resolve("backends/models");
    List<GoldenCase> cases = new ArrayList<>();
    for (String model : MODELS.keySet().stream().sorted().toList()) {
      for (Path file : files(folder.resolve(model))) {
        String name = file.getFileName().toString();
        if (name.matches(family + "(_policy)?\\..*\\.b1\\.json")) {
          cases.add(
              new GoldenCase(
                  model + "/" + name.replace(".b1.json", ""),
                  corpora.resolve(MODELS.get(model)),
                  Optional.of(file),
                  ""));
        }
      }
    }
    return cases;
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(folder.toString(), e);
    }
  }

  private static Path folder(String property) {
    String folder = System.getProperty(property);
    assumeTrue(folder != null, property + " is not set");
    assumeTrue(Files.isDirectory(Path.of(folder)), folder + " is not there");
    return Path.of(folder);
  }
}

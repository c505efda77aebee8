package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.api.format.ModelFormat;
import dev.octet.api.format.TestData;
import dev.octet.api.graph.Model;
import dev.octet.workflow.data.DataDescription;
import dev.octet.workflow.data.DataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The option of every command that reads samples: a description, or a folder of ONNX test data. */
final class DataOption {

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DATA",
      description = "A data description in YAML, or a folder test_data_set_*.")
  private Path path = Path.of("");

  /** Returns the description, or the folder. */
  Path path() {
    return path;
  }

  /**
   * Opens the data for a model; see {@link DataDescription} and {@link ModelFormat#testData} for
   * the errors.
   */
  DataSource open(Model model) {
    return Files.isDirectory(path)
        ? TestDataSource.of(testData(model), model.graph(), path)
        : DataDescription.open(path, model.graph());
  }

  private TestData testData(Model model) {
    return ModelFormat.of(model)
        .flatMap(format -> format.testData(path, model))
        .orElseThrow(
            () ->
                OctetException.input(
                        "OCT-FMT-003", "the model's format has no test data in folders")
                    .at(path.toString())
                    .next("Give a data description in YAML."));
  }

  /**
   * Returns the files that are read beside the ones that the command line names: those of the data,
   * folders not among them, and those of the model's constants.
   */
  List<Path> files(Model model) {
    List<Path> files =
        new ArrayList<>(
            Files.isDirectory(path) ? testData(model).files() : DataDescription.files(path));
    files.addAll(dataFiles(model));
    return files;
  }

  /** Returns the files of the model's constants. */
  static List<Path> dataFiles(Model model) {
    return ModelFormat.of(model).map(format -> format.dataFiles(model)).orElse(List.of());
  }
}

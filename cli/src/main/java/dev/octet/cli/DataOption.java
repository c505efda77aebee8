package dev.octet.cli;

import dev.octet.api.format.ModelFormat;
import dev.octet.api.graph.Model;
import dev.octet.workflow.data.DataSource;
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
      description =
          "A data description in YAML, a folder test_data_set_*, or an array (.npy, .npz, idx) for"
              + " a model with one input.")
  private Path path = Path.of("");

  /** Returns the description, or the folder. */
  Path path() {
    return path;
  }

  /** Opens the data for a model; see {@link DataSource#open} for the errors. */
  DataSource open(Model model) {
    return DataSource.open(path, model);
  }

  /**
   * Returns the files that are read beside the ones that the command line names: those of the data,
   * the images of folders among them, and those of the model's constants.
   */
  List<Path> files(Model model) {
    List<Path> files = new ArrayList<>(DataSource.files(path, model));
    files.addAll(dataFiles(model));
    return files;
  }

  /** Returns the files of the model's constants. */
  static List<Path> dataFiles(Model model) {
    return ModelFormat.of(model).map(format -> format.dataFiles(model)).orElse(List.of());
  }
}

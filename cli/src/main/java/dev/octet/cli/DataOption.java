package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.format.onnx.OnnxTestData;
import dev.octet.workflow.data.DataDescription;
import dev.octet.workflow.data.DataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
   * Opens the data for a model; see {@link DataDescription} and {@link OnnxTestData} for the
   * errors.
   */
  DataSource open(Model model) {
    return Files.isDirectory(path)
        ? TestDataSource.of(OnnxTestData.read(path, model), model.graph(), path)
        : DataDescription.open(path, model.graph());
  }

  /**
   * Returns the files that are read beside the ones that the command line names: those of the data,
   * folders not among them, and those of the model's constants.
   */
  List<Path> files(Model model) {
    List<Path> files =
        new ArrayList<>(Files.isDirectory(path) ? testData() : DataDescription.files(path));
    files.addAll(OnnxFormat.dataFiles(model));
    return files;
  }

  private List<Path> testData() {
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(file -> file.toString().endsWith(".pb")).toList();
    } catch (IOException e) {
      throw OctetException.input("OCT-FILE-002", "folder '" + path + "' cannot be read: " + e)
          .cause(e)
          .next("Name a folder that you may read.");
    }
  }
}

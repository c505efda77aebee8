package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.format.onnx.OnnxTestData;
import dev.octet.workflow.data.DataDescription;
import dev.octet.workflow.data.DataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Opens the data of {@code --data}: a description, or a folder of ONNX test data. */
final class ModelData {

  private ModelData() {}

  /**
   * Opens data for a model; see {@link DataDescription} and {@link OnnxTestData} for the errors.
   */
  static DataSource open(Path data, Model model) {
    return Files.isDirectory(data)
        ? TestDataSource.of(OnnxTestData.read(data, model), model.graph(), data)
        : DataDescription.open(data, model.graph());
  }

  /**
   * Returns the files that {@link #open} reads, the description itself and folders not among them.
   */
  static List<Path> files(Path data) {
    if (!Files.isDirectory(data)) {
      return DataDescription.files(data);
    }
    try (Stream<Path> files = Files.list(data)) {
      return files.filter(file -> file.toString().endsWith(".pb")).toList();
    } catch (IOException e) {
      throw OctetException.input("OCT-FILE-002", "folder '" + data + "' cannot be read: " + e)
          .cause(e)
          .next("Name a folder that you may read.");
    }
  }
}

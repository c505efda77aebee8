package dev.octet.cli;

import dev.octet.api.graph.Model;
import dev.octet.format.onnx.OnnxTestData;
import dev.octet.workflow.data.DataDescription;
import dev.octet.workflow.data.DataSource;
import java.nio.file.Files;
import java.nio.file.Path;

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
}

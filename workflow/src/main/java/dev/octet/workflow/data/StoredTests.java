package dev.octet.workflow.data;

import dev.octet.api.format.ModelFormat;
import dev.octet.api.format.TestData;
import dev.octet.api.graph.Model;
import java.nio.file.Path;

/** Test data that a model's format keeps in folders. */
final class StoredTests {

  private StoredTests() {}

  static TestData read(Path folder, Model model) {
    return ModelFormat.of(model)
        .flatMap(format -> format.testData(folder, model))
        .orElseThrow(
            () ->
                DataErrors.NO_TEST_DATA
                    .error("the model's format has no test data in folders")
                    .at(folder.toString())
                    .build());
  }
}

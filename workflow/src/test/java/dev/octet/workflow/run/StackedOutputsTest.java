package dev.octet.workflow.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.workflow.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackedOutputsTest {

  @TempDir private Path folder;

  @Test
  void namesTheFolderWhoseFilesCannotGetTheirNames() throws IOException {
    ValueInfo scores = ValueInfo.of("scores", TensorType.of(DataType.FLOAT, Shape.of(1, 2)));
    try (StackedOutputs stacked = new StackedOutputs(folder, List.of(scores), 1)) {
      stacked.append(1, Map.of("scores", Tensor.of(new float[] {1, 2}, 1, 2)));
      Files.createDirectories(folder.resolve("scores.npy/inside"));
      OctetException e = assertThrows(OctetException.class, () -> stacked.publish(new Report()));
      assertEquals("OCT-CLI-018", e.id());
      assertTrue(e.getMessage().contains("'" + folder + "'"), e.getMessage());
    }
  }
}

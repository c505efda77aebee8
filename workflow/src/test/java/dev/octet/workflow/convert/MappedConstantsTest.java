package dev.octet.workflow.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.file.FileIdentity;
import dev.octet.api.file.FileRegion;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.MarkingQuantizer;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.normalise.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Constants that stay in their file are converted as constants in memory are. */
class MappedConstantsTest {

  private static final int DEPTH = 1024;
  private static final int COLUMNS = 2048;

  @TempDir Path folder;

  private static Model product(Tensor weight) {
    return new Models()
        .samples("x", DEPTH)
        .constant("w", weight)
        .node("dense", "MatMul", List.of("x", "w"), "y")
        .output("y", 2)
        .model(21);
  }

  private static Tensor held() {
    Random random = new Random(COLUMNS);
    float[] numbers = new float[DEPTH * COLUMNS];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return Tensor.of(numbers, DEPTH, COLUMNS);
  }

  private Tensor inFile(Tensor held) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(held.byteCount())];
    held.data().get(bytes);
    Path file = Files.write(folder.resolve("weights"), bytes);
    return Tensor.ofRegion(
        held.dataType(), held.sizes(), FileRegion.map(FileIdentity.of(file), 0, bytes.length));
  }

  private static Map<String, Tensor> constants(Tensor weight, QuantizationSpec spec) {
    Map<Point, QuantizationSpec> marks = Map.of(Point.operand("dense", 1), spec);
    Model model = Quantization.convert(MarkingQuantizer.plan(product(weight), marks)).model();
    return new LinkedHashMap<>(model.graph().initializers());
  }

  @Test
  void integersAndHalvesAreThoseOfAConstantInMemory() throws IOException {
    Tensor held = held();
    Tensor inFile = inFile(held);
    for (QuantizationSpec spec :
        List.of(
            QuantizationSpec.Fixed.of(QuantizedType.of(Storage.INT8), 0.03125f, 0),
            QuantizationSpec.Fixed.of(QuantizedType.of(Storage.INT4), 0.5f, 0),
            new QuantizationSpec.NarrowFloat(DataType.FLOAT16))) {
      Map<String, Tensor> found = constants(inFile, spec);
      // The machine lets go of all that it may before it says that there is no memory.
      assertThrows(
          OutOfMemoryError.class, () -> List.of(new long[8][Integer.MAX_VALUE - 8]).clear());
      assertEquals(constants(held, spec), found, spec.toString());
    }
  }
}

package dev.octet.workflow.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyWriterTest {

  @Test
  void writesWhatNumPyWrites() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (NpyWriter writer = new NpyWriter(out, DataType.INT16, 3)) {
      writer.append(Tensor.of(DataType.INT16, new short[] {1, -1, 256}, 3));
    }
    String dict = "{'descr': '<i2', 'fortran_order': False, 'shape': (3,), }";
    String header = "\u0093NUMPY\u0001\u0000v\u0000" + dict + " ".repeat(118 - dict.length() - 1);
    String expected = header + "\n\u0001\u0000\u00ff\u00ff\u0000\u0001";
    assertEquals(expected, out.toString(ISO_8859_1));
  }

  @Test
  void writesPiecesThatReadBack(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.npy");
    try (NpyWriter writer = new NpyWriter(Files.newOutputStream(file), DataType.FLOAT, 3, 2)) {
      writer.append(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
      writer.append(Tensor.of(new float[] {5, Float.NaN}, 1, 2));
    }
    try (Samples samples = ArrayFiles.open(file, "")) {
      assertArrayEquals(new long[] {3, 2}, samples.sizes());
      assertArrayEquals(new float[] {1, 2, 3, 4, 5, Float.NaN}, samples.read(0, 3).floats());
    }
  }

  @Test
  void refusesElementsThatDoNotContinueTheArray() throws IOException {
    NpyWriter writer = new NpyWriter(new ByteArrayOutputStream(), DataType.FLOAT, 1);
    Tensor wrongType = Tensor.of(new int[] {1}, 1);
    assertThrows(IllegalArgumentException.class, () -> writer.append(wrongType));
    Tensor tooMany = Tensor.of(new float[] {1, 2}, 2);
    assertThrows(IllegalArgumentException.class, () -> writer.append(tooMany));
  }
}

package dev.octet.workflow.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.FileIdentity;
import dev.octet.api.file.FileRegion;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.workflow.plan.GraphValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConstantValuesTest {

  private static final int PART = 1 << 16;

  @TempDir Path folder;

  /** Around a part, and around the window of a tensor, which is four parts. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, PART - 1, PART, PART + 1, 4 * PART - 1, 4 * PART, 4 * PART + 1})
  void partsFollowEachOtherAndHaveAllElements(int size) throws IOException {
    float[] elements = ramp(size);
    for (GraphValue constant : List.of(constant(Tensor.of(elements, size)), inFile(elements))) {
      float[] seen = new float[size];
      int[] next = {0};
      ConstantValues.forEachPart(
          constant,
          (values, first, count) -> {
            assertEquals(next[0], first);
            assertTrue(count > 0 && count <= PART, "a part of " + count);
            System.arraycopy(values, 0, seen, first, count);
            next[0] += count;
          });
      assertArrayEquals(elements, seen);
      assertArrayEquals(elements, ConstantValues.floats(constant));
      assertEquals(size, next[0]);
    }
  }

  @Test
  void anElementThatIsNotFiniteIsNamedByItsPlaceInTheWhole() throws IOException {
    float[] elements = ramp(4 * PART + 3);
    elements[4 * PART + 1] = Float.NEGATIVE_INFINITY;
    GraphValue constant = inFile(elements);
    for (Runnable reading :
        List.<Runnable>of(
            () -> ConstantValues.floats(constant),
            () -> ConstantValues.forEachPart(constant, (values, first, count) -> {}))) {
      OctetException e = assertThrows(OctetException.class, reading::run);
      assertEquals("OCT-CONV-003", e.id());
      assertEquals("constant 'w' holds -Infinity at element 262145", e.fact());
    }
  }

  private GraphValue inFile(float[] elements) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * elements.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(elements);
    Files.deleteIfExists(folder.resolve("w"));
    Path file = Files.write(folder.resolve("w"), bytes.array());
    FileRegion region = FileRegion.map(FileIdentity.of(file), 0, bytes.capacity());
    return constant(Tensor.ofRegion(DataType.FLOAT, new long[] {elements.length}, region));
  }

  private static GraphValue constant(Tensor tensor) {
    return new GraphValue(
        "w",
        "w",
        Optional.empty(),
        Optional.empty(),
        Optional.of(tensor),
        false,
        Optional.empty(),
        List.of(),
        "n");
  }

  private static float[] ramp(int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = i - 5;
    }
    return values;
  }
}

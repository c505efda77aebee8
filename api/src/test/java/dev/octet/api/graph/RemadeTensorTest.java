package dev.octet.api.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.FileIdentity;
import dev.octet.api.file.FileRegion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors that the machine may let go of, and that are made again of a file. */
class RemadeTensorTest {

  private static final int LEAST = 1 << 20;

  @TempDir Path folder;

  private final AtomicInteger made = new AtomicInteger();

  /** Before the machine says that there is no memory it lets go of all that it may. */
  private static void wantMemory() {
    assertThrows(OutOfMemoryError.class, () -> List.of(new long[8][Integer.MAX_VALUE - 8]).clear());
  }

  @ParameterizedTest
  @ValueSource(ints = {LEAST, LEAST + 1, 3 * LEAST + 5})
  void elementsAreTheSameWheneverTheyAreMade(int size) throws IOException {
    byte[] content = random(size);
    Tensor source = inFile(content);
    Tensor remade = negated(source).remadeFrom(source, counted(() -> negated(source)));
    Tensor held = negated(source);
    for (int round = 0; round < 2; round++) {
      wantMemory();
      assertEquals(held, remade);
      wantMemory();
      assertEquals(remade, held);
      wantMemory();
      assertArrayEquals(held.bytes(), remade.bytes());
      wantMemory();
      assertEquals(held.hashCode(), remade.hashCode());
      wantMemory();
      assertEquals(held.window(size - 3, 3), remade.window(size - 3, 3));
      wantMemory();
      assertEquals(held.data(), remade.data());
    }
    assertEquals(12, made.get());
    assertEquals(size, remade.byteCount());
    assertTrue(remade.region().isEmpty());
    assertFalse(remade.isHeld() || source.isHeld());
    assertTrue(held.isHeld());
    assertEquals(12, made.get(), "nothing is made to tell how much there is");
  }

  /** Whoever reads all of it has it made once, whatever the machine wants in the midst. */
  @Test
  void isMadeOnceForWhoeverReadsAllOfIt() throws IOException {
    byte[] content = random(4 * LEAST);
    Tensor source = inFile(content);
    Tensor remade = negated(source).remadeFrom(source, counted(() -> negated(source)));
    wantMemory();
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    remade.forEachWindow(
        (offset, window) -> {
          byte[] bytes = new byte[window.remaining()];
          window.get(bytes);
          seen.writeBytes(bytes);
          if (offset == LEAST) {
            wantMemory();
          }
        });
    assertArrayEquals(negated(source).bytes(), seen.toByteArray());
    assertEquals(1, made.get());
  }

  @Test
  void isNotMadeAgainWhileNobodyWantsMemory() throws IOException {
    Tensor source = inFile(random(LEAST));
    Tensor remade = negated(source).remadeFrom(source, counted(() -> negated(source)));
    assertEquals(negated(source), remade);
    assertEquals(0, made.get());
  }

  /** A copy of it in another shape, or of it again, is made of the same file. */
  @Test
  void whatIsMadeOfItIsMadeAgainToo() throws IOException {
    Tensor source = inFile(random(LEAST));
    Tensor remade = negated(source).remadeFrom(source, counted(() -> negated(source)));
    Tensor twice = negated(remade).remadeFrom(remade, () -> negated(remade));
    assertNotSame(twice, twice.remadeFrom(twice, () -> negated(remade)));
    wantMemory();
    assertEquals(source, twice);
    assertEquals(remade.reshaped(2, LEAST / 2), negated(source).reshaped(2, LEAST / 2));
  }

  @Test
  void whatIsInMemoryOrSmallStaysThere() throws IOException {
    Tensor held = Tensor.of(DataType.INT8, random(LEAST), LEAST);
    Tensor negated = negated(held);
    assertSame(negated, negated.remadeFrom(held, counted(() -> negated(held))));
    Tensor small = inFile(random(LEAST - 1));
    Tensor made = negated(small);
    assertSame(made, made.remadeFrom(small, counted(() -> negated(small))));
  }

  @Test
  void anotherNumberOfBytesIsADefect() throws IOException {
    Tensor source = inFile(random(LEAST));
    Tensor other = Tensor.of(DataType.INT8, new byte[5], 5);
    Tensor remade = negated(source).remadeFrom(source, () -> other);
    wantMemory();
    IllegalStateException wrong = assertThrows(IllegalStateException.class, remade::bytes);
    assertEquals(
        "INT8[5] was made again with another number of bytes", String.valueOf(wrong.getMessage()));
  }

  /** The file was changed in the meantime: there is nothing to make it of. */
  @Test
  void aSourceThatChangedIsRefused() throws IOException {
    Tensor source = inFile(random(LEAST));
    Tensor remade = negated(source).remadeFrom(source, () -> negated(source));
    Files.write(folder.resolve("f"), new byte[7]);
    wantMemory();
    OctetException refused = assertThrows(OctetException.class, remade::bytes);
    assertEquals("OCT-FILE-003", refused.id());
    assertTrue(refused.fact().contains("was changed while it was in use"), refused.fact());
  }

  private Supplier<Tensor> counted(Supplier<Tensor> make) {
    return () -> {
      made.incrementAndGet();
      return make.get();
    };
  }

  private static Tensor negated(Tensor tensor) {
    byte[] bytes = tensor.bytes();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) -bytes[i];
    }
    return Tensor.ofBytes(tensor.dataType(), tensor.sizes(), ByteBuffer.wrap(bytes));
  }

  private Tensor inFile(byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("f"), content);
    return Tensor.ofRegion(
        DataType.INT8,
        new long[] {content.length},
        FileRegion.map(FileIdentity.of(file), 0, content.length));
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}

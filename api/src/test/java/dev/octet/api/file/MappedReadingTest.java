package dev.octet.api.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedReadingTest {

  private final InternalError fault =
      new InternalError("a fault occurred in an unsafe memory access operation");
  private final InternalError other = new InternalError("other");

  @TempDir Path folder;

  private FileIdentity file(String name, int size) throws IOException {
    return FileIdentity.of(Files.write(folder.resolve(name), new byte[size]));
  }

  @Test
  void givesWhatTheWorkGives() throws IOException {
    assertEquals("done", MappedReading.of(List.of(file("f", 4)), () -> "done"));
    IOException thrown = new IOException("no");
    assertSame(
        thrown,
        assertThrows(
            IOException.class,
            () ->
                MappedReading.of(
                    List.of(),
                    () -> {
                      throw thrown;
                    })));
  }

  @Test
  void laysAPageThatIsGoneToTheFileThatWasCutOff() throws IOException {
    List<FileIdentity> files = List.of(file("whole", 4), file("short", 4));
    assertSame(fault, assertThrows(InternalError.class, () -> failing(files, fault)));
    file("short", 1);
    OctetException e = assertThrows(OctetException.class, () -> failing(files, fault));
    assertEquals("OCT-FILE-003", e.id());
    assertTrue(e.fact().contains("short' was changed"), e.fact());
    assertSame(other, assertThrows(InternalError.class, () -> failing(files, other)));
  }

  @Test
  void knowsTheWordOfTheJvm() {
    assertTrue(MappedReading.isCutOff(fault));
    assertFalse(MappedReading.isCutOff(other));
    assertFalse(MappedReading.isCutOff(new InternalError()));
    assertFalse(MappedReading.isCutOff(new IllegalStateException(fault.getMessage())));
  }

  private static String failing(List<FileIdentity> files, Error thrown) {
    return MappedReading.of(
        files,
        () -> {
          throw thrown;
        });
  }
}

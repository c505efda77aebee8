package dev.octet.backend.onnxruntime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class NativeLibraryTest {

  @Test
  void isThereForThisMachine() {
    assertTrue(NativeLibrary.isBundled());
  }

  @Test
  void isNotThereForMachinesThatTheJarDoesNotServe() {
    String os = System.getProperty("os.name");
    String arch = System.getProperty("os.arch");
    assertFalse(NativeLibrary.isBundled(os, "riscv64"));
    assertFalse(NativeLibrary.isBundled("SunOS", arch));
    assertFalse(NativeLibrary.isBundled("", ""));
  }

  @Test
  void isSoughtUnderTheNamesThatTheJarHas() {
    String os = System.getProperty("os.name");
    String arch = System.getProperty("os.arch");
    assertTrue(NativeLibrary.isBundled(os.toUpperCase(java.util.Locale.ROOT), arch));
    assertTrue(NativeLibrary.isBundled(os, arch.equals("amd64") ? "x86_64" : arch));
  }
}

package dev.octet.backend.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import java.util.Locale;
import java.util.Map;

/**
 * What ONNX Runtime's jar brings for a machine: {@code
 * ai/onnxruntime/native/<system>-<processor>/<library>}.
 */
final class NativeLibrary {

  private static final Map<String, String> SYSTEMS =
      Map.of("linux", "linux", "mac os x", "osx", "windows", "win");
  private static final Map<String, String> PROCESSORS =
      Map.of("amd64", "x64", "x86_64", "x64", "aarch64", "aarch64");

  private NativeLibrary() {}

  /** Tells whether the jar has a native library for this machine; loads nothing. */
  static boolean isBundled() {
    return isBundled(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
  }

  /**
   * Tells whether the jar has a native library for a machine.
   *
   * @param os the system property {@code os.name}
   * @param arch the system property {@code os.arch}
   */
  static boolean isBundled(String os, String arch) {
    String name = os.toLowerCase(Locale.ROOT);
    String system = SYSTEMS.getOrDefault(name.startsWith("windows") ? "windows" : name, "");
    String processor = PROCESSORS.getOrDefault(arch.toLowerCase(Locale.ROOT), "");
    String library = System.mapLibraryName("onnxruntime");
    String file = "/ai/onnxruntime/native/" + system + "-" + processor + "/" + library;
    return OrtEnvironment.class.getResource(file) != null;
  }
}

package dev.octet.backend.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The environment of ONNX Runtime, of which there is one in a process. Thread-safe.
 *
 * <p>On Linux ONNX Runtime 1.29 matches the command line of the process with a regular expression
 * when its environment is made. The matcher calls itself for every character, so that a class path
 * of some thousand characters overflows an ordinary stack and ends the process without a word. The
 * environment is therefore made on a thread whose stack grows with the command line.
 */
final class Environment {

  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  /** What a thread needs for everything else. */
  private static final long USUAL = 4L << 20;

  /** Measured: 270 bytes of stack for each character. */
  private static final long EACH_CHARACTER = 1L << 10;

  private Environment() {}

  /**
   * Returns the environment, and makes it at the first call.
   *
   * @throws LinkageError if the native library does not load
   * @throws IllegalStateException if the native library refuses
   */
  static OrtEnvironment get() {
    CompletableFuture<OrtEnvironment> made = new CompletableFuture<>();
    Thread thread =
        new Thread(null, () -> complete(made), "octet-onnxruntime-environment", stackSize());
    thread.setDaemon(true);
    thread.start();
    try {
      return made.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof LinkageError missing) {
        throw missing;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static void complete(CompletableFuture<OrtEnvironment> made) {
    try {
      made.complete(OrtEnvironment.getEnvironment());
    } catch (LinkageError | RuntimeException e) {
      made.completeExceptionally(e);
    }
  }

  private static long stackSize() {
    try {
      return USUAL + EACH_CHARACTER * Files.readAllBytes(COMMAND_LINE).length;
    } catch (IOException e) {
      // Other systems have no such file, and no such matcher.
      return USUAL;
    }
  }
}

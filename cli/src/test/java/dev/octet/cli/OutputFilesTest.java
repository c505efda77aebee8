package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the commands write their files. */
class OutputFilesTest {

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
    Files.createDirectory(octet.file("real"));
  }

  /** Links to files that exist, and to files that do not yet. */
  @Test
  void everyCommandFollowsLinks() throws IOException {
    List<String> files = List.of("plan.json", "x.calib", "q.onnx", "two.onnx");
    for (String file : files) {
      link(octet.file(file), Path.of("real", file));
    }
    Files.createDirectory(octet.file("out"));
    link(octet.file("out").resolve("scores.npy"), Path.of("..", "real", "scores.npy"));
    for (int times = 0; times < 2; times++) {
      run("plan", "@m.onnx", "--backend", "cpu", "-o", "@plan.json");
      run("calibrate", "@m.onnx", "--plan", "@plan.json", "--data", "@d.yaml", "-o", "@x.calib");
      run(
          "convert",
          "@m.onnx",
          "--plan",
          "@plan.json",
          "--calibration",
          "@x.calib",
          "-o",
          "@q.onnx");
      run("quantize", "@m.onnx", "--backend", "cpu", "--data", "@d.yaml", "-o", "@two.onnx");
      run("run", "@q.onnx", "--data", "@d.yaml", "-o", "@out");
    }
    for (String file : files) {
      assertTrue(Files.isSymbolicLink(octet.file(file)), file);
    }
    assertTrue(Files.isSymbolicLink(octet.file("out").resolve("scores.npy")));
    assertEquals(
        List.of("plan.json", "q.onnx", "scores.npy", "two.onnx", "x.calib"),
        new CommandFixture(octet.file("real")).files());
    assertEquals(-1, Files.mismatch(octet.file("q.onnx"), octet.file("two.onnx")));
  }

  private void run(String... words) {
    CommandFixture.Result result = octet.run(words);
    assertEquals(0, result.exitCode(), result.err());
  }

  private static void link(Path link, Path target) throws IOException {
    try {
      Files.createSymbolicLink(link, target);
    } catch (UnsupportedOperationException e) {
      assumeTrue(false, "no symbolic links here");
    }
  }
}

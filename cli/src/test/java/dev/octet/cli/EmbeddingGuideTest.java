package dev.octet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/embedding.md compiles, and gives what the page says. */
class EmbeddingGuideTest {

  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Path SAMPLE = Path.of("..", "examples", "sample");
  private static final String HEAD =
      """
      import dev.octet.api.error.OctetException;
      import dev.octet.api.graph.*;
      import dev.octet.workflow.*;
      import dev.octet.workflow.data.*;
      import dev.octet.workflow.execution.Execution;
      import dev.octet.workflow.plan.Plan;
      import java.nio.file.Path;
      import java.util.*;
      import java.util.concurrent.*;
      import java.util.stream.Stream;
      public class Embedding {
        public static void run(Path folder, ClassLoader loader) throws Exception {
      """;

  @TempDir Path folder;

  @Test
  void thePageDoesWhatItSays() throws Exception {
    for (String name : List.of("shapes.onnx", "shapes.npz", "calibration.yaml")) {
      Files.copy(SAMPLE.resolve(name), folder.resolve(name));
    }
    StringBuilder code = new StringBuilder(HEAD);
    String page = Files.readString(Path.of("..", "docs", "embedding.md"));
    BLOCK.matcher(page).results().forEach(block -> code.append(block.group(1)));
    Path source = folder.resolve("Embedding.java");
    Files.writeString(
        source, code.toString().replace("Path.of(\"", "folder.resolve(\"") + "}\n}\n");
    JavaGuideTest.compile(source, folder);
    assertEquals(List.of("1 result", "OCT-DATA-046", "OCT-CAL-010 true"), run());
  }

  private List<String> run() throws Exception {
    ClassLoader parent = EmbeddingGuideTest.class.getClassLoader();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    try (URLClassLoader own = new URLClassLoader(new URL[] {folder.toUri().toURL()}, parent);
        PrintStream stream = new PrintStream(out, true, UTF_8)) {
      System.setOut(stream);
      own.loadClass("Embedding")
          .getMethod("run", Path.class, ClassLoader.class)
          .invoke(null, folder, parent);
    } finally {
      System.setOut(before);
    }
    return out.toString(UTF_8).lines().toList();
  }
}

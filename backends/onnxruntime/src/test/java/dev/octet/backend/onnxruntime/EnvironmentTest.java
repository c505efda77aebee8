package dev.octet.backend.onnxruntime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OrtEnvironment;
import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {

  /** What a child process does. */
  public static final class Made {
    private Made() {}

    /** Makes the environment and says so. */
    public static void main(String[] args) {
      OrtEnvironment first = Environment.get();
      System.out.print(Environment.get() == first ? "one" : "two");
    }
  }

  /** A process that overflows its stack in native code ends with 139, and without an error file. */
  @ParameterizedTest
  @ValueSource(ints = {0, 20_000, 120_000})
  void aLongCommandLineDoesNotEndTheProcess(int characters) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-Dlong=" + "x".repeat(characters)));
    command.addAll(List.of("-cp", paths(Made.class, Environment.class, OrtEnvironment.class)));
    command.add(Made.class.getName());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("one, exit 0", said + ", exit " + process.waitFor());
  }

  private static String paths(Class<?>... of) throws Exception {
    List<String> paths = new ArrayList<>();
    for (Class<?> type : of) {
      String file = type.getName().replace('.', '/') + ".class";
      String at = String.valueOf(type.getResource("/" + file));
      boolean inJar = at.startsWith("jar:");
      String root = at.substring(inJar ? 4 : 0, at.length() - file.length() - (inJar ? 2 : 0));
      paths.add(Path.of(new URI(root)).toString());
    }
    return String.join(File.pathSeparator, paths);
  }
}

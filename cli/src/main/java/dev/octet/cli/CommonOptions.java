package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.InputFile;
import dev.octet.workflow.text.PathText;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import picocli.CommandLine.Option;

/** The options of every command. */
final class CommonOptions {

  private static final String CLASS_PATH = "--class-path";

  @Option(
      names = "--json",
      description =
          "Print one JSON document on standard output; progress and messages go to standard error."
              + " An error is a document with the field 'error'.")
  private boolean json;

  @Option(
      names = CLASS_PATH,
      paramLabel = "JAR[:JAR]",
      description = "Jars of further backends, beside those in the distribution's providers/.")
  private String classPath = "";

  // Failures looks for it in the command line itself, which it may have to report on.
  @SuppressWarnings("UnusedVariable")
  @Option(names = "--verbose", description = "Print stack traces of errors.")
  private boolean verbose;

  boolean json() {
    return json;
  }

  /** Returns the jars that {@code --class-path} names, whether they are there or not. */
  List<Path> jars() {
    return Stream.of(classPath.split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .map(Path::of)
        .toList();
  }

  /**
   * Returns the jars of further backends that the command line names. Those in the distribution's
   * folder of providers, which the launcher names as {@code octet.providers}, are on the class path
   * of the process; here they are only looked at.
   *
   * @throws OctetException {@code OCT-CLI-006} for a jar that does not exist, {@code OCT-CLI-017}
   *     for a damaged one, {@code OCT-FILE-004} for a text that is no path
   */
  List<Path> classPath() {
    String providers = System.getProperty("octet.providers", "");
    if (!providers.isEmpty()) {
      jarsIn(Path.of(providers)).forEach(jar -> requireJar(jar, "providers/"));
    }
    List<Path> jars = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        jars.add(jar(entry));
      }
    }
    return jars;
  }

  private static Path jar(String entry) {
    Path jar = PathText.of(entry, CLASS_PATH);
    if (!Files.exists(jar)) {
      throw CommandErrors.NO_JAR.error("there is no jar '" + entry + "'").at(CLASS_PATH).build();
    }
    requireJar(jar, CLASS_PATH);
    return jar;
  }

  /** A class loader passes over what it cannot read, without a word. */
  private static void requireJar(Path jar, String place) {
    if (Files.isDirectory(jar)) {
      return;
    }
    try {
      requireArchive(jar);
    } catch (IOException e) {
      throw CommandErrors.NO_ZIP
          .error("'" + jar + "' is no jar: " + e.getMessage())
          .at(place)
          .cause(e)
          .build();
    }
  }

  private static void requireArchive(Path jar) throws IOException {
    InputFile.requireNoPipe(jar);
    try (ZipFile opened = new ZipFile(jar.toFile())) {
      opened.size();
    }
  }

  private static List<Path> jarsIn(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}

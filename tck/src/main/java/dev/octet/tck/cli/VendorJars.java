package dev.octet.tck.cli;

import dev.octet.api.error.OctetException;
import dev.octet.workflow.text.PathText;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Where a vendor's provider is, beside the kit. */
final class VendorJars {

  private static final String ALL_JARS = "*";
  private static final String CLASS_PATH = "--class-path";

  @Option(
      names = CLASS_PATH,
      paramLabel = "JARS",
      description =
          "Jars and folders with the backend, as a class path; 'lib/*' is every jar of a folder."
              + " The kit's own classes come first.")
  private Optional<String> added = Optional.empty();

  /**
   * Returns what {@code --class-path} names, jar by jar.
   *
   * @throws OctetException {@code OCT-TCK-007} if a place is not there, {@code OCT-FILE-004} if a
   *     text is no path
   * @throws IOException if a folder cannot be read
   */
  List<Path> places() throws IOException {
    List<Path> places = new ArrayList<>();
    for (String word : added.orElse("").split(Pattern.quote(File.pathSeparator), -1)) {
      if (word.equals(ALL_JARS) || word.endsWith("/" + ALL_JARS)) {
        String folder = word.equals(ALL_JARS) ? "." : word.substring(0, word.length() - 2);
        places.addAll(jars(PathText.of(folder, CLASS_PATH), word));
      } else if (!word.isEmpty()) {
        Path place = PathText.of(word, CLASS_PATH);
        require(Files.exists(place), word);
        places.add(place);
      }
    }
    return places;
  }

  private static List<Path> jars(Path folder, String word) throws IOException {
    require(Files.isDirectory(folder), word);
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static void require(boolean isThere, String word) {
    if (!isThere) {
      throw TckErrors.NO_SUCH_PLACE.error("there is no '" + word + "', of --class-path").build();
    }
  }

  /**
   * Returns the same as a class path in one word; empty when nothing is named.
   *
   * @throws OctetException {@code OCT-TCK-007} if a place is not there
   * @throws IOException if a folder cannot be read
   */
  String classPath() throws IOException {
    return places().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * Returns what sees the classes of the command and of the vendor.
   *
   * @throws OctetException {@code OCT-TCK-007} if a place is not there
   * @throws IOException if a folder cannot be read
   */
  ClassLoader classLoader() throws IOException {
    ClassLoader own = VendorJars.class.getClassLoader();
    List<URL> places = new ArrayList<>();
    for (Path place : places()) {
      places.add(place.toUri().toURL());
    }
    return places.isEmpty() ? own : new URLClassLoader(places.toArray(URL[]::new), own);
  }
}

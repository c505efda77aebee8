package dev.octet.tck.cli;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Where a vendor's provider is, beside the kit. */
final class VendorJars {

  @Option(
      names = "--class-path",
      paramLabel = "JARS",
      description = "Jars and folders with the backend, as a class path; read before the command.")
  private Optional<String> added = Optional.empty();

  /** Returns the class path of the command with the vendor's behind it. */
  String classPath() {
    String own = System.getProperty("java.class.path", "");
    return added.map(jars -> own + File.pathSeparator + jars).orElse(own);
  }

  /**
   * Returns what sees the classes of the command and of the vendor.
   *
   * @throws IOException if a path is none
   */
  ClassLoader classLoader() throws IOException {
    ClassLoader own = VendorJars.class.getClassLoader();
    if (added.isEmpty()) {
      return own;
    }
    List<URL> places = new ArrayList<>();
    for (String jar : added.get().split(Pattern.quote(File.pathSeparator), -1)) {
      places.add(Path.of(jar).toUri().toURL());
    }
    return new URLClassLoader(places.toArray(URL[]::new), own);
  }
}

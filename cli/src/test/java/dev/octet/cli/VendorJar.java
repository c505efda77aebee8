package dev.octet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.api.provider.QuantizerProvider;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Builds the jar of a vendor from source, with nothing of the project but what vendors know. */
final class VendorJar {

  private VendorJar() {}

  /**
   * Builds a jar with one provider, which cannot make quantizers.
   *
   * @param folder where the jar and its parts go
   * @param name name of the backend, also of the package and the jar
   * @param constructor statements of the provider's constructor
   */
  static Path build(Path folder, String name, String constructor) throws Exception {
    return of(
        folder,
        name,
        """
        package %1$s;
        import dev.octet.api.option.*;
        import dev.octet.api.provider.*;
        import dev.octet.api.quantizer.Quantizer;
        import java.util.List;
        public final class Provider implements QuantizerProvider {
          public Provider() { %2$s }
          public String name() { return "%1$s"; }
          public String description() { return "a backend from elsewhere"; }
          public ApiVersion apiVersion() { return ApiVersion.current(); }
          public List<Capability> capabilities() { return List.of(); }
          public Quantizer create(Options options) { throw new IllegalStateException("no key"); }
        }
        """
            .formatted(name, constructor));
  }

  /**
   * Builds a jar from one source file.
   *
   * @param folder where the jar and its parts go
   * @param name name of the package and the jar
   * @param source the file, with the provider as class {@code Provider}
   */
  static Path of(Path folder, String name, String source) throws Exception {
    return of(folder, name, Map.of("Provider", source));
  }

  /** Builds a jar from several source files, by the name of their class. */
  static Path of(Path folder, String name, Map<String, String> sources) throws Exception {
    return of(folder, name, sources, List.of(QuantizerProvider.class));
  }

  /** Builds a jar as {@link #of(Path, String, Map)}, of sources that know rules too. */
  static Path withRules(Path folder, String name, Map<String, String> sources) throws Exception {
    return of(folder, name, sources, List.of(QuantizerProvider.class, BackendRules.class));
  }

  private static Path of(
      Path folder, String name, Map<String, String> sources, List<Class<?>> libraries)
      throws Exception {
    Path parent = Files.createDirectories(folder.resolve(name + "-src"));
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, String> source : sources.entrySet()) {
      files.add(Files.writeString(parent.resolve(source.getKey() + ".java"), source.getValue()));
    }
    Path classes = folder.resolve(name + "-classes");
    compile(files, classes, libraries);
    Path jar = folder.resolve(name + ".jar");
    try (OutputStream stream = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(stream);
        Stream<Path> compiled = Files.list(classes.resolve(name))) {
      for (Path each : compiled.sorted().toList()) {
        put(out, name + "/" + each.getFileName(), Files.readAllBytes(each));
      }
      byte[] provider = (name + ".Provider").getBytes(UTF_8);
      put(out, "META-INF/services/" + QuantizerProvider.class.getName(), provider);
    }
    return jar;
  }

  private static void compile(List<Path> sources, Path classes, List<Class<?>> libraries)
      throws URISyntaxException {
    List<String> places = new ArrayList<>();
    for (Class<?> library : libraries) {
      places.add(
          Path.of(library.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    String path = String.join(File.pathSeparator, places);
    List<String> arguments =
        new ArrayList<>(List.of("-cp", path, "-proc:none", "-d", classes.toString()));
    sources.forEach(source -> arguments.add(source.toString()));
    int result =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(System.out, System.err, arguments.toArray(String[]::new));
    if (result != 0) {
      throw new IllegalStateException("the vendor's source does not compile");
    }
  }

  private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(content);
    out.closeEntry();
  }
}

package dev.octet.api.provider;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Builds a vendor's provider jar from source, outside of the project's own build. */
final class VendorJar {

  private final Path folder;
  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<String, String> resources = new LinkedHashMap<>();
  private boolean modular;

  VendorJar(Path folder) {
    this.folder = folder;
  }

  /** Adds a provider class and lists it as a service. */
  VendorJar provider(String className, String backendName, String body) {
    int dot = className.lastIndexOf('.');
    sources.put(
        className,
        """
        package %s;
        import dev.octet.api.graph.Graph;
        import dev.octet.api.option.*;
        import dev.octet.api.provider.*;
        import dev.octet.api.quantizer.*;
        import java.util.List;
        public final class %s implements QuantizerProvider {
          %s
          public String name() { return "%s"; }
          public String description() { return "a backend for a test"; }
          public List<Capability> capabilities() { return List.of(); }
          public Quantizer create(Options options) {
            return (graph, annotations) -> annotations.keepFloat(graph.nodes().get(0), "it is a test");
          }
        }
        """
            .formatted(
                className.substring(0, dot), className.substring(dot + 1), body, backendName));
    resources.merge(
        "META-INF/services/" + QuantizerProvider.class.getName(), className + "\n", String::concat);
    return this;
  }

  /** Adds another class. */
  VendorJar source(String className, String text) {
    sources.put(className, text);
    return this;
  }

  /** Lists a class as a service that is not in the jar. */
  VendorJar missingProvider(String className) {
    resources.merge(
        "META-INF/services/" + QuantizerProvider.class.getName(), className + "\n", String::concat);
    return this;
  }

  /** Makes the jar a module that provides one class instead of listing services. */
  VendorJar module(String moduleName, String className) {
    modular = true;
    resources.clear();
    sources.put(
        "module-info",
        "module %s { requires dev.octet.api; provides dev.octet.api.provider.QuantizerProvider with %s; }"
            .formatted(moduleName, className));
    return this;
  }

  Path build(String jarName) throws IOException {
    Path sourceFolder = Files.createDirectories(folder.resolve(jarName + "-src"));
    Path classes = Files.createDirectories(folder.resolve(jarName + "-classes"));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = sourceFolder.resolve(source.getKey().replace('.', '/') + ".java");
      Files.createDirectories(file.getParent());
      Files.writeString(file, source.getValue(), StandardCharsets.UTF_8);
    }
    compile(sourceFolder, classes);
    return pack(classes, folder.resolve(jarName));
  }

  private void compile(Path sourceFolder, Path classes) throws IOException {
    String api =
        Path.of(
                QuantizerProvider.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .getPath())
            .toString();
    List<String> options =
        List.of(modular ? "--module-path" : "-cp", api, "-proc:none", "-d", classes.toString());
    try (Stream<Path> files = Files.walk(sourceFolder)) {
      List<String> names =
          files.filter(f -> f.toString().endsWith(".java")).map(Path::toString).toList();
      List<String> arguments = Stream.concat(options.stream(), names.stream()).toList();
      int result =
          names.isEmpty()
              ? 0
              : ToolProvider.findFirst("javac")
                  .orElseThrow()
                  .run(System.out, System.err, arguments.toArray(String[]::new));
      if (result != 0) {
        throw new IllegalStateException("the vendor's source does not compile");
      }
    }
  }

  private Path pack(Path classes, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> files = Files.walk(classes)) {
      files
          .filter(Files::isRegularFile)
          .sorted()
          .forEach(f -> put(out, classes.relativize(f).toString(), read(f)));
      resources.forEach((name, text) -> put(out, name, text.getBytes(StandardCharsets.UTF_8)));
    }
    return jar;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(JarOutputStream out, String name, byte[] content) {
    try {
      out.putNextEntry(new JarEntry(name));
      out.write(content);
      out.closeEntry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

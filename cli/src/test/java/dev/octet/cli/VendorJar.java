package dev.octet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.octet.api.provider.QuantizerProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Builds the jar of a vendor from source, with nothing of the project but its API. */
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
    Path file = Files.createDirectories(folder.resolve(name + "-src")).resolve("Provider.java");
    Files.writeString(file, source);
    Path classes = folder.resolve(name + "-classes");
    compile(file, classes);
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

  private static void compile(Path source, Path classes) throws URISyntaxException {
    Path api =
        Path.of(
            QuantizerProvider.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String[] arguments = {
      "-cp", api.toString(), "-proc:none", "-d", classes.toString(), source.toString()
    };
    int result =
        ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err, arguments);
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

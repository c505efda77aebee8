package dev.octet.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ships the service in the forms that services are shipped in, and compares what each computes. */
class ShippedServiceIT {

  private static final Path SAMPLE = Path.of("../examples/sample/shapes.onnx").toAbsolutePath();
  private static final String SERVICES = "META-INF/services/";

  @TempDir private static Path folder;
  private static List<Path> jars;
  private static List<String> expected;

  @BeforeAll
  static void serveFromTheClassPath() throws Exception {
    jars = new ArrayList<>(List.of(Path.of(System.getProperty("octet.service.jar"))));
    Stream.of("jdk.module.path", "java.class.path")
        .flatMap(path -> Stream.of(System.getProperty(path, "").split(File.pathSeparator)))
        .map(Path::of)
        .filter(ShippedServiceIT::isOfTheService)
        .forEach(jars::add);
    expected = serve(List.of(java(), "-cp", joined(jars), Service.class.getName()));
    assertEquals(8, expected.size());
    assertEquals(3, new HashSet<>(expected).size(), "files of three backends");
  }

  private static boolean isOfTheService(Path jar) {
    String name = jar.getFileName().toString();
    return name.matches("(octet-(?!fixtures|embedding).*|jackson-core.*|snakeyaml-engine.*)\\.jar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.25.5", "4.28.3"})
  void anOlderProtobufInTheSameJarDoesNotMatter(String version) throws Exception {
    List<Path> all = new ArrayList<>(List.of(olderProtobuf(version)));
    all.addAll(jars);
    Path fat = fatJar("fat-" + version + ".jar", all, true);
    assertEquals(expected, serve(List.of(java(), "-jar", fat.toString())));
  }

  @Test
  void aJarWhoseServicesWereNotJoinedSaysSo() throws Exception {
    Path fat = fatJar("unjoined.jar", jars, false);
    Result result = run(List.of(java(), "-jar", fat.toString()));
    assertEquals(1, result.exitCode());
    assertTrue(result.err().contains("OCT-REG-001"), result.err());
    assertTrue(
        result.err().contains("unjoined.jar was put together from several jars"), result.err());
    assertTrue(result.err().contains("META-INF/services"), result.err());
  }

  @Test
  void anImageOfTheRuntimeHoldsWhatItNeedsAlone() throws Exception {
    Path image = folder.resolve("image");
    StringBuilder problems = new StringBuilder();
    ToolProvider jlink = ToolProvider.findFirst("jlink").orElseThrow();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, UTF_8);
    int code =
        jlink.run(
            print,
            print,
            "--module-path",
            joined(jars),
            "--add-modules",
            "dev.octet.embedding,dev.octet.format.onnx,dev.octet.backend.cpu,dev.octet.backend.x86,dev.octet.backend.xnnpack",
            "--strip-debug",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            image.toString());
    assertEquals(0, code, problems.append(out.toString(UTF_8)).toString());
    String java = image.resolve("bin/java").toString();
    assertEquals(
        expected, serve(List.of(java, "-m", "dev.octet.embedding/" + Service.class.getName())));
    Result modules = runPlain(List.of(java, "--list-modules"));
    assertFalse(modules.out().contains("java.desktop"), modules.out());
  }

  @Test
  void aChildClassLoaderServesTheSame() throws Exception {
    URL[] urls = new URL[jars.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = jars.get(i).toUri().toURL();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    try (URLClassLoader own =
        new URLClassLoader("child", urls, ClassLoader.getPlatformClassLoader())) {
      System.setOut(new PrintStream(out, true, UTF_8));
      own.loadClass(Service.class.getName())
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {SAMPLE.toString(), newFolder().toString()});
    } finally {
      System.setOut(before);
    }
    assertEquals(expected, out.toString(UTF_8).lines().toList());
  }

  private static List<String> serve(List<String> command) throws Exception {
    Result result = run(command);
    assertEquals(0, result.exitCode(), result.err());
    assertEquals("", result.err());
    return result.out().lines().toList();
  }

  private static Result run(List<String> command) throws Exception {
    List<String> whole = new ArrayList<>(command);
    whole.add(SAMPLE.toString());
    whole.add(newFolder().toString());
    return runPlain(whole);
  }

  private static Result runPlain(List<String> command) throws Exception {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    int code =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start()
            .waitFor();
    return new Result(code, Files.readString(out), Files.readString(err));
  }

  private record Result(int exitCode, String out, String err) {}

  private static Path newFolder() throws IOException {
    return Files.createTempDirectory(folder, "out");
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static String joined(List<Path> paths) {
    return String.join(File.pathSeparator, paths.stream().map(Path::toString).toList());
  }

  private static Path olderProtobuf(String version) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("octet.older.protobuf")))) {
      return files.filter(file -> file.toString().contains(version)).findFirst().orElseThrow();
    }
  }

  /**
   * Puts all into one jar; of files of one name the first is taken, or those of services joined.
   */
  private static Path fatJar(String name, List<Path> parts, boolean join) throws IOException {
    Path fat = folder.resolve(name);
    Map<String, StringBuilder> services = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(fat))) {
      write(jar, JarFile.MANIFEST_NAME, manifest());
      seen.add(JarFile.MANIFEST_NAME);
      for (Path part : parts) {
        copy(part, jar, seen, services, join);
      }
      for (Map.Entry<String, StringBuilder> service : services.entrySet()) {
        write(jar, service.getKey(), service.getValue().toString().getBytes(UTF_8));
      }
    }
    return fat;
  }

  private static byte[] manifest() {
    return ("Manifest-Version: 1.0\r\nMain-Class: " + Service.class.getName() + "\r\n\r\n")
        .getBytes(UTF_8);
  }

  private static void copy(
      Path part,
      JarOutputStream jar,
      Set<String> seen,
      Map<String, StringBuilder> services,
      boolean join)
      throws IOException {
    try (JarFile file = new JarFile(part.toFile())) {
      for (Enumeration<JarEntry> all = file.entries(); all.hasMoreElements(); ) {
        JarEntry entry = all.nextElement();
        byte[] bytes = file.getInputStream(entry).readAllBytes();
        if (join && entry.getName().startsWith(SERVICES) && !entry.isDirectory()) {
          services
              .computeIfAbsent(entry.getName(), key -> new StringBuilder())
              .append(new String(bytes, UTF_8))
              .append('\n');
        } else if (!entry.isDirectory() && seen.add(entry.getName())) {
          write(jar, entry.getName(), bytes);
        }
      }
    }
  }

  private static void write(JarOutputStream jar, String name, byte[] bytes) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    ((OutputStream) jar).write(bytes);
    jar.closeEntry();
  }
}

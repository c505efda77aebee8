package dev.octet.api.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.fixtures.jdk.VendorJar;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizerCatalogTest {

  private static final Path API = Path.of("src/main/java/dev/octet/api/provider");
  private static final String BUILT_FOR = "@BuiltFor(ApiVersion.CURRENT)";

  private static final String PRINT_NAMES =
      """
      package acme;
      public final class PrintNames {
        public static void main(String[] arguments) {
          var catalog = dev.octet.api.provider.QuantizerCatalog.discover(PrintNames.class.getClassLoader());
          System.out.println(catalog.names() + " " + catalog.provider("acme").version());
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void aProviderOfTheClassPathIsFoundByName() throws IOException {
    Path jar = acme("acme", "", "acme.jar");
    try (URLClassLoader loader = loader(jar)) {
      QuantizerCatalog catalog = QuantizerCatalog.discover(loader);
      assertEquals("acme", catalog.provider("acme").name());
      assertEquals(List.of("acme"), catalog.names());
      assertNotNull(catalog.provider("acme").create(Options.none()));
    }
  }

  @Test
  void aProviderOfTheModulePathIsFoundByName() throws Exception {
    Path api =
        Path.of(
            QuantizerProvider.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    Path jar =
        new VendorJar(QuantizerProvider.class)
            .provider("acme.AcmeProvider", source("acme", "AcmeProvider", "acme", ""))
            .module("acme", "1.2.3")
            .source("acme.PrintNames", PRINT_NAMES)
            .build(folder, "acme-modular.jar");
    String modulePath = api + java.io.File.pathSeparator + jar;
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElse("java"),
            "-p",
            modulePath,
            "-m",
            "acme/acme.PrintNames");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertEquals("[acme] Optional[1.2.3]", output.strip());
  }

  @Test
  void aMissingNameListsTheNamesThereAre() throws IOException {
    Path jar = acme("acme", "", "acme.jar");
    try (URLClassLoader loader = loader(jar)) {
      OctetException error = error(QuantizerCatalog.discover(loader), "acne");
      assertEquals("OCT-REG-001", error.id());
      assertEquals(List.of("acme"), error.candidates());
      assertEquals(ErrorKind.USAGE, error.kind());
    }
  }

  @Test
  void twoProvidersOfOneNameAreAnErrorThatNamesBothJars() throws IOException {
    Path first = acme("acme", "", "acme-1.jar");
    Path second = acme("legacy", "", "acme-2.jar");
    try (URLClassLoader loader = loader(first, second)) {
      OctetException error = error(QuantizerCatalog.discover(loader), "acme");
      assertEquals("OCT-REG-002", error.id());
      assertTrue(error.candidates().get(0).endsWith("acme-1.jar"), error.getMessage());
      assertTrue(error.candidates().get(1).endsWith("acme-2.jar"), error.getMessage());
    }
  }

  @Test
  void aBrokenProviderIsListedWithItsCauseAndTheOthersWork() throws IOException {
    String thrower = "static { if (true) throw new IllegalStateException(\"no device\"); }";
    Path broken =
        new VendorJar(QuantizerProvider.class)
            .provider("broken.Thrower", source("broken", "Thrower", "thrower", thrower))
            .listed("broken.Absent")
            .build(folder, "broken.jar");
    Path good = acme("acme", "", "acme.jar");
    try (URLClassLoader loader = loader(broken, good)) {
      QuantizerCatalog catalog = QuantizerCatalog.discover(loader);
      assertEquals("acme", catalog.provider("acme").name());
      List<ServiceCatalog.Entry<QuantizerProvider>> entries = catalog.entries();
      assertEquals(3, entries.size());
      List<String> causes =
          entries.subList(1, 3).stream()
              .map(e -> assertInstanceOf(ServiceCatalog.Entry.Broken.class, e).cause().toString())
              .toList();
      assertTrue(causes.stream().anyMatch(c -> c.contains("broken.Absent")), causes.toString());
      assertTrue(causes.stream().anyMatch(c -> c.contains("broken.Thrower")), causes.toString());
      OctetException error = error(catalog, "thrower");
      assertEquals("OCT-REG-003", error.id());
      assertNotNull(error.getCause());
      String jar = "broken.Thrower in " + folder.resolve("broken.jar");
      assertEquals(jar, error.place().orElseThrow());
      OctetException absent = error(catalog, "absent");
      assertEquals(
          "broken.Absent in " + folder.resolve("broken.jar"), absent.place().orElseThrow());
    }
  }

  @Test
  void aJarIsNotKeptOpen() throws IOException {
    Path open = Path.of("/proc/self/fd");
    assumeTrue(Files.isDirectory(open), "Linux alone says which files are open");
    Path jar =
        new VendorJar(QuantizerProvider.class).listed("broken.Absent").build(folder, "broken.jar");
    try (URLClassLoader loader = loader(jar)) {
      OctetException error = error(QuantizerCatalog.discover(loader), "absent");
      assertEquals("broken.Absent in " + jar, error.place().orElseThrow());
    }
    try (Stream<Path> files = Files.list(open)) {
      assertEquals(List.of(), files.map(QuantizerCatalogTest::target).filter(jar::equals).toList());
    }
  }

  /** Files that listing itself opens are closed again. */
  private static Path target(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException e) {
      return link;
    }
  }

  @Test
  void aBrokenProviderIsNoErrorOfAnotherName() throws IOException {
    Path broken =
        new VendorJar(QuantizerProvider.class).listed("broken.Absent").build(folder, "broken.jar");
    try (URLClassLoader loader = loader(broken, acme("acme", "", "acme.jar"))) {
      OctetException error = error(QuantizerCatalog.discover(loader), "cpu");
      assertEquals("OCT-REG-001", error.id());
      assertEquals(
          "there is no backend 'cpu'; 1 that was found is broken or of another API", error.fact());
      assertEquals(List.of("acme"), error.candidates());
    }
  }

  @Test
  void aProviderThatCannotTellItsNameIsBroken() throws IOException {
    String thrower = "int name(int i) { return name(i + 1); }";
    Path broken =
        new VendorJar(QuantizerProvider.class)
            .provider(
                "acme.AcmeProvider",
                source("acme", "AcmeProvider", "acme", thrower)
                    .replace("return \"acme\";", "return \"\" + name(0);"))
            .build(folder, "acme.jar");
    try (URLClassLoader loader = loader(broken)) {
      OctetException error = error(QuantizerCatalog.discover(loader), "acme");
      assertEquals("OCT-REG-003", error.id());
      assertEquals(
          "there is no backend 'acme'; a provider could not be loaded: a backend failed in name:"
              + " its calls never end (java.lang.StackOverflowError)",
          error.fact());
    }
  }

  @Test
  void anIdOfOctetIsRefusedToAVendor() throws IOException {
    String ids =
        "static final dev.octet.api.error.ErrorId ID ="
            + " dev.octet.api.error.ErrorId.backend(\"OCT-ACME-001\", \"No.\", \"Mend it.\");";
    Path jar = acme("acme", ids, "acme.jar");
    try (URLClassLoader loader = loader(jar)) {
      OctetException error = error(QuantizerCatalog.discover(loader), "acme");
      assertEquals("OCT-REG-003", error.id());
      assertTrue(
          error
              .fact()
              .endsWith(
                  "id 'OCT-ACME-001' is reserved for Octet; start it with a word of your own"),
          error.fact());
    }
  }

  @Test
  void aProviderBuiltForALaterMinorVersionIsRefusedBeforeItIsUsed() throws IOException {
    Path later =
        new VendorJar(QuantizerProvider.class)
            .source("dev.octet.api.provider.ApiVersion", api("ApiVersion", "\"1.0\"", "\"1.1\""))
            .source(
                "dev.octet.api.provider.QuantizerProvider",
                api(
                    "QuantizerProvider",
                    "  String description();",
                    "  String description(); void warmUp();"))
            .build(folder, "later.jar");
    String more =
        "public void warmUp() {} static { if (true) throw new IllegalStateException(\"used\"); }";
    assertRefused(
        "there is no backend 'acme'; a provider is built for API 1.1, and this is API 1.0",
        source("acme", "AcmeProvider", "acme", more),
        later);
  }

  @Test
  void aProviderBuiltForAnotherMajorVersionIsRefused() throws IOException {
    assertRefused(
        "there is no backend 'acme'; a provider is built for API 2.0, and this is API 1.0",
        source("acme", "AcmeProvider", "acme", "").replace(BUILT_FOR, "@BuiltFor(\"2.0\")"),
        API);
  }

  @Test
  void aProviderBuiltBeforeVersionsWereReadIsRefused() throws IOException {
    Path earlier =
        new VendorJar(QuantizerProvider.class)
            .source(
                "dev.octet.api.provider.NamedService",
                api(
                    "NamedService",
                    "  String name();",
                    "  String name(); ApiVersion apiVersion();"))
            .build(folder, "earlier.jar");
    String version = "public ApiVersion apiVersion() { return new ApiVersion(1, 0); }";
    assertRefused(
        "there is no backend 'acme'; a provider is built for an API that does not have @BuiltFor,"
            + " or without it, and this is API 1.0",
        source("acme", "AcmeProvider", "acme", version).replace(BUILT_FOR, ""),
        earlier);
  }

  @Test
  void aVersionThatIsNoneIsBroken() throws IOException {
    String source = source("acme", "AcmeProvider", "acme", "");
    Path jar =
        new VendorJar(QuantizerProvider.class)
            .provider("acme.AcmeProvider", source.replace(BUILT_FOR, "@BuiltFor(\"one\")"))
            .build(folder, "acme.jar");
    try (URLClassLoader loader = loader(jar)) {
      OctetException error = error(QuantizerCatalog.discover(loader), "acme");
      assertEquals("OCT-REG-003", error.id());
      assertTrue(error.fact().endsWith("API version 'one' is not MAJOR.MINOR"), error.fact());
    }
  }

  private static String api(String type, String was, String is) throws IOException {
    String source = Files.readString(API.resolve(type + ".java"));
    assertTrue(source.contains(was), source);
    return source.replace(was, is);
  }

  private void assertRefused(String fact, String source, Path surface) throws IOException {
    Path jar =
        new VendorJar(QuantizerProvider.class)
            .against(surface)
            .provider("acme.AcmeProvider", source)
            .build(folder, "acme.jar");
    try (URLClassLoader loader = loader(jar)) {
      OctetException error = error(QuantizerCatalog.discover(loader), "acme");
      assertEquals("OCT-REG-004", error.id());
      assertEquals(ErrorKind.BACKEND, error.kind());
      assertEquals(fact, error.fact());
      assertEquals("acme.AcmeProvider in " + jar, error.place().orElseThrow());
    }
  }

  @Test
  void aProviderWithoutAUsableNameIsBroken() throws IOException {
    Path jar =
        new VendorJar(QuantizerProvider.class)
            .provider("acme.AcmeProvider", source("acme", "AcmeProvider", "Acme Backend", ""))
            .build(folder, "acme.jar");
    try (URLClassLoader loader = loader(jar)) {
      QuantizerCatalog catalog = QuantizerCatalog.discover(loader);
      ServiceCatalog.Entry<QuantizerProvider> entry = catalog.entries().get(0);
      assertTrue(
          assertInstanceOf(ServiceCatalog.Entry.Broken.class, entry)
              .cause()
              .getMessage()
              .contains("Acme Backend"));
    }
  }

  @Test
  void minorVersionsWorkForwards() {
    assertTrue(new ApiVersion(1, 0).worksWith(new ApiVersion(1, 3)));
    assertTrue(!new ApiVersion(1, 4).worksWith(new ApiVersion(1, 3)));
    assertTrue(!new ApiVersion(1, 0).worksWith(new ApiVersion(2, 0)));
  }

  private Path acme(String packageName, String version, String jarName) throws IOException {
    String source = source(packageName, "AcmeProvider", "acme", version);
    return new VendorJar(QuantizerProvider.class)
        .provider(packageName + ".AcmeProvider", source)
        .build(folder, jarName);
  }

  private static String source(
      String packageName, String className, String backendName, String version) {
    return """
    package %s;
    import dev.octet.api.option.*;
    import dev.octet.api.provider.*;
    import dev.octet.api.quantizer.*;
    import java.util.List;
    @BuiltFor(ApiVersion.CURRENT)
    public final class %s implements QuantizerProvider {
      public String name() { return "%s"; }
      %s
      public String description() { return "a backend for a test"; }
      public List<Capability> capabilities(Options options) { return List.of(); }
      public Quantizer create(Options options) {
        return context -> context.explain(context.graph().nodes().get(0), "it is a test");
      }
    }
    """
        .formatted(packageName, className, backendName, version);
  }

  private static OctetException error(QuantizerCatalog catalog, String name) {
    return assertThrows(OctetException.class, () -> catalog.provider(name));
  }

  private static URLClassLoader loader(Path... jars) {
    URL[] urls = Arrays.stream(jars).map(QuantizerCatalogTest::url).toArray(URL[]::new);
    return new URLClassLoader(urls, QuantizerProvider.class.getClassLoader());
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void aRuntimeThatDoesNotWorkHereIsRefusedWithItsReason() {
    QuantizerProvider provider =
        new QuantizerProvider() {
          @Override
          public String name() {
            return "acme";
          }

          @Override
          public String description() {
            return "";
          }

          @Override
          public List<Capability> capabilities(Options options) {
            return List.of();
          }

          @Override
          public Quantizer create(Options options) {
            throw new IllegalStateException("not used");
          }

          @Override
          public Availability availability() {
            return new Availability.Unavailable("there is no chip", "Plug it in.");
          }
        };
    OctetException e =
        assertThrows(
            OctetException.class, () -> QuantizerCatalog.of(List.of(provider)).runtime("acme"));
    assertEquals("OCT-REG-007", e.id());
    assertEquals("the runtime of 'acme' does not work here: there is no chip", e.fact());
    assertEquals("Plug it in.", e.nextStep());
    assertEquals(ErrorKind.BACKEND, e.kind());
  }
}

package dev.octet.api.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.quantizer.Quantizer;
import dev.octet.fixtures.jdk.VendorJar;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProviderBuildTest {

  private static final String PROVIDER =
      """
      package acme;
      import dev.octet.api.option.Options;
      import dev.octet.api.provider.*;
      import dev.octet.api.quantizer.Quantizer;
      import java.util.List;
      @BuiltFor(ApiVersion.CURRENT)
      public final class Provider implements QuantizerProvider {
        public String name() { return "acme"; }
        public String description() { return "a backend"; }
        public List<Capability> capabilities(Options options) { return List.of(); }
        public Quantizer create(Options options) { return context -> {}; }
      }
      """;

  @TempDir Path folder;

  private Path jar(String name, String source) throws IOException {
    return new VendorJar(QuantizerProvider.class)
        .provider("acme.Provider", source)
        .build(folder, name);
  }

  private static ProviderBuild build(Path classes) throws IOException {
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {classes.toUri().toURL()}, ProviderBuildTest.class.getClassLoader())) {
      Class<?> type = loader.loadClass("acme.Provider");
      QuantizerProvider acme = (QuantizerProvider) type.getDeclaredConstructor().newInstance();
      return ProviderBuild.of(acme);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static String sha256(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  @Test
  void hasTheHashOfTheJar() throws Exception {
    Path jar = jar("a b+c.jar", PROVIDER);
    ProviderBuild build = build(jar);
    assertEquals(Optional.of(sha256(Files.readAllBytes(jar))), build.sha256());
    assertEquals(Optional.empty(), build.version());
    assertFalse(build.isOctets());
  }

  @Test
  void hasTheHashOfTheClassFilesOfAFolder() throws Exception {
    jar("acme.jar", PROVIDER + "final class Other {}");
    Path classes = folder.resolve("acme.jar-classes");
    Files.writeString(classes.resolve("notes.txt"), "no class");
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (String path : List.of("acme/Other.class", "acme/Provider.class")) {
      byte[] bytes = Files.readAllBytes(classes.resolve(path));
      content.writeBytes(path.getBytes(UTF_8));
      content.write(0);
      content.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(bytes.length).array());
      content.writeBytes(bytes);
    }
    assertEquals(Optional.of(sha256(content.toByteArray())), build(classes).sha256());
  }

  @Test
  void differsWhereAClassDiffers() throws Exception {
    ProviderBuild one = build(jar("one.jar", PROVIDER));
    ProviderBuild two = build(jar("two.jar", PROVIDER.replace("a backend", "another")));
    assertNotEquals(one.sha256(), two.sha256());
  }

  @Test
  void hasTheVersionThatTheProviderTells() throws Exception {
    String source =
        PROVIDER.replace(
            "public String name()",
            "public java.util.Optional<String> version() { return java.util.Optional.of(\"1.2\"); }"
                + " public String name()");
    assertEquals(Optional.of("1.2"), build(jar("acme.jar", source)).version());
  }

  @Test
  void isOfTheQuantizersPlaceWhereAProgramMadeTheProvider() {
    Quantizer quantizer = context -> {};
    ProviderBuild build = ProviderBuild.of(QuantizerProvider.of("mine", quantizer));
    assertTrue(build.isOctets());
    assertEquals(
        build.sha256(), ProviderBuild.of(QuantizerProvider.of("other", context -> {})).sha256());
    assertTrue(build.sha256().isPresent());
  }

  @Test
  void hasNoHashWhereTheJarIsGone() throws Exception {
    Path jar = jar("acme.jar", PROVIDER);
    URLClassLoader loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, getClass().getClassLoader());
    QuantizerProvider acme =
        (QuantizerProvider)
            loader.loadClass("acme.Provider").getDeclaredConstructor().newInstance();
    loader.close();
    Files.delete(jar);
    assertEquals(Optional.empty(), ProviderBuild.of(acme).sha256());
  }
}

package dev.octet.tck.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.fixtures.jdk.VendorJar;
import dev.octet.tck.broken.Acme;
import dev.octet.tck.run.TckRequest;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiscoveredQuantizersTckTest {

  private static final TckRequest REQUEST = TckRequest.everything();

  private static List<DynamicNode> tests(QuantizerCatalog catalog) {
    return DiscoveredQuantizersTck.tests(catalog, Optional.empty(), REQUEST).toList();
  }

  private static String failure(DynamicNode test) {
    return String.valueOf(
        assertThrows(AssertionError.class, ((DynamicTest) test).getExecutable()::execute)
            .getMessage());
  }

  @Test
  void findingNoBackendIsAFailure() {
    List<DynamicNode> tests = tests(QuantizerCatalog.of(List.of()));
    assertEquals(1, tests.size());
    String message = failure(tests.get(0));
    assertTrue(message.contains("OCT-TCK-014"), message);
    assertTrue(message.contains(QuantizerProvider.class.getName()), message);
  }

  @Test
  void aBackendThatCannotBeLoadedIsAFailureBesideThoseThatCan(@TempDir Path folder)
      throws IOException {
    Path jar =
        new VendorJar(QuantizerProvider.class)
            .provider(
                "acme.Provider",
                """
                package acme;

                import dev.octet.api.option.Options;
                import dev.octet.api.provider.*;
                import dev.octet.api.quantizer.Quantizer;
                import java.util.List;

                @BuiltFor(ApiVersion.CURRENT)
                public final class Provider implements QuantizerProvider {
                  public Provider() { throw new IllegalStateException("no key"); }
                  public String name() { return "acme"; }
                  public String description() { return "A chip without its key."; }
                  public List<Capability> capabilities(Options options) { return List.of(); }
                  public Quantizer create(Options options) { return context -> {}; }
                }
                """)
            .build(folder, "acme.jar");
    URL[] places = {jar.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(places, Acme.class.getClassLoader())) {
      List<DynamicNode> tests = tests(QuantizerCatalog.discover(loader));
      assertTrue(tests.stream().anyMatch(node -> node instanceof DynamicContainer));
      DynamicNode broken =
          tests.stream().filter(node -> node instanceof DynamicTest).findFirst().orElseThrow();
      String message = failure(broken);
      assertTrue(message.contains("OCT-TCK-015"), message);
      assertTrue(message.contains("no key"), message);
    }
  }

  @Test
  void aBackendThatIsNamedIsTestedAlone() {
    QuantizerCatalog catalog = QuantizerCatalog.of(List.of(new Acme()));
    List<DynamicNode> tests =
        DiscoveredQuantizersTck.tests(catalog, Optional.of("acme"), REQUEST).toList();
    assertEquals(List.of("acme"), tests.stream().map(DynamicNode::getDisplayName).toList());
  }

  @Test
  void aBackendThatIsNamedAndNotThereIsAnError() {
    QuantizerCatalog catalog = QuantizerCatalog.of(List.of(new Acme()));
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> DiscoveredQuantizersTck.tests(catalog, Optional.of("acmee"), REQUEST));
    assertEquals("OCT-REG-001", e.id());
  }
}

package dev.octet.tck.junit;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.run.TckRequest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * The kit over every backend that the class path or module path of a test has. The system property
 * {@value #PROVIDER} names one of them. Finding none is a failure.
 */
public abstract class DiscoveredQuantizersTck {

  /** The system property that names the one backend to test. */
  public static final String PROVIDER = "octet.tck.provider";

  /** For subclasses. */
  protected DiscoveredQuantizersTck() {}

  /** Returns what is run on each: everything, unless a subclass says otherwise. */
  protected TckRequest request() {
    return TckRequest.everything();
  }

  /**
   * Returns the rules as tests, below the name of each backend.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-REG-001} to {@code OCT-REG-004} if the
   *     backend that the property names is not there
   */
  @TestFactory
  public final Stream<DynamicNode> backends() {
    QuantizerCatalog catalog = QuantizerCatalog.discover(getClass().getClassLoader());
    String wanted = System.getProperty(PROVIDER);
    List<QuantizerProvider> found =
        wanted == null ? catalog.providers() : List.of(catalog.provider(wanted));
    return found.isEmpty()
        ? Stream.of(dynamicTest("a backend is found", () -> Assertions.fail(nothing())))
        : found.stream().map(p -> dynamicContainer(p.name(), TckTests.of(p, request())));
  }

  private static String nothing() {
    return "no backend is found: the test needs META-INF/services/"
        + QuantizerProvider.class.getName()
        + " on its class path";
  }
}

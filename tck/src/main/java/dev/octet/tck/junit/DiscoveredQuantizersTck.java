package dev.octet.tck.junit;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.octet.api.error.OctetException;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.provider.ServiceCatalog;
import dev.octet.tck.run.TckRequest;
import dev.octet.tck.run.TimeLimit;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * The kit over every backend that the class path or module path of a test has. The system property
 * {@value #PROVIDER} names one of them. Finding none is a failure, and so is one that cannot be
 * used.
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
   *     backend that the property names is not there, {@code OCT-TCK-016} if the constructor of one
   *     does not return
   * @throws InterruptedException if the calling thread is interrupted
   */
  @TestFactory
  public final Stream<DynamicNode> backends() throws InterruptedException {
    QuantizerCatalog catalog =
        TimeLimit.require(
            request().limit(), () -> QuantizerCatalog.discover(getClass().getClassLoader()));
    return tests(catalog, Optional.ofNullable(System.getProperty(PROVIDER)), request());
  }

  static Stream<DynamicNode> tests(
      QuantizerCatalog catalog, Optional<String> wanted, TckRequest request) {
    if (wanted.isPresent()) {
      return Stream.of(tests(catalog.provider(wanted.get()), request));
    }
    return catalog.entries().isEmpty()
        ? Stream.of(dynamicTest("a backend is found", () -> Assertions.fail(nothing())))
        : catalog.entries().stream().map(entry -> tests(entry, request));
  }

  private static DynamicNode tests(
      ServiceCatalog.Entry<QuantizerProvider> entry, TckRequest request) {
    return entry.match(
        new ServiceCatalog.Entry.Cases<QuantizerProvider, DynamicNode>(
            usable -> tests(usable.service(), request),
            other -> notUsable(other.location(), other.reason()),
            broken -> notUsable(broken.location(), broken.reason())));
  }

  private static DynamicNode tests(QuantizerProvider provider, TckRequest request) {
    return dynamicContainer(provider.name(), TckTests.of(provider, request));
  }

  private static DynamicNode notUsable(String location, String reason) {
    return dynamicTest(
        location, () -> Assertions.fail(words(DoorErrors.NOT_USABLE.error(reason).at(location))));
  }

  private static String nothing() {
    return words(DoorErrors.NO_BACKEND.error("no backend is found"));
  }

  private static String words(OctetException.Builder error) {
    return String.valueOf(error.build().getMessage());
  }
}

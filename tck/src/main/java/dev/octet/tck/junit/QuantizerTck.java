package dev.octet.tck.junit;

import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.run.TckRequest;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * The kit as a test class of a vendor: extend it and say which backend is tested.
 *
 * <pre>{@code
 * class AcmeTckTest extends QuantizerTck {
 *   @Override
 *   protected QuantizerProvider provider() {
 *     return new AcmeProvider();
 *   }
 * }
 * }</pre>
 *
 * <p>Each preset of the backend's options is a container, each rule one below it, each case a test.
 * The last test is about the whole: it fails when too little ran.
 */
public abstract class QuantizerTck {

  /** For subclasses. */
  protected QuantizerTck() {}

  /** Returns the backend that is tested. */
  protected abstract QuantizerProvider provider();

  /** Returns what is run: everything, unless a subclass says otherwise. */
  protected TckRequest request() {
    return TckRequest.everything();
  }

  /** Returns the rules as tests. */
  @TestFactory
  public final Stream<DynamicNode> rules() {
    return TckTests.of(provider(), request());
  }
}

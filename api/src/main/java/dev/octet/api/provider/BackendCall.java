package dev.octet.api.provider;

import dev.octet.api.error.OctetException;
import java.util.function.Supplier;

/** Calls into backends, which are other people's code. */
public final class BackendCall {

  private BackendCall() {}

  /**
   * Calls a backend; what it throws becomes one error that names it.
   *
   * @param provider the backend
   * @param method the method that is called, for the message
   * @param call calls it
   * @throws OctetException {@code OCT-REG-006} if the call fails in any way but an {@link
   *     OctetException}, which passes as it is
   */
  public static <T> T guarded(QuantizerProvider provider, String method, Supplier<T> call) {
    try {
      return call.get();
    } catch (OctetException e) {
      throw e;
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      throw CatalogErrors.BACKEND_FAILED
          .error("backend '" + provider.name() + "' failed in " + method + ": " + e)
          .at(ServiceCatalog.location(provider))
          .cause(e)
          .build();
    }
  }
}

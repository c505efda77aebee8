package dev.octet.api.provider;

import dev.octet.api.error.OctetException;
import dev.octet.api.runtime.BackendRuntime;
import java.util.List;

/**
 * The backends that were found, by name, each {@linkplain QuantizerProvider#guarded guarded}. An
 * immutable value, made by an explicit call.
 */
public final class QuantizerCatalog {

  private static final String NOUN = "backend";

  private final ServiceCatalog<QuantizerProvider> services;

  private QuantizerCatalog(ServiceCatalog<QuantizerProvider> services) {
    this.services = services;
  }

  /**
   * Finds all backends that a class loader sees; see {@link ServiceCatalog#discover}.
   *
   * @param classLoader where to look
   */
  public static QuantizerCatalog discover(ClassLoader classLoader) {
    return new QuantizerCatalog(
        ServiceCatalog.discover(
            QuantizerProvider.class, NOUN, QuantizerProvider::guarded, classLoader));
  }

  /** Returns a catalogue of given backends, for programs that find them in their own way. */
  public static QuantizerCatalog of(List<QuantizerProvider> providers) {
    return new QuantizerCatalog(ServiceCatalog.of(NOUN, QuantizerProvider::guarded, providers));
  }

  /** Returns everything that was found; see {@link ServiceCatalog#entries}. */
  public List<ServiceCatalog.Entry<QuantizerProvider>> entries() {
    return services.entries();
  }

  /** Returns the names of the usable backends, sorted. */
  public List<String> names() {
    return services.names();
  }

  /** Returns the usable backends, by name. */
  public List<QuantizerProvider> providers() {
    return services.services();
  }

  /**
   * Returns a backend by name.
   *
   * @throws OctetException as {@link ServiceCatalog#service}
   */
  public QuantizerProvider provider(String name) {
    return services.service(name);
  }

  /**
   * Returns the runtime of a backend by name.
   *
   * @throws OctetException as {@link #provider}; {@code OCT-REG-005} if it has no runtime, with the
   *     backends that have one; {@code OCT-REG-007} if its runtime does not work here; {@code
   *     OCT-REG-006} if it fails
   */
  public BackendRuntime runtime(String name) {
    QuantizerProvider provider = provider(name);
    provider
        .availability()
        .obstacle()
        .ifPresent(
            no -> {
              throw CatalogErrors.NO_WORKING_RUNTIME
                  .error("the runtime of '" + name + "' does not work here: " + no.reason())
                  .next(no.nextStep());
            });
    return provider.runtime().orElseThrow(() -> withoutRuntime(name));
  }

  private OctetException withoutRuntime(String name) {
    List<String> candidates =
        providers().stream()
            .filter(QuantizerCatalog::hasRuntime)
            .map(QuantizerProvider::name)
            .toList();
    return CatalogErrors.NO_RUNTIME
        .error("backend '" + name + "' has no runtime here")
        .candidates(candidates)
        .build();
  }

  /** A backend that fails here is no candidate; it is no reason to hide the others. */
  private static boolean hasRuntime(QuantizerProvider provider) {
    try {
      return provider.runtime().isPresent();
    } catch (OctetException e) {
      return false;
    }
  }

  /** Returns the names of the usable backends. */
  @Override
  public String toString() {
    return "backends " + names();
  }
}

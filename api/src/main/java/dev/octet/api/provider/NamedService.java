package dev.octet.api.provider;

/**
 * What is found by name through {@link java.util.ServiceLoader}: a backend, a model format or a
 * decoder of images.
 *
 * <p>Implementations are public, have a public constructor without arguments that does no work, and
 * are thread-safe. They carry {@link BuiltFor @BuiltFor(ApiVersion.CURRENT)}, without which a
 * catalogue refuses them.
 */
public interface NamedService {

  /** Returns the name: {@code [a-z][a-z0-9-]{0,63}}; the same at every call. */
  String name();
}

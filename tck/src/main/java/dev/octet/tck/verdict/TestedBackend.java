package dev.octet.tck.verdict;

import dev.octet.api.error.OctetException;
import dev.octet.api.provider.ProviderBuild;
import dev.octet.api.provider.QuantizerProvider;
import java.util.Objects;
import java.util.Optional;

/**
 * Which build of which backend was tested.
 *
 * @param name its name
 * @param version the version that it states
 * @param sha256 the SHA-256 of the jar of its provider, or of the class files of its folder, see
 *     {@link ProviderBuild#sha256}
 */
public record TestedBackend(String name, Optional<String> version, Optional<String> sha256) {

  /** Checks that nothing is null. */
  public TestedBackend {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(sha256, "sha256");
  }

  /**
   * Returns the build of a provider. Of one that fails to tell its version no more than the name is
   * known, and a rule says that it fails.
   *
   * @throws OctetException {@code OCT-REG-006} if it fails to tell its name
   */
  public static TestedBackend of(QuantizerProvider provider) {
    String name = QuantizerProvider.guarded(provider).name();
    try {
      ProviderBuild build = ProviderBuild.of(provider);
      return new TestedBackend(name, build.version(), build.sha256());
    } catch (OctetException e) {
      return new TestedBackend(name, Optional.empty(), Optional.empty());
    }
  }
}

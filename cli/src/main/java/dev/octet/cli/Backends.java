package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.api.provider.Availability;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.workflow.calibrate.Observers;
import jakarta.inject.Inject;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds backends: on the class path, which holds the distribution's providers, and in given jars.
 */
final class Backends {

  @Inject
  Backends() {}

  /** Returns all that is found. */
  QuantizerCatalog catalog(CommonOptions options) {
    ClassLoader own = Backends.class.getClassLoader();
    List<Path> jars = options.classPath();
    // The loader stays open for as long as the providers are used: to the end of the process.
    return QuantizerCatalog.discover(jars.isEmpty() ? own : new URLClassLoader(urls(jars), own));
  }

  /** Returns a backend; see {@link QuantizerCatalog#provider} for the errors. */
  QuantizerProvider provider(CommonOptions options, String name) {
    return catalog(options).provider(name);
  }

  /**
   * Returns Octet's observers and those of every backend that can be used, to read calibrations
   * that do not say whose they are.
   */
  Observers observers(CommonOptions options) {
    List<QuantizerProvider> providers = new ArrayList<>();
    for (QuantizerCatalog.Entry entry : catalog(options).entries()) {
      if (entry instanceof QuantizerCatalog.Entry.Usable usable) {
        providers.add(usable.provider());
      }
    }
    return Observers.standard().withAll(providers);
  }

  /**
   * Returns the runtime of a backend.
   *
   * @throws OctetException {@code OCT-CLI-007} if it has none, or it does not work here; as {@link
   *     QuantizerCatalog#provider}
   */
  BackendRuntime runtime(CommonOptions options, String name) {
    QuantizerCatalog catalog = catalog(options);
    QuantizerProvider provider = catalog.provider(name);
    if (provider.availability() instanceof Availability.Unavailable no) {
      throw OctetException.backend(
              "OCT-CLI-007", "the runtime of '" + name + "' does not work here: " + no.reason())
          .next(no.nextStep());
    }
    return provider
        .runtime()
        .orElseThrow(
            () ->
                OctetException.backend("OCT-CLI-007", "backend '" + name + "' has no runtime here")
                    .candidates(
                        catalog.names().stream()
                            .filter(other -> catalog.provider(other).runtime().isPresent())
                            .toList())
                    .next("Choose another --runtime."));
  }

  private static URL[] urls(List<Path> jars) {
    URL[] urls = new URL[jars.size()];
    for (int i = 0; i < urls.length; i++) {
      try {
        urls[i] = jars.get(i).toUri().toURL();
      } catch (MalformedURLException e) {
        throw new IllegalStateException("a path is always a URL", e);
      }
    }
    return urls;
  }
}

package dev.octet.cli;

import dev.octet.api.format.FormatCatalog;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.workflow.Catalogs;
import jakarta.inject.Inject;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds backends and model formats: on the class path, which holds the distribution's providers,
 * and in given jars.
 */
final class Services {

  @Inject
  Services() {}

  /** Returns the backends that are found. */
  QuantizerCatalog backends(CommonOptions options) {
    return QuantizerCatalog.discover(loader(options));
  }

  /** Returns the model formats that are found. */
  FormatCatalog formats(CommonOptions options) {
    return FormatCatalog.discover(loader(options));
  }

  /** Returns both. */
  Catalogs catalogs(CommonOptions options) {
    return Catalogs.discover(loader(options));
  }

  private static ClassLoader loader(CommonOptions options) {
    ClassLoader own = Services.class.getClassLoader();
    List<Path> jars = options.classPath();
    // The loader stays open for as long as the providers are used: to the end of the process.
    return jars.isEmpty() ? own : new URLClassLoader(urls(jars), own);
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

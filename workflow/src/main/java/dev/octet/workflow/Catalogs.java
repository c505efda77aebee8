package dev.octet.workflow;

import dev.octet.api.error.OctetException;
import dev.octet.api.format.FormatCatalog;
import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.run.NamedRuntime;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What was found to work with. Immutable.
 *
 * @param formats the model formats
 * @param backends the backends
 */
public record Catalogs(FormatCatalog formats, QuantizerCatalog backends) {

  /** Checks that no component is null. */
  public Catalogs {
    Objects.requireNonNull(formats, "formats");
    Objects.requireNonNull(backends, "backends");
  }

  /** Finds all model formats and backends that a class loader sees. */
  public static Catalogs discover(ClassLoader classLoader) {
    return new Catalogs(
        FormatCatalog.discover(classLoader), QuantizerCatalog.discover(classLoader));
  }

  /**
   * Reads a model from a file of any format.
   *
   * @throws OctetException as {@link FormatCatalog#read}
   */
  public Model read(Path file) {
    return formats.read(file);
  }

  /**
   * Returns a backend by name.
   *
   * @throws OctetException as {@link QuantizerCatalog#provider}
   */
  public QuantizerProvider backend(String name) {
    return backends.provider(name);
  }

  /**
   * Returns the runtime of a backend by name.
   *
   * @throws OctetException as {@link QuantizerCatalog#runtime}
   */
  public NamedRuntime runtime(String name) {
    return NamedRuntime.of(backends, name);
  }

  /**
   * Returns Octet's observers and those of every backend that can be used, to read calibrations
   * that do not say whose they are.
   */
  public Observers observers() {
    return Observers.standard().withAll(backends.providers());
  }
}

package dev.octet.api.provider;

import dev.octet.api.error.OctetException;
import java.net.URL;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The backends that were found, by name. An immutable value, made by an explicit call; the only
 * place that asks {@link ServiceLoader}.
 *
 * <p>A provider that cannot be loaded, is named twice, or was written for another API version is
 * listed with its cause; the others still work.
 */
public final class QuantizerCatalog {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  // A class loader that fails at every step would never end the iteration.
  private static final int MOST_FAILURES = 1000;

  private final List<Entry> entries;

  private QuantizerCatalog(List<Entry> entries) {
    this.entries = entries;
  }

  /** One thing that was found. */
  public sealed interface Entry {

    /** Returns the jar or folder that it comes from, for messages. */
    String location();

    /**
     * A backend that can be used.
     *
     * @param name its name
     * @param provider the provider
     * @param location where it comes from
     */
    record Usable(String name, QuantizerProvider provider, String location) implements Entry {}

    /**
     * A provider that could not be loaded.
     *
     * @param cause why
     * @param location where it comes from, as far as that is known
     */
    record Broken(Throwable cause, String location) implements Entry {

      /** Returns the cause in words, with what it was caused by in turn. */
      public String reason() {
        StringBuilder words = new StringBuilder(cause.toString());
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable t = cause.getCause(); t != null && seen.add(t); t = t.getCause()) {
          words.append(": ").append(t);
        }
        return words.toString();
      }
    }

    /**
     * A provider that was written for another version of the API.
     *
     * @param name its name
     * @param version the version it was written for
     * @param location where it comes from
     */
    record OtherVersion(String name, ApiVersion version, String location) implements Entry {}
  }

  /**
   * Finds all providers that a class loader sees, on its class path and in its named modules.
   *
   * @param classLoader where to look
   */
  public static QuantizerCatalog discover(ClassLoader classLoader) {
    List<Entry> found = new ArrayList<>();
    Iterator<QuantizerProvider> providers =
        ServiceLoader.load(QuantizerProvider.class, classLoader).iterator();
    int failures = 0;
    while (failures < MOST_FAILURES) {
      try {
        if (!providers.hasNext()) {
          break;
        }
        found.add(examine(providers.next()));
      } catch (ServiceConfigurationError | LinkageError e) {
        failures++;
        found.add(new Entry.Broken(e, "a jar of the class path or module path"));
      }
    }
    return new QuantizerCatalog(sorted(found));
  }

  /** Returns a catalogue of given providers, for programs that find them in their own way. */
  public static QuantizerCatalog of(List<QuantizerProvider> providers) {
    return new QuantizerCatalog(sorted(providers.stream().map(QuantizerCatalog::examine).toList()));
  }

  /**
   * Returns everything that was found: usable backends by name, then other versions, then broken
   * ones.
   */
  public List<Entry> entries() {
    return entries;
  }

  /** Returns the names of the usable backends, sorted. */
  public List<String> names() {
    return usable().map(Entry.Usable::name).distinct().toList();
  }

  /**
   * Returns a backend by name.
   *
   * @throws OctetException {@code OCT-REG-001} if there is none, with the names there are; {@code
   *     OCT-REG-002} if there are two, with both jars; {@code OCT-REG-003} if none could be found
   *     because providers are broken; {@code OCT-REG-004} if it was written for another API version
   */
  public QuantizerProvider provider(String name) {
    List<Entry.Usable> matches = usable().filter(e -> e.name().equals(name)).toList();
    if (matches.size() == 1) {
      return matches.get(0).provider();
    }
    if (matches.size() > 1) {
      throw duplicate(name, matches);
    }
    Optional<Entry.OtherVersion> other =
        entries.stream()
            .filter(Entry.OtherVersion.class::isInstance)
            .map(Entry.OtherVersion.class::cast)
            .filter(e -> e.name().equals(name))
            .findFirst();
    throw other.map(QuantizerCatalog::otherVersion).orElseGet(() -> missing(name));
  }

  private java.util.stream.Stream<Entry.Usable> usable() {
    return entries.stream().filter(Entry.Usable.class::isInstance).map(Entry.Usable.class::cast);
  }

  private static Entry examine(QuantizerProvider provider) {
    String location = location(provider.getClass());
    try {
      String name = Objects.requireNonNull(provider.name(), "name");
      ApiVersion version = Objects.requireNonNull(provider.apiVersion(), "apiVersion");
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "provider name '" + name + "' is not of the form [a-z][a-z0-9-]{0,63}");
      }
      return version.worksWith(ApiVersion.current())
          ? new Entry.Usable(name, provider, location)
          : new Entry.OtherVersion(name, version, location);
    } catch (RuntimeException | LinkageError e) {
      return new Entry.Broken(e, location);
    }
  }

  private static String location(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    URL url = source == null ? null : source.getLocation();
    return type.getName() + " in " + (url == null ? "an unknown place" : url.getPath());
  }

  private static List<Entry> sorted(List<Entry> found) {
    Comparator<Entry> byKind =
        Comparator.comparingInt(
            e -> e instanceof Entry.Usable ? 0 : e instanceof Entry.OtherVersion ? 1 : 2);
    return found.stream()
        .sorted(byKind.thenComparing(QuantizerCatalog::sortName).thenComparing(Entry::location))
        .toList();
  }

  private static String sortName(Entry entry) {
    if (entry instanceof Entry.Usable usable) {
      return usable.name();
    }
    return entry instanceof Entry.OtherVersion other ? other.name() : "";
  }

  private static OctetException duplicate(String name, List<Entry.Usable> matches) {
    return OctetException.usage("OCT-REG-002", "two backends are named '" + name + "'")
        .at("backend '" + name + "'")
        .candidates(matches.stream().map(Entry::location).toList())
        .next("Remove one of them from the class path or module path.");
  }

  private static OctetException otherVersion(Entry.OtherVersion entry) {
    return OctetException.backend(
            "OCT-REG-004",
            "backend '"
                + entry.name()
                + "' was written for API "
                + entry.version()
                + "; this is "
                + ApiVersion.current())
        .at(entry.location())
        .next("Use a version of the backend for API " + ApiVersion.current() + ".");
  }

  private OctetException missing(String name) {
    List<Entry.Broken> broken =
        entries.stream()
            .filter(Entry.Broken.class::isInstance)
            .map(Entry.Broken.class::cast)
            .toList();
    String id = broken.isEmpty() ? "OCT-REG-001" : "OCT-REG-003";
    String fact = "there is no backend '" + name + "'";
    if (!broken.isEmpty()) {
      fact += "; a provider could not be loaded: " + broken.get(0).reason();
    }
    OctetException.Builder error =
        OctetException.usage(id, fact).at("backend '" + name + "'").candidates(names());
    broken.stream().findFirst().ifPresent(b -> error.cause(b.cause()));
    return error.next(
        "Correct the name, or add the provider's jar with --class-path or to providers/.");
  }
}

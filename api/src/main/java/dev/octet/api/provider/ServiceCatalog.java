package dev.octet.api.provider;

import dev.octet.api.error.ErrorId;
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
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The services of one kind that were found, by name. An immutable value, made by an explicit call;
 * the only place that asks {@link ServiceLoader}.
 *
 * <p>A service that cannot be loaded, is named twice, or was written for another API version is
 * listed with its cause; the others still work.
 *
 * @param <S> the kind of service
 */
public final class ServiceCatalog<S extends NamedService> {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  // A class loader that fails at every step would never end the iteration.
  private static final int MOST_FAILURES = 1000;

  private final String noun;
  private final List<Entry<S>> entries;

  private ServiceCatalog(String noun, List<Entry<S>> entries) {
    this.noun = noun;
    this.entries = entries;
  }

  /**
   * One thing that was found.
   *
   * @param <S> the kind of service
   */
  public sealed interface Entry<S extends NamedService> {

    /** Returns the class and the jar or folder that it comes from, for messages. */
    String location();

    /** Calls the function that is for this kind of entry. */
    <T> T match(
        Function<Usable<S>, T> usable,
        Function<OtherVersion<S>, T> otherVersion,
        Function<Broken<S>, T> broken);

    /**
     * A service that can be used.
     *
     * @param name its name
     * @param service the service
     * @param location where it comes from
     */
    record Usable<S extends NamedService>(String name, S service, String location)
        implements Entry<S> {
      @Override
      public <T> T match(
          Function<Usable<S>, T> usable,
          Function<OtherVersion<S>, T> otherVersion,
          Function<Broken<S>, T> broken) {
        return usable.apply(this);
      }
    }

    /**
     * A service that was written for another version of the API.
     *
     * @param name its name
     * @param version the version it was written for
     * @param location where it comes from
     */
    record OtherVersion<S extends NamedService>(String name, ApiVersion version, String location)
        implements Entry<S> {
      @Override
      public <T> T match(
          Function<Usable<S>, T> usable,
          Function<OtherVersion<S>, T> otherVersion,
          Function<Broken<S>, T> broken) {
        return otherVersion.apply(this);
      }
    }

    /**
     * A service that could not be loaded.
     *
     * @param cause why
     * @param location where it comes from, as far as that is known
     */
    record Broken<S extends NamedService>(Throwable cause, String location) implements Entry<S> {

      /** Returns the cause in words, with what it was caused by in turn. */
      public String reason() {
        StringBuilder words = new StringBuilder(cause.toString());
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable t = cause.getCause(); t != null && seen.add(t); t = t.getCause()) {
          words.append(": ").append(t);
        }
        return words.toString();
      }

      @Override
      public <T> T match(
          Function<Usable<S>, T> usable,
          Function<OtherVersion<S>, T> otherVersion,
          Function<Broken<S>, T> broken) {
        return broken.apply(this);
      }
    }
  }

  /**
   * Finds all services of a kind that a class loader sees, on its class path and in its named
   * modules.
   *
   * @param service the kind, which this module says that it uses
   * @param noun what messages call one of them
   * @param classLoader where to look
   */
  public static <S extends NamedService> ServiceCatalog<S> discover(
      Class<S> service, String noun, ClassLoader classLoader) {
    List<Entry<S>> found = new ArrayList<>();
    Iterator<S> services = ServiceLoader.load(service, classLoader).iterator();
    int failures = 0;
    while (failures < MOST_FAILURES) {
      try {
        if (!services.hasNext()) {
          break;
        }
        found.add(examine(services.next()));
      } catch (ServiceConfigurationError | LinkageError e) {
        failures++;
        found.add(new Entry.Broken<>(e, "a jar of the class path or module path"));
      }
    }
    return new ServiceCatalog<>(noun, sorted(found));
  }

  /**
   * Returns a catalogue of given services, for programs that find them in their own way.
   *
   * @param noun what messages call one of them
   */
  public static <S extends NamedService> ServiceCatalog<S> of(String noun, List<S> services) {
    List<Entry<S>> found = new ArrayList<>();
    services.forEach(service -> found.add(examine(service)));
    return new ServiceCatalog<>(noun, sorted(found));
  }

  /**
   * Returns everything that was found: usable services by name, then other versions, then broken
   * ones.
   */
  public List<Entry<S>> entries() {
    return entries;
  }

  /** Returns the names of the usable services, sorted. */
  public List<String> names() {
    return usable().stream().map(Entry.Usable::name).distinct().toList();
  }

  /** Returns the services that can be used, by name; of two with one name both. */
  public List<S> services() {
    return usable().stream().map(Entry.Usable::service).toList();
  }

  /**
   * Returns a service by name.
   *
   * @throws OctetException {@code OCT-REG-001} if there is none, with the names there are; {@code
   *     OCT-REG-002} if there are two, with both jars; {@code OCT-REG-003} if none could be found
   *     because services are broken; {@code OCT-REG-004} if it was written for another API version
   */
  public S service(String name) {
    List<Entry.Usable<S>> matches = usable().stream().filter(e -> e.name().equals(name)).toList();
    if (matches.size() == 1) {
      return matches.get(0).service();
    }
    if (matches.size() > 1) {
      throw duplicate(name, matches);
    }
    for (Entry<S> entry : entries) {
      if (entry instanceof Entry.OtherVersion<S> other && other.name().equals(name)) {
        throw otherVersion(other);
      }
    }
    throw missing(name);
  }

  /** Returns the class of a service and the jar or folder that it comes from, for messages. */
  public static String location(NamedService service) {
    Class<?> type = service.getClass();
    CodeSource source = type.getProtectionDomain().getCodeSource();
    URL url = source == null ? null : source.getLocation();
    return type.getName() + " in " + (url == null ? "an unknown place" : url.getPath());
  }

  private List<Entry.Usable<S>> usable() {
    List<Entry.Usable<S>> usable = new ArrayList<>();
    for (Entry<S> entry : entries) {
      if (entry instanceof Entry.Usable<S> found) {
        usable.add(found);
      }
    }
    return usable;
  }

  private static <S extends NamedService> Entry<S> examine(S service) {
    String location = location(service);
    try {
      String name = Objects.requireNonNull(service.name(), "name");
      ApiVersion version = Objects.requireNonNull(service.apiVersion(), "apiVersion");
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "provider name '" + name + "' is not of the form [a-z][a-z0-9-]{0,63}");
      }
      return version.worksWith(ApiVersion.current())
          ? new Entry.Usable<>(name, service, location)
          : new Entry.OtherVersion<>(name, version, location);
    } catch (RuntimeException | LinkageError e) {
      return new Entry.Broken<>(e, location);
    }
  }

  private static <S extends NamedService> List<Entry<S>> sorted(List<Entry<S>> found) {
    Comparator<Entry<S>> byKind = Comparator.comparing(e -> e.match(u -> 0, o -> 1, b -> 2));
    return found.stream()
        .sorted(
            byKind
                .thenComparing(e -> e.match(Entry.Usable::name, Entry.OtherVersion::name, b -> ""))
                .thenComparing(Entry::location))
        .toList();
  }

  private OctetException duplicate(String name, List<Entry.Usable<S>> matches) {
    return CatalogErrors.SAME_NAME
        .error("two " + noun + "s are named '" + name + "'")
        .at(noun + " '" + name + "'")
        .candidates(matches.stream().map(Entry::location).toList())
        .build();
  }

  private OctetException otherVersion(Entry.OtherVersion<S> entry) {
    return CatalogErrors.OTHER_API_VERSION
        .error(
            noun
                + " '"
                + entry.name()
                + "' was written for API "
                + entry.version()
                + "; this is "
                + ApiVersion.current())
        .at(entry.location())
        .next("Use a version of the " + noun + " for API " + ApiVersion.current() + ".");
  }

  private OctetException missing(String name) {
    Optional<Entry.Broken<S>> broken = firstBroken();
    ErrorId id = broken.isEmpty() ? CatalogErrors.UNKNOWN_NAME : CatalogErrors.BROKEN_PROVIDER;
    String fact = "there is no " + noun + " '" + name + "'";
    OctetException.Builder error =
        id.error(broken.map(b -> fact + "; " + why(b)).orElse(fact))
            .at(noun + " '" + name + "'")
            .candidates(names());
    broken.ifPresent(b -> error.cause(b.cause()));
    return error.build();
  }

  /** Returns why a service that was found cannot be loaded; empty when all can. */
  public Optional<String> firstFailure() {
    return firstBroken().map(ServiceCatalog::why);
  }

  private Optional<Entry.Broken<S>> firstBroken() {
    for (Entry<S> entry : entries) {
      if (entry instanceof Entry.Broken<S> broken) {
        return Optional.of(broken);
      }
    }
    return Optional.empty();
  }

  private static <S extends NamedService> String why(Entry.Broken<S> broken) {
    return "a provider could not be loaded: " + broken.reason();
  }
}

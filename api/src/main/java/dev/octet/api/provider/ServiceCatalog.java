package dev.octet.api.provider;

import dev.octet.api.error.OctetException;
import dev.octet.api.guard.ServicePlace;
import dev.octet.api.guard.Thrown;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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
     * @param name its name; empty when it could not even tell that
     * @param cause why
     * @param location where it comes from, as far as that is known
     */
    record Broken<S extends NamedService>(Optional<String> name, Throwable cause, String location)
        implements Entry<S> {

      /** Returns the cause in words, with what it was caused by in turn, in one line. */
      public String reason() {
        return cause instanceof OctetException known ? known.fact() : Thrown.words(cause);
      }

      /** Tells whether the service is the one of a name, as far as class and jar tell it. */
      private boolean concerns(String wanted) {
        String place = location.substring(0, location.indexOf(' ') + 1);
        String jar = location.substring(location.lastIndexOf('/') + 1);
        return name.map(wanted::equals)
            .orElseGet(() -> letters(place + jar).contains(letters(wanted)));
      }

      private static String letters(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
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
   * @param guard guards the calls into one
   * @param classLoader where to look
   */
  public static <S extends NamedService> ServiceCatalog<S> discover(
      Class<S> service, String noun, UnaryOperator<S> guard, ClassLoader classLoader) {
    List<Entry<S>> found = new ArrayList<>();
    ServiceFiles files = new ServiceFiles(service, classLoader);
    Iterator<ServiceLoader.Provider<S>> services =
        ServiceLoader.load(service, classLoader).stream().iterator();
    int failures = 0;
    while (failures < MOST_FAILURES) {
      try {
        if (!services.hasNext()) {
          break;
        }
        found.add(load(services.next(), guard));
      } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
        failures++;
        found.add(new Entry.Broken<>(Optional.empty(), e, files.place(e)));
      }
    }
    return new ServiceCatalog<>(noun, sorted(found));
  }

  private static <S extends NamedService> Entry<S> load(
      ServiceLoader.Provider<S> provider, UnaryOperator<S> guard) {
    S service;
    try {
      service = provider.get();
    } catch (Throwable t) {
      String place = new ServicePlace(provider.type()).toString();
      return new Entry.Broken<>(Optional.empty(), t, place);
    }
    return examine(service, guard);
  }

  /**
   * Returns a catalogue of given services, for programs that find them in their own way.
   *
   * @param noun what messages call one of them
   * @param guard guards the calls into one
   */
  public static <S extends NamedService> ServiceCatalog<S> of(
      String noun, UnaryOperator<S> guard, List<S> services) {
    List<Entry<S>> found = new ArrayList<>();
    services.forEach(service -> found.add(examine(service, guard)));
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
   *     OCT-REG-002} if there are two, with both jars; {@code OCT-REG-003} if it is, as far as
   *     class and jar tell, one that could not be loaded; {@code OCT-REG-004} if it was written for
   *     another API version
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

  private List<Entry.Usable<S>> usable() {
    List<Entry.Usable<S>> usable = new ArrayList<>();
    for (Entry<S> entry : entries) {
      if (entry instanceof Entry.Usable<S> found) {
        usable.add(found);
      }
    }
    return usable;
  }

  private static <S extends NamedService> Entry<S> examine(S service, UnaryOperator<S> guard) {
    String location = new ServicePlace(service.getClass()).toString();
    Optional<String> told = Optional.empty();
    try {
      S guarded = guard.apply(service);
      String name = guarded.name();
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "provider name '" + name + "' is not of the form [a-z][a-z0-9-]{0,63}");
      }
      told = Optional.of(name);
      ApiVersion version = guarded.apiVersion();
      return version.worksWith(ApiVersion.current())
          ? new Entry.Usable<>(name, guarded, location)
          : new Entry.OtherVersion<>(name, version, location);
    } catch (RuntimeException e) {
      return new Entry.Broken<>(told, e, location);
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
    List<Entry.Broken<S>> broken = broken();
    String fact = "there is no " + noun + " '" + name + "'";
    for (Entry.Broken<S> entry : broken) {
      if (entry.concerns(name)) {
        return CatalogErrors.BROKEN_PROVIDER
            .error(fact + "; a provider could not be loaded: " + entry.reason())
            .at(entry.location())
            .candidates(names())
            .cause(entry.cause())
            .build();
      }
    }
    return CatalogErrors.UNKNOWN_NAME
        .error(broken.isEmpty() ? fact : fact + "; " + counted(broken.size()) + " broken")
        .at(noun + " '" + name + "'")
        .candidates(names())
        .build();
  }

  private static String counted(int broken) {
    return broken + (broken == 1 ? " that was found is" : " that were found are");
  }

  /** Returns why a service that was found cannot be loaded; empty when all can. */
  public Optional<String> firstFailure() {
    return broken().stream()
        .findFirst()
        .map(b -> "a provider could not be loaded: " + b.reason() + " (" + b.location() + ")");
  }

  private List<Entry.Broken<S>> broken() {
    List<Entry.Broken<S>> broken = new ArrayList<>();
    for (Entry<S> entry : entries) {
      if (entry instanceof Entry.Broken<S> found) {
        broken.add(found);
      }
    }
    return broken;
  }
}

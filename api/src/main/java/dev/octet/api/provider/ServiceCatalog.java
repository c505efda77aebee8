package dev.octet.api.provider;

import dev.octet.api.error.OctetException;
import dev.octet.api.guard.ServicePlace;
import dev.octet.api.guard.Thrown;
import dev.octet.api.stability.Incubating;
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

    /**
     * Returns what the function of this entry's kind makes of it: the way to tell kinds apart, so
     * that a new kind stops whatever does not know it from compiling.
     */
    <T> T match(Cases<S, T> cases);

    /**
     * One function for each kind of entry.
     *
     * @param <S> the kind of service
     * @param <T> what the functions return
     * @param usable for a service that can be used
     * @param otherVersion for one that was built for another version of the API
     * @param broken for one that could not be loaded
     */
    record Cases<S extends NamedService, T>(
        Function<? super Usable<S>, ? extends T> usable,
        Function<? super OtherVersion<S>, ? extends T> otherVersion,
        Function<? super Broken<S>, ? extends T> broken) {

      /** Takes a function for every kind; a later version with one more kind takes one more. */
      @Incubating
      public Cases {}

      /**
       * Returns one function for every kind, also for those of later versions. What follows it
       * gives kinds functions of their own, so that code outside of Octet is not broken by a new
       * kind.
       */
      public static <S extends NamedService, T> Cases<S, T> otherwise(
          Function<? super Entry<S>, ? extends T> other) {
        return new Cases<>(other, other, other);
      }

      /** Returns these functions with this one for a service that can be used. */
      public Cases<S, T> usable(Function<? super Usable<S>, ? extends T> function) {
        return new Cases<>(function, otherVersion, broken);
      }

      /**
       * Returns these functions with this one for one that was built for another version of the
       * API.
       */
      public Cases<S, T> otherVersion(Function<? super OtherVersion<S>, ? extends T> function) {
        return new Cases<>(usable, function, broken);
      }

      /** Returns these functions with this one for one that could not be loaded. */
      public Cases<S, T> broken(Function<? super Broken<S>, ? extends T> function) {
        return new Cases<>(usable, otherVersion, function);
      }
    }

    /**
     * A service that can be used.
     *
     * @param name its name
     * @param version the version that it was built for; this one where it does not say
     * @param service the service
     * @param location where it comes from
     */
    record Usable<S extends NamedService>(
        String name, ApiVersion version, S service, String location) implements Entry<S> {
      @Override
      public <T> T match(Cases<S, T> cases) {
        return cases.usable().apply(this);
      }
    }

    /**
     * A service that was built for another version of the API. It was not used, so that its name is
     * not known.
     *
     * @param version the version that it was built for; empty when it does not say
     * @param location where it comes from
     */
    record OtherVersion<S extends NamedService>(Optional<ApiVersion> version, String location)
        implements Entry<S> {

      /** Returns in words which version it was built for. */
      public String reason() {
        return version
            .map(built -> "built for API " + built)
            .orElse("built for an API that does not have @BuiltFor, or without it");
      }

      @Override
      public <T> T match(Cases<S, T> cases) {
        return cases.otherVersion().apply(this);
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

      @Override
      public <T> T match(Cases<S, T> cases) {
        return cases.broken().apply(this);
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
      } catch (ServiceConfigurationError | LinkageError | RuntimeException | OutOfMemoryError e) {
        // A list of services may unpack to more than the memory holds.
        failures++;
        found.add(new Entry.Broken<>(Optional.empty(), e, files.place(e)));
      }
    }
    return new ServiceCatalog<>(noun, sorted(found));
  }

  /** Reads for which version a class was built, and uses it only then. */
  private static <S extends NamedService> Entry<S> load(
      ServiceLoader.Provider<S> provider, UnaryOperator<S> guard) {
    Class<?> type = provider.type();
    String place = new ServicePlace(type).toString();
    try {
      Optional<ApiVersion> version = ApiVersion.of(type);
      return version.isPresent() && worksHere(version.get())
          ? examine(provider.get(), guard)
          : new Entry.OtherVersion<>(version, place);
    } catch (Throwable t) {
      return new Entry.Broken<>(Optional.empty(), t, place);
    }
  }

  private static boolean worksHere(ApiVersion version) {
    return version.worksWith(ApiVersion.current());
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

  /** Tells whether a text has the form of a service's name. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  private static <S extends NamedService> Entry<S> examine(S service, UnaryOperator<S> guard) {
    String location = new ServicePlace(service.getClass()).toString();
    Optional<String> told = Optional.empty();
    try {
      S guarded = guard.apply(service);
      String name = guarded.name();
      if (!isName(name)) {
        throw new IllegalArgumentException(
            "provider name '" + name + "' is not of the form [a-z][a-z0-9-]{0,63}");
      }
      told = Optional.of(name);
      ApiVersion version = ApiVersion.of(service.getClass()).orElseGet(ApiVersion::current);
      return worksHere(version)
          ? new Entry.Usable<>(name, version, guarded, location)
          : new Entry.OtherVersion<>(Optional.of(version), location);
    } catch (RuntimeException e) {
      return new Entry.Broken<>(told, e, location);
    }
  }

  private static <S extends NamedService> List<Entry<S>> sorted(List<Entry<S>> found) {
    Comparator<Entry<S>> byKind =
        Comparator.comparing(e -> e.match(new Entry.Cases<>(u -> 0, o -> 1, b -> 2)));
    return found.stream()
        .sorted(
            byKind
                .thenComparing(
                    e -> e.match(new Entry.Cases<>(Entry.Usable::name, o -> "", b -> "")))
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

  private OctetException missing(String name) {
    String fact = "there is no " + noun + " '" + name + "'";
    int others = entries.size() - usable().size();
    for (Entry<S> entry : entries) {
      Optional<OctetException> why =
          concerns(entry, name)
              ? entry.match(
                  new Entry.Cases<>(
                      usable -> Optional.empty(),
                      other -> Optional.of(otherVersion(fact, other)),
                      broken -> Optional.of(broken(fact, broken))))
              : Optional.empty();
      if (why.isPresent()) {
        return why.get();
      }
    }
    OctetException.Builder unknown =
        CatalogErrors.UNKNOWN_NAME
            .error(others == 0 ? fact : fact + "; " + counted(others) + " broken or of another API")
            .at(noun + " '" + name + "'")
            .candidates(names());
    String own = new ServicePlace(ServiceCatalog.class).jar();
    return isOfSeveral(own) ? unknown.next(mergeServices(own)) : unknown.build();
  }

  /**
   * Tells whether the jar that this class is in has services, too: none of Octet's own has both.
   */
  private boolean isOfSeveral(String own) {
    return own.endsWith(".jar")
        && entries.stream().anyMatch(e -> e.location().endsWith(" in " + own));
  }

  private static String mergeServices(String jar) {
    return "Correct the name; or, since "
        + jar.substring(jar.lastIndexOf('/') + 1)
        + " was put together from several jars, join their files in META-INF/services instead of"
        + " keeping one (ServicesResourceTransformer of maven-shade-plugin, mergeServiceFiles() of"
        + " Gradle's Shadow).";
  }

  private OctetException otherVersion(String fact, Entry.OtherVersion<S> entry) {
    String current = ApiVersion.current().toString();
    return CatalogErrors.OTHER_API_VERSION
        .error(fact + "; a provider is " + entry.reason() + ", and this is API " + current)
        .at(entry.location())
        .candidates(names())
        .next("Use a build of the " + noun + " for API " + current + ".");
  }

  private OctetException broken(String fact, Entry.Broken<S> entry) {
    return CatalogErrors.BROKEN_PROVIDER
        .error(fact + "; a provider could not be loaded: " + entry.reason())
        .at(entry.location())
        .candidates(names())
        .cause(entry.cause())
        .build();
  }

  /**
   * Tells whether what cannot be used is the service of a name, as far as class and jar tell it.
   */
  private static <S extends NamedService> boolean concerns(Entry<S> entry, String wanted) {
    Optional<String> told =
        entry.match(
            new Entry.Cases<>(
                u -> Optional.of(u.name()), o -> Optional.empty(), Entry.Broken::name));
    String location = entry.location();
    String type = location.substring(0, location.indexOf(' ') + 1);
    String jar = location.substring(location.lastIndexOf('/') + 1);
    return told.map(wanted::equals).orElseGet(() -> letters(type + jar).contains(letters(wanted)));
  }

  private static String letters(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  private static String counted(int others) {
    return others + (others == 1 ? " that was found is" : " that were found are");
  }

  /** Returns why a service that was found cannot be used; empty when all can. */
  public Optional<String> firstFailure() {
    for (Entry<S> entry : entries) {
      Optional<String> why =
          entry.match(
              new Entry.Cases<>(
                  usable -> Optional.empty(),
                  other -> Optional.of("a provider is " + other.reason()),
                  broken -> Optional.of("a provider could not be loaded: " + broken.reason())));
      if (why.isPresent()) {
        return why.map(reason -> reason + " (" + entry.location() + ")");
      }
    }
    return Optional.empty();
  }
}

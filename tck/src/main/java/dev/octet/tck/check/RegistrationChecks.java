package dev.octet.tck.check;

import dev.octet.api.error.OctetException;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.provider.ServiceCatalog.Entry;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.ScaleGridKind;
import dev.octet.kernels.quantize.Derivations;
import dev.octet.kernels.quantize.ScaleGrids;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.subject.Subject;
import dev.octet.tck.subject.UnusedCopy;
import dev.octet.workflow.calibrate.Observers;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether a backend can be found, and says what it is. */
final class RegistrationChecks {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

  private static final Set<String> OCTETS_OBSERVERS =
      Observers.standard().descriptors().stream()
          .map(ObserverDescriptor::name)
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> OCTETS_DERIVATIONS =
      Derivations.own().stream().map(DerivationKind::name).collect(Collectors.toUnmodifiableSet());

  private RegistrationChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        one("TCK-REG-001", "name", RegistrationChecks::requireName),
        one("TCK-REG-002", "description", RegistrationChecks::requireDescription),
        one("TCK-REG-003", "built-for", RegistrationChecks::requireVersion),
        one("TCK-REG-004", "discovered", RegistrationChecks::requireDiscovered),
        one("TCK-REG-005", "one-of-its-name", RegistrationChecks::requireNoNamesake),
        new RuleCheck("TCK-REG-006", RegistrationChecks::sameAnswers),
        one("TCK-REG-007", "partners", RegistrationChecks::requirePartners),
        one("TCK-REG-008", "availability", RegistrationChecks::requireAvailability),
        new RuleCheck("TCK-REG-009", RegistrationChecks::ownNames));
  }

  /** What a backend must show. */
  @FunctionalInterface
  private interface Demand {
    void on(Subject subject);
  }

  private static RuleCheck one(String rule, String name, Demand demand) {
    return new RuleCheck(rule, subject -> List.of(TckCase.of(name, () -> demand.on(subject))));
  }

  private static void requireName(Subject subject) {
    QuantizerProvider itself = subject.unguarded();
    Set<String> names = new TreeSet<>();
    for (int call = 0; call < 3; call++) {
      names.add(QuantizerProvider.guarded(itself).name());
    }
    UnusedCopy.of(itself.getClass()).ifPresent(copy -> names.add(copy.name()));
    for (String name : names) {
      if (!NAME.matcher(name).matches()) {
        throw Violation.of("name() is '%s', and names are of the form %s", name, NAME.pattern());
      }
    }
    if (names.size() > 1) {
      throw Violation.of("name() is %s at different calls", names);
    }
  }

  private static void requireDescription(Subject subject) {
    ForPeople.requireLine(subject.provider().description(), "description()");
    subject.provider().version().ifPresent(v -> ForPeople.requireLine(v, "version()"));
  }

  private static void requireVersion(Subject subject) {
    Entry<QuantizerProvider> entry = entries(subject.unguarded()).get(0);
    entry.match(
        new Entry.Cases<QuantizerProvider, Boolean>(
            usable -> true,
            other -> {
              throw Violation.of(
                  "%s is %s, and this API is %s; build it against this version",
                  other.location(), other.reason(), ApiVersion.current());
            },
            broken -> {
              throw Violation.of("a catalogue refuses %s: %s", broken.location(), broken.reason());
            }));
  }

  private static List<Entry<QuantizerProvider>> entries(QuantizerProvider provider) {
    return QuantizerCatalog.of(List.of(provider)).entries();
  }

  private static void requireDiscovered(Subject subject) {
    Class<?> type = subject.unguarded().getClass();
    if (discovered(subject, usable -> usable.getClass().equals(type)).isEmpty()) {
      throw Violation.of("no catalogue finds %s: %s", type.getName(), obstacle(type, subject));
    }
  }

  /** Returns where the usable backends of the subject's name are that a predicate holds for. */
  private static List<String> discovered(Subject subject, Predicate<QuantizerProvider> wanted) {
    return discovered(subject).stream()
        .flatMap(entry -> usable(entry).stream())
        .filter(usable -> usable.name().equals(subject.provider().name()))
        .filter(usable -> isWanted(usable.service(), wanted))
        .map(Entry.Usable::location)
        .toList();
  }

  private static Optional<Entry.Usable<QuantizerProvider>> usable(Entry<QuantizerProvider> entry) {
    return entry.match(
        new Entry.Cases<QuantizerProvider, Optional<Entry.Usable<QuantizerProvider>>>(
            Optional::of, other -> Optional.empty(), broken -> Optional.empty()));
  }

  private static boolean isWanted(QuantizerProvider guarded, Predicate<QuantizerProvider> wanted) {
    return guarded.ask(QuantizerProvider.class, "ask", wanted::test).orElse(Boolean.FALSE);
  }

  private static List<Entry<QuantizerProvider>> discovered(Subject subject) {
    return QuantizerCatalog.discover(subject.unguarded().getClass().getClassLoader()).entries();
  }

  private static String obstacle(Class<?> type, Subject subject) {
    for (Class<?> each = type; each != null; each = each.getEnclosingClass()) {
      if (!Modifier.isPublic(each.getModifiers())) {
        return each.getName() + " is not public";
      }
    }
    boolean made =
        !Modifier.isAbstract(type.getModifiers())
            && List.of(type.getConstructors()).stream().anyMatch(c -> c.getParameterCount() == 0);
    if (!made) {
      return "it has no public constructor without arguments";
    }
    return discovered(subject).stream()
        .filter(entry -> entry.location().startsWith(type.getName() + " "))
        .map(RegistrationChecks::words)
        .findFirst()
        .orElse(
            "name it in META-INF/services/"
                + QuantizerProvider.class.getName()
                + ", or in 'provides' of its module");
  }

  private static String words(Entry<QuantizerProvider> entry) {
    return entry.match(
        new Entry.Cases<QuantizerProvider, String>(
            usable -> "it is called '" + usable.name() + "' there",
            other -> "it is " + other.reason(),
            broken -> "it cannot be loaded: " + broken.reason()));
  }

  private static void requireNoNamesake(Subject subject) {
    Class<?> type = subject.unguarded().getClass();
    List<String> others = discovered(subject, usable -> !usable.getClass().equals(type));
    List<String> own = discovered(subject, usable -> usable.getClass().equals(type));
    if (!others.isEmpty() || own.size() > 1) {
      throw Violation.of(
          "'%s' is the name of more than one backend, so that nobody can choose it: %s",
          subject.provider().name(), others.isEmpty() ? own : others);
    }
  }

  private static List<TckCase> sameAnswers(Subject subject) {
    List<TckCase> cases = new ArrayList<>();
    Answers.questions(subject.options())
        .forEach(
            (method, question) ->
                cases.add(TckCase.of(method, () -> requireSame(subject, method, question))));
    return cases;
  }

  private static void requireSame(
      Subject subject, String method, Function<QuantizerProvider, String> question) {
    QuantizerProvider provider = subject.provider();
    String what = "what " + method + "() gives";
    String first = question.apply(provider);
    Answers.requireSame(what, first, question.apply(provider), "at the next call");
    subject.plainest().stream().limit(2).map(Composition::model).forEach(subject::plan);
    Answers.requireSame(what, first, question.apply(provider), "after a model was planned");
    UnusedCopy.of(subject.unguarded().getClass())
        .ifPresent(
            copy ->
                Answers.requireSame(
                    what, first, question.apply(copy), "from an instance that nobody used"));
  }

  private static void requirePartners(Subject subject) {
    List<String> partners = subject.provider().alsoRunBy();
    if (!List.copyOf(new TreeSet<>(partners)).equals(partners)
        || partners.contains(subject.provider().name())
        || partners.stream().anyMatch(partner -> !NAME.matcher(partner).matches())) {
      throw Violation.of(
          "alsoRunBy() is %s; names of other backends, sorted, each once, are asked for", partners);
    }
  }

  private static void requireAvailability(Subject subject) {
    subject
        .provider()
        .availability()
        .obstacle()
        .ifPresent(
            no -> {
              ForPeople.requireLine(no.reason(), "the reason why the runtime does not work here");
              ForPeople.requireLine(no.nextStep(), "what to do about the runtime");
              requireRefused(subject);
            });
  }

  /** Whoever asks for a runtime that does not work must hear why. */
  private static void requireRefused(Subject subject) {
    try {
      subject.runtime();
    } catch (OctetException e) {
      return;
    }
    throw Violation.of("the runtime does not work here by availability(), and is handed out");
  }

  private static List<TckCase> ownNames(Subject subject) {
    QuantizerProvider provider = subject.provider();
    return List.of(
        TckCase.of(
            "observers",
            () ->
                requireOwn(
                    "observer",
                    provider.observers(),
                    kind -> kind.descriptor().name(),
                    kind -> kind.descriptor().documentation(),
                    OCTETS_OBSERVERS::contains)),
        TckCase.of(
            "scale-grids",
            () ->
                requireOwn(
                    "scale grid",
                    provider.scaleGrids(),
                    ScaleGridKind::name,
                    ScaleGridKind::documentation,
                    name -> ScaleGrids.own(ScaleGrid.named(name)).isPresent())),
        TckCase.of(
            "derivations",
            () ->
                requireOwn(
                    "derivation",
                    provider.derivations(),
                    DerivationKind::name,
                    DerivationKind::documentation,
                    OCTETS_DERIVATIONS::contains)));
  }

  private static <T> void requireOwn(
      String noun,
      List<T> brought,
      Function<T, String> naming,
      Function<T, String> documentation,
      Predicate<String> octets) {
    Set<String> names = new TreeSet<>();
    for (T each : brought) {
      String name = naming.apply(each);
      if (octets.test(name) || !names.add(name)) {
        throw Violation.of(
            "%s '%s' has the name of %s; plans with it cannot tell which is meant",
            noun, name, octets.test(name) ? "one of Octet's" : "another one of this backend");
      }
      ForPeople.require(
          documentation.apply(each), "the documentation of " + noun + " '" + name + "'");
    }
  }
}

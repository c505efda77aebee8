package dev.octet.tck.check;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.tck.graphs.Breadth;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.graphs.Variants;
import dev.octet.tck.subject.Presets;
import dev.octet.tck.subject.Subject;
import dev.octet.tck.subject.UnusedCopy;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Whether options are documented, taken, refused, and seen. */
final class OptionChecks {
  private static final String UNKNOWN = "tck-unknown";
  private static final String UNFIT = "tck no value";

  /** Where the edges of a whole number's range are looked for. */
  private static final long MOST_TRIED = 4096;

  /** How many values between the ends of a range are tried. */
  private static final int MOST_BETWEEN = 4;

  /** How many values are tried beside each set of options. */
  private static final int MOST_TOGETHER = 6;

  private OptionChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        new RuleCheck("TCK-OPT-001", OptionChecks::documented),
        new RuleCheck("TCK-OPT-002", OptionChecks::taken),
        new RuleCheck("TCK-OPT-003", OptionChecks::refused),
        new RuleCheck("TCK-OPT-004", OptionChecks::ofNodes),
        new RuleCheck("TCK-OPT-005", OptionChecks::ofTheInstance),
        new RuleCheck("TCK-OPT-006", OptionChecks::capabilities),
        new RuleCheck("TCK-OPT-007", OptionChecks::seen),
        new RuleCheck("TCK-OPT-008", OptionChecks::together));
  }

  /** What is asked for: the options of the subject with one more, and values between two ends. */
  private static List<TckCase> together(Subject subject) {
    List<Options> asked = new ArrayList<>();
    asked.add(subject.options());
    for (OptionDescriptor option : subject.provider().options()) {
      if (subject.options().find(option.name()).isEmpty()) {
        for (String value : more(option, subject.options())) {
          asked.add(subject.options().overriddenBy(Options.of(option.name(), value)));
        }
      }
    }
    int count = Math.min(MOST_TOGETHER, asked.size());
    List<TckCase> cases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Options given = asked.get(i * asked.size() / count);
      cases.add(TckCase.of(Presets.words(given), () -> requireAsDeclared(subject, given)));
    }
    return cases;
  }

  /** Presets have the listed values alone already. */
  private static List<String> more(OptionDescriptor option, Options given) {
    if (option.type() == OptionDescriptor.Type.INTEGER) {
      return between(option);
    }
    return given.values().isEmpty()
        ? List.of()
        : Presets.values(option).stream()
            .filter(value -> !option.defaultValue().equals(Optional.of(value)))
            .toList();
  }

  private static List<String> between(OptionDescriptor option) {
    long[] fitting = fitting(option);
    int inner = fitting.length == MOST_TRIED ? 0 : Math.max(0, fitting.length - 2);
    int count = Math.min(MOST_BETWEEN, inner);
    return IntStream.range(0, count)
        .mapToObj(i -> Long.toString(fitting[1 + i * inner / count]))
        .filter(value -> !option.defaultValue().equals(Optional.of(value)))
        .toList();
  }

  /** That values do not go together may be said; else what is declared for them is what is done. */
  private static void requireAsDeclared(Subject subject, Options given) {
    Subject other = Subject.of(subject.unguarded(), given, Breadth.NARROW, subject.seed());
    List<Composition> plainest;
    try {
      other.provider().create(given);
      plainest = other.plainest();
    } catch (OctetException refused) {
      return;
    }
    for (Composition made : plainest) {
      try {
        CapabilityChecks.requireQuantized(other, made);
        CapabilityChecks.requireDeclared(other, made);
        DeclaredMarks.require(other, made);
      } catch (Violation e) {
        throw Violation.of("with %s, of %s: %s", words(given), made.name(), e.getMessage());
      }
    }
  }

  private static List<TckCase> documented(Subject subject) {
    return List.of(
        TckCase.of("backend", () -> requireDocumented(subject.provider()::options)),
        TckCase.of(
            "runtime",
            () ->
                requireDocumented(
                    () ->
                        subject
                            .provider()
                            .runtime()
                            .map(BackendRuntime::options)
                            .orElse(List.of()))));
  }

  private static void requireDocumented(Callable<List<OptionDescriptor>> asked) throws Exception {
    List<OptionDescriptor> options;
    try {
      options = asked.call();
    } catch (OctetException e) {
      throw Violation.of("options() is no list of options: %s", e.getMessage());
    }
    Set<String> texts = new TreeSet<>();
    for (OptionDescriptor option : options) {
      String text = option.documentation();
      ForPeople.requireLine(text, "the documentation of option '" + option.name() + "'");
      if (text.equals(option.name()) || !texts.add(text)) {
        throw Violation.of(
            "option '%s' is documented as '%s', which does not tell what it is for",
            option.name(), text);
      }
    }
  }

  private static List<TckCase> taken(Subject subject) {
    Model any =
        subject.plainest().stream()
            .findFirst()
            .map(Composition::model)
            .orElseGet(Variants::withoutNode);
    List<TckCase> cases = new ArrayList<>();
    cases.add(TckCase.of("no-option", () -> requireTaken(subject, any, Options.none())));
    for (OptionDescriptor option : subject.provider().options()) {
      for (String value : values(option)) {
        Options given = Options.of(option.name(), value);
        cases.add(TckCase.of(option.name() + "=" + value, () -> requireTaken(subject, any, given)));
      }
    }
    return cases;
  }

  private static void requireTaken(Subject subject, Model any, Options given) throws Exception {
    QuantizerProvider provider = subject.provider();
    requireTaken("create", given, () -> provider.create(given));
    requireTaken("capabilities", given, () -> provider.capabilities(given));
    requireTaken(
        "planning",
        given,
        () -> Quantization.plan(QuantizationRequest.of(any, provider).options(given)));
  }

  private static void requireTaken(String what, Options given, Callable<?> call) throws Exception {
    try {
      call.call();
    } catch (OctetException e) {
      throw Violation.of(
          "options() takes %s, and %s fails with it: %s", words(given), what, e.getMessage());
    }
  }

  private static String words(Options given) {
    return given.values().toString();
  }

  /** Returns the listed values of an option, its default, and the edges of a whole number. */
  private static Set<String> values(OptionDescriptor option) {
    Set<String> values = new LinkedHashSet<>(Presets.values(option));
    option.defaultValue().ifPresent(values::add);
    if (option.type() == OptionDescriptor.Type.INTEGER) {
      long[] fitting = fitting(option);
      if (fitting.length > 0 && fitting.length < MOST_TRIED) {
        values.add(Long.toString(fitting[0]));
        values.add(Long.toString(fitting[fitting.length - 1]));
      }
    }
    return values;
  }

  private static long[] fitting(OptionDescriptor option) {
    return LongStream.rangeClosed(-1, MOST_TRIED)
        .filter(number -> option.fits(Long.toString(number)))
        .toArray();
  }

  private static List<TckCase> refused(Subject subject) {
    List<TckCase> cases = new ArrayList<>();
    cases.add(wrong(subject, UNKNOWN, "OCT-OPT-001", "1"));
    for (OptionDescriptor option : subject.provider().options()) {
      if (!option.fits(UNFIT)) {
        cases.add(wrong(subject, option.name(), "OCT-OPT-003", UNFIT));
      }
      option
          .defaultValue()
          .filter(value -> !option.repeatable())
          .ifPresent(
              value -> cases.add(wrong(subject, option.name(), "OCT-OPT-004", value, value)));
    }
    return cases;
  }

  private static TckCase wrong(Subject subject, String option, String id, String... values) {
    Options given = new Options(Map.of(option, List.of(values)));
    return TckCase.of(
        option + "=" + String.join(",", values).replace(' ', '-'),
        () -> {
          QuantizerProvider provider = subject.provider();
          String before = provider.capabilities(subject.options()).toString();
          requireRefused("create", option, given, id, () -> provider.create(given));
          requireRefused("capabilities", option, given, id, () -> provider.capabilities(given));
          String after = provider.capabilities(subject.options()).toString();
          Answers.requireSame(
              "what capabilities() gives", before, after, "after " + words(given) + " was refused");
        });
  }

  private static void requireRefused(
      String method, String option, Options given, String id, Callable<?> call) throws Exception {
    try {
      call.call();
    } catch (OctetException e) {
      String text = String.valueOf(e.getMessage());
      if (e.id().equals(id) && text.contains(option) && !e.nextStep().isBlank()) {
        return;
      }
      throw Violation.of(
          "%s refuses %s, and not with %s, the name of the option and what to do: %s",
          method, words(given), id, text);
    }
    throw Violation.of(
        "%s takes %s, which options() does not list; options.resolve(name(), options()) refuses it",
        method, words(given));
  }

  private static List<TckCase> ofNodes(Subject subject) {
    return List.of(TckCase.of("node-options", () -> requireKnown(subject)));
  }

  private static void requireKnown(Subject subject) {
    List<String> known = subject.provider().options().stream().map(OptionDescriptor::name).toList();
    for (String name : subject.provider().create(subject.options()).nodeOptions()) {
      if (!known.contains(name)) {
        throw Violation.of("nodeOptions() names '%s', and options() has %s", name, known);
      }
    }
  }

  /** Returns the presets that are not the subject's. */
  private static List<Options> others(Subject subject) {
    return Presets.of(subject.provider()).stream()
        .filter(other -> !other.equals(subject.options()))
        .toList();
  }

  private static List<TckCase> ofTheInstance(Subject subject) {
    return List.of(TckCase.of("first-of-its-options", () -> requireUnused(subject)));
  }

  /** What was asked with other options before must not show. */
  private static void requireUnused(Subject subject) {
    Optional<Subject> unused =
        UnusedCopy.of(subject.unguarded().getClass())
            .map(copy -> Subject.of(copy, subject.options(), subject.breadth(), subject.seed()));
    for (Options other : others(subject)) {
      subject.provider().capabilities(other);
      subject.plainest().stream()
          .limit(1)
          .forEach(m -> subject.annotate(subject.provider().create(other), m.model(), other));
    }
    for (Composition made : subject.plainest()) {
      AnnotatedGraph expected =
          unused.map(copy -> annotated(copy, made)).orElseGet(() -> subject.annotation(made));
      AnnotationText.requireEqual(
          AnnotationText.of(expected),
          AnnotationText.of(subject.annotate(made.model())),
          "that other options were given to other instances before, in the same process,");
    }
  }

  private static AnnotatedGraph annotated(Subject unused, Composition made) {
    return unused.annotate(made.model());
  }

  private static List<TckCase> capabilities(Subject subject) {
    QuantizerProvider provider = subject.provider();
    Options stated = subject.options().resolve(provider.name(), provider.options());
    List<TckCase> cases = new ArrayList<>();
    cases.add(
        TckCase.of(
            "every-default-stated",
            () -> requireSame(subject, stated, "with every default stated")));
    cases.add(
        TckCase.of(
            "another-order",
            () -> requireSame(subject, reversed(stated), "with the options in another order")));
    cases.add(
        TckCase.of(
            "after-others",
            () -> {
              others(subject).forEach(provider::create);
              others(subject).forEach(provider::capabilities);
              requireSame(subject, subject.options(), "after others were asked for");
            }));
    cases.add(TckCase.of("of-an-unused-instance", () -> requireSameUnused(subject)));
    return cases;
  }

  private static Options reversed(Options given) {
    Map<String, List<String>> backwards = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(given.values().keySet());
    for (int i = names.size() - 1; i >= 0; i--) {
      backwards.put(names.get(i), given.all(names.get(i)));
    }
    return new Options(backwards);
  }

  private static void requireSameUnused(Subject subject) {
    UnusedCopy.of(subject.unguarded().getClass())
        .map(copy -> copy.capabilities(subject.options()).toString())
        .ifPresent(own -> requireSame(subject, own, "from an instance that nobody used"));
  }

  private static void requireSame(Subject subject, Options given, String when) {
    requireSame(subject, subject.provider().capabilities(given).toString(), when);
  }

  private static void requireSame(Subject subject, String other, String when) {
    Answers.requireSame(
        "what capabilities() gives", subject.capabilities().toString(), other, when);
  }

  private static List<TckCase> seen(Subject subject) {
    List<TckCase> cases = new ArrayList<>();
    for (OptionDescriptor option : subject.provider().options()) {
      Set<String> values = values(option);
      if (values.size() > 1) {
        cases.add(TckCase.of(option.name(), () -> requireSeen(subject, option, values)));
      }
    }
    return cases;
  }

  /** An option may be one for some values of the others alone: the defaults count as well. */
  private static void requireSeen(Subject subject, OptionDescriptor option, Set<String> values) {
    for (Options base : List.of(subject.options(), Options.none())) {
      for (String value : values) {
        if (isSeen(subject, base, base.overriddenBy(Options.of(option.name(), value)))) {
          return;
        }
      }
    }
    throw Violation.of(
        "no value of option '%s' (%s) changes a capability, or a decision on one of %d models",
        option.name(), option.values(), subject.plainest().size());
  }

  private static boolean isSeen(Subject subject, Options base, Options other) {
    QuantizerProvider provider = subject.provider();
    try {
      return !provider.capabilities(other).equals(provider.capabilities(base))
          || subject.plainest().stream()
              .anyMatch(
                  made -> !decided(subject, base, made).equals(decided(subject, other, made)));
    } catch (OctetException e) {
      return true; // that the values do not go together is something to see
    }
  }

  private static Map<String, String> decided(Subject subject, Options given, Composition made) {
    Quantizer quantizer = subject.provider().create(given);
    return AnnotationText.of(subject.annotate(quantizer, made.model(), given));
  }
}

package dev.octet.cli;

import dev.octet.annotation.policy.PolicyOptions;
import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.annotation.rules.RuleTree;
import dev.octet.annotation.rules.RuleWords;
import dev.octet.api.error.OctetException;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Availability;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.provider.ServiceCatalog.Entry;
import dev.octet.api.spec.Granularity;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.report.Table;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the backends, or shows the page of one. */
@Command(
    name = "backends",
    mixinStandardHelpOptions = true,
    description =
        "Lists the backends that are found, those that are broken or of another API version"
            + " included; or shows the options and capabilities of one, or its table of rules.",
    footerHeading = "%nExample:%n",
    footer = {
      "  octet backends cpu",
      "  octet backends xnnpack --rules --option per-channel=false"
    })
final class BackendsCommand implements Callable<Integer> {

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "The backend to show; all when not given.")
  private Optional<String> name = Optional.empty();

  @ArgGroup(exclusive = false)
  private RuleTableOptions ruleTable = new RuleTableOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  /** What asks for the rules of a backend. */
  private static final class RuleTableOptions {

    @Option(
        names = "--rules",
        required = true,
        description =
            "Print the rules of a backend that is a table of rules, as one JSON document;"
                + " docs/annotation.md explains it.")
    private boolean wanted;

    @Option(
        names = "--option",
        paramLabel = "K=V",
        description = "An option of the backend that its rules depend on.")
    private List<String> options = List.of();
  }

  @Inject
  BackendsCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    if (ruleTable.wanted) {
      String wanted =
          name.orElseThrow(
              () -> new ParameterException(spec.commandLine(), "--rules needs a NAME"));
      return reporter.print(rules(services.backends(common).provider(wanted)));
    }
    Report report =
        name.map(wanted -> page(services.backends(common).provider(wanted))).orElseGet(this::list);
    return reporter.print(report, common);
  }

  private Tree rules(QuantizerProvider provider) {
    Options options = Options.parse(ruleTable.options);
    return rules(provider, options)
        .map(RuleTree::toTree)
        .orElseThrow(
            () ->
                CommandErrors.NO_RULES
                    .error("backend '" + provider.name() + "' is not described by rules")
                    .at("--rules")
                    .next(
                        "Its capabilities say what it quantizes: octet backends "
                            + provider.name()
                            + "."));
  }

  /** Returns the table of a backend; empty when it is none. */
  private static Optional<BackendRules> rules(QuantizerProvider provider, Options options) {
    Options resolved = options.resolve(provider.name(), provider.options());
    return provider.ask(RuleBackend.class, "rules", backend -> backend.rules(resolved));
  }

  private static List<String> differences(QuantizerProvider provider) {
    return provider
        .ask(RuleBackend.class, "differences", RuleBackend::differences)
        .orElse(List.of());
  }

  private Report list() {
    Table table = new Table("NAME", "STATUS", "VERSION", "DESCRIPTION");
    List<Entry<QuantizerProvider>> entries = services.backends(common).entries();
    entries.forEach(entry -> table.row(row(entry)));
    return new Report()
        .field("backends", Tree.of(entries.stream().map(BackendsCommand::tree).toList()))
        .table(table);
  }

  private static Object[] row(Entry<QuantizerProvider> entry) {
    return entry.match(
        new Entry.Cases<>(
            BackendsCommand::row,
            other ->
                new Object[] {
                  "?", "other API version", "", other.reason() + "; " + other.location()
                },
            broken ->
                brokenRow(broken.name().orElse("?"), broken.reason() + "; " + broken.location())));
  }

  /** A backend that fails to tell of itself is broken, and hides no other. */
  private static Object[] row(Entry.Usable<QuantizerProvider> usable) {
    QuantizerProvider provider = usable.service();
    try {
      provider.options();
      return new Object[] {
        usable.name(), status(provider), version(provider), provider.description()
      };
    } catch (OctetException e) {
      return brokenRow(usable.name(), e.fact() + "; " + usable.location());
    }
  }

  private static Object[] brokenRow(String name, String why) {
    return new Object[] {name, "broken", "", why};
  }

  private static String status(QuantizerProvider provider) {
    boolean available = provider.availability().obstacle().isEmpty();
    return available ? provider.runtime().isPresent() ? "ready" : "no runtime" : "runtime missing";
  }

  private static String version(QuantizerProvider provider) {
    return provider.version().orElse("");
  }

  private static Tree tree(Entry<QuantizerProvider> entry) {
    Map<String, Tree> fields =
        entry.match(
            new Entry.Cases<>(
                BackendsCommand::fields,
                other -> {
                  Map<String, Tree> known =
                      fields("status", "other-version", "cause", other.reason());
                  other
                      .version()
                      .ifPresent(version -> known.put("apiVersion", Tree.of(version.toString())));
                  return known;
                },
                broken -> {
                  Map<String, Tree> known = fields("status", "broken", "cause", broken.reason());
                  broken.name().ifPresent(name -> known.put("name", Tree.of(name)));
                  return known;
                }));
    fields.put("location", Tree.of(entry.location()));
    return Tree.of(fields);
  }

  private static Map<String, Tree> fields(Entry.Usable<QuantizerProvider> usable) {
    try {
      Map<String, Tree> known = fields("name", usable.name(), "status", "usable");
      known.put("apiVersion", Tree.of(usable.version().toString()));
      usable.service().options();
      put(known, usable.service());
      return known;
    } catch (OctetException e) {
      return fields("name", usable.name(), "status", "broken", "cause", e.fact());
    }
  }

  private static Map<String, Tree> fields(String... namesAndTexts) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      fields.put(namesAndTexts[i], Tree.of(namesAndTexts[i + 1]));
    }
    return fields;
  }

  private static void put(Map<String, Tree> fields, QuantizerProvider provider) {
    fields.put("description", Tree.of(provider.description()));
    provider.version().ifPresent(version -> fields.put("version", Tree.of(version)));
    fields.put("runtime", Tree.of(provider.runtime().isPresent()));
    Optional<Availability.Unavailable> obstacle = provider.availability().obstacle();
    fields.put("available", Tree.of(obstacle.isEmpty()));
    obstacle.ifPresent(
        no -> {
          fields.put("reason", Tree.of(no.reason()));
          fields.put("next", Tree.of(no.nextStep()));
        });
  }

  private static Report page(QuantizerProvider provider) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(provider.name()));
    put(fields, provider);
    fields.put(
        "options",
        Tree.of(PolicyOptions.of(provider).all().stream().map(BackendsCommand::tree).toList()));
    fields.put(
        "observers",
        Tree.of(provider.observers().stream().map(kind -> tree(kind.descriptor())).toList()));
    fields.put(
        "capabilities",
        Tree.of(
            provider.capabilities(Options.none()).stream().map(BackendsCommand::tree).toList()));
    Optional<RuntimePage> runtime = provider.runtime().map(RuntimePage::of);
    runtime.ifPresent(page -> fields.put("runtime", page.tree(BackendsCommand::tree)));
    Optional<BackendRules> table = rules(provider, Options.none());
    List<String> differences = differences(provider);
    if (table.isPresent()) {
      fields.put("differences", Tree.of(differences.stream().map(Tree::of).toList()));
    }
    Report report = new Report().fields(Tree.of(fields));
    report.line(provider.name() + " " + version(provider));
    report.paragraph(2, provider.description());
    report.line("").line("Runtime: " + status(provider));
    provider
        .availability()
        .obstacle()
        .ifPresent(no -> report.paragraph(2, no.reason() + ". " + no.nextStep()));
    describeObservers(provider, report);
    report.line("").line("Options, given as --option NAME=VALUE:");
    PolicyOptions.of(provider).all().forEach(option -> describe(option, report));
    report
        .line("")
        .line("What is quantized; the plan says of every other node why it stays float:");
    if (table.isPresent()) {
      describe(table.get(), differences, report);
    } else {
      report.table(capabilities(provider.capabilities(Options.none())));
    }
    runtime.ifPresent(page -> page.addTo(report, BackendsCommand::describe));
    return report
        .line("")
        .line("Example:")
        .line("  octet plan model.onnx --backend " + provider.name() + example(provider))
        .line("      -o plan.json");
  }

  private static void describe(BackendRules rules, List<String> differences, Report report) {
    for (RuleWords rule : RuleWords.of(rules)) {
      report.paragraph(2, rule.name() + ": " + rule.pattern());
      if (!rule.conditions().isEmpty()) {
        report.paragraph(6, "where " + String.join("; ", rule.conditions()));
      }
      rule.groupedPoints().forEach((point, spec) -> report.paragraph(4, point + ": " + spec));
    }
    report.paragraph(2, "Unless a rule says otherwise, " + RuleWords.arithmetic(rules) + ".");
    if (!differences.isEmpty()) {
      report.line("").line("Differences from what it follows:");
      differences.forEach(difference -> report.paragraph(2, difference));
    }
  }

  /** One row for all patterns that are quantized in one way. */
  private static Table capabilities(List<Capability> capabilities) {
    Map<List<String>, Set<String>> patterns = new LinkedHashMap<>();
    for (Capability c : capabilities) {
      List<String> how = List.of(activation(c), weight(c), mode(c), conditions(c));
      patterns.computeIfAbsent(how, h -> new LinkedHashSet<>()).add(pattern(c));
    }
    Table table = new Table("ACTIVATION", "WEIGHT", "MODE", "CONDITIONS", "PATTERNS");
    patterns.forEach(
        (how, chains) ->
            table.row(how.get(0), how.get(1), how.get(2), how.get(3), String.join(", ", chains)));
    return table;
  }

  /** An option of the backend with another value than its default, as one would give it. */
  private static String example(QuantizerProvider provider) {
    for (OptionDescriptor option : provider.options()) {
      for (String choice : option.choices()) {
        if (!option.defaultValue().equals(Optional.of(choice))) {
          return " --option " + option.name() + "=" + choice;
        }
      }
    }
    return "";
  }

  private static void describeObservers(QuantizerProvider provider, Report report) {
    List<ObserverDescriptor> brought =
        provider.observers().stream().map(ObserverKind::descriptor).toList();
    if (!brought.isEmpty()) {
      report.line("").line("Observers of its own:");
    }
    for (ObserverDescriptor observer : brought) {
      String order = observer.orderDependent() ? " Depends on the order of the samples." : "";
      report.paragraph(2, observer.name() + ": " + observer.documentation() + order);
      observer
          .parameters()
          .forEach(
              p ->
                  report.paragraph(
                      4,
                      "%s, %s when not given: %s"
                          .formatted(p.name(), p.defaultValue(), p.documentation())));
    }
  }

  private static Tree tree(ObserverDescriptor observer) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(observer.name()));
    fields.put("documentation", Tree.of(observer.documentation()));
    fields.put("orderDependent", Tree.of(observer.orderDependent()));
    Map<String, Tree> defaults = new LinkedHashMap<>();
    observer.parameters().forEach(p -> defaults.put(p.name(), Tree.of(p.defaultValue())));
    fields.put("parameters", Tree.of(defaults));
    return Tree.of(fields);
  }

  private static Tree tree(OptionDescriptor option) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(option.name()));
    fields.put("type", Tree.of(option.type().name().toLowerCase(Locale.ROOT)));
    fields.put("documentation", Tree.of(option.documentation()));
    fields.put("values", Tree.of(option.values()));
    option.defaultValue().ifPresent(value -> fields.put("default", Tree.of(value)));
    fields.put("choices", Tree.of(option.choices().stream().map(Tree::of).toList()));
    fields.put("repeatable", Tree.of(option.repeatable()));
    return Tree.of(fields);
  }

  private static Tree tree(Capability capability) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    capability.boundary().ifPresent(side -> fields.put("boundary", Tree.of(side)));
    fields.put(
        "pattern",
        Tree.of(capability.pattern().stream().map(op -> Tree.of(op.toString())).toList()));
    capability.activation().ifPresent(type -> fields.put("activation", Tree.of(type.toString())));
    capability.weight().ifPresent(type -> fields.put("weight", Tree.of(type.toString())));
    capability
        .weightGranularity()
        .ifPresent(granularity -> fields.put("weightGranularity", Tree.of(words(granularity))));
    fields.put("mode", Tree.of(mode(capability)));
    fields.put(
        "conditions",
        Tree.of(capability.conditions().stream().map(c -> Tree.of(words(capability, c))).toList()));
    return Tree.of(fields);
  }

  private static void describe(OptionDescriptor option, Report report) {
    String values =
        option.choices().isEmpty() ? option.values() : String.join(" | ", option.choices());
    String unless = option.defaultValue().map(value -> ", " + value + " when not given").orElse("");
    report.paragraph(2, option.name() + ": " + values + unless);
    String again = option.repeatable() ? " May be given several times." : "";
    report.paragraph(4, option.documentation() + again);
  }

  private static String pattern(Capability capability) {
    if (capability.boundary().isPresent()) {
      return "every " + Tree.of(capability.boundary().get()).asText() + " of the model";
    }
    return capability.pattern().stream().map(Object::toString).collect(Collectors.joining(" "));
  }

  private static String activation(Capability capability) {
    return capability.activation().map(Object::toString).orElse("float");
  }

  private static String weight(Capability capability) {
    String type = capability.weight().map(Object::toString).orElse("");
    return type + capability.weightGranularity().map(g -> " " + words(g)).orElse("");
  }

  private static String mode(Capability capability) {
    return capability.mode().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String conditions(Capability capability) {
    return capability.conditions().stream()
        .map(on -> words(capability, on))
        .collect(Collectors.joining("; "));
  }

  private static String words(Granularity granularity) {
    return granularity.match(
        new Granularity.Cases<>(
            whole -> "per-tensor",
            channel -> "per-channel (axis " + channel.axis() + ")",
            group -> "per-group (axis " + group.axis() + ", size " + size(group.size()) + ")",
            block -> "per-block " + block.sizes().stream().map(BackendsCommand::size).toList(),
            token -> "per-token"));
  }

  private static String size(long size) {
    return size == Long.MAX_VALUE ? "of the axis" : String.valueOf(size);
  }

  /** Says of which operator a condition speaks, where there are several. */
  private static String words(Capability capability, Capability.StepCondition on) {
    String operator =
        capability.pattern().size() == 1 ? "" : capability.pattern().get(on.step()) + ": ";
    return operator + on.condition().words();
  }
}

package dev.octet.annotation.policy;

import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Point;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Policies as options of a backend: {@code exclude=[KIND:]PATTERN}, {@code configure=[KIND:]PATTERN
 * K=V[,K=V]...} and {@code integers=[KIND:]PATTERN}, all repeatable.
 *
 * <p>KIND is {@code global}, {@code op}, {@code module-type}, {@code module}, {@code module-regex}
 * or {@code node}; a pattern without one of these before its first colon is a glob for node names.
 * In {@code configure} the options begin after the last blank that an option's name and {@code =}
 * follow; a comma separates options only where a name and {@code =} follow it. Where both options
 * select a node by the same kind, the exclusion counts.
 *
 * <p>Inputs and outputs of the model have the KINDs {@code input} and {@code output}. They are
 * excluded, or made integers; a pattern of {@code integers} without KIND is for both. Where both
 * select one, the exclusion counts.
 *
 * <p>Every backend has these options, unless it declares one of the same name itself. Immutable;
 * one value holds what one provider understands.
 */
public final class PolicyOptions {

  private static final String EXCLUDE = "exclude";
  private static final String CONFIGURE = "configure";
  private static final String INTEGERS = "integers";
  private static final Pattern ASSIGNMENTS =
      Pattern.compile("(.*) ([a-z][a-z0-9-]*=.*)", Pattern.DOTALL);
  private static final Pattern BETWEEN = Pattern.compile(",(?=[a-z][a-z0-9-]*=)");

  private static final Map<String, Function<String, Selector>> KINDS = kinds();

  private static final Map<String, Point.Side> SIDES =
      Map.of("input", Point.Side.INPUT, "output", Point.Side.OUTPUT);

  private final String backend;
  private final List<OptionDescriptor> declared;
  private final List<OptionDescriptor> all;

  private PolicyOptions(String backend, List<OptionDescriptor> declared) {
    this.backend = backend;
    this.declared = List.copyOf(declared);
    List<OptionDescriptor> whole = new ArrayList<>(declared);
    List.of(exclude(), configure(), integers()).stream()
        .filter(option -> !declares(option.name()))
        .forEach(whole::add);
    this.all = List.copyOf(whole);
  }

  /** Asks a provider for its options, once. */
  public static PolicyOptions of(QuantizerProvider provider) {
    return new PolicyOptions(provider.name(), provider.options());
  }

  /**
   * Options that were given for a backend.
   *
   * @param backend what the backend's provider understands
   * @param policy what the others say
   */
  public record Split(Options backend, Policy policy) {}

  /** Returns the options of the provider, then those of the framework that it does not replace. */
  public List<OptionDescriptor> all() {
    return all;
  }

  /**
   * Checks options that were given for the backend.
   *
   * @throws OctetException {@code OCT-OPT-001}, {@code OCT-OPT-003} or {@code OCT-OPT-004} as
   *     {@link Options#resolve}
   */
  public void requireFit(Options given) {
    given.resolve(backend, all);
  }

  /**
   * Returns options of the provider with the defaults of those that were not given.
   *
   * @throws OctetException as {@link #requireFit(Options)}
   */
  public Options completed(Options own) {
    return own.resolve(backend, declared);
  }

  /**
   * Takes the policy out of options that fit.
   *
   * @throws OctetException {@code OCT-OPT-005} for a {@code configure} without options; {@code
   *     OCT-POL-009} for an empty pattern, {@code OCT-POL-010} for one of {@code global}, {@code
   *     OCT-POL-004} for one that is no regular expression
   */
  public Split split(Options given) {
    Map<String, List<String>> rest = new LinkedHashMap<>(given.values());
    Policy.Builder policy = Policy.builder();
    take(rest, CONFIGURE).forEach(text -> policy.rule(configure(text)));
    take(rest, INTEGERS).forEach(text -> integers(text).forEach(policy::boundary));
    take(rest, EXCLUDE).forEach(text -> exclude(text, policy));
    return new Split(new Options(rest), policy.build());
  }

  /**
   * Checks that a policy configures only options that may differ from node to node.
   *
   * @param policy the policy
   * @param names the names of these options
   * @throws OctetException {@code OCT-POL-003} for another option, with the names nearest to it
   */
  public void requireNodeOptions(Policy policy, Collection<String> names) {
    for (PolicyRule rule : policy.rules()) {
      rule.action().options().values().keySet().stream()
          .filter(name -> !names.contains(name))
          .findFirst()
          .ifPresent(
              name -> {
                throw notOfNodes(rule, name, names);
              });
    }
  }

  /**
   * Checks the values of the options that a policy configures.
   *
   * @throws OctetException {@code OCT-OPT-003} or {@code OCT-OPT-004} as {@link Options#resolve},
   *     at the rule
   */
  public void requireFit(Policy policy) {
    for (PolicyRule rule : policy.rules()) {
      try {
        rule.action().options().resolve(backend, declared);
      } catch (OctetException e) {
        throw e.at(rule.words());
      }
    }
  }

  private OctetException notOfNodes(PolicyRule rule, String name, Collection<String> names) {
    return PolicyErrors.OPTION_OF_THE_WHOLE
        .error("option '" + name + "' of backend '" + backend + "' cannot differ from node to node")
        .at(rule.words())
        .candidates(NearMisses.of(name, names))
        .next(
            names.isEmpty()
                ? "Leave it out; no option of this backend can."
                : "Use one of the candidates, or give the option for the whole model.");
  }

  private List<String> take(Map<String, List<String>> options, String name) {
    List<String> values = declares(name) ? null : options.remove(name);
    return values == null ? List.of() : values;
  }

  private boolean declares(String name) {
    return declared.stream().anyMatch(option -> option.name().equals(name));
  }

  private static void exclude(String text, Policy.Builder policy) {
    Optional<Point.Side> side = side(text);
    Optional<String> source = Optional.of("option " + EXCLUDE);
    if (side.isPresent()) {
      BoundaryRule.Form inFloat = BoundaryRule.Form.FLOAT;
      policy.boundary(new BoundaryRule(side.get(), afterColon(text), inFloat, source));
    } else {
      policy.rule(new PolicyRule(selector(text), new PolicyAction.Exclude(), source));
    }
  }

  private static List<BoundaryRule> integers(String text) {
    Optional<String> source = Optional.of("option " + INTEGERS);
    BoundaryRule.Form form = BoundaryRule.Form.INTEGERS;
    return side(text)
        .map(side -> List.of(new BoundaryRule(side, afterColon(text), form, source)))
        .orElseGet(
            () ->
                List.of(Point.Side.INPUT, Point.Side.OUTPUT).stream()
                    .map(side -> new BoundaryRule(side, text, form, source))
                    .toList());
  }

  /** Returns whether a pattern is for inputs or for outputs; empty for one for nodes. */
  private static Optional<Point.Side> side(String text) {
    int colon = text.indexOf(':');
    return colon < 0 ? Optional.empty() : Optional.ofNullable(SIDES.get(text.substring(0, colon)));
  }

  private static String afterColon(String text) {
    return text.substring(text.indexOf(':') + 1);
  }

  private static PolicyRule configure(String text) {
    Matcher parts = ASSIGNMENTS.matcher(text);
    if (!parts.matches()) {
      throw PolicyErrors.NO_OPTIONS
          .error("'" + text + "' does not say which options")
          .at("option '" + CONFIGURE + "'")
          .build();
    }
    if (side(parts.group(1)).isPresent()) {
      throw PolicyErrors.unfitAction(
          BoundaryRule.NO_OPTIONS, "option '" + CONFIGURE + "'", List.of(EXCLUDE, INTEGERS));
    }
    return new PolicyRule(
        selector(parts.group(1)),
        new PolicyAction.Configure(Options.parse(List.of(BETWEEN.split(parts.group(2))))),
        Optional.of("option " + CONFIGURE));
  }

  /**
   * Reads a selector of nodes as options have it.
   *
   * @param text {@code [KIND:]PATTERN}, as the options of this class take it
   * @throws OctetException {@code OCT-POL-009} for an empty pattern, {@code OCT-POL-010} for one of
   *     {@code global}, {@code OCT-POL-004} for one that is no regular expression
   */
  public static Selector selector(String text) {
    int colon = text.indexOf(':');
    Function<String, Selector> kind = colon < 0 ? null : KINDS.get(text.substring(0, colon));
    return kind == null ? Selector.node(text) : kind.apply(text.substring(colon + 1));
  }

  private static Map<String, Function<String, Selector>> kinds() {
    return Map.of(
        "global",
        PolicyOptions::global,
        "op",
        Selector::operatorType,
        "module-type",
        Selector::moduleType,
        "module",
        Selector::module,
        "module-regex",
        Selector::moduleRegex,
        "node",
        Selector::node);
  }

  private static Selector global(String pattern) {
    if (!pattern.isEmpty() && !pattern.equals("*")) {
      throw PolicyErrors.GLOBAL_PATTERN
          .error("'global' selects every node and takes no pattern '" + pattern + "'")
          .at("selector global")
          .build();
    }
    return Selector.global();
  }

  private static OptionDescriptor exclude() {
    return OptionDescriptor.glob(
            EXCLUDE,
            "[KIND:]PATTERN: what stays float. KIND is node (when none is given), op, module,"
                + " module-regex, module-type or global, or input or output of the model; every"
                + " pattern must match something.")
        .repeated();
  }

  private static OptionDescriptor configure() {
    return OptionDescriptor.text(
            CONFIGURE,
            "[KIND:]PATTERN K=V[,K=V]...: options for these nodes alone, KIND and PATTERN as in"
                + " exclude.")
        .repeated();
  }

  private static OptionDescriptor integers() {
    return OptionDescriptor.glob(
            INTEGERS,
            "[KIND:]PATTERN: inputs and outputs of the model that become integers. KIND is input or"
                + " output (both when none is given); every pattern must match something.")
        .repeated();
  }
}

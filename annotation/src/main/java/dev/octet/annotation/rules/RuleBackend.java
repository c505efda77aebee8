package dev.octet.annotation.rules;

import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Quantizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A provider whose backend is a table of rules; the quantizer, the capabilities and the page come
 * from the table. A subclass is public, has a public constructor without arguments, and is
 * registered with {@link java.util.ServiceLoader}. Thread-safe when the subclass is.
 */
public abstract class RuleBackend implements QuantizerProvider {

  private final String name;
  private final String description;

  /**
   * Names the backend.
   *
   * @param name the name that users choose it by: {@code [a-z][a-z0-9-]{0,63}}
   * @param description one sentence that says what it is for
   */
  protected RuleBackend(String name, String description) {
    this.name = Objects.requireNonNull(name, "name");
    this.description = Objects.requireNonNull(description, "description");
  }

  /**
   * Returns the rules for options. Called for the options of the whole model, and for those of
   * single nodes where a policy sets them.
   *
   * @param options the options with all defaults filled in
   */
  public abstract BackendRules rules(Options options);

  /**
   * Returns in what the backend differs from the tool that it follows, one sentence each, for its
   * page.
   */
  public List<String> differences() {
    return List.of();
  }

  /**
   * Returns the names of the options that are for the model as a whole and cannot differ from node
   * to node, such as one of which only {@link BackendRules.Builder#modelInputs} depends.
   */
  protected Set<String> optionsOfTheModel() {
    return Set.of();
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String description() {
    return description;
  }

  @Override
  public List<Capability> capabilities(Options options) {
    return table(options.resolve(name, options())).capabilities();
  }

  /**
   * Creates the quantizer of the table. A backend that does more than its table overrides this
   * method, and composes what {@link #ruleQuantizer} returns with a quantizer of its own.
   */
  @Override
  public Quantizer create(Options options) {
    return ruleQuantizer(options);
  }

  /**
   * Returns the quantizer of the table.
   *
   * @throws dev.octet.api.error.OctetException as {@link #create}
   */
  public final RuleQuantizer ruleQuantizer(Options options) {
    Options resolved = options.resolve(name, options());
    Set<String> names = new LinkedHashSet<>();
    options().stream().map(OptionDescriptor::name).forEach(names::add);
    names.removeAll(optionsOfTheModel());
    return RuleQuantizer.of(resolved, names, this::table);
  }

  private BackendRules table(Options options) {
    return Objects.requireNonNull(rules(options), "rules(options) returned null");
  }
}

package dev.octet.annotation.rules;

import dev.octet.annotation.policy.ModulePosition;
import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.PolicyAction;
import dev.octet.annotation.policy.PolicyNode;
import dev.octet.annotation.policy.PolicyRule;
import dev.octet.annotation.policy.Selector;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A quantizer of a rule table that is configured in code: for the whole model, an operator, a
 * module type, a module. A node that no configuration selects stays float. Configurations take
 * precedence in that order, the last the strongest; of two of one kind the later one. Null instead
 * of a configuration keeps the selected nodes in float. Not thread-safe.
 *
 * @param <C> the backend's configuration
 * @param <Q> the subclass
 */
public abstract class ConfiguredQuantizer<C, Q extends ConfiguredQuantizer<C, Q>>
    implements Quantizer {

  private final Policy.Builder policy = Policy.builder();

  /** Makes a quantizer that selects no node yet. */
  protected ConfiguredQuantizer() {}

  /** Returns the rules, without a policy. */
  protected abstract RuleQuantizer rules();

  /** Returns a configuration as options of the backend, all of them. */
  protected abstract Options options(C configuration);

  /** Returns this object. */
  protected abstract Q self();

  /** Configures every node. */
  public Q setGlobal(@Nullable C configuration) {
    return set(Selector.global(), configuration);
  }

  /**
   * Configures the nodes of an operator.
   *
   * @param operator the operator, such as {@code Conv}
   */
  public Q setOperatorType(String operator, @Nullable C configuration) {
    return set(Selector.operatorType(operator), configuration);
  }

  /**
   * Configures the nodes in modules of a type.
   *
   * @param type the type, simple such as {@code Conv2d} or qualified
   */
  public Q setModuleType(String type, @Nullable C configuration) {
    return set(Selector.moduleType(type), configuration);
  }

  /**
   * Configures the nodes in a module and the modules inside it.
   *
   * @param path the module's path, such as {@code layer1.0}, or a glob
   */
  public Q setModuleName(String path, @Nullable C configuration) {
    return set(Selector.module(path), configuration);
  }

  /**
   * Keeps nodes in float, whatever else is configured.
   *
   * @param filter tells which nodes may be quantized; one that keeps out no node changes nothing
   */
  public Q setFilter(Predicate<PolicyNode> filter) {
    Objects.requireNonNull(filter, "filter");
    return set(Selector.where("filter", filter.negate()), null);
  }

  /** Says in which modules nodes stand, by node name, for models that do not say it themselves. */
  public Q setModules(Map<String, ModulePosition> modules) {
    policy.modules(modules);
    return self();
  }

  @Override
  public final void annotate(AnnotationContext context) {
    rules().withPolicy(policy.build()).annotate(context);
  }

  @Override
  public final Set<String> nodeOptions() {
    return rules().nodeOptions();
  }

  private Q set(Selector selector, @Nullable C configuration) {
    PolicyAction action =
        configuration == null
            ? new PolicyAction.Exclude()
            : new PolicyAction.Configure(options(configuration));
    policy.rule(PolicyRule.of(selector, action));
    return self();
  }
}

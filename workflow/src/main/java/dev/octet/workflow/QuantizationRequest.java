package dev.octet.workflow;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.PolicyOptions;
import dev.octet.api.graph.Model;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.workflow.recipe.Recipe;
import java.util.Objects;

/**
 * What a user asks for: a model, the backend to quantize it for, and how. Immutable.
 *
 * <p>What options say goes over what {@link #policy} says, and that over a recipe.
 */
public final class QuantizationRequest {

  private final Model model;
  private final QuantizerProvider backend;
  private final Recipe recipe;
  private final Options options;
  private final Policy policy;

  private QuantizationRequest(
      Model model, QuantizerProvider backend, Recipe recipe, Options options, Policy policy) {
    this.model = Objects.requireNonNull(model, "model");
    this.backend = Objects.requireNonNull(backend, "backend");
    this.recipe = Objects.requireNonNull(recipe, "recipe");
    this.options = Objects.requireNonNull(options, "options");
    this.policy = Objects.requireNonNull(policy, "policy");
  }

  /** Asks for a float model to be quantized as the backend does by default. */
  public static QuantizationRequest of(Model model, QuantizerProvider backend) {
    return new QuantizationRequest(model, backend, Recipe.none(), Options.none(), Policy.none());
  }

  /** Returns this request with other options; those of {@link PolicyOptions} may be among them. */
  public QuantizationRequest options(Options options) {
    return new QuantizationRequest(model, backend, recipe, options, policy);
  }

  /** Returns this request with another policy. */
  public QuantizationRequest policy(Policy policy) {
    return new QuantizationRequest(model, backend, recipe, options, policy);
  }

  /** Returns this request with another recipe. */
  public QuantizationRequest recipe(Recipe recipe) {
    return new QuantizationRequest(model, backend, recipe, options, policy);
  }

  /** Returns the float model. */
  public Model model() {
    return model;
  }

  /** Returns the backend. */
  public QuantizerProvider backend() {
    return backend;
  }

  /** Returns the options for the backend, without those of the recipe. */
  public Options options() {
    return options;
  }

  /** Returns the policy, without what recipe and options say. */
  public Policy policy() {
    return policy;
  }

  /** Returns the recipe, which says nothing where none was given. */
  public Recipe recipe() {
    return recipe;
  }

  /** Returns backend and model, in one line. */
  @Override
  public String toString() {
    return "backend '" + backend.name() + "' for " + model;
  }
}

package dev.octet.cli;

import dev.octet.api.graph.Model;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.recipe.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that choose a backend. */
final class BackendOptions {

  @Option(
      names = "--backend",
      required = true,
      paramLabel = "NAME",
      description = "The backend to quantize for; 'octet backends' lists them.")
  private String backend = "";

  @Option(
      names = "--option",
      paramLabel = "K=V",
      description =
          "An option of the backend; 'octet backends NAME' explains them. Every backend has exclude"
              + " and configure.")
  private List<String> options = List.of();

  @Option(
      names = "--recipe",
      paramLabel = "FILE",
      description =
          "A YAML file with options of the backend, rules for single nodes and findings that are"
              + " accepted; --option goes over"
              + " it. docs/recipes.md explains it.")
  private Optional<Path> recipe = Optional.empty();

  String backend() {
    return backend;
  }

  /** Reads the recipe; see {@link Recipe#read} for the errors. */
  Recipe recipe() {
    return recipe.map(Recipe::read).orElseGet(Recipe::none);
  }

  /** Asks for a model to be quantized; see {@link Options#parse} for the errors. */
  QuantizationRequest request(Model model, QuantizerProvider provider, Recipe read) {
    return QuantizationRequest.of(model, provider).recipe(read).options(Options.parse(options));
  }

  /** Returns the recipe's file. */
  Optional<Path> recipeFile() {
    return recipe;
  }
}

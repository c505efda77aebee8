package dev.octet.workflow.recipe;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.PolicyOptions;
import dev.octet.annotation.policy.PolicyTree;
import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import dev.octet.api.option.Options;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.text.YamlText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a recipe file says: options of the backend for the whole model, a policy, and findings that
 * are accepted. Immutable.
 *
 * <p>The file is a YAML map with the fields {@code recipe} (the version, 1), {@code options},
 * {@code accept}, and those of {@link PolicyTree}: {@code modules} and {@code rules}.
 */
public final class Recipe {

  private static final long VERSION = 1;

  private final Options options;
  private final Policy policy;
  private final Map<String, Tree> places;
  private final List<String> accepted;

  private Recipe(Options options, Policy policy, Map<String, Tree> places, List<String> accepted) {
    this.accepted = List.copyOf(accepted);
    this.options = options;
    this.policy = policy;
    this.places = Map.copyOf(places);
  }

  /** Returns the recipe that says nothing. */
  public static Recipe none() {
    return new Recipe(Options.none(), Policy.none(), Map.of(), List.of());
  }

  /**
   * Reads a recipe file.
   *
   * @throws OctetException as {@link YamlText}; {@code OCT-REC-001} if it is no recipe; {@code
   *     OCT-REC-002} if it is one of another version; as {@link PolicyTree#fromTree}; all with
   *     file, line and column
   */
  public static Recipe read(Path file) {
    return fromTree(YamlText.read(file));
  }

  /**
   * Reads a recipe.
   *
   * @param text the recipe
   * @param source what positions call the text, a file name for instance
   * @throws OctetException as {@link #read}
   */
  public static Recipe parse(String text, String source) {
    return fromTree(YamlText.parse(text, source));
  }

  private static Recipe fromTree(Tree tree) {
    Tree.Mapping map = tree.asMapping();
    requireVersion(map);
    map.allowOnly("recipe", "options", "accept", "modules", "rules");
    Map<String, Tree> policy = new LinkedHashMap<>(map.entries());
    policy.remove("recipe");
    policy.remove("options");
    policy.remove("accept");
    Optional<Tree> options = map.find("options");
    return new Recipe(
        options.map(PolicyTree::options).orElse(Options.none()),
        PolicyTree.fromTree(new Tree.Mapping(policy, map.position())),
        options.map(given -> given.asMapping().entries()).orElse(Map.of()),
        map.find("accept").map(Recipe::accepted).orElse(List.of()));
  }

  private static List<String> accepted(Tree list) {
    List<String> ids = new ArrayList<>();
    for (Tree id : list.asItems()) {
      id.inRange(() -> ErrorId.requireForm(id.asText()));
      ids.add(id.asText());
    }
    return ids;
  }

  private static void requireVersion(Tree.Mapping map) {
    Optional<Tree> version = map.find("recipe");
    if (version.isEmpty()) {
      throw RecipeErrors.NO_RECIPE
          .error("this is no recipe: it has no field 'recipe'")
          .at(map.position().toString())
          .build();
    }
    if (version.get().asLong() != VERSION) {
      throw RecipeErrors.OTHER_VERSION
          .error("the recipe has version " + version.get().asLong())
          .at(version.get().position().toString())
          .candidates(List.of(Long.toString(VERSION)))
          .build();
    }
  }

  /** Returns the ids of findings that were read and are accepted, in the order of the file. */
  public List<String> accepted() {
    return accepted;
  }

  /** Returns the policy. */
  public Policy policy() {
    return policy;
  }

  /** Returns the options for the whole model. */
  public Options options() {
    return options;
  }

  /**
   * Checks the options for the whole model, one by one.
   *
   * @param understood what the backend understands
   * @throws OctetException {@code OCT-OPT-001}, {@code OCT-OPT-003} or {@code OCT-OPT-004} as
   *     {@link Options#resolve}, with file, line and column
   */
  public void requireFit(PolicyOptions understood) {
    options.values().forEach((name, values) -> requireFit(understood, name, values));
  }

  private void requireFit(PolicyOptions understood, String name, List<String> values) {
    try {
      understood.requireFit(new Options(Map.of(name, values)));
    } catch (OctetException e) {
      Tree place = places.get(name);
      throw e.inFile(place == null ? "recipe" : place.position().toString());
    }
  }

  /** Returns the options. */
  @Override
  public String toString() {
    return "recipe with " + options;
  }
}

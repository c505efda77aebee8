package dev.octet.annotation.policy;

import dev.octet.api.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the modules that a node stands in, from the outermost to the innermost: in its metadata,
 * else in the caller's map, else in its name. Not thread-safe.
 */
final class ModuleScopes {

  private static final String PATHS = "pkg.torch.onnx.name_scopes";
  private static final String TYPES = "pkg.torch.onnx.class_hierarchy";

  private final Map<String, ModulePosition> given;
  private final Map<String, Optional<String>> givenTypes = new HashMap<>();

  /** Takes the caller's map; the type of a module that is in it is known wherever its path is. */
  ModuleScopes(Map<String, ModulePosition> given) {
    this.given = given;
    for (ModulePosition position : given.values()) {
      givenTypes.merge(position.path(), position.type(), (a, b) -> a.isPresent() ? a : b);
    }
  }

  /**
   * Returns the modules of a node.
   *
   * @param name the node's name in the user's model
   * @param node the node as far as it is known, for its metadata
   */
  List<ModulePosition> of(String name, Optional<Node> node) {
    Optional<List<ModulePosition>> stated = node.flatMap(ModuleScopes::ofMetadata);
    if (stated.isPresent()) {
      return stated.get();
    }
    ModulePosition position = given.get(name);
    return position == null ? ofName(name) : ofGiven(position);
  }

  /** The last element of both lists is the node itself. */
  private static Optional<List<ModulePosition>> ofMetadata(Node node) {
    Optional<List<String>> paths =
        Optional.ofNullable(node.metadata().get(PATHS)).flatMap(PythonStrings::parse);
    if (paths.isEmpty()) {
      return Optional.empty();
    }
    List<String> types =
        Optional.ofNullable(node.metadata().get(TYPES))
            .flatMap(PythonStrings::parse)
            .filter(list -> list.size() == paths.get().size())
            .orElse(List.of());
    List<ModulePosition> scopes = new ArrayList<>();
    for (int i = 0; i < paths.get().size() - 1; i++) {
      Optional<String> type =
          types.isEmpty() || types.get(i).isEmpty() ? Optional.empty() : Optional.of(types.get(i));
      scopes.add(new ModulePosition(paths.get().get(i), type));
    }
    return Optional.of(scopes);
  }

  private List<ModulePosition> ofGiven(ModulePosition position) {
    List<ModulePosition> scopes = new ArrayList<>();
    String path = position.path();
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      String outer = path.substring(0, dot);
      scopes.add(new ModulePosition(outer, givenTypes.getOrDefault(outer, Optional.empty())));
    }
    scopes.add(position);
    return scopes;
  }

  /** The last part is the node itself; a part may repeat the part before it, with a dot. */
  private static List<ModulePosition> ofName(String name) {
    List<ModulePosition> scopes = new ArrayList<>();
    String around = "";
    String before = "";
    String[] parts = name.split("/", -1);
    for (int i = 0; i < parts.length - 1; i++) {
      String part = parts[i];
      if (part.isEmpty()) {
        continue;
      }
      boolean repeats = !before.isEmpty() && part.startsWith(before + ".");
      if (!repeats && !before.isEmpty()) {
        around = around + before + ".";
      }
      before = part;
      scopes.add(ModulePosition.of(around + part));
    }
    return scopes;
  }
}

package dev.octet.workflow.data;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.text.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The names of a model's classes in its metadata, so that they travel in the file. */
public final class ClassList {

  private static final String KEY = "octet.classes";

  private ClassList() {}

  /** Returns the names, in the order of the scores; none where the model does not state them. */
  public static List<String> of(Model model) {
    Optional<String> text = Optional.ofNullable(model.metadata().get(KEY));
    try {
      List<String> names = text.map(ClassList::parse).orElse(List.of());
      return names.stream().distinct().count() == names.size() ? names : List.of();
    } catch (OctetException e) {
      return List.of(); // Somebody else's entry of that name says nothing about classes.
    }
  }

  private static List<String> parse(String text) {
    return JsonText.parse(text, KEY).asItems().stream().map(Tree::asText).toList();
  }

  /**
   * Returns the names as some data has them; none where it does not tell them, or a finding says
   * that they may be others.
   */
  public static List<String> of(DataSource data) {
    return data.findings().isEmpty() ? data.classNames() : List.of();
  }

  /**
   * Returns a model that states the names of its classes.
   *
   * @param names the names in the order of the scores; with none, the model is unchanged
   */
  public static Model mark(Model model, List<String> names) {
    if (names.isEmpty()) {
      return model;
    }
    Map<String, String> entries = new LinkedHashMap<>(model.metadata());
    entries.put(KEY, JsonText.write(Tree.of(names.stream().map(Tree::of).toList())).strip());
    return model.withMetadata(entries);
  }
}

package dev.octet.annotation.rules;

import dev.octet.api.tree.Tree;
import java.util.List;
import java.util.Optional;

/**
 * Where a part of a table stands in the tree that it was read from; nowhere, for a table that was
 * written in code. Immutable.
 *
 * @param tree the part
 */
record Place(Optional<Tree> tree) {

  private static final Place NOWHERE = new Place(Optional.empty());

  static Place nowhere() {
    return NOWHERE;
  }

  static Place of(Tree tree) {
    return new Place(Optional.of(tree));
  }

  /** Returns the place of a field's value; this place where there is no such field. */
  Place field(String name) {
    if (tree.isEmpty()) {
      return this;
    }
    return tree.filter(Tree::isMapping)
        .flatMap(t -> t.asMapping().find(name))
        .map(Place::of)
        .orElse(this);
  }

  /** Returns the place of an item of a list; this place where there is no such item. */
  Place item(int index) {
    if (tree.isEmpty()) {
      return this;
    }
    List<Tree> items = tree.filter(Tree::isList).map(Tree::asItems).orElse(List.of());
    return index < items.size() ? of(items.get(index)) : this;
  }

  /** Returns the place in words; empty for nowhere. */
  Optional<String> words() {
    return tree.map(t -> t.position().toString());
  }
}

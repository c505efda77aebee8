package dev.octet.workflow.text;

import dev.octet.api.tree.Tree;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes the JSON path of a child, and finds what stands at a path. */
public final class TreePath {

  private static final String NAME = "[A-Za-z_][A-Za-z0-9_-]*";
  private static final Pattern PLAIN = Pattern.compile(NAME);
  private static final Pattern STEP =
      Pattern.compile("\\.(?<field>" + NAME + ")|\\[(?<item>[0-9]+)]");

  /** Of a longer path the end is kept. */
  private static final int MOST_CHARACTERS = 400;

  private TreePath() {}

  /**
   * Returns the value at a path; empty when there is none.
   *
   * @param root the tree
   * @param path a path such as {@code $.nodes[3].op}, of indices and of names of letters, digits,
   *     hyphens and underscores
   * @throws IllegalArgumentException if the path is of another form
   */
  public static Optional<Tree> find(Tree root, String path) {
    Matcher step = STEP.matcher(path);
    Optional<Tree> at = Optional.of(root);
    int end = Math.min(1, path.length());
    while (step.find(end) && step.start() == end) {
      String field = step.group("field");
      String item = step.group("item");
      at =
          at.flatMap(
              tree -> field != null ? child(tree, field) : child(tree, Integer.parseInt(item)));
      end = step.end();
    }
    if (!path.startsWith("$") || end != path.length()) {
      throw new IllegalArgumentException("'" + path + "' is no path of plain names and indices");
    }
    return at;
  }

  private static Optional<Tree> child(Tree tree, String field) {
    return tree.isMapping()
        ? Optional.ofNullable(tree.asMapping().entries().get(field))
        : Optional.empty();
  }

  private static Optional<Tree> child(Tree tree, int item) {
    return tree.isList() && item < tree.asItems().size()
        ? Optional.of(tree.asItems().get(item))
        : Optional.empty();
  }

  static String item(String parent, int index) {
    return child(parent, "[" + index + "]");
  }

  static String field(String parent, String name) {
    if (name.length() > MOST_CHARACTERS) {
      return field(parent, name.substring(0, MOST_CHARACTERS / 2) + "...");
    }
    return child(
        parent,
        PLAIN.matcher(name).matches()
            ? "." + name
            : "['" + name.replace("\\", "\\\\").replace("'", "\\'") + "']");
  }

  /** A long name or a deep tree would otherwise be in the path of each value below it. */
  private static String child(String parent, String step) {
    int kept = MOST_CHARACTERS - step.length();
    return parent.length() <= kept
        ? parent + step
        : "$..." + parent.substring(Math.max(0, parent.length() - Math.max(0, kept))) + step;
  }
}

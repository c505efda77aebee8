package dev.octet.workflow.text;

import dev.octet.api.tree.Tree;
import org.jspecify.annotations.Nullable;

/**
 * The texts of maps that a writer meets again and again: a large document says a few things very
 * often, and whoever makes it may say them by the same object. Not thread-safe.
 */
final class RecentTexts {

  private static final int COUNT = 16;

  private final @Nullable Recent[] recent = new Recent[COUNT];
  private int oldest;

  /** A map that was written; its text is kept from the second time on. */
  static final class Recent {
    private final Tree.Mapping mapping;
    private final int depth;
    private @Nullable String text;

    private Recent(Tree.Mapping mapping, int depth) {
      this.mapping = mapping;
      this.depth = depth;
    }

    /** Returns the text; null when it is not kept yet. */
    @Nullable String text() {
      return text;
    }

    void keep(String written) {
      text = written;
    }
  }

  /** Returns a map that was written lately at a depth; null when it was not, and then it is now. */
  @SuppressWarnings("ReferenceEquality") // looking into every map would cost more than its text
  @Nullable Recent find(Tree.Mapping mapping, int depth) {
    for (Recent one : recent) {
      if (one != null && one.mapping == mapping && one.depth == depth) {
        return one;
      }
    }
    recent[oldest] = new Recent(mapping, depth);
    oldest = (oldest + 1) % COUNT;
    return null;
  }
}

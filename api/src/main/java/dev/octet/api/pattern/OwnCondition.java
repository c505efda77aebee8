package dev.octet.api.pattern;

import dev.octet.api.text.Words;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A vendor's condition. Two are equal when id and words are: code cannot be compared. */
final class OwnCondition implements NodeCondition {

  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]*\\.[a-z][a-z0-9-]*");

  private final String id;
  private final String words;
  private final Predicate<NodeView> holds;
  private final NodeView example;

  OwnCondition(String id, String words, Predicate<NodeView> holds, NodeView example) {
    this.id = id;
    this.words = Words.require(words, "what condition '" + id + "' asks");
    this.holds = Objects.requireNonNull(holds, "holds");
    this.example = Objects.requireNonNull(example, "example");
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "'" + id + "' is no id of a condition: a vendor's name, a dot, and a name");
    }
    if (words.isEmpty()) {
      throw new IllegalArgumentException("condition '" + id + "' needs words");
    }
    if (!holds.test(example)) {
      throw new IllegalArgumentException(
          "condition '"
              + id
              + "' does not hold for its example, node '"
              + example.node().name()
              + "'");
    }
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String words() {
    return words;
  }

  @Override
  public Optional<String> failure(PlacedNode node) {
    return holds.test(node.view()) ? Optional.empty() : Optional.of("not: " + words);
  }

  @Override
  public Optional<NodeView> example() {
    return Optional.of(example);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OwnCondition that && id.equals(that.id) && words.equals(that.words);
  }

  @Override
  public int hashCode() {
    return 31 * id.hashCode() + words.hashCode();
  }

  @Override
  public String toString() {
    return id;
  }
}

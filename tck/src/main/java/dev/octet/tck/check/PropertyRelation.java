package dev.octet.tck.check;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * That system properties do not matter: those that work asks for are others when it is repeated.
 */
final class PropertyRelation {

  private PropertyRelation() {}

  /**
   * Does some work as the process is, and once more for each other value of each property that it
   * asks for.
   *
   * @param who who works, in words
   * @param work compares what it gives with what it usually gives; is told what is otherwise, as a
   *     half-sentence
   * @throws Violation if it sets a property, or gives something else
   */
  static void require(String who, Consumer<String> work) {
    WatchedProperties.Heard heard = WatchedProperties.during(() -> work.accept("it is repeated"));
    if (!heard.changed().isEmpty()) {
      throw Violation.of(
          "the %s sets the system properties %s of the process", who, heard.changed());
    }
    for (String name : heard.asked()) {
      for (String other : others(name)) {
        WatchedProperties.during(
            Map.of(name, other),
            () -> work.accept("the system property '" + name + "' is '" + other + "'"));
      }
    }
  }

  /** What switches something on where nothing is set; else what the process cannot have. */
  private static List<String> others(String name) {
    String usual = System.getProperty(name);
    return usual == null ? List.of("true", "1", "") : List.of(usual + "-other", "");
  }
}

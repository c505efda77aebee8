package dev.octet.tck.check;

import java.lang.StackWalker.StackFrame;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Properties of the process that hear what one thread sets, removes or asks for, and may answer
 * that thread otherwise than others. Everything is done to the usual properties as well, so that
 * nothing is lost when these take their place again.
 */
final class WatchedProperties extends Properties {

  private static final long serialVersionUID = 1L;

  /** What a class of the JDK asks for in the name of its caller. */
  private static final Set<String> ASKING =
      Set.of(
          WatchedProperties.class.getName(),
          "java.util.Properties",
          "java.lang.System",
          "java.lang.Boolean",
          "java.lang.Integer",
          "java.lang.Long");

  private final transient Properties usual;
  private final transient Thread watched;
  private final transient Map<String, String> answers;
  private final transient SortedSet<String> changed =
      Collections.synchronizedSortedSet(new TreeSet<>());
  private final transient SortedSet<String> asked =
      Collections.synchronizedSortedSet(new TreeSet<>());

  /**
   * What a thread did to the properties.
   *
   * @param changed the names that it set or removed, also to the value that was there
   * @param asked the names that it asked for; what the JDK asks for its own work is left out
   */
  record Heard(SortedSet<String> changed, SortedSet<String> asked) {}

  private WatchedProperties(Properties usual, Thread watched, Map<String, String> answers) {
    this.usual = usual;
    this.watched = watched;
    this.answers = answers;
    for (String name : usual.stringPropertyNames()) {
      super.put(name, usual.getProperty(name));
    }
  }

  /** Returns what an action does to the system properties on this thread. One at a time. */
  static Heard during(Runnable action) {
    return during(Map.of(), action);
  }

  /**
   * Returns what an action does to the system properties on this thread. One at a time: each puts
   * back what was there before.
   *
   * @param answers what this thread is told of some properties, whatever they are
   */
  static synchronized Heard during(Map<String, String> answers, Runnable action) {
    Properties usual = System.getProperties();
    WatchedProperties watched =
        new WatchedProperties(usual, Thread.currentThread(), Map.copyOf(answers));
    System.setProperties(watched);
    try {
      action.run();
    } finally {
      System.setProperties(usual);
    }
    return new Heard(new TreeSet<>(watched.changed), new TreeSet<>(watched.asked));
  }

  private void hear(Object key) {
    if (Thread.currentThread().equals(watched)) {
      changed.add(String.valueOf(key));
    }
  }

  /** Tells whether the watched thread asks for its own sake, not the JDK in the course of its. */
  private boolean isAskedByTheBackend() {
    return Thread.currentThread().equals(watched)
        && StackWalker.getInstance()
            .walk(
                frames ->
                    frames
                        .map(StackFrame::getClassName)
                        .filter(c -> !ASKING.contains(c))
                        .findFirst())
            .filter(asking -> !asking.startsWith("java.") && !asking.startsWith("jdk."))
            .filter(asking -> !asking.startsWith("sun."))
            .isPresent();
  }

  @Override
  public @Nullable String getProperty(String key) {
    if (!isAskedByTheBackend()) {
      return super.getProperty(key);
    }
    asked.add(key);
    String answer = answers.get(key);
    return answer == null ? super.getProperty(key) : answer;
  }

  @Override
  public synchronized @Nullable Object put(Object key, Object value) {
    hear(key);
    usual.put(key, value);
    return super.put(key, value);
  }

  @Override
  public synchronized @Nullable Object remove(Object key) {
    hear(key);
    usual.remove(key);
    return super.remove(key);
  }

  @Override
  public synchronized boolean equals(@Nullable Object other) {
    return super.equals(other);
  }

  @Override
  public synchronized int hashCode() {
    return super.hashCode();
  }
}

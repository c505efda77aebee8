package dev.octet.tck.check;

import java.util.Collections;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Properties of the process that hear what one thread sets or removes, also to the value that is
 * there already. Everything is done to the usual properties as well, so that nothing is lost when
 * these take their place again.
 */
final class WatchedProperties extends Properties {

  private static final long serialVersionUID = 1L;

  private final transient Properties usual;
  private final transient Thread watched;
  private final transient SortedSet<String> changed =
      Collections.synchronizedSortedSet(new TreeSet<>());

  private WatchedProperties(Properties usual, Thread watched) {
    this.usual = usual;
    this.watched = watched;
    for (String name : usual.stringPropertyNames()) {
      super.put(name, usual.getProperty(name));
    }
  }

  /**
   * Returns the names of the system properties that an action sets or removes on this thread. One
   * at a time: each puts back what was there before.
   */
  static synchronized SortedSet<String> changedBy(Runnable action) {
    Properties usual = System.getProperties();
    WatchedProperties watched = new WatchedProperties(usual, Thread.currentThread());
    System.setProperties(watched);
    try {
      action.run();
    } finally {
      System.setProperties(usual);
    }
    return new TreeSet<>(watched.changed);
  }

  private void hear(Object key) {
    if (Thread.currentThread().equals(watched)) {
      changed.add(String.valueOf(key));
    }
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

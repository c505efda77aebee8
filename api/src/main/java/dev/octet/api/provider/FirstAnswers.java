package dev.octet.api.provider;

import dev.octet.api.guard.Guard;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What a service called the things that it handed out first: the names are the same at every call.
 * Thread-safe.
 */
final class FirstAnswers {

  private final Guard guard;
  private final Map<String, List<String>> names = new ConcurrentHashMap<>();

  FirstAnswers(Guard guard) {
    this.guard = guard;
  }

  /** Returns what a method handed out, if it has the names that it had before. */
  <T> List<T> same(String method, List<T> handedOut, Function<? super T, String> name) {
    List<String> now = handedOut.stream().map(name).toList();
    List<String> before = names.putIfAbsent(method, now);
    if (before != null) {
      guard.requireSame(method, before, now);
    }
    return handedOut;
  }
}

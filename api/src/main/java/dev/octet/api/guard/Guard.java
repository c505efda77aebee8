package dev.octet.api.guard;

import dev.octet.api.error.OctetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls into one service that others wrote, such as a backend. Whatever a call throws and the null
 * that it returns become one error, which names the service, the method, the node as far as it is
 * known, and the jar.
 *
 * <p>What keeps its meaning: an {@link OctetException} passes and says where it comes from; so does
 * a {@link CancellationException}, and an {@link OutOfMemoryError} in Octet's own code; an
 * interruption leaves the thread interrupted and is {@code OCT-REG-008}. Immutable and thread-safe.
 */
public final class Guard {

  /** What has more elements than the nodes of any model has no end. */
  public static final int MOST = 10_000_000;

  /** What is longer is no text that somebody reads. */
  private static final int LONGEST = 100_000;

  private final String service;
  private final ServicePlace place;
  private final Supplier<Optional<String>> node;

  private Guard(String service, ServicePlace place, Supplier<Optional<String>> node) {
    this.service = service;
    this.place = place;
    this.node = node;
  }

  /**
   * Guards the calls into a service.
   *
   * @param service what messages call it, such as {@code backend 'acme'}
   * @param place where its code comes from
   */
  public static Guard of(String service, ServicePlace place) {
    return new Guard(service, place, Optional::empty);
  }

  /**
   * Returns a guard whose errors also say at which node a call failed.
   *
   * @param where tells the name of the node; empty when it is not known
   */
  public Guard at(Supplier<Optional<String>> where) {
    return new Guard(service, place, where);
  }

  /**
   * Returns a guard for a part of the service.
   *
   * @param part what messages call it, such as {@code observer 'acme-mean'}
   */
  public Guard part(String part) {
    return new Guard(part + " of " + service, place, node);
  }

  /**
   * Calls a method that gives a value.
   *
   * @param method the method, for messages
   * @throws OctetException {@code OCT-REG-006} if the call fails or returns null; {@code
   *     OCT-REG-008} if it was interrupted; what the service itself throws of this type
   */
  public <T> T call(String method, Supplier<? extends @Nullable T> call) {
    T result;
    try {
      result = call.get();
    } catch (Throwable t) {
      throw laidToTheService(method, t);
    }
    if (result == null) {
      throw failed(method, "it returned null").build();
    }
    return result;
  }

  /**
   * Calls a method that gives the same at every call, twice.
   *
   * @throws OctetException as {@link #call}; {@code OCT-REG-006} if the two differ
   */
  public <T> T same(String method, Supplier<? extends @Nullable T> call) {
    T first = call(method, call);
    requireSame(method, first, call(method, call));
    return first;
  }

  /**
   * Checks that a method gives what it gave before.
   *
   * @throws OctetException {@code OCT-REG-006} if it does not
   */
  public void requireSame(String method, Object before, Object now) {
    if (!before.equals(now)) {
      throw failed(
              method,
              "it returned " + before + " and then " + now + "; it is the same at every call")
          .build();
    }
  }

  /** Calls a method that gives a text for people, which says something; as {@link #call}. */
  public String words(String method, Supplier<? extends @Nullable String> call) {
    return said(method, call(method, call));
  }

  /** As {@link #words}, of a method that may have nothing to say. */
  public Optional<String> wordsIfAny(
      String method, Supplier<? extends @Nullable Optional<String>> call) {
    return this.<Optional<String>>call(method, call).map(text -> said(method, text));
  }

  private String said(String method, String text) {
    if (text.isBlank() || text.length() > LONGEST) {
      throw failed(
              method,
              text.isBlank()
                  ? "it returned a text that says nothing"
                  : "it returned a text of " + text.length() + " characters")
          .build();
    }
    return text;
  }

  /**
   * Calls a method that may refuse its arguments by an {@link IllegalArgumentException}, which
   * passes; otherwise as {@link #call}.
   */
  public <T> T callOrRefuse(String method, Supplier<? extends @Nullable T> call) {
    Supplier<Answer<T>> answered =
        () -> {
          try {
            return new Answer<>(call.get(), null);
          } catch (IllegalArgumentException e) {
            return new Answer<>(null, e);
          }
        };
    Answer<T> answer = call(method, answered);
    if (answer.refusal() != null) {
      throw answer.refusal();
    }
    return this.<T>call(method, answer::value);
  }

  private record Answer<T>(@Nullable T value, @Nullable IllegalArgumentException refusal) {}

  /** Calls a method that gives nothing; otherwise as {@link #call}. */
  public void run(String method, Runnable call) {
    try {
      call.run();
    } catch (Throwable t) {
      throw laidToTheService(method, t);
    }
  }

  /**
   * Calls a method that gives a list; returns a copy. A null in it is a failure, and so is a list
   * that fails when it is read or has no end.
   */
  public <T> List<T> list(String method, Supplier<? extends @Nullable List<? extends T>> call) {
    return List.copyOf(this.<T>read(method, "a list", call(method, call)));
  }

  /** Calls a method that gives a set; returns a copy in its order. It fails as {@link #list}. */
  public <T> Set<T> set(String method, Supplier<? extends @Nullable Set<? extends T>> call) {
    List<T> elements = read(method, "a set", call(method, call));
    return Collections.unmodifiableSet(new LinkedHashSet<>(elements));
  }

  /** Calls a method that gives a map; returns a copy in its order. It fails as {@link #list}. */
  public <V> Map<String, V> map(
      String method, Supplier<? extends @Nullable Map<String, ? extends V>> call) {
    Map<String, ? extends V> given = call(method, call);
    List<String> names = read(method, "a map", call(method, given::keySet));
    List<V> values = read(method, "a map", () -> names.stream().<V>map(given::get).iterator());
    Map<String, V> copy = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      copy.put(names.get(i), values.get(i));
    }
    return Collections.unmodifiableMap(copy);
  }

  /** Reads what a service gave, which is its code, too. */
  private <T> List<T> read(String method, String what, Iterable<? extends T> given) {
    List<T> read = new ArrayList<>();
    run(
        method,
        () -> {
          Iterator<? extends T> each = given.iterator();
          while (each.hasNext() && read.size() <= MOST) {
            read.add(each.next());
          }
        });
    if (read.size() > MOST) {
      throw failed(method, "it returned " + what + " without an end").build();
    }
    for (T each : read) {
      if (each == null) {
        throw failed(method, "it returned " + what + " with a null in it").build();
      }
    }
    return read;
  }

  /**
   * Makes the error of a service that does not keep its contract in a way that it does not notice.
   *
   * @param method the method whose result is wrong
   * @param why what is wrong, as a clause
   */
  public OctetException breach(String method, String why) {
    return failed(method, why).build();
  }

  private RuntimeException laidToTheService(String method, Throwable thrown) {
    Throwable t = unwrapped(thrown);
    if (t instanceof OctetException known) {
      return place.isOctets() ? known : known.from(service + ", " + place);
    }
    Optional<OutOfMemoryError> full = Thrown.outOfMemory(t);
    if (place.isOctets() && full.isPresent()) {
      // No service of others is to blame; who starts Octet says how much memory there is.
      throw full.get();
    }
    if (t instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      return GuardErrors.INTERRUPTED
          .error(service + " was interrupted in " + method)
          .at(where())
          .cause(t)
          .build();
    }
    if (t instanceof CancellationException cancelled) {
      return cancelled;
    }
    OctetException.Builder error = failed(method, Thrown.words(t)).cause(t);
    return Thrown.nextStep(t).map(error::next).orElseGet(error::build);
  }

  /** Returns the checked exception that a service threw which is a dynamic proxy. */
  private static Throwable unwrapped(Throwable thrown) {
    if (!(thrown instanceof UndeclaredThrowableException)) {
      return thrown;
    }
    Throwable cause = thrown.getCause();
    return cause == null ? thrown : cause;
  }

  private OctetException.Builder failed(String method, String why) {
    String fact = service + " failed in " + method + ": " + why;
    return GuardErrors.SERVICE_FAILED.error(fact).at(where());
  }

  private String where() {
    return at().map(name -> "node '" + name + "', " + place).orElse(place.toString());
  }

  /** Where a call failed is of no use when it cannot be told. */
  private Optional<String> at() {
    try {
      return node.get();
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }
}

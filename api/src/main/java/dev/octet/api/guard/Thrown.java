package dev.octet.api.guard;

import dev.octet.api.file.MappedReading;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What code of others threw, in words. Its texts are made by that code, too, and may fail. */
public final class Thrown {

  private Thrown() {}

  /** Returns what was thrown, with what it was caused by in turn, in one line. */
  public static String words(Throwable thrown) {
    List<String> texts = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable t = thrown; t != null && seen.add(t); t = cause(t)) {
      String text = text(t);
      // An exception without a message of its own repeats its cause.
      if (texts.stream().noneMatch(before -> before.contains(text))) {
        texts.add(text);
      }
    }
    return String.join(", caused by ", texts);
  }

  /** Returns what to do next where the type of what was thrown says it. */
  static Optional<String> nextStep(Throwable thrown) {
    if (outOfMemory(thrown).isPresent()) {
      return Optional.of(
          "Give the JVM more memory, for example with OCTET_OPTS=-Xmx8g, or report it to the"
              + " vendor.");
    }
    if (MappedReading.isCutOff(thrown)) {
      return Optional.of("Begin again with the file as it is now, and leave it alone meanwhile.");
    }
    return isOfLinking(thrown)
        ? Optional.of("Use a build of it for the API of this Octet, with all jars that it needs.")
        : Optional.empty();
  }

  /** Returns the error of a heap that is full, which threads that help hand on as a cause. */
  static Optional<OutOfMemoryError> outOfMemory(Throwable thrown) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable t = thrown; t != null && seen.add(t); t = cause(t)) {
      if (t instanceof OutOfMemoryError full) {
        return Optional.of(full);
      }
    }
    return Optional.empty();
  }

  private static boolean isOfLinking(Throwable thrown) {
    return thrown instanceof LinkageError && !(thrown instanceof ExceptionInInitializerError);
  }

  private static String text(Throwable thrown) {
    String text = ownText(thrown).replaceAll("\\s*\\R\\s*", " ");
    if (thrown instanceof OutOfMemoryError) {
      return "it ran out of memory (" + text + ")";
    }
    if (thrown instanceof StackOverflowError) {
      return "its calls never end (" + text + ")";
    }
    if (MappedReading.isCutOff(thrown)) {
      return "a file that it reads was cut off (" + text + ")";
    }
    return isOfLinking(thrown) ? text + " (built against another API version?)" : text;
  }

  private static String ownText(Throwable thrown) {
    String type = thrown.getClass().getName();
    try {
      return thrown instanceof ExceptionInInitializerError
          ? type
          : String.valueOf(thrown.toString());
    } catch (Throwable again) {
      return type;
    }
  }

  private static @Nullable Throwable cause(Throwable thrown) {
    try {
      return thrown.getCause();
    } catch (Throwable again) {
      return null;
    }
  }
}

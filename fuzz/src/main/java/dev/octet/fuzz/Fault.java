package dev.octet.fuzz;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What must not come of a file.
 *
 * @param kind what it is, in words
 * @param key the same for faults that are most likely one
 * @param stack where it happened
 */
record Fault(String kind, String key, String stack) {

  /** That a backend, a format or a decoder failed is a fault of ours where it is one of these. */
  private static final String OWN = "dev.octet.";

  /** What jars have that are made here is a vendor's. */
  private static final String OF_JARS = "dev.octet.fuzz.";

  /** What a kernel says of whatever it did not think of: a check is missing in it. */
  static final String UNFORESEEN = "OCT-GRAPH-006";

  private static final int FRAMES_OF_KEY = 2;
  private static final int FRAMES_SHOWN = 30;

  /** Returns what is wrong with what a reader threw; empty for an error with an id. */
  static Optional<Fault> of(Throwable thrown) {
    if (thrown instanceof OctetException error) {
      boolean own = error.place().filter(Fault::isOwn).isPresent();
      boolean backend = own && error.kind() == ErrorKind.BACKEND;
      boolean caused = (backend || error.id().equals(UNFORESEEN)) && error.getCause() != null;
      boolean defect = error.kind() == ErrorKind.DEFECT || caused;
      return defect ? Optional.of(of("a defect", root(error))) : Optional.empty();
    }
    return Optional.of(
        thrown instanceof OutOfMemoryError
            ? of("out of memory", thrown)
            : of("an exception without id", thrown));
  }

  private static boolean isOwn(String place) {
    return place.startsWith(OWN) && !place.startsWith(OF_JARS);
  }

  /** Returns the fault of a reader that does not end, from where it is. */
  static Fault hang(StackTraceElement[] where) {
    return new Fault("no end", "no end" + key(where), text(where));
  }

  private static Fault of(String kind, Throwable thrown) {
    StackTraceElement[] stack = thrown.getStackTrace();
    return new Fault(kind, thrown.getClass().getName() + key(stack), thrown + "\n" + text(stack));
  }

  private static Throwable root(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return cause == null || cause == thrown ? thrown : root(cause);
  }

  private static String key(StackTraceElement[] stack) {
    return Stream.of(stack)
        .filter(frame -> frame.getClassName().startsWith("dev.octet."))
        .filter(frame -> !frame.getClassName().startsWith("dev.octet.fuzz."))
        .limit(FRAMES_OF_KEY)
        .map(frame -> frame.getClassName() + "." + frame.getMethodName())
        .collect(Collectors.joining(" < ", " in ", ""));
  }

  private static String text(StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .limit(FRAMES_SHOWN)
        .map(frame -> "    at " + frame + "\n")
        .collect(Collectors.joining());
  }

  /** Returns kind and key, in one line. */
  @Override
  public String toString() {
    return kind + ": " + key;
  }
}

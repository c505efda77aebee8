package dev.octet.api.file;

import dev.octet.api.error.OctetException;
import java.util.Collection;

/**
 * Reads what is mapped of files ({@link FileRegion}). Where a page of a mapped file is gone,
 * because somebody cut the file off, the JVM has a word of its own for it, which may come a little
 * late, and which code far from the file meets; here it becomes the error of that file.
 */
public final class MappedReading {

  private static final String FAULT = "unsafe memory access";

  private MappedReading() {}

  /**
   * Work that reads mapped files.
   *
   * @param <T> what it gives
   * @param <E> what it throws
   */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {

    /**
     * Does it.
     *
     * @throws E what ends it
     */
    T call() throws E;
  }

  /**
   * Does some work that reads mapped files.
   *
   * @param files the files, as they were when they were mapped
   * @throws E what the work throws
   * @throws OctetException {@code OCT-FILE-003} if it fails because one of them was cut off
   *     meanwhile
   */
  public static <T, E extends Exception> T of(Collection<FileIdentity> files, Work<T, E> work)
      throws E {
    try {
      return work.call();
    } catch (InternalError e) {
      if (isCutOff(e)) {
        files.forEach(FileIdentity::requireUnchanged);
      }
      throw e;
    }
  }

  /** Tells whether this is the JVM's word for a page of a mapped file that is gone. */
  public static boolean isCutOff(Throwable thrown) {
    return thrown instanceof InternalError && String.valueOf(thrown.getMessage()).contains(FAULT);
  }
}

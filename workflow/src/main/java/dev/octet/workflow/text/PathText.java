package dev.octet.workflow.text;

import dev.octet.api.error.OctetException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Turns texts that somebody wrote, in files and on command lines, into paths. */
public final class PathText {

  private PathText() {}

  /**
   * Returns the path that a text names. Whether there is a file is another question.
   *
   * @param text the path as it was written
   * @param place where it was written
   * @throws OctetException {@code OCT-FILE-004} for a text that is empty, has a NUL, or has a
   *     character that names of files cannot have in the locale of the process
   */
  public static Path of(String text, String place) {
    try {
      if (!text.isEmpty()) {
        return Path.of(text);
      }
    } catch (InvalidPathException e) {
      throw none("'" + text + "' is no path of a file: " + e.getReason(), place);
    }
    throw none("the path of a file is empty", place);
  }

  private static OctetException none(String fact, String place) {
    return TextErrors.NO_PATH.error(fact).at(place).build();
  }
}

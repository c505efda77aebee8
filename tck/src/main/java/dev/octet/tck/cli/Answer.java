package dev.octet.tck.cli;

import dev.octet.api.error.OctetException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** What a command says, on standard output and in files, and that it could not. */
final class Answer {

  private Answer() {}

  /** Something that writes files. */
  @FunctionalInterface
  interface Write {
    void run() throws IOException;
  }

  /**
   * Writes files into a folder, or tries it.
   *
   * @throws OctetException {@code OCT-TCK-017} if that is not possible
   */
  static void into(Path folder, Write write) {
    try {
      write.run();
    } catch (IOException e) {
      String reason =
          e instanceof FileSystemException known && known.getReason() != null
              ? known.getFile() + ": " + known.getReason()
              : e.toString();
      throw lost("the report cannot be written to '" + folder + "': " + reason);
    }
  }

  /** Returns {@code OCT-TCK-017}, that what is said is lost. */
  static OctetException lost(String fact) {
    return TckErrors.UNWRITABLE.error(fact).build();
  }
}

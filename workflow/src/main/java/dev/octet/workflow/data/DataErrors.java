package dev.octet.workflow.data;

import dev.octet.api.error.OctetException;
import java.nio.file.Path;

/** The errors of files that more than one reader can meet. */
final class DataErrors {

  private DataErrors() {}

  static OctetException unreadable(Path file, Throwable cause) {
    return OctetException.input("OCT-DATA-001", "file '" + file + "' cannot be read: " + cause)
        .cause(cause)
        .next("Give a file that exists and can be read.");
  }

  static OctetException malformed(String name, String fact) {
    return OctetException.input("OCT-DATA-002", "'" + name + "' " + fact)
        .next("Give a complete .npy file, an archive.npz:key, or an MNIST idx file.");
  }
}

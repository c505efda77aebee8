package dev.octet.format.onnx;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a model comes from.
 *
 * @param name the file, for messages
 * @param folder the folder that external data is relative to; empty for a model without a file
 */
record Source(String name, Optional<Path> folder) {

  /** Starts an error about this source. */
  OctetException.Builder error(ErrorId id, String fact) {
    return id.error(fact).at(name);
  }

  /** Starts an error about a place inside this source. */
  OctetException.Builder error(ErrorId id, String fact, String place) {
    return id.error(fact).at(name + ", " + place);
  }
}

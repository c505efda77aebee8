package dev.octet.format.onnx;

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

  static final String REPAIR = "Check the model with onnx.checker.check_model and export it again.";

  /** Starts an error about this source. */
  OctetException.Builder error(String id, String fact) {
    return OctetException.input(id, fact).at(name);
  }

  /** Starts an error about a place inside this source. */
  OctetException.Builder error(String id, String fact, String place) {
    return OctetException.input(id, fact).at(name + ", " + place);
  }
}

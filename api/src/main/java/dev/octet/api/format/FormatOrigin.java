package dev.octet.api.format;

import dev.octet.api.graph.Origin;

/** The origin of a model that a format read: it knows its format. */
public interface FormatOrigin extends Origin {

  /** Returns the format that the model was read from. */
  ModelFormat format();
}

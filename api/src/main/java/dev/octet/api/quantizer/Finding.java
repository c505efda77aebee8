package dev.octet.api.quantizer;

import dev.octet.api.error.ErrorId;
import dev.octet.api.text.Brief;
import dev.octet.api.text.Words;
import java.util.Objects;
import java.util.Optional;

/**
 * Something that a user must know about a model, a plan or a result.
 *
 * @param severity how grave it is
 * @param id stable id, in the form of {@link ErrorId#text}
 * @param message the fact and what to do, in one text
 * @param node the node it is about; empty when it is about the whole
 */
public record Finding(Severity severity, String id, String message, Optional<String> node) {

  /** How grave a finding is. */
  public enum Severity {
    /** Good to know. */
    INFO,
    /** The result may not be what was wanted. */
    WARNING,
    /** There is no result. */
    ERROR
  }

  /**
   * Checks that no component is null.
   *
   * @throws IllegalArgumentException as {@link ErrorId#requireForm}
   */
  public Finding {
    Objects.requireNonNull(severity, "severity");
    ErrorId.requireForm(id);
    Words.require(message, "the message of finding " + id);
    Objects.requireNonNull(node, "node");
  }

  /** Returns what was found and where, in one line; of a long message the beginning. */
  @Override
  public String toString() {
    String where = node.map(name -> " at '" + Brief.text(name) + "'").orElse("");
    return severity + " " + id + where + ": " + Brief.text(message);
  }
}

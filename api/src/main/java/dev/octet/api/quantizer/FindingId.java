package dev.octet.api.quantizer;

import dev.octet.api.error.ErrorId;
import dev.octet.api.graph.Point;
import dev.octet.api.text.Words;
import java.util.Objects;
import java.util.Optional;

/**
 * One thing that a {@link Finding} can tell: an entry of a list of findings, beside those of errors
 * ({@link ErrorId}). A vendor writes a list of its own in the same way. Instances are immutable.
 *
 * @param text the stable id, in the form of {@link ErrorId#text}
 * @param severity how grave it is
 * @param meaning what is true whenever this is found, as a sentence
 * @param nextStep what the reader does next, as a sentence
 */
public record FindingId(String text, Finding.Severity severity, String meaning, String nextStep) {

  /**
   * Checks the form of the id.
   *
   * @throws IllegalArgumentException if the id is malformed
   */
  public FindingId {
    ErrorId.requireForm(text);
    Objects.requireNonNull(severity, "severity");
    Words.require(meaning, "the meaning of " + text);
    Words.require(nextStep, "the next step of " + text);
  }

  /** Makes an id of severity {@link Finding.Severity#INFO}; see {@link #FindingId} for the rest. */
  public static FindingId info(String text, String meaning, String nextStep) {
    return new FindingId(text, Finding.Severity.INFO, meaning, nextStep);
  }

  /** Makes an id of severity {@link Finding.Severity#WARNING}; see {@link #FindingId}. */
  public static FindingId warning(String text, String meaning, String nextStep) {
    return new FindingId(text, Finding.Severity.WARNING, meaning, nextStep);
  }

  /** Makes an id of severity {@link Finding.Severity#ERROR}; see {@link #FindingId}. */
  public static FindingId error(String text, String meaning, String nextStep) {
    return new FindingId(text, Finding.Severity.ERROR, meaning, nextStep);
  }

  /**
   * Makes a finding about the whole.
   *
   * @param message the fact of this case and what to do, in one text
   */
  public Finding about(String message) {
    return new Finding(severity, text, message, Optional.empty());
  }

  /**
   * Makes a finding about a node.
   *
   * @param node name of the node
   * @param message the fact of this case and what to do, in one text
   */
  public Finding aboutNode(String node, String message) {
    return new Finding(severity, text, message, Optional.of(node));
  }

  /**
   * Makes a finding about a point: about its node, or about the whole for an input or output.
   *
   * @param message the fact of this case and what to do, in one text
   */
  public Finding aboutPoint(Point point, String message) {
    return point.isBoundary() ? about(message) : aboutNode(point.node(), message);
  }

  /** Returns the stable id. */
  @Override
  public String toString() {
    return text;
  }
}

package dev.octet.api.error;

import dev.octet.api.text.Words;
import java.io.Serializable;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One fault that an {@link OctetException} can report: an entry of a list of errors.
 *
 * <p>What is true of every error with the id stands here, once; an error adds what it knows of its
 * own case. Ids that start with {@code OCT-} are Octet's alone. A vendor writes a list of constants
 * in the same way and starts its ids with a word of its own:
 *
 * <pre>{@code
 * static final ErrorId MODEL_TOO_LARGE =
 *     ErrorId.backend(
 *         "ACME-001", "The model is larger than the chip's memory.", "Use a smaller model.");
 * ...
 * throw MODEL_TOO_LARGE.error("the model has " + size + " bytes, the chip " + memory).build();
 * }</pre>
 *
 * <p>Instances are immutable.
 *
 * @param text the stable id, {@code <OWNER>-<nnn>} or {@code <OWNER>-<AREA>-<nnn>}: two to eight
 *     capital letters or digits of which the first is a letter, two to six capital letters, three
 *     digits
 * @param kind whose move it is
 * @param meaning what is wrong whenever this error is reported, as a sentence
 * @param nextStep what the reader does next, as a sentence
 */
public record ErrorId(String text, ErrorKind kind, String meaning, String nextStep)
    implements Serializable {

  private static final Pattern FORM = Pattern.compile("[A-Z][A-Z0-9]{1,7}(-[A-Z]{2,6})?-[0-9]{3}");
  private static final String RESERVED = "OCT-";
  private static final String OCTET = "dev.octet.";
  private static final Set<String> IDS =
      Set.of(
          ErrorId.class.getName(),
          "dev.octet.api.quantizer.FindingId",
          "dev.octet.api.quantizer.Finding");

  /**
   * Checks the form of the id.
   *
   * @throws IllegalArgumentException if the id is malformed, or is reserved for Octet and made by
   *     code of others
   */
  public ErrorId {
    requireForm(text);
    Objects.requireNonNull(kind, "kind");
    if (kind == ErrorKind.DEFECT && !text.startsWith(RESERVED)) {
      throw new IllegalArgumentException(
          "error '" + text + "' is of kind DEFECT, which is for defects of Octet; use BACKEND");
    }
    Words.require(meaning, "the meaning of " + text);
    Words.require(nextStep, "the next step of " + text);
  }

  /** Makes an id of kind {@link ErrorKind#USAGE}; see {@link #ErrorId} for the parameters. */
  public static ErrorId usage(String text, String meaning, String nextStep) {
    return new ErrorId(text, ErrorKind.USAGE, meaning, nextStep);
  }

  /** Makes an id of kind {@link ErrorKind#INPUT}; see {@link #ErrorId} for the parameters. */
  public static ErrorId input(String text, String meaning, String nextStep) {
    return new ErrorId(text, ErrorKind.INPUT, meaning, nextStep);
  }

  /** Makes an id of kind {@link ErrorKind#QUANTIZATION}; see {@link #ErrorId} for the rest. */
  public static ErrorId quantization(String text, String meaning, String nextStep) {
    return new ErrorId(text, ErrorKind.QUANTIZATION, meaning, nextStep);
  }

  /** Makes an id of kind {@link ErrorKind#BACKEND}; see {@link #ErrorId} for the parameters. */
  public static ErrorId backend(String text, String meaning, String nextStep) {
    return new ErrorId(text, ErrorKind.BACKEND, meaning, nextStep);
  }

  /** Makes an id of kind {@link ErrorKind#DEFECT}; see {@link #ErrorId} for the parameters. */
  public static ErrorId defect(String text, String meaning, String nextStep) {
    return new ErrorId(text, ErrorKind.DEFECT, meaning, nextStep);
  }

  /**
   * Returns a text that is an id of whoever asks.
   *
   * @throws IllegalArgumentException if it has not the form of an id, or is reserved for Octet and
   *     the caller is code of others
   */
  public static String requireForm(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "id '" + text + "' is not <OWNER>-<nnn> or <OWNER>-<AREA>-<nnn>");
    }
    if (text.startsWith(RESERVED) && !isOctets(maker())) {
      throw new IllegalArgumentException(
          "id '" + text + "' is reserved for Octet; start it with a word of your own");
    }
    return text;
  }

  /** Tells whether a class is of Octet, which alone may make ids that start with {@code OCT-}. */
  public static boolean isOctets(Class<?> type) {
    return type.getName().startsWith(OCTET);
  }

  /** Returns the class that makes an id: the nearest caller that is no part of the API. */
  private static Class<?> maker() {
    return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
        .walk(
            frames ->
                frames
                    .<Class<?>>map(StackWalker.StackFrame::getDeclaringClass)
                    .filter(caller -> !IDS.contains(caller.getName()))
                    .findFirst())
        .orElse(ErrorId.class);
  }

  /**
   * Starts an error with this id.
   *
   * @param fact one sentence that says what is wrong in this case, with the offending value
   */
  public OctetException.Builder error(String fact) {
    return new OctetException.Builder(this, fact);
  }

  /** Returns the stable id. */
  @Override
  public String toString() {
    return text;
  }
}

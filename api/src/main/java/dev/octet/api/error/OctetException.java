package dev.octet.api.error;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The only exception that Octet throws for what a user or a vendor can mend.
 *
 * <p>It carries a stable id such as {@code OCT-REG-002}, the fact, the place where it was found,
 * the candidates to choose from, and what to do next. Its message is all of them in one text. Any
 * other exception that leaves Octet is a defect of Octet. Instances are immutable.
 */
public final class OctetException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ErrorId id;
  private final String fact;
  private final @Nullable String place;
  private final List<String> candidates;
  private final String nextStep;

  private OctetException(Builder builder, String nextStep) {
    super(message(builder, nextStep), builder.cause);
    this.id = builder.id;
    this.fact = builder.fact;
    this.place = builder.place;
    this.candidates = List.copyOf(builder.candidates);
    this.nextStep = nextStep;
  }

  /**
   * Starts an error about the command line or the arguments of a call.
   *
   * @param id stable id, {@code OCT-<AREA>-<nnn>}
   * @param fact one sentence that says what is wrong, with the offending value
   * @throws IllegalArgumentException if the id is malformed
   */
  public static Builder usage(String id, String fact) {
    return new Builder(ErrorId.usage(id, fact, ""), fact);
  }

  /** Starts an error about an input file; see {@link #usage}. */
  public static Builder input(String id, String fact) {
    return new Builder(ErrorId.input(id, fact, ""), fact);
  }

  /**
   * Starts an error about a model or plan that cannot be quantized as asked; see {@link #usage}.
   */
  public static Builder quantization(String id, String fact) {
    return new Builder(ErrorId.quantization(id, fact, ""), fact);
  }

  /** Starts an error of a backend or runtime; see {@link #usage}. */
  public static Builder backend(String id, String fact) {
    return new Builder(ErrorId.backend(id, fact, ""), fact);
  }

  /** Returns the stable id, such as {@code OCT-REG-002}. */
  public String id() {
    return id.text();
  }

  /** Returns whose move it is. */
  public ErrorKind kind() {
    return id.kind();
  }

  /** Returns what is wrong, without place, candidates and next step. */
  public String fact() {
    return fact;
  }

  /**
   * Returns where it was found: a file, a position in it, a node; empty when the fact says it all.
   */
  public Optional<String> place() {
    return Optional.ofNullable(place);
  }

  /** Returns what could have been meant; empty when there is no such list. */
  public List<String> candidates() {
    return candidates;
  }

  /** Returns what to do next. */
  public String nextStep() {
    return nextStep;
  }

  private static String message(Builder builder, String nextStep) {
    StringBuilder text = new StringBuilder(builder.id.text()).append(": ").append(builder.fact);
    if (builder.place != null) {
      text.append(" (at ").append(builder.place).append(')');
    }
    text.append(text.charAt(text.length() - 1) == '.' ? " " : ". ");
    if (!builder.candidates.isEmpty()) {
      text.append("Candidates: ").append(String.join(", ", builder.candidates)).append(". ");
    }
    return text.append(nextStep).toString();
  }

  /** Collects the parts of an error. Not thread-safe. */
  public static final class Builder {
    private final ErrorId id;
    private final String fact;
    private @Nullable String place;
    private @Nullable Throwable cause;
    private final List<String> candidates = new ArrayList<>();

    Builder(ErrorId id, String fact) {
      this.id = id;
      this.fact = Objects.requireNonNull(fact, "fact");
    }

    /** Says where: a file, a path in a file, a node. */
    public Builder at(String where) {
      this.place = Objects.requireNonNull(where, "where");
      return this;
    }

    /** Lists what could have been meant, best first. */
    public Builder candidates(Iterable<String> names) {
      names.forEach(candidates::add);
      return this;
    }

    /** Attaches the cause. */
    public Builder cause(Throwable reason) {
      this.cause = Objects.requireNonNull(reason, "reason");
      return this;
    }

    /** Builds the exception; its next step is that of its id. */
    public OctetException build() {
      return next(id.nextStep());
    }

    /**
     * Builds the exception where more is known than the next step of its id says.
     *
     * @param nextStep what the reader does next, as a sentence
     */
    public OctetException next(String nextStep) {
      return new OctetException(this, Objects.requireNonNull(nextStep, "nextStep"));
    }
  }
}

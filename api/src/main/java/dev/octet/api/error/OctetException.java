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
  private final ErrorKind kind;
  private final String fact;
  private final @Nullable String place;
  private final List<String> candidates;
  private final String nextStep;

  private OctetException(Builder builder, ErrorKind kind, String nextStep) {
    super(message(builder, nextStep), builder.cause);
    this.id = builder.id;
    this.kind = kind;
    this.fact = builder.fact;
    this.place = builder.place;
    this.candidates = List.copyOf(builder.candidates);
    this.nextStep = nextStep;
  }

  /**
   * Returns the same error with another place, where more is known of it than where it arose.
   *
   * @param where a file, a position in it, a node
   */
  public OctetException at(String where) {
    return elsewhere(where, kind);
  }

  /**
   * Returns the same error for a fault that stands in a file that was given, so that its kind is
   * {@link ErrorKind#INPUT}.
   *
   * @param where the file, or a position in it
   */
  public OctetException inFile(String where) {
    return elsewhere(where, ErrorKind.INPUT);
  }

  private OctetException elsewhere(String where, ErrorKind whose) {
    Builder builder = new Builder(id, fact).at(where).candidates(candidates).cause(this);
    return new OctetException(builder, whose, nextStep);
  }

  /** Returns the stable id, such as {@code OCT-REG-002}. */
  public String id() {
    return id.text();
  }

  /** Returns whose move it is: the kind of the id, unless the fault stands in a file. */
  public ErrorKind kind() {
    return kind;
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
      return new OctetException(this, id.kind(), Objects.requireNonNull(nextStep, "nextStep"));
    }
  }
}

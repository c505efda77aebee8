package dev.octet.api.error;

import dev.octet.api.text.Words;
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
  private final @Nullable String source;
  private final List<String> candidates;
  private final String nextStep;

  private OctetException(Builder builder, ErrorKind kind, String nextStep) {
    super(message(builder, nextStep), builder.cause);
    this.id = builder.id;
    this.kind = kind;
    this.fact = builder.fact;
    this.place = builder.place;
    this.source = builder.source;
    this.candidates = List.copyOf(builder.candidates);
    this.nextStep = nextStep;
  }

  /**
   * Returns the same error with another place, where more is known of it than where it arose.
   *
   * @param where a file, a position in it, a node
   */
  public OctetException at(String where) {
    return copy().at(where).copied(this, kind);
  }

  /**
   * Returns the same error for a fault that stands in a file that was given, so that its kind is
   * {@link ErrorKind#INPUT}.
   *
   * @param where the file, or a position in it
   */
  public OctetException inFile(String where) {
    return copy().at(where).copied(this, ErrorKind.INPUT);
  }

  /**
   * Returns the same error with whose code it came out of; itself where that is known already.
   *
   * @param code such as {@code backend 'acme', com.acme.AcmeProvider in /providers/acme.jar}
   */
  public OctetException from(String code) {
    if (source != null) {
      return this;
    }
    Builder builder = copy();
    builder.source = Objects.requireNonNull(code, "code");
    return builder.copied(this, kind);
  }

  private Builder copy() {
    Builder builder = new Builder(id, fact).candidates(candidates).cause(this);
    builder.place = place;
    builder.source = source;
    return builder;
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

  /** Returns whose code it came out of; empty when it is Octet's own or not known. */
  public Optional<String> source() {
    return Optional.ofNullable(source);
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
    List<String> where = new ArrayList<>();
    if (builder.place != null) {
      where.add("at " + builder.place);
    }
    if (builder.source != null) {
      where.add("from " + builder.source);
    }
    if (!where.isEmpty()) {
      text.append(" (").append(String.join("; ", where)).append(')');
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
    private @Nullable String source;
    private @Nullable Throwable cause;
    private final List<String> candidates = new ArrayList<>();

    Builder(ErrorId id, String fact) {
      this.id = id;
      this.fact = Words.require(fact, "the fact of error " + id);
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

    private OctetException copied(OctetException original, ErrorKind kind) {
      return new OctetException(this, kind, original.nextStep);
    }
  }
}

package dev.octet.api.runtime;

import dev.octet.api.graph.Model;
import dev.octet.api.option.Options;
import java.util.List;
import java.util.Objects;

/**
 * What a runtime is asked to make ready. Incubating. Immutable; grows by what has a default.
 *
 * <pre>{@code
 * LoadRequest.of(model).parallelism(Parallelism.threads(4)).build()
 * }</pre>
 */
public final class LoadRequest {

  private final Model model;
  private final Options options;
  private final Parallelism parallelism;
  private final Cancellation cancellation;
  private final List<CustomOperator> operators;

  private LoadRequest(Builder builder) {
    this.model = builder.model;
    this.options = builder.options;
    this.parallelism = builder.parallelism;
    this.cancellation = builder.cancellation;
    this.operators = builder.operators;
  }

  /** Starts a request for a model: without options, on the calling thread, never cancelled. */
  public static Builder of(Model model) {
    return new Builder(model);
  }

  /** Returns a request for a model on some threads, and nothing else said. */
  public static LoadRequest of(Model model, Parallelism parallelism) {
    return of(model).parallelism(parallelism).build();
  }

  /** Returns the float or converted model. */
  public Model model() {
    return model;
  }

  /**
   * Returns the options of the runtime. A runtime that a catalogue hands out gets them checked
   * against {@link BackendRuntime#options} and completed by its defaults.
   */
  public Options options() {
    return options;
  }

  /** Returns on which threads the model's runs compute. */
  public Parallelism parallelism() {
    return parallelism;
  }

  /** Returns what ends the loading; a runtime that takes long to load asks it now and then. */
  public Cancellation cancellation() {
    return cancellation;
  }

  /**
   * Returns the operators of backends' own domains that can be computed in float, for a runtime
   * that lets others compute what it does not know.
   */
  public List<CustomOperator> operators() {
    return operators;
  }

  /** Returns the start of a request that is like this one. */
  public Builder toBuilder() {
    return of(model)
        .options(options)
        .parallelism(parallelism)
        .cancellation(cancellation)
        .operators(operators);
  }

  /** Collects what a request says. Not thread-safe. */
  public static final class Builder {
    private final Model model;
    private Options options = Options.none();
    private Parallelism parallelism = Parallelism.threads(1);
    private Cancellation cancellation = Cancellation.never();
    private List<CustomOperator> operators = List.of();

    private Builder(Model model) {
      this.model = Objects.requireNonNull(model, "model");
    }

    /** Sets the options of the runtime. */
    public Builder options(Options given) {
      options = Objects.requireNonNull(given, "given");
      return this;
    }

    /** Sets on which threads the model's runs compute. */
    public Builder parallelism(Parallelism threads) {
      parallelism = Objects.requireNonNull(threads, "threads");
      return this;
    }

    /** Sets what ends the loading. */
    public Builder cancellation(Cancellation ends) {
      cancellation = Objects.requireNonNull(ends, "ends");
      return this;
    }

    /** Sets the operators of backends' own domains, each once. */
    public Builder operators(List<CustomOperator> known) {
      operators = List.copyOf(known);
      return this;
    }

    /** Returns the request. */
    public LoadRequest build() {
      return new LoadRequest(this);
    }
  }
}

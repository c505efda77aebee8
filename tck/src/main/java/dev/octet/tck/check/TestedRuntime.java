package dev.octet.tck.check;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.option.Options;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.DeclaredUse;
import dev.octet.api.runtime.Exactness;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.OperatorUse;
import dev.octet.api.runtime.Parallelism;
import dev.octet.api.runtime.RuntimeUses;
import dev.octet.api.runtime.UseSupport;
import dev.octet.tck.graphs.IntegerComposer;
import dev.octet.tck.graphs.Numbers;
import dev.octet.tck.integers.IntegerModel;
import dev.octet.tck.integers.Step;
import dev.octet.tck.subject.Subject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The runtime of a backend under options of its own, and what it declares for them. */
final class TestedRuntime {

  private final Subject subject;
  private final BackendRuntime runtime;
  private final Options options;
  private final RuntimeUses uses;

  private TestedRuntime(Subject subject, Options options) {
    this.subject = subject;
    this.runtime = subject.runtime();
    this.options = options;
    this.uses = runtime.uses(options);
  }

  /** Returns a backend's runtime with its default options. */
  static TestedRuntime of(Subject subject) {
    return new TestedRuntime(subject, Options.none());
  }

  /** Returns this runtime with options. */
  TestedRuntime with(Options others) {
    return new TestedRuntime(subject, others);
  }

  Subject subject() {
    return subject;
  }

  Options options() {
    return options;
  }

  BackendRuntime backend() {
    return runtime;
  }

  RuntimeUses uses() {
    return uses;
  }

  UseSupport support(OperatorUse use) {
    return uses.support(use);
  }

  /** Tells whether every step of a model is declared. */
  boolean declares(IntegerModel model) {
    return model.steps().stream().allMatch(step -> declares(model, step));
  }

  private boolean declares(IntegerModel model, Step step) {
    return isDeclared(support(model.use(step)));
  }

  /** Tells whether a use is run on integers. */
  static boolean isDeclared(UseSupport support) {
    return support
        .exactness()
        .match(new Exactness.Cases<>(exact -> true, bounded -> true, unsupported -> false));
  }

  /** Returns the operators that the kit knows and some row of the declaration may mean. */
  List<OpType> operators() {
    Set<OpType> named =
        uses.rows().stream().flatMap(row -> row.operators().stream()).collect(Collectors.toSet());
    boolean all = uses.rows().stream().map(DeclaredUse::domain).anyMatch(Optional.of("")::equals);
    return IntegerComposer.operators().stream()
        .map(OpType::onnx)
        .filter(op -> all || named.contains(op))
        .toList();
  }

  /** Returns models of one operator each, a few operators of different kinds, all declared. */
  List<IntegerModel> samples() {
    IntegerComposer composer = new IntegerComposer(subject.seed());
    return operators().stream()
        .flatMap(
            op ->
                IntegerComposer.types(op).stream()
                    .flatMap(t -> composer.plainForms(op, t, Numbers.RANDOM).stream())
                    .filter(this::declares)
                    .limit(1))
        .filter(model -> Judge.knows(model))
        .toList();
  }

  /**
   * Loads a model on the calling thread.
   *
   * @throws Violation if it is refused
   */
  ExecutableModel load(Model model) {
    return load(model, 1);
  }

  /** Loads a model that computes on some threads; see {@link #load(Model)}. */
  ExecutableModel load(Model model, int threads) {
    return load(model, Parallelism.threads(threads));
  }

  /** Loads a model that computes on given threads; see {@link #load(Model)}. */
  ExecutableModel load(Model model, Parallelism parallelism) {
    try {
      return runtime.load(request(model).parallelism(parallelism).build());
    } catch (OctetException e) {
      throw Violation.of(
          "the runtime refuses what it declares: %s: %s", e.id(), String.valueOf(e.getMessage()));
    }
  }

  /** Returns the start of a request for a model. */
  LoadRequest.Builder request(Model model) {
    return LoadRequest.of(model).options(options).operators(subject.provider().operators());
  }

  /**
   * Loads a model, runs it once and closes it.
   *
   * @throws Violation if it is refused, or the run ends in an error
   */
  Map<String, Tensor> run(IntegerModel model) {
    try (ExecutableModel loaded = load(model.model())) {
      return loaded.run(model.inputs());
    } catch (OctetException e) {
      throw Violation.of(
          "the runtime stops at what it declares: %s", String.valueOf(e.getMessage()));
    }
  }
}

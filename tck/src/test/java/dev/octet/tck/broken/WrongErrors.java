package dev.octet.tck.broken;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.FindingId;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Backends that fail, or do not say what went wrong. */
final class WrongErrors {

  private static final ErrorId LOAD_FAILED =
      ErrorId.backend("ACME-002", "It did not load.", "Load another.");

  private static final FindingId SLOW =
      FindingId.warning("ACME-101", "An operator is slow.", "Use another one.");

  private static final FindingId SLOW_AND_NO_MATTER =
      FindingId.info("ACME-101", "An operator is slow.", "Use another one.");

  private WrongErrors() {}

  /** Has another quantizer than the right one. */
  private static final class Annotating extends Acme {
    private final Function<Quantizer, Quantizer> change;

    Annotating(Function<Quantizer, Quantizer> change) {
      this.change = change;
    }

    @Override
    public Quantizer create(Options options) {
      return change.apply(super.create(options));
    }
  }

  /** Returns a backend of which one method does something else. */
  static QuantizerProvider provider(String method, Callable<?> instead) {
    return Faulty.of(QuantizerProvider.class, new Acme(), method, instead);
  }

  /** Returns a backend of whose quantizer one method does something else. */
  static QuantizerProvider quantizer(String method, Callable<?> instead) {
    return new Annotating(right -> Faulty.of(Quantizer.class, right, method, instead));
  }

  private static QuantizerProvider finding(Function<AnnotatedGraph, Finding> finding) {
    return new Annotating(
        right ->
            new Quantizer() {
              @Override
              public void annotate(AnnotationContext context) {
                right.annotate(context);
              }

              @Override
              public List<Finding> validate(AnnotatedGraph graph) {
                return List.of(finding.apply(graph));
              }
            });
  }

  private static QuantizerProvider running(WrongRuntime runtime) {
    return new Acme() {
      @Override
      public Optional<BackendRuntime> runtime() {
        return Optional.of(runtime);
      }
    };
  }

  /** Refuses in words of which nobody learns anything. */
  private static class Silent extends WrongRuntime {
    private final Function<OctetException, OctetException> words;

    Silent(Function<OctetException, OctetException> words) {
      this.words = words;
    }

    @Override
    public ExecutableModel load(LoadRequest request) {
      try {
        return super.load(request);
      } catch (OctetException e) {
        throw words.apply(e);
      }
    }
  }

  /** Does not load anything any more once it has refused something. */
  private static final class Stuck extends WrongRuntime {
    private volatile boolean stuck;

    @Override
    Model change(Model model) {
      if (stuck) {
        throw LOAD_FAILED.error("the device is taken").next("Take it back.");
      }
      stuck = true;
      return model;
    }

    @Override
    public ExecutableModel load(LoadRequest request) {
      ExecutableModel loaded = super.load(request);
      stuck = false;
      return loaded;
    }
  }

  static List<WrongBackend> all() {
    return List.of(
        new WrongBackend(
            "TCK-ERR-001",
            "has null for a runtime",
            () -> provider("runtime", () -> null),
            "failed in runtime: it returned null"),
        new WrongBackend(
            "TCK-ERR-001",
            "has a null among its capabilities",
            () -> provider("capabilities", () -> Arrays.asList((Object) null)),
            "failed in capabilities: it returned a list with a null in it"),
        new WrongBackend(
            "TCK-ERR-001",
            "fails while it annotates",
            () ->
                quantizer(
                    "annotate",
                    () -> {
                      throw new IndexOutOfBoundsException("2");
                    }),
            "failed in annotate: java.lang.IndexOutOfBoundsException: 2"),
        new WrongBackend(
            "TCK-ERR-002",
            "has one id for what matters and what does not",
            () ->
                finding(
                    graph ->
                        (graph.nodes().size() > 1 ? SLOW : SLOW_AND_NO_MATTER)
                            .about("It is slow.")),
            "one id has one severity"),
        new WrongBackend(
            "TCK-ERR-003",
            "does not say what it does not have",
            () -> running(new Silent(e -> LOAD_FAILED.error("load failed").next("Use another."))),
            "does not name the operator dev.octet.tck.Nothing"),
        new WrongBackend(
            "TCK-ERR-004",
            "is taken for good by a model that it refused",
            () -> running(new Stuck()),
            "and then fails at one that it ran before"));
  }
}

package dev.octet.tck.check;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.OpType;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.runtime.CustomOperator;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.kernels.quantize.Derivations;
import dev.octet.kernels.quantize.ScaleGrids;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.graphs.Variants;
import dev.octet.tck.rule.Need;
import dev.octet.tck.subject.Rewriting;
import dev.octet.tck.subject.Subject;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedGroup;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a backend does not have, and how it refuses it. */
public final class Declaration {

  /**
   * Something that a backend does not have.
   *
   * @param what it, in words
   * @param refusals cases that verify that the backend refuses it as prescribed; at least one
   */
  public record Missing(String what, List<TckCase> refusals) {
    /** Copies the list. */
    public Missing {
      refusals = List.copyOf(refusals);
    }
  }

  private static final Set<String> OCTETS_OBSERVERS =
      Observers.standard().descriptors().stream()
          .map(ObserverDescriptor::name)
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> OCTETS_DERIVATIONS =
      Derivations.own().stream().map(DerivationKind::name).collect(Collectors.toUnmodifiableSet());

  private Declaration() {}

  /** Returns what a backend lacks of a need; empty when it has it. */
  public static Optional<Missing> missing(Need need, Subject subject) {
    return has(need, subject)
        ? Optional.empty()
        : Optional.of(new Missing(need.words(), List.of(refusal(need, subject))));
  }

  private static boolean has(Need need, Subject subject) {
    return switch (need) {
      case NOTHING -> true;
      case OPTIONS -> !subject.provider().options().isEmpty();
      case STATIC_MODE -> subject.capabilities().stream().anyMatch(c -> c.mode() == Mode.STATIC);
      case WEIGHTS -> subject.capabilities().stream().anyMatch(c -> c.weight().isPresent());
      case CONDITIONS -> !subject.nearMisses().isEmpty();
      case EXAMPLES -> subject.capabilities().stream().anyMatch(c -> !c.examples().isEmpty());
      case OBSERVERS -> !subject.provider().observers().isEmpty();
      case SCALE_GRIDS -> !subject.provider().scaleGrids().isEmpty();
      case DERIVATIONS -> !subject.provider().derivations().isEmpty();
      case REWRITINGS -> !subject.rewritings().isEmpty();
      case RUNTIME -> subject.provider().runtime().isPresent();
      case OPERATORS -> !subject.provider().operators().isEmpty();
    };
  }

  private static TckCase refusal(Need need, Subject subject) {
    return switch (need) {
      case NOTHING -> throw new IllegalArgumentException("every backend has nothing");
      case OPTIONS -> refusesUnknownOption(subject);
      case STATIC_MODE ->
          plansHave(
              subject,
              "no-static-group",
              spec -> spec.observed().filter(o -> o.mode() == Mode.STATIC).isEmpty());
      case WEIGHTS -> marksNoConstant(subject);
      case CONDITIONS -> leavesTheUnknownInFloat(subject);
      case EXAMPLES ->
          TckCase.of(
              "no-example",
              () -> {
                for (Capability again : subject.provider().capabilities(subject.options())) {
                  if (!again.examples().isEmpty()) {
                    throw Violation.of("a second call of capabilities() gives %s examples", again);
                  }
                }
              });
      case OBSERVERS ->
          plansHave(
              subject,
              "no-other-observer",
              spec ->
                  spec.observed()
                      .filter(o -> !OCTETS_OBSERVERS.contains(o.observer().name()))
                      .isEmpty());
      case SCALE_GRIDS ->
          plansHave(
              subject,
              "no-other-grid",
              spec ->
                  spec.observed()
                      .filter(o -> ScaleGrids.own(o.scheme().grid()).isEmpty())
                      .isEmpty());
      case DERIVATIONS ->
          plansHave(
              subject,
              "no-other-derivation",
              spec ->
                  spec.derivation().filter(d -> !OCTETS_DERIVATIONS.contains(d.name())).isEmpty());
      case REWRITINGS -> rewritesNothing(subject);
      case RUNTIME -> refusesToRun(subject);
      case OPERATORS ->
          TckCase.of(
              "no-operator",
              () -> {
                List<CustomOperator> again = subject.provider().operators();
                if (!again.isEmpty()) {
                  throw Violation.of("a second call of operators() gives %s", again);
                }
              });
    };
  }

  private static TckCase refusesUnknownOption(Subject subject) {
    return TckCase.of(
        "unknown-option",
        () ->
            Refused.with(
                "OCT-OPT-001",
                () ->
                    Quantization.plan(
                        QuantizationRequest.of(Variants.withoutNode(), subject.provider())
                            .options(Options.of("tck-unknown", "1")))));
  }

  /** Also not by a quantizer that has rewritten other graphs. */
  private static TckCase rewritesNothing(Subject subject) {
    return TckCase.of(
        "no-graph-is-rewritten",
        () -> {
          Quantizer used = subject.provider().create(subject.options());
          for (Composition made : subject.compositions()) {
            Graph graph = made.model().graph();
            if (!Rewriting.same(graph, used.transformForAnnotation(graph).graph())) {
              throw Violation.of(
                  "%s is rewritten by a quantizer that saw other graphs, and by no other",
                  made.name());
            }
          }
        });
  }

  private static TckCase refusesToRun(Subject subject) {
    return TckCase.of(
        "asked-for-a-runtime",
        () ->
            Refused.with(
                "OCT-REG-005",
                () ->
                    QuantizerCatalog.of(List.of(subject.provider()))
                        .runtime(subject.provider().name())));
  }

  private static TckCase leavesTheUnknownInFloat(Subject subject) {
    return TckCase.of(
        "unknown-operator",
        () -> {
          Model model =
              Variants.followedBy(Variants.withoutNode(), new OpType("dev.octet.tck", "Nothing"));
          NodeAnnotation said =
              Objects.requireNonNull(subject.annotate(model).nodes().get(Variants.UNKNOWN_NODE));
          if (said.isQuantized()) {
            throw Violation.of(
                "a node of the operator dev.octet.tck.Nothing is quantized: %s", said);
          }
        });
  }

  private static TckCase marksNoConstant(Subject subject) {
    return TckCase.of(
        "no-constant-is-marked",
        () -> {
          for (Composition made : subject.compositions()) {
            Plan plan = subject.plan(made);
            for (PlannedGroup group : plan.groups().values()) {
              if (plan.isConstant(group.id())
                  && group.spec().derivation().isEmpty()
                  && !standsForAnActivation(made, group)) {
                throw Violation.of(
                    "in %s, %s is a quantized constant, and no capability has one",
                    made.name(), plan.pointsByGroup().getOrDefault(group.id(), List.of()));
              }
            }
          }
        });
  }

  /** A constant may be where activations flow in, as a summand, and is marked as they are. */
  private static boolean standsForAnActivation(Composition made, PlannedGroup group) {
    return made.capability().activation().filter(group.spec().type()::equals).isPresent();
  }

  private static TckCase plansHave(
      Subject subject, String name, Predicate<QuantizationSpec.Concrete> demanded) {
    return TckCase.of(
        name,
        () -> {
          for (Composition made : subject.compositions()) {
            for (PlannedGroup group : subject.plan(made).groups().values()) {
              if (!demanded.test(group.spec())) {
                throw Violation.of(
                    "in %s, a group is %s, which the backend does not declare",
                    made.name(), group.spec());
              }
            }
          }
        });
  }
}

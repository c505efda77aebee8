package dev.octet.tck.broken;

import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.int8;
import static dev.octet.annotation.rules.Specs.outputChannel;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.api.graph.Node;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.provider.Capability;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.Quantizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Backends that are right of what they were tried on, and wrong of what comes beside. */
final class WrongVariety {

  private WrongVariety() {}

  static List<WrongBackend> all() {
    return List.of(
        new WrongBackend(
            "TCK-OPT-008",
            "has no entry for a value between the ends of a range",
            () -> new Lanes((lanes, fast) -> lanes == 3),
            "with {lanes=[3]}, of c00-relu/1x4x9x8/plain: the capability"),
        new WrongBackend(
            "TCK-ANN-005",
            "has a scale for each element of a vector",
            WrongVariety::ofVectors,
            "operand 1 of 'n0' is a vector, all of which MatMul sums"),
        beginning(
            "TCK-ANN-009",
            "asks for sizes that nobody knows",
            context ->
                context
                    .nodes()
                    .forEach(
                        n -> new ArrayList<Object>().add(context.view(n).shape(0).orElseThrow())),
            "OCT-REG-006: backend 'acme' failed in annotate"),
        beginning(
            "TCK-ANN-009",
            "calls itself for each node in front",
            context ->
                context.nodes().stream()
                    .reduce((before, node) -> node)
                    .ifPresent(last -> inFront(context.view(last))),
            "nodes of Relu behind each other: OCT-REG-006"),
        beginning(
            "TCK-RSN-005",
            "counts its reasons",
            WrongVariety::countReasons,
            "that the same nodes stand beside it changes what is decided of"),
        validating(
            "TCK-ANN-009",
            "refuses models of more than three outputs",
            () ->
                annotated ->
                    annotated.graph().outputs().size() > 3
                        ? List.of(finding(Finding.Severity.ERROR, Optional.empty()))
                        : List.of(),
            "ACME-001: too large."),
        validating(
            "TCK-ERR-002",
            "keeps what it found",
            WrongVariety::keeping,
            "finding ACME-001 is about node 'm0_n0', and the model has"));
  }

  /** A backend with two options, that loses its only rule for some of their values. */
  private static final class Lanes extends Acme {
    private final BiPredicate<Long, Boolean> loses;

    Lanes(BiPredicate<Long, Boolean> loses) {
      this.loses = loses;
    }

    @Override
    public List<OptionDescriptor> options() {
      return List.of(
          OptionDescriptor.integer("lanes", "How many lanes compute.").range(1, 4).defaultValue(4),
          OptionDescriptor.flag("fast", "Whether they hurry.").defaultValue(false));
    }

    @Override
    public BackendRules rules(Options options) {
      return relu(loses.test(options.integer("lanes"), options.flag("fast")) ? "Tanh" : "Relu");
    }

    @Override
    public List<Capability> capabilities(Options options) {
      options.resolve(name(), options());
      return relu("Relu").capabilities();
    }

    private BackendRules relu(String operator) {
      return BackendRules.named(name())
          .rule("relu", op(operator))
          .activation(int8())
          .output(int8())
          .build();
    }
  }

  private static Acme ofVectors() {
    return new Acme() {
      @Override
      public BackendRules rules(Options options) {
        return BackendRules.named(name())
            .rule("dense", op("MatMul").constantOperand(1))
            .activation(int8())
            .weight(int8().symmetric().perChannel(outputChannel()))
            .output(int8())
            .build();
      }
    };
  }

  private static int inFront(NodeView node) {
    return node.producer(0).map(before -> 1 + inFront(before)).orElse(0);
  }

  private static void countReasons(AnnotationContext context) {
    int count = 0;
    for (Node node : context.nodes()) {
      context.explain(node, "reason " + count++ + ": it is not taken");
    }
  }

  private static Function<AnnotatedGraph, List<Finding>> keeping() {
    List<Finding> found = new ArrayList<>();
    return annotated -> {
      annotated.nodes().keySet().stream()
          .limit(1)
          .forEach(node -> found.add(finding(Finding.Severity.WARNING, Optional.of(node))));
      return List.copyOf(found);
    };
  }

  private static Finding finding(Finding.Severity severity, Optional<String> node) {
    return new Finding(severity, "ACME-001", "too large.", node);
  }

  private static WrongBackend beginning(
      String rule, String mistake, Consumer<AnnotationContext> begin, String says) {
    Supplier<Acme> wrong =
        () ->
            new Tampered() {
              @Override
              protected void begin(AnnotationContext context) {
                begin.accept(context);
              }
            };
    return new WrongBackend(rule, mistake, wrong::get, says);
  }

  private static WrongBackend validating(
      String rule,
      String mistake,
      Supplier<Function<AnnotatedGraph, List<Finding>>> validations,
      String says) {
    Supplier<Acme> wrong =
        () ->
            new Acme() {
              @Override
              public Quantizer create(Options options) {
                Quantizer right = super.create(options);
                Function<AnnotatedGraph, List<Finding>> validation = validations.get();
                return new Quantizer() {
                  @Override
                  public void annotate(AnnotationContext context) {
                    right.annotate(context);
                  }

                  @Override
                  public List<Finding> validate(AnnotatedGraph annotated) {
                    return validation.apply(annotated);
                  }
                };
              }
            };
    return new WrongBackend(rule, mistake, wrong::get, says);
  }
}

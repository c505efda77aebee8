package dev.octet.tck.check;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.provider.Capability;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.subject.Subject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the marks of a match are in every field what its capability says of them: of what flows
 * in, of constants, of a bias and of the result. What the capability does not say is not judged.
 */
final class DeclaredMarks {

  private static final Set<String> ALIKE =
      Set.of("Add", "Sub", "Mul", "Div", "Max", "Min", "Concat");
  private static final Set<String> WITH_BIAS = Set.of("Conv", "ConvTranspose", "Gemm");

  private final Subject subject;
  private final Composition made;
  private final AnnotatedGraph annotated;
  private final Marks marks;

  private DeclaredMarks(Subject subject, Composition made) {
    this.subject = subject;
    this.made = made;
    this.annotated = subject.annotation(made);
    this.marks = Marks.of(subject, made);
  }

  /** Demands it of the match that begins where the composition's chain does. */
  static void require(Subject subject, Composition made) {
    DeclaredMarks declared = new DeclaredMarks(subject, made);
    if (declared.marks.isClaimedFromItsStart()) {
      declared.activations();
      declared.constants();
      declared.bias();
      declared.result();
    }
  }

  private void activations() {
    Node first = marks.step(0).orElseThrow();
    made.capability()
        .activationSpec()
        .ifPresent(
            said ->
                marks.incoming(first).stream()
                    .filter(index -> index == 0 || ALIKE.contains(first.op().toString()))
                    .map(index -> Point.operand(first.name(), index))
                    .filter(point -> own(point).isPresent())
                    .forEach(point -> require(point, said, "what flows in")));
  }

  private void constants() {
    Node first = marks.step(0).orElseThrow();
    Capability capability = made.capability();
    List<Point> constants =
        marks.constants(first).stream().map(index -> Point.operand(first.name(), index)).toList();
    capability
        .weightSpec()
        .ifPresent(
            said ->
                constants.stream()
                    .limit(1)
                    .forEach(
                        point ->
                            require(
                                point,
                                said.withGranularity(
                                    CapabilityChecks.statedFor(
                                        marks, point.index(), said.granularity())),
                                "the constant")));
    if (capability.weight().isEmpty()) {
      capability
          .constant()
          .ifPresent(said -> constants.forEach(point -> require(point, said, "a constant")));
    }
  }

  private void bias() {
    Node first = marks.step(0).orElseThrow();
    if (made.capability().bias().isEmpty() || !WITH_BIAS.contains(first.op().toString())) {
      return;
    }
    Capability.Bias said = made.capability().bias().get();
    Point point = Point.operand(first.name(), 2);
    boolean derived =
        own(point)
            .filter(spec -> spec.type().equals(said.type()))
            .flatMap(QuantizationSpec.Concrete::derivation)
            .equals(Optional.of(said.derivation()));
    if (marks.constants(first).contains(2) && !derived) {
      throw Violation.of(
          "a bias is declared %s by %s, and %s is marked %s",
          said.type(), said.derivation(), point, words(point));
    }
  }

  private void result() {
    boolean whole = marks.claim(0).orElseThrow().match().containsAll(made.chain());
    if (whole) {
      made.capability()
          .result()
          .ifPresent(said -> marks.leaving().forEach(point -> require(point, said, "the result")));
    }
  }

  private void require(Point point, QuantizationSpec.Concrete said, String what) {
    Optional<QuantizationSpec.Concrete> own = own(point);
    if (!own.equals(Optional.of(said))) {
      throw Violation.of("%s is declared %s, and %s is marked %s", what, said, point, words(point));
    }
    Marks.spec(subject, made, point)
        .filter(planned -> !withoutObserver(planned).equals(withoutObserver(said)))
        .ifPresent(
            planned -> {
              throw Violation.of(
                  "%s is declared %s, and %s is %s once adjustObservers was asked, which may choose"
                      + " another observer and nothing else",
                  what, said, point, planned);
            });
  }

  private static QuantizationSpec.Concrete withoutObserver(QuantizationSpec.Concrete spec) {
    return spec.observed()
        .<QuantizationSpec.Concrete>map(own -> own.withObserver(ObserverSpec.minMax()))
        .orElse(spec);
  }

  private Optional<QuantizationSpec.Concrete> own(Point point) {
    return annotated.spec(point).flatMap(QuantizationSpec::concrete);
  }

  private String words(Point point) {
    return annotated.spec(point).map(Object::toString).orElse("nothing");
  }
}

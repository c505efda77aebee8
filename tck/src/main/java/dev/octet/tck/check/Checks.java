package dev.octet.tck.check;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The one list of what tests the rules. */
public final class Checks {

  private Checks() {}

  /** Returns what tests each rule, by the rule's id; rules that cannot be tested have nothing. */
  public static SortedMap<String, RuleCheck> byRule() {
    SortedMap<String, RuleCheck> checks = new TreeMap<>();
    Stream.of(
            RegistrationChecks.all(),
            OptionChecks.all(),
            CapabilityChecks.all(),
            AnnotationChecks.all(),
            DeterminismChecks.all(),
            PlaceChecks.all(),
            PolicyChecks.all(),
            ParameterChecks.all(),
            IntegerChecks.all(),
            RuntimeChecks.all(),
            NeighbourChecks.all(),
            FormChecks.all(),
            ResourceChecks.all(),
            SurroundingChecks.all(),
            ConversionChecks.all(),
            FloatProductChecks.all(),
            ReasonChecks.all(),
            ErrorChecks.all(),
            ObserverChecks.all(),
            GridChecks.all(),
            DerivationChecks.all(),
            RewritingChecks.all(),
            CompositionChecks.all())
        .flatMap(List::stream)
        .forEach(
            check -> {
              if (checks.put(check.rule(), check) != null) {
                throw new IllegalStateException(check.rule() + " is tested twice");
              }
            });
    return Collections.unmodifiableSortedMap(checks);
  }
}

package dev.octet.tck.broken;

import java.util.List;
import java.util.stream.Stream;

/** Every backend that is wrong on purpose. */
public final class WrongBackends {

  private WrongBackends() {}

  /** Returns them, in the order of the rules that they break. */
  public static List<WrongBackend> all() {
    return Stream.of(
            WrongRegistrations.all(),
            WrongOptions.all(),
            WrongCapabilities.all(),
            WrongLimits.all(),
            WrongRareOperators.all(),
            WrongRarities.all(),
            WrongBlocks.all(),
            WrongMarks.all(),
            WrongDeclarations.all(),
            WrongAnnotations.all(),
            WrongMemories.all(),
            WrongObedience.all(),
            WrongParameters.all(),
            WrongProducts.all(),
            WrongRuntimes.all(),
            WrongHandling.all(),
            WrongIntegers.all(),
            WrongReasons.all(),
            WrongErrors.all(),
            WrongEdges.all(),
            WrongObservers.all(),
            WrongRewritings.all(),
            WrongNeighbours.all(),
            WrongSurroundings.all(),
            WrongVariety.all())
        .flatMap(List::stream)
        .toList();
  }
}

package dev.octet.annotation.rules;

import java.util.TreeSet;

/** Why a node stays float: of all rules that might have taken it, those that came furthest. */
final class NearMiss {

  private int steps = -1;
  private int conditions;
  private final TreeSet<String> reasons = new TreeSet<>();

  /**
   * Takes note of how far a rule fitted.
   *
   * @param fittedSteps the number of steps that fitted
   * @param fulfilled the number of conditions of the next step that were fulfilled
   * @param reason why it went no further
   */
  void add(int fittedSteps, int fulfilled, String reason) {
    if (fittedSteps > steps || (fittedSteps == steps && fulfilled > conditions)) {
      steps = fittedSteps;
      conditions = fulfilled;
      reasons.clear();
    }
    if (fittedSteps == steps && fulfilled == conditions) {
      reasons.add(reason);
    }
  }

  /** Returns the reasons in plain words, in a fixed order. */
  String words() {
    return String.join("; ", reasons);
  }
}

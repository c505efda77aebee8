package dev.octet.annotation.rules;

import java.util.TreeSet;

/** Why a node stays float: of all rules that might have taken it, those that came furthest. */
final class NearMiss {

  private int steps = -1;
  private final TreeSet<String> reasons = new TreeSet<>();

  /** Takes note that a rule fitted in so many steps, and why it went no further. */
  void add(int fitted, String reason) {
    if (fitted > steps) {
      steps = fitted;
      reasons.clear();
    }
    if (fitted == steps) {
      reasons.add(reason);
    }
  }

  /** Returns the reasons in plain words, in a fixed order. */
  String words() {
    return String.join("; ", reasons);
  }
}

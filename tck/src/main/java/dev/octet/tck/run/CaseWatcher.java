package dev.octet.tck.run;

/** Sees which case begins, to show how far a run is. */
@FunctionalInterface
public interface CaseWatcher {

  /**
   * A case begins.
   *
   * @param rule the id of its rule
   * @param name its name
   * @param before how many cases began before it in the same process
   */
  void begins(String rule, String name, long before);
}

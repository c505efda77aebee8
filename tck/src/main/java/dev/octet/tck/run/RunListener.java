package dev.octet.tck.run;

import dev.octet.api.option.Options;
import dev.octet.tck.verdict.Measurement;
import dev.octet.tck.verdict.Outcome;
import java.util.List;
import java.util.Optional;

/** Hears how a run goes, from one thread and in order. */
public interface RunListener {

  /** The rules begin under a set of options. */
  void preset(Options options);

  /** The cases of a rule are about to be composed; the backend is asked what it declares. */
  void setUp(String rule);

  /**
   * A rule begins: its cases are composed.
   *
   * @param id its id
   * @param missing what the backend has not, where the rule's cases verify a refusal; else empty
   */
  void rule(String id, Optional<String> missing);

  /** A case of the rule begins. */
  void begins(String name);

  /** The case ends. */
  void ends(Outcome outcome);

  /**
   * The rule ends without a verdict: the kit cannot tell right from wrong.
   *
   * @param reason why not
   */
  void cannotTell(String reason);

  /** The rule ends: each of its cases was run. */
  void ruleEnds();

  /** The rules under a set of options end, and so much was measured of the runtime. */
  void measured(List<Measurement> measurements);
}

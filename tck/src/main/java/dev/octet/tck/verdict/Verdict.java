package dev.octet.tck.verdict;

/** What came of a rule. */
public enum Verdict {
  /** Every case passed, and there was one. */
  PASSED,
  /** A case found a MUST broken. */
  FAILED,
  /** A case found a SHOULD broken. */
  SHOULD_NOT_MET,
  /** The backend does not have what the rule is about, and refuses it as prescribed. */
  NOT_DECLARED,
  /** The kit cannot test the rule; the list of rules says why, the same for every backend. */
  UNTESTABLE,
  /** A case neither passed nor failed: something else went wrong, or it hung. */
  ERRORED,
  /** Not every case ran. */
  TRUNCATED,
  /** The caller left the rule out, with a reason. */
  EXCLUDED,
  /** The rule concerns the backend, and the kit has no case for it. */
  NOTHING_RAN
}

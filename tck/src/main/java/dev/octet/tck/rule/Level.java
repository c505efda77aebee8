package dev.octet.tck.rule;

/** How much a rule demands, in the words of RFC 2119. */
public enum Level {
  /** A backend that breaks the rule does not conform. */
  MUST,
  /** A backend that breaks the rule conforms; the report says that it is not met. */
  SHOULD
}

package dev.octet.annotation.policy;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import java.util.List;

/** Errors of policies: which node gets which options. */
final class PolicyErrors {

  static final ErrorId NO_MATCH =
      ErrorId.usage(
          "OCT-POL-001",
          "A selector selects no node of the model.",
          "Use one of the candidates, or remove the rule.");

  static final ErrorId NO_MODULES =
      ErrorId.usage(
          "OCT-POL-002",
          "A selector is by module, and no node of the model tells its module.",
          "Select by node or operator, or give a map of modules.");

  static final ErrorId OPTION_OF_THE_WHOLE =
      ErrorId.usage(
          "OCT-POL-003",
          "An option of the backend cannot differ from node to node.",
          "Use one of the candidates, or give the option for the whole model.");

  static final ErrorId NO_REGEX =
      ErrorId.usage(
          "OCT-POL-004",
          "The pattern of a selector is no regular expression.",
          "Correct it, or use a glob.");

  static final ErrorId SELECTORS =
      ErrorId.input(
          "OCT-POL-006", "A rule has not exactly one selector.", "Keep one of the candidates.");

  static final ErrorId OPTIONS_OR_EXCLUDE =
      ErrorId.input(
          "OCT-POL-007",
          "A rule does two things with what it selects, or nothing.",
          "Keep one of the candidates.");

  static final ErrorId NO_CONDITION =
      ErrorId.input("OCT-POL-008", "A predicate has no condition.", "Use one of the candidates.");

  static final ErrorId NO_OPTIONS =
      ErrorId.usage(
          "OCT-OPT-005",
          "An option 'configure' does not say which options.",
          "Write for example configure=module:layer1.* weight-bits=4,per-channel=true.");

  static final ErrorId EMPTY_PATTERN =
      ErrorId.usage(
          "OCT-POL-009",
          "The pattern of a selector is empty.",
          "Write what it selects; '*' is any name.");

  static final ErrorId GLOBAL_PATTERN =
      ErrorId.usage(
          "OCT-POL-010",
          "The selector 'global' has a pattern.",
          "Write global:* or choose another kind.");

  static final ErrorId UNFIT_ACTION =
      ErrorId.usage(
          "OCT-POL-011",
          "A rule gives options to inputs or outputs of the model, or makes nodes integers.",
          "Exclude inputs and outputs or make them integers; configure or exclude nodes.");

  static final ErrorId ENDLESS_REGEX =
      ErrorId.usage(
          "OCT-POL-012",
          "The regular expression of a selector takes too many steps to match a name.",
          "Write it so that it takes a name apart in one way, without repetitions inside of"
              + " repetitions; or use a glob.");

  private PolicyErrors() {}

  /** Says that what a rule selects is not there. */
  static OctetException.Builder noMatch(String fact, String rule) {
    return NO_MATCH.error(fact).at(rule);
  }

  /** Says that a rule can do nothing of the kind with what it selects. */
  static OctetException unfitAction(String fact, String place, List<String> possible) {
    return UNFIT_ACTION.error(fact).at(place).candidates(possible).build();
  }

  /** Says that a regular expression takes too long to look for. */
  static OctetException endlessRegex(String fact) {
    return ENDLESS_REGEX.error(fact).at("selector module regex").build();
  }

  static void requireText(String kind, String text) {
    if (text.isEmpty()) {
      throw EMPTY_PATTERN
          .error("the pattern of a selector by " + kind + " is empty")
          .at("selector " + kind)
          .build();
    }
  }
}

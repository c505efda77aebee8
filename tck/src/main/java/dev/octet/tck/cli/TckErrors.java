package dev.octet.tck.cli;

import dev.octet.api.error.ErrorId;

/** What the command finds wrong with what it is asked. */
final class TckErrors {

  static final ErrorId NO_SUCH_RULE =
      ErrorId.usage("OCT-TCK-001", "There is no rule with this id.", "See 'octet-tck list-rules'.");

  static final ErrorId NOT_AVAILABLE =
      ErrorId.backend(
          "OCT-TCK-003",
          "The backend says that its runtime does not work on this machine.",
          "Mend what it names, or run the kit where it works.");

  static final ErrorId BAD_COMMAND_LINE =
      ErrorId.usage(
          "OCT-TCK-004", "The command line is not understood.", "See 'octet-tck --help'.");

  static final ErrorId KIT_FAILED =
      ErrorId.defect(
          "OCT-TCK-005", "The kit itself failed.", "Report it with the output of --verbose.");

  static final ErrorId BAD_EXCLUSION =
      ErrorId.usage(
          "OCT-TCK-006",
          "A list of rules to leave out is malformed.",
          "Write a list of maps with rule, reason and link.");

  static final ErrorId NO_SUCH_PLACE =
      ErrorId.usage(
          "OCT-TCK-007",
          "A jar or folder of --class-path is not there.",
          "Name jars and folders that exist, with the separator of class paths between them.");

  static final ErrorId UNWRITABLE =
      ErrorId.usage(
          "OCT-TCK-017",
          "The report, or the answer on standard output, cannot be written.",
          "Name a folder that takes files, and let standard output be read to its end.");

  private TckErrors() {}
}

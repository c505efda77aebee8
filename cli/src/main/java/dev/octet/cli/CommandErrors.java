package dev.octet.cli;

import dev.octet.api.error.ErrorId;
import dev.octet.api.quantizer.FindingId;

/** Errors and findings of the command line. */
final class CommandErrors {

  static final ErrorId BAD_COMMAND_LINE =
      ErrorId.usage(
          "OCT-CLI-001", "The command line is not understood.", "See the command's --help.");

  static final ErrorId UNWRITABLE =
      ErrorId.usage(
          "OCT-CLI-002",
          "An output cannot be written.",
          "Name a file in a folder that exists and that you may write to.");

  static final ErrorId REPLACES_INPUT =
      ErrorId.usage("OCT-CLI-003", "An output would replace what is read.", "Choose another name.");

  static final ErrorId SAME_FILE_NAME =
      ErrorId.input(
          "OCT-CLI-004",
          "Two outputs of the model have the same file name.",
          "Rename an output of the model.");

  static final ErrorId NO_NUMPY_FORM =
      ErrorId.backend(
          "OCT-CLI-005",
          "An output is of a type that NumPy does not know.",
          "Cast the output in the model to a type that NumPy knows.");

  static final ErrorId NO_JAR =
      ErrorId.usage("OCT-CLI-006", "A jar of --class-path does not exist.", "Correct the path.");

  static final ErrorId NO_BATCH =
      ErrorId.backend(
          "OCT-CLI-008",
          "An output does not count the samples of a run.",
          "Export the model with a batch dimension of 1, or with one of any size.");

  static final ErrorId OTHER_REFERENCE =
      ErrorId.input(
          "OCT-CLI-009",
          "The model and its reference have different inputs or outputs.",
          "Compare a model with the one it was made from.");

  static final ErrorId NO_NUMBERS =
      ErrorId.backend(
          "OCT-CLI-010",
          "An output is of a type that cannot be compared.",
          "Evaluate a model whose outputs are float32, float64 or integers.");

  static final ErrorId LABEL_RANGE =
      ErrorId.input(
          "OCT-CLI-011",
          "A label is no class of the model.",
          "Add a labelMap to the data description, or correct the labels.");

  static final ErrorId THREADS =
      ErrorId.usage(
          "OCT-CLI-012", "The number of threads is below 1.", "Give a number of at least 1.");

  static final ErrorId TOKEN_SCORES =
      ErrorId.input(
          "OCT-CLI-013",
          "The tokens do not belong to the language model.",
          "Give tokens to a language model that they belong to.");

  static final ErrorId SHARD =
      ErrorId.usage(
          "OCT-CLI-014",
          "A shard is not written as a part and a number of parts.",
          "Give the part and the number of parts, such as --shard 1/4.");

  static final ErrorId NO_TEST_DATA =
      ErrorId.input(
          "OCT-FMT-003",
          "The format of the model has no test data in folders.",
          "Give a data description in YAML.");

  static final ErrorId NO_RULES =
      ErrorId.usage(
          "OCT-CLI-016",
          "The rules of a backend are asked for that is no table of rules.",
          "Look at its capabilities with 'octet backends NAME'.");

  static final ErrorId DEFECT =
      ErrorId.defect(
          "OCT-CLI-070",
          "Octet met a defect of its own.",
          "Run the command again with --verbose and report what it prints.");

  static final FindingId NO_SQNR =
      FindingId.warning(
          "OCT-CLI-101",
          "The SQNR is no finite number: outputs hold NaN or infinities, or the reference is zero everywhere.",
          "Look at the outputs with 'octet run'.");

  private CommandErrors() {}
}

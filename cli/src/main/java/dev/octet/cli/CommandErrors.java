package dev.octet.cli;

import dev.octet.api.error.ErrorId;

/** Errors of the command line. */
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

  static final ErrorId NO_JAR =
      ErrorId.usage("OCT-CLI-006", "A jar of --class-path does not exist.", "Correct the path.");

  static final ErrorId THREADS =
      ErrorId.usage(
          "OCT-CLI-012", "The number of threads is below 1.", "Give a number of at least 1.");

  static final ErrorId SHARD =
      ErrorId.usage(
          "OCT-CLI-014",
          "A shard is not written as a part and a number of parts.",
          "Give the part and the number of parts, such as --shard 1/4.");

  static final ErrorId NO_RULES =
      ErrorId.usage(
          "OCT-CLI-016",
          "The rules of a backend are asked for that is no table of rules.",
          "Look at its capabilities with 'octet backends NAME'.");

  static final ErrorId NO_ZIP =
      ErrorId.usage(
          "OCT-CLI-017",
          "A jar of --class-path is damaged.",
          "Copy or build the jar again, or remove it.");

  static final ErrorId NO_DATA =
      ErrorId.usage(
          "OCT-CLI-019",
          "The plan has ranges that data must find, and no data is given.",
          "Give --data, or options with which nothing is calibrated.");

  static final ErrorId NO_JSON =
      ErrorId.input(
          "OCT-CLI-020",
          "A file starts as a plan does, with a brace, and is no JSON.",
          "Give a model, plan.json or x.calib.");

  static final ErrorId NO_REFERENCE =
      ErrorId.usage(
          "OCT-CLI-030",
          "The layers of a model are to be compared, and there is no float model.",
          "Give the float model by --reference.");

  static final ErrorId NO_TEXT =
      ErrorId.usage(
          "OCT-CLI-040",
          "Standard output is named for an output that is no text.",
          "Name a file; plans, JUnit's XML, pages and bills of materials go to standard output.");

  static final ErrorId TWO_DOCUMENTS =
      ErrorId.usage(
          "OCT-CLI-041",
          "Two documents are to go to standard output.",
          "Leave one out, or name a file for it.");

  static final ErrorId DEFECT =
      ErrorId.defect(
          "OCT-CLI-070",
          "Octet met a defect of its own.",
          "Sorry. Run the command again with --verbose and report what it prints.");

  static final ErrorId NO_MEMORY =
      ErrorId.input(
          "OCT-CLI-071",
          "The files that were given take more memory than the JVM may use.",
          "Allow more, for example with OCTET_OPTS=-Xmx8g, or give fewer samples at once.");

  static final ErrorId CUT_OFF_MEANWHILE =
      ErrorId.input(
          "OCT-CLI-072",
          "A file was cut off while it was read.",
          "Begin again with the files as they are now, and leave them alone until the work is"
              + " done.");

  private CommandErrors() {}
}

package dev.octet.workflow.data;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import java.nio.file.Path;

/** Errors of data descriptions and of what they name. */
final class DataErrors {

  static final ErrorId NO_TEST_DATA =
      ErrorId.input(
          "OCT-FMT-003",
          "The format of the model has no test data in folders.",
          "Give a data description in YAML.");

  static final ErrorId NO_FILE =
      ErrorId.input(
          "OCT-DATA-001",
          "A file of data does not exist.",
          "Correct the path; it is relative to the data description.");

  static final ErrorId MALFORMED =
      ErrorId.input(
          "OCT-DATA-002",
          "A file of data is none of the known kinds, or damaged.",
          "Give a complete .npy file, an archive.npz:key, or an MNIST idx file.");

  static final ErrorId ELEMENT_TYPE =
      ErrorId.input(
          "OCT-DATA-003",
          "An array has elements that are not read.",
          "Save the array with one of these element types.");

  static final ErrorId NO_MEMBER =
      ErrorId.input(
          "OCT-DATA-004",
          "An archive of arrays has no member of that name.",
          "Write the file as archive.npz:key.");

  static final ErrorId MISSING_INPUT =
      ErrorId.input(
          "OCT-DATA-005",
          "An input of the model has no data.",
          "Describe every input of the model.");

  static final ErrorId UNKNOWN_INPUT =
      ErrorId.input(
          "OCT-DATA-006",
          "Data is given for an input that the model does not have.",
          "Use the names of the model's inputs.");

  static final ErrorId MALFORMED_STEP =
      ErrorId.input(
          "OCT-DATA-007", "A step of a data description is malformed.", "Correct the step.");

  static final ErrorId UNFIT_STEP =
      ErrorId.input(
          "OCT-DATA-008",
          "A step of a data description does not fit the array that it is applied to.",
          "Correct the step, or the steps before it.");

  static final ErrorId INPUT_TYPE =
      ErrorId.input(
          "OCT-DATA-009",
          "The samples have not the element type of the model's input.",
          "End with a step 'cast:' to the type that the model takes.");

  static final ErrorId INPUT_SHAPE =
      ErrorId.input(
          "OCT-DATA-010",
          "The samples have not the shape of the model's input.",
          "Bring the samples into the model's shape with transpose or reshape.");

  static final ErrorId OTHER_COUNT =
      ErrorId.input(
          "OCT-DATA-011",
          "The inputs have different numbers of samples.",
          "Give the same number of samples for every input.");

  static final ErrorId NO_LABELS =
      ErrorId.input(
          "OCT-DATA-012",
          "The labels are not one whole number for each sample.",
          "Give one whole number for each sample.");

  static final ErrorId LABEL_MAP =
      ErrorId.input(
          "OCT-DATA-013",
          "The label map has no entry for a label.",
          "Add an entry for each label of the file, counted from 0.");

  static final ErrorId NOTHING_LEFT =
      ErrorId.input(
          "OCT-DATA-014",
          "Nothing is left of the samples after skip and take.",
          "Correct skip and take so that samples remain.");

  static final ErrorId IMAGE_SIZES =
      ErrorId.input(
          "OCT-DATA-015",
          "The images of a folder differ in size or channels.",
          "Bring all images to one size.");

  static final ErrorId IMAGE_UNREADABLE =
      ErrorId.input("OCT-DATA-016", "An image cannot be read.", "Replace or remove the image.");

  static final ErrorId NO_IMAGES =
      ErrorId.input(
          "OCT-DATA-017",
          "A folder has no images, or images beside folders of images.",
          "Give a folder of images, or a folder with one folder of images for each class.");

  static final ErrorId NO_WHOLE_BATCH =
      ErrorId.input(
          "OCT-DATA-018",
          "The number of samples is no multiple of the batch that the model takes.",
          "Set 'take' to a multiple of the batch.");

  static final ErrorId TOKEN_INPUT =
      ErrorId.input(
          "OCT-DATA-019",
          "Tokens do not fit the inputs of the model.",
          "Tokens need a model with one input of int64 or int32 [batch, length].");

  static final ErrorId NO_SHARD =
      ErrorId.usage(
          "OCT-DATA-020",
          "There is no such shard of the samples, or it would be empty.",
          "Give i/n with i from 1 to n, and no more shards than batches.");

  private DataErrors() {}

  static OctetException unreadable(Path file, Throwable cause) {
    return OctetException.input("OCT-DATA-001", "file '" + file + "' cannot be read: " + cause)
        .cause(cause)
        .next("Give a file that exists and can be read.");
  }

  static OctetException malformed(String name, String fact) {
    return OctetException.input("OCT-DATA-002", "'" + name + "' " + fact)
        .next("Give a complete .npy file, an archive.npz:key, or an MNIST idx file.");
  }
}

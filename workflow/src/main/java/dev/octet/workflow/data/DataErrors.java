package dev.octet.workflow.data;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import dev.octet.api.quantizer.FindingId;
import java.nio.file.Path;

/** Errors of data descriptions and of what they name. */
final class DataErrors {

  static final ErrorId NO_TEST_DATA =
      ErrorId.input(
          "OCT-FMT-003",
          "The format of the model has no test data in folders.",
          "Give a data description in YAML.");

  static final ErrorId MISSING_SET_INPUT =
      ErrorId.input(
          "OCT-FMT-004",
          "A set of test data lacks an input of the model.",
          "Add a tensor for every input of the model to each set.");

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
          "The images of a folder differ in size.",
          "Bring all images to one size with steps: resize, center-crop or letterbox.");

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

  static final ErrorId UNREADABLE =
      ErrorId.input(
          "OCT-DATA-028",
          "A file of data cannot be read.",
          "Give a file that exists and can be read.");

  static final ErrorId NO_INPUTS =
      ErrorId.input("OCT-DATA-021", "The model has no inputs.", "Give a model that takes data.");

  static final ErrorId NO_TENSOR_INPUT =
      ErrorId.input(
          "OCT-DATA-022",
          "An input of the model takes no tensors.",
          "Data descriptions hold tensors only.");

  static final ErrorId DIFFERENT_SIZES =
      ErrorId.input(
          "OCT-DATA-023",
          "The inputs have different sizes of one symbolic dimension.",
          "Give arrays that agree in it.");

  static final ErrorId OTHER_BATCH =
      ErrorId.input(
          "OCT-DATA-024",
          "The inputs of the model take different numbers of samples at a time.",
          "Give each sample as a whole input, with one axis more than the model's.");

  static final ErrorId MAP_WITHOUT_LABELS =
      ErrorId.input(
          "OCT-DATA-025",
          "There is a label map without labels.",
          "Add 'labels:', or remove the map.");

  static final ErrorId LARGE_LABEL =
      ErrorId.input(
          "OCT-DATA-026", "A label does not fit into 32 bits.", "Give class numbers of 32 bits.");

  static final ErrorId BAD_TOKENS =
      ErrorId.input(
          "OCT-DATA-027",
          "A sequence of tokens is empty or holds a negative token.",
          "Give at least one token from 0 upwards in each sequence.");

  static final ErrorId NO_SHARD =
      ErrorId.usage(
          "OCT-DATA-020",
          "There is no such part of the data.",
          "Give i/n with i from 1 to n, such as 1/4.");

  static final ErrorId EMPTY_SHARD =
      ErrorId.usage(
          "OCT-DATA-029",
          "A part of the data has no samples.",
          "Divide the samples into fewer parts.");

  static final ErrorId OTHER_LABEL_COUNT =
      ErrorId.input(
          "OCT-DATA-030",
          "There are more or fewer labels than samples.",
          "Give one whole number for each sample.");

  static final ErrorId UNFIT_ARRAY =
      ErrorId.input(
          "OCT-DATA-031",
          "A tensor that is to be stored has elements that NumPy does not know.",
          "Give floats, truth values, or integers of 8 to 64 bits.");

  static final ErrorId NO_SAMPLES =
      ErrorId.input("OCT-DATA-032", "There are no samples.", "Give at least one sample.");

  static final ErrorId READ_AGAIN =
      ErrorId.usage(
          "OCT-DATA-033",
          "A stream of samples is read a second time.",
          "Make a stream for each step, or keep the samples: DataSource.of(graph, sets).");

  static final ErrorId TOO_MANY_TO_KEEP =
      ErrorId.usage(
          "OCT-DATA-046",
          "A stream has more samples than may be kept for work that reads them several times.",
          "Give fewer samples, or keep more of them: stream.keep(graph, most, execution).");

  static final ErrorId RAGGED =
      ErrorId.input(
          "OCT-DATA-034",
          "A sample has not as many elements as its shape.",
          "Give as many elements for each sample as the shape says.");

  static final ErrorId NESTED_FOLDERS =
      ErrorId.input(
          "OCT-DATA-035",
          "A folder of images that stands for a class holds folders.",
          "Put all images of a class into one folder.");

  static final ErrorId UNFIT_IMAGE =
      ErrorId.input(
          "OCT-DATA-036",
          "A step for images cannot be done to an image of a folder.",
          "Put a step 'resize' before it, or take the image out of the folder.");

  static final ErrorId BAD_CLASSES =
      ErrorId.input(
          "OCT-DATA-037",
          "A list of classes names none, or one twice, or is no text of UTF-8.",
          "Name each class once, in the model's order: a list, or a file with a name on each"
              + " line.");

  static final ErrorId UNKNOWN_CLASS =
      ErrorId.input(
          "OCT-DATA-038",
          "A folder of images is named like no class.",
          "Rename the folder, or correct the list of classes.");

  static final ErrorId MAP_BESIDE_CLASSES =
      ErrorId.input(
          "OCT-DATA-039",
          "A label map stands beside names of classes that give the labels of a folder.",
          "Remove the map: the list of classes is already in the model's order.");

  static final ErrorId UNNAMED_LABEL =
      ErrorId.input(
          "OCT-DATA-040",
          "A label is the position of no class of the list.",
          "Name every class of the model in 'classes', or correct the labels.");

  static final ErrorId IMAGES_AS_DATA =
      ErrorId.input(
          "OCT-DATA-041",
          "Images stand where a data description belongs.",
          "Write a data description that names the folder and says how images become inputs.");

  static final ErrorId EMPTY_FOLDER =
      ErrorId.input(
          "OCT-DATA-047",
          "A folder without files stands where a data description belongs.",
          "Give a data description that names the samples, an array, or a folder of test data of"
              + " the model's format.");

  static final ErrorId ARRAY_AS_DATA =
      ErrorId.input(
          "OCT-DATA-042",
          "An array stands where a data description belongs, and which input it is for is open.",
          "Write a data description that names an array for each input.");

  static final ErrorId NO_DESCRIPTION =
      ErrorId.input(
          "OCT-DATA-043",
          "A file that is given as data is no data description.",
          "Write a data description.");

  static final ErrorId MALFORMED_INPUT =
      ErrorId.input(
          "OCT-DATA-044",
          "What an input of the model is given is no map.",
          "Write 'file: ...' below the name of the input, and 'steps: ...' if there are some.");

  static final ErrorId NO_DECODER =
      ErrorId.usage(
          "OCT-DATA-045",
          "Nothing that reads images was found, or more than one.",
          "Add dev.octet:octet-images to the class path or module path, and no other; in a jar that"
              + " was put together from several, join their files in META-INF/services.");

  static final ErrorId TOO_LARGE =
      ErrorId.input(
          "OCT-DATA-048",
          "Data takes more memory than the JVM may use.",
          "Give smaller samples, store arrays uncompressed, or allow more memory, for example with"
              + " OCTET_OPTS=-Xmx8g.");

  static final FindingId CLASSES_UNKNOWN =
      FindingId.warning(
          "OCT-DATA-101",
          "It is not known which class of the model each folder of images is, so that there are no"
              + " labels.",
          "Write 'classes' with the names of all classes in the model's order, a list or a file of"
              + " lines, into the data description.");

  static final FindingId OTHER_CLASS_COUNT =
      FindingId.warning(
          "OCT-DATA-102",
          "The list of classes names more or fewer than the model scores.",
          "Name all classes in the model's order.");

  static final FindingId UNLIKE_IMAGES =
      FindingId.warning(
          "OCT-DATA-103",
          "Images differ in size, and run one at a time as they are.",
          "Accept it if the model is meant for any size; else bring them to one with steps.");

  private static final int MOST_OF_ARRAY = Integer.MAX_VALUE - 8;

  private DataErrors() {}

  static OctetException unreadable(Path file, Throwable cause) {
    return UNREADABLE.error("file '" + file + "' cannot be read: " + cause).cause(cause).build();
  }

  /** Says that the memory has no room for some data. */
  static OctetException.Builder tooLarge(String what) {
    return TOO_LARGE.error(what + " takes more memory than there is");
  }

  /**
   * Returns a number of elements that an array can have.
   *
   * @throws OctetException {@code OCT-DATA-048} for a larger one
   */
  static int arraySize(long count, long each, String what) {
    if (each > 0 && count > MOST_OF_ARRAY / each) {
      throw tooLarge(what).build();
    }
    return (int) (count * each);
  }

  static OctetException.Builder noFile(Path file, String place) {
    return NO_FILE.error("there is no file '" + file + "'").at(place);
  }

  static OctetException noSamples() {
    return NO_SAMPLES.error("there are no samples").build();
  }

  static OctetException otherLabelCount(String labels, int samples) {
    return OTHER_LABEL_COUNT
        .error("there are " + labels + " labels for " + samples + " samples")
        .build();
  }

  static OctetException malformed(String name, String fact) {
    return MALFORMED.error("'" + name + "' " + fact).build();
  }
}

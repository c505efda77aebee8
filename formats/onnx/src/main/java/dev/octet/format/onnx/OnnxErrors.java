package dev.octet.format.onnx;

import dev.octet.api.error.ErrorId;
import dev.octet.api.quantizer.FindingId;

/** Errors and findings of ONNX files. */
final class OnnxErrors {

  private static final String REPAIR =
      "Check the model with onnx.checker.check_model and export it again.";
  private static final String SET =
      "A set is a folder test_data_set_<n> with one tensor in each input_<k>.pb and output_<k>.pb.";

  static final ErrorId UNREADABLE =
      ErrorId.input(
          "OCT-ONNX-001",
          "The model file cannot be read.",
          "Name an .onnx file that exists and that you may read.");

  static final ErrorId EMPTY =
      ErrorId.input(
          "OCT-ONNX-002",
          "The model file is empty.",
          "Check that the file was written or copied whole.");

  static final ErrorId CUT_OFF =
      ErrorId.input(
          "OCT-ONNX-003",
          "The model file ends early.",
          "The file was cut off: copy or download it again.");

  static final ErrorId NO_MODEL =
      ErrorId.input("OCT-ONNX-004", "The file is no ONNX model.", "Name a file in ONNX format.");

  static final ErrorId NO_GRAPH = ErrorId.input("OCT-ONNX-005", "The model has no graph.", REPAIR);

  static final ErrorId TWO_OPSETS =
      ErrorId.input("OCT-ONNX-006", "One operator set is imported in two versions.", REPAIR);

  static final ErrorId LARGE_FILE =
      ErrorId.input(
          "OCT-ONNX-007",
          "The model file is larger than 2 GiB, which protobuf cannot read.",
          "Save it with external data: onnx.save(model, file, save_as_external_data=True).");

  static final ErrorId ELEMENT_TYPE =
      ErrorId.input(
          "OCT-ONNX-011",
          "A tensor has an element type that is not supported.",
          "Store the tensor in one of these element types.");

  static final ErrorId NEGATIVE_DIMS =
      ErrorId.input("OCT-ONNX-012", "A tensor has negative dims.", REPAIR);

  static final ErrorId DATA_SIZE =
      ErrorId.input(
          "OCT-ONNX-013",
          "The data of a tensor has not the size that its type and dims need.",
          REPAIR);

  static final ErrorId UNNAMED_VALUE =
      ErrorId.input("OCT-ONNX-014", "A value has no name.", REPAIR);

  static final ErrorId DEFINED_TWICE =
      ErrorId.input("OCT-ONNX-015", "A value is defined twice.", REPAIR);

  static final ErrorId UNDEFINED_VALUE =
      ErrorId.input("OCT-ONNX-016", "A value is read and never defined.", REPAIR);

  static final ErrorId CIRCLE =
      ErrorId.input("OCT-ONNX-017", "Nodes read each other's results in a circle.", REPAIR);

  static final ErrorId NO_OPERATOR =
      ErrorId.input("OCT-ONNX-018", "A node has no operator.", REPAIR);

  static final ErrorId ATTRIBUTE_TWICE =
      ErrorId.input("OCT-ONNX-019", "A node has two attributes of one name.", REPAIR);

  static final ErrorId NO_FOLDER =
      ErrorId.input(
          "OCT-ONNX-020",
          "A tensor has external data, and the model was not read from a file.",
          "Read the model from its file, so that the data is found beside it.");

  static final ErrorId OUTSIDE_FOLDER =
      ErrorId.input(
          "OCT-ONNX-021",
          "The external data of a tensor is not inside the model's folder.",
          "Put the data file into the folder of the model and refer to it by a relative path.");

  static final ErrorId EXTERNAL_UNREADABLE =
      ErrorId.input(
          "OCT-ONNX-022",
          "A file of external data cannot be read.",
          "Put the data file beside the model.");

  static final ErrorId NO_SIZE =
      ErrorId.input("OCT-ONNX-023", "The offset or length of external data is no size.", REPAIR);

  static final ErrorId PAST_THE_END =
      ErrorId.input(
          "OCT-ONNX-024",
          "External data ends behind its file.",
          "Check that the file was copied whole and belongs to this model.");

  static final ErrorId SEGMENTS =
      ErrorId.input(
          "OCT-ONNX-025",
          "A tensor is stored in segments, which are not supported.",
          "Save the model again with the onnx library, which writes tensors in one piece.");

  static final ErrorId EXTERNAL_STRINGS =
      ErrorId.input(
          "OCT-ONNX-026",
          "A tensor of strings has external data.",
          "Save the model with its strings in the model itself.");

  static final ErrorId LARGE_TENSOR =
      ErrorId.input("OCT-ONNX-027", "A tensor takes more bytes than a file can have.", REPAIR);

  static final ErrorId EXTERNAL_SIZE =
      ErrorId.input(
          "OCT-ONNX-028",
          "The external data of a tensor has not the size that its type and dims need.",
          REPAIR);

  static final ErrorId UNWRITABLE =
      ErrorId.input(
          "OCT-ONNX-030",
          "The model file cannot be written.",
          "Name a file in an existing folder that you may write to, with room for the model.");

  static final ErrorId LARGE_BYTES =
      ErrorId.input(
          "OCT-ONNX-031",
          "The model takes 2 GiB or more, which one array of bytes cannot hold.",
          "Write it to a file, which puts its data beside it.");

  static final ErrorId SPARSE_INDICES =
      ErrorId.input(
          "OCT-ONNX-032",
          "The indices of a sparse tensor fit neither its values nor its dims, or do not ascend.",
          REPAIR);

  static final ErrorId LARGE_SPARSE =
      ErrorId.input(
          "OCT-ONNX-033",
          "A sparse tensor is too large in full, or its dims are no sizes.",
          "Store the tensor as an ordinary initializer.");

  static final ErrorId ENDLESS_FUNCTIONS =
      ErrorId.input(
          "OCT-ONNX-034",
          "Functions of the model call themselves, or each other so often or so deep that there is"
              + " no room for their nodes.",
          "Check the model with onnx.checker.check_model and export it again.");

  static final ErrorId UNKNOWN_OPSET =
      ErrorId.quantization(
          "OCT-ONNX-040",
          "The model uses an operator set that is not understood.",
          "Convert it with onnx.version_converter, or export it again.");

  static final ErrorId NOT_RAISED =
      ErrorId.quantization(
          "OCT-ONNX-041",
          "The model cannot be raised to the operator set that its quantized form needs.",
          "Export the model with the named operator set or a newer one.");

  static final FindingId RAISED =
      FindingId.info(
          "OCT-ONNX-044",
          "The model was raised to a newer operator set.",
          "Nothing; the model computes the same.");

  static final FindingId RAISED_NODE =
      FindingId.info(
          "OCT-ONNX-045",
          "Raising the operator set changed a node in more than its version.",
          "Check that node if the results surprise.");

  static final ErrorId NO_TEST_DATA =
      ErrorId.input("OCT-ONNX-050", "A folder has no ONNX test data.", SET);

  static final ErrorId NO_TENSOR =
      ErrorId.input(
          "OCT-ONNX-051",
          "A file of ONNX test data holds no tensor.",
          "Sequences, maps and optional values are not supported. " + SET);

  static final ErrorId UNKNOWN_TENSOR =
      ErrorId.input(
          "OCT-ONNX-052",
          "A tensor of ONNX test data belongs to no input or output of the model.",
          "Name the tensor after an input or output of the model.");

  static final ErrorId TEST_DATA_UNREADABLE =
      ErrorId.input("OCT-ONNX-053", "A folder of ONNX test data cannot be read.", SET);

  private OnnxErrors() {}
}

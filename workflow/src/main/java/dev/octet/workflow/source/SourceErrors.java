package dev.octet.workflow.source;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import dev.octet.api.quantizer.FindingId;
import java.util.function.Supplier;

/** Errors and findings of source quantization. */
final class SourceErrors {

  static final ErrorId NO_LAYERS =
      ErrorId.quantization(
          "OCT-SRC-001",
          "Source quantization has no layer to quantize.",
          "Read the reason of each layer; give other options or filters, or quantize the model for"
              + " a backend.");

  static final ErrorId NOT_FINITE =
      ErrorId.quantization(
          "OCT-SRC-002",
          "A weight holds NaN or an infinity, perhaps because its precision has no room for it.",
          "Leave the layer out by a filter, choose a wider precision, or mend the model.");

  static final ErrorId NO_SCALE =
      ErrorId.quantization(
          "OCT-SRC-003",
          "A weight needs a larger scale than the type of the scales has.",
          "Choose scales of float32 or bfloat16, or leave the layer out by a filter.");

  static final ErrorId UNSOUND =
      ErrorId.usage(
          "OCT-SRC-004",
          "The options of a scheme of source quantization do not go together.",
          "Give the options that the scheme has; docs/source-quantization.md lists them.");

  static final ErrorId NO_SUCH_OPTION =
      ErrorId.usage(
          "OCT-SRC-005",
          "A scheme of source quantization has not an option that was given.",
          "Leave the option out, or choose another scheme.");

  static final ErrorId NO_SUCH_SCHEME =
      ErrorId.usage(
          "OCT-SRC-006",
          "There is no scheme of source quantization of a name.",
          "Give one of the names; docs/source-quantization.md says which to take.");

  static final ErrorId NO_SUCH_FORM =
      ErrorId.usage(
          "OCT-SRC-020",
          "There is no form of a name to write a model in.",
          "Give one of the names; docs/source-quantization.md says what each form keeps.");

  static final FindingId OTHER_ACTIVATIONS =
      FindingId.warning(
          "OCT-SRC-121",
          "The form of the file changes how activations are quantized.",
          "Give --data to see what that costs, or leave --form out to keep the scheme as it is.");

  static final FindingId NO_FORM =
      FindingId.info(
          "OCT-SRC-122",
          "A quantized layer cannot be written in the form that was asked for.",
          "Choose a scheme of 2, 4 or 8 bits in groups of 16 to 256 inputs and of precision"
              + " float32, or another form.");

  static final ErrorId DATA_NEEDED =
      ErrorId.usage(
          "OCT-SRC-007",
          "A scheme of source quantization fits weights to data, and there is none.",
          "Give data with --data, or choose a scheme that needs none.");

  static final ErrorId INPUT_NOT_FINITE =
      ErrorId.quantization(
          "OCT-SRC-008",
          "The data gives a layer an input that holds NaN or an infinity.",
          "Look for the sample in the data, or leave the layer out by a filter.");

  static final FindingId LEFT_FLOAT =
      FindingId.warning(
          "OCT-SRC-101",
          "The groups do not divide the inputs of a layer, so that it stays float.",
          "Choose a group size that divides them, or allow padding.");

  private SourceErrors() {}

  /**
   * Checks that the options of a scheme go together.
   *
   * @throws OctetException {@code OCT-SRC-004} if they do not
   */
  static void requireSound(SourceScheme scheme) {
    sound(scheme::rule, " (" + scheme + ")");
  }

  /**
   * Returns what options make.
   *
   * @param where what the message ends with
   * @throws OctetException {@code OCT-SRC-004} if they do not go together
   */
  static <T> T sound(Supplier<T> made, String where) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw UNSOUND.error(e.getMessage() + where).cause(e).build();
    }
  }
}

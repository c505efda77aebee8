package dev.octet.backend.qnn;

import dev.octet.annotation.rules.ModeOption;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.spec.Mode;
import java.util.List;

/**
 * How the QNN backend quantizes nodes. Immutable.
 *
 * @param channelwise whether weights have a scale for each output channel and biases follow from
 *     them, or both have one scale for all
 * @param activationBits width of activations: 8 or 16
 * @param weightBits width of weights: 8, 4 or 16
 * @param blockSize input channels whose weights share a scale in layers that have blocks; 0 for
 *     none
 * @param mode when parameters are found: static or quantization-aware
 */
record QnnConfig(
    boolean channelwise, int activationBits, int weightBits, int blockSize, Mode mode) {

  private static final String BLOCK_SIZE = "block-size";
  private static final String NO_BLOCKS = "none";

  static final List<OptionDescriptor> OPTIONS =
      List.of(
          OptionDescriptor.flag(
                  "per-channel",
                  "Whether weights have a scale for each output channel and biases the product of scales, or weights and biases one scale each of their own.")
              .defaultValue(true),
          OptionDescriptor.word(
                  "activation-bits",
                  "Width of activations: uint8 or uint16, both affine.",
                  "8",
                  "16")
              .defaultValue("8"),
          OptionDescriptor.word(
                  "weight-bits",
                  "Width of weights: 8 bits (-127 to 127), 4 bits (-7 to 7, stored as int8), or 16 bits (-32767 to 32767).",
                  "8",
                  "4",
                  "16")
              .defaultValue("8"),
          OptionDescriptor.word(
                  BLOCK_SIZE,
                  "Input channels whose weights share a scale (low-power block quantization, LPBQ) in Gemm, MatMul and convolutions of kernel 1: 1 to 16 times a sixteenth of the largest of the output channel; their biases have one scale of their own. QNN has such blocks for 4-bit weights.",
                  NO_BLOCKS,
                  "16",
                  "32",
                  "64")
              .defaultValue(NO_BLOCKS),
          ModeOption.withoutDynamic());

  /** Returns the configuration of resolved options. */
  static QnnConfig of(Options options) {
    return new QnnConfig(
        options.flag("per-channel"),
        Integer.parseInt(options.word("activation-bits")),
        Integer.parseInt(options.word("weight-bits")),
        blockSize(options.word(BLOCK_SIZE)),
        ModeOption.of(options));
  }

  private static int blockSize(String word) {
    return word.equals(NO_BLOCKS) ? 0 : Integer.parseInt(word);
  }

  /** Tells whether layers that can have blocks have them. */
  boolean blockwise() {
    return blockSize > 0;
  }
}

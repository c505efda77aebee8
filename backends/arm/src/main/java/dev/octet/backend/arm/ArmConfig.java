package dev.octet.backend.arm;

import dev.octet.annotation.rules.ModeOption;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.spec.Mode;
import java.util.List;

/**
 * How the Arm backend quantizes nodes. Immutable.
 *
 * @param channelwise whether weights have a scale for each output channel, or one for all
 * @param activationBits width of activations: 8 (affine) or 16 (symmetric)
 * @param weightBits width of weights: 8 or 4
 * @param signedNormalized whether 8-bit activations stay within -127 to 127
 * @param unsignedBoundary whether inputs and outputs of the model are uint8, or as activations are
 * @param mode when parameters are found: static or quantization-aware
 */
record ArmConfig(
    boolean channelwise,
    int activationBits,
    int weightBits,
    boolean signedNormalized,
    boolean unsignedBoundary,
    Mode mode) {

  static final String BOUNDARY = "boundary";

  static final List<OptionDescriptor> OPTIONS =
      List.of(
          OptionDescriptor.flag(
                  "per-channel",
                  "Whether weights have a scale for each output channel, or one for all.")
              .defaultValue(true),
          OptionDescriptor.word(
                  "activation-bits",
                  "Width of activations: 8 bits, affine, or 16 bits, symmetric (-32767 to 32767), with biases stored as int64 within 48 bits.",
                  "8",
                  "16")
              .defaultValue("8"),
          OptionDescriptor.word(
                  "weight-bits",
                  "Width of weights: 8 bits (-127 to 127), or 4 bits (-7 to 7, stored as int8).",
                  "8",
                  "4")
              .defaultValue("8"),
          OptionDescriptor.flag(
                  "snorm",
                  "Whether 8-bit activations stay within -127 to 127, as signed normalized textures of Vulkan do.")
              .defaultValue(false),
          OptionDescriptor.word(
                  BOUNDARY,
                  "Inputs and outputs of the model: integers as activations are, or uint8.",
                  "activations",
                  "uint8")
              .defaultValue("activations"),
          ModeOption.withoutDynamic());

  /** Returns the configuration of resolved options. */
  static ArmConfig of(Options options) {
    return new ArmConfig(
        options.flag("per-channel"),
        Integer.parseInt(options.word("activation-bits")),
        Integer.parseInt(options.word("weight-bits")),
        options.flag("snorm"),
        options.word(BOUNDARY).equals("uint8"),
        ModeOption.of(options));
  }
}

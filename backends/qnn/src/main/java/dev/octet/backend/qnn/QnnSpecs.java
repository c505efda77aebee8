package dev.octet.backend.qnn;

import static dev.octet.annotation.rules.MatchPoint.operand;
import static dev.octet.annotation.rules.Specs.derivedFromInputAndWeight;
import static dev.octet.annotation.rules.Specs.inputChannel;
import static dev.octet.annotation.rules.Specs.outputChannel;

import dev.octet.annotation.rules.SpecTemplate;
import dev.octet.annotation.rules.Specs;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleLevels;
import dev.octet.api.spec.Storage;

/**
 * What activations, weights and biases become. No scale is below 1e-4 / 65535.
 *
 * @param config how nodes are quantized
 */
record QnnSpecs(QnnConfig config) {

  private static final NumericProfile ARITHMETIC =
      NumericProfile.torch().withScaleFloor((float) (1e-4 / 65535));

  /** A factor of four bits that begins at 1, times a scale of the output channel. */
  private static final ScaleLevels BLOCK_SCALES =
      ScaleLevels.integers(16, ScaleLevels.Over.ROW).rounded(ScaleLevels.Rounding.NEAREST);

  /** Returns the spec of activations. */
  SpecTemplate.Observed activation() {
    Storage storage = config.activationBits() == 16 ? Storage.UINT16 : Storage.UINT8;
    return Specs.of(storage).arithmetic(ARITHMETIC).inMode(config.mode());
  }

  /** Returns the spec of weights that have no blocks. */
  SpecTemplate.Observed weight() {
    return config.channelwise() ? integers().perChannel(outputChannel()) : integers();
  }

  /** Returns the spec of weights that have blocks where they are asked for. */
  SpecTemplate.Observed blockWeight() {
    return config.blockwise()
        ? integers().perGroup(inputChannel(), config.blockSize()).scales(BLOCK_SCALES)
        : weight();
  }

  /** Returns the spec of a bias beside such weights. */
  SpecTemplate blockBias() {
    return config.blockwise() ? ownBias() : bias();
  }

  /** Weights of the width asked for, with one scale for all. */
  private SpecTemplate.Observed integers() {
    return switch (config.weightBits()) {
      case 4 -> symmetric(Storage.INT8, 7);
      case 8 -> symmetric(Storage.INT8, 127);
      default -> symmetric(Storage.INT16, 32767);
    };
  }

  /** What scales or multiplies a 16-bit activation is symmetric. */
  SpecTemplate.Observed factor() {
    return config.activationBits() == 16 ? symmetric(Storage.INT16, 32767) : activation();
  }

  /** Returns the spec of a bias beside such weights. */
  SpecTemplate bias() {
    return config.channelwise() ? derivedFromInputAndWeight() : ownBias();
  }

  /** Every group has the scales of its weight's few channels. */
  SpecTemplate groupedBias() {
    return config.channelwise()
        ? Specs.derived(
            QuantizedType.of(Storage.INT32), RepeatedScales.NAME, operand(0), operand(1))
        : ownBias();
  }

  /** A bias with a scale of its own, beside weights that have not one scale a channel. */
  SpecTemplate ownBias() {
    return Specs.of(Storage.INT32).symmetric().arithmetic(ARITHMETIC).inMode(config.mode());
  }

  private SpecTemplate.Observed symmetric(Storage storage, int limit) {
    return Specs.of(storage)
        .range(-limit, limit)
        .symmetric()
        .arithmetic(ARITHMETIC)
        .inMode(config.mode());
  }
}

package dev.octet.backend.xnnpack;

import dev.octet.annotation.rules.ModeOption;
import dev.octet.api.option.Options;
import dev.octet.api.spec.Mode;
import java.util.function.UnaryOperator;

/**
 * How XNNPACK quantizes nodes: symmetric weights, affine activations. Immutable.
 *
 * <p>{@code symmetric(perChannel(), dynamic())} is such a configuration.
 *
 * @param channelwise whether weights have a scale for each output channel, or one for all
 * @param mode when parameters are found; not weight-only
 * @param weightBits width of weights: 8 (-127 to 127) or 4 (-8 to 7, stored as int8)
 */
public record XnnpackConfig(boolean channelwise, Mode mode, int weightBits) {

  /** Checks mode and width. */
  public XnnpackConfig {
    ModeOption.word(mode);
    if (weightBits != 8 && weightBits != 4) {
      throw new IllegalArgumentException("weights have 8 or 4 bits, not " + weightBits);
    }
  }

  /**
   * Returns a configuration: per tensor, static, 8 bits, unless the variants say otherwise.
   *
   * @param variants what differs, applied in order
   */
  @SafeVarargs
  public static XnnpackConfig symmetric(UnaryOperator<XnnpackConfig>... variants) {
    XnnpackConfig config = new XnnpackConfig(false, Mode.STATIC, 8);
    for (UnaryOperator<XnnpackConfig> variant : variants) {
      config = variant.apply(config);
    }
    return config;
  }

  /** Returns the variant with a scale for each output channel. */
  public static UnaryOperator<XnnpackConfig> perChannel() {
    return c -> new XnnpackConfig(true, c.mode, c.weightBits);
  }

  /** Returns the variant whose activations are quantized while the model runs. */
  public static UnaryOperator<XnnpackConfig> dynamic() {
    return c -> new XnnpackConfig(c.channelwise, Mode.DYNAMIC, c.weightBits);
  }

  /** Returns the variant for training with quantization in the loop. */
  public static UnaryOperator<XnnpackConfig> quantizationAware() {
    return c -> new XnnpackConfig(c.channelwise, Mode.QUANTIZATION_AWARE, c.weightBits);
  }

  /** Returns the variant with weights of so many bits, 8 or 4. */
  public static UnaryOperator<XnnpackConfig> weightBits(int bits) {
    return c -> new XnnpackConfig(c.channelwise, c.mode, bits);
  }

  /** Returns this configuration as options of the backend. */
  Options toOptions() {
    return Options.of(
        "per-channel", Boolean.toString(channelwise),
        "mode", ModeOption.word(mode),
        "weight-bits", Integer.toString(weightBits));
  }

  /** Returns the configuration of resolved options. */
  static XnnpackConfig of(Options options) {
    return new XnnpackConfig(
        options.flag("per-channel"),
        ModeOption.of(options),
        Integer.parseInt(options.word("weight-bits")));
  }
}

package dev.octet.backend.x86;

import dev.octet.annotation.rules.ModeOption;
import dev.octet.api.option.Options;
import dev.octet.api.spec.Mode;

/**
 * How the x86 backend quantizes nodes. Immutable.
 *
 * @param reduceRange whether activations use 7 bits, 0 to 127, so that sums of products fit on CPUs
 *     without VNNI
 * @param mode when parameters are found; not weight-only
 */
public record X86Config(boolean reduceRange, Mode mode) {

  /** Checks the mode. */
  public X86Config {
    ModeOption.word(mode);
  }

  /** Returns the configuration that PyTorch calls the default one: 8 bits, static. */
  public static X86Config defaultConfig() {
    return new X86Config(false, Mode.STATIC);
  }

  /** Returns this configuration with activations of 7 bits. */
  public X86Config withReducedRange() {
    return new X86Config(true, mode);
  }

  /** Returns this configuration with activations that are quantized while the model runs. */
  public X86Config dynamic() {
    return new X86Config(reduceRange, Mode.DYNAMIC);
  }

  /** Returns this configuration for training with quantization in the loop. */
  public X86Config quantizationAware() {
    return new X86Config(reduceRange, Mode.QUANTIZATION_AWARE);
  }

  /** Returns this configuration as options of the backend. */
  Options toOptions() {
    return Options.of(
        "reduce-range", Boolean.toString(reduceRange),
        "mode", ModeOption.word(mode));
  }

  /** Returns the configuration of resolved options. */
  static X86Config of(Options options) {
    return new X86Config(options.flag("reduce-range"), ModeOption.of(options));
  }
}

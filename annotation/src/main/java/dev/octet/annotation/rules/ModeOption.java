package dev.octet.annotation.rules;

import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.spec.Mode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The option {@code mode} of backends whose tables depend on when the parameters of activations are
 * found: {@code static}, {@code dynamic} or {@code qat}, which stands for quantization-aware
 * training. Weight-only quantization is none of these: such tables leave activations alone.
 */
public final class ModeOption {

  private static final String NAME = "mode";
  private static final Map<String, Mode> MODES = modes();

  private ModeOption() {}

  /** Returns the option; {@code static} when it is not given. */
  public static OptionDescriptor descriptor() {
    return OptionDescriptor.word(
            NAME,
            "When parameters are found: from calibration data, while the model runs, or in training"
                + " with quantization in the loop.",
            MODES.keySet().toArray(String[]::new))
        .defaultValue("static");
  }

  /** Returns the option of backends that have no dynamic mode; {@code static} as well. */
  public static OptionDescriptor withoutDynamic() {
    return OptionDescriptor.word(
            NAME,
            "When parameters are found: from calibration data, or in training with quantization in"
                + " the loop.",
            word(Mode.STATIC),
            word(Mode.QUANTIZATION_AWARE))
        .defaultValue(word(Mode.STATIC));
  }

  /**
   * Returns the mode of resolved options.
   *
   * @throws IllegalArgumentException if the option has another value than its choices
   */
  public static Mode of(Options options) {
    String word = options.word(NAME);
    Mode mode = MODES.get(word);
    if (mode == null) {
      throw new IllegalArgumentException("option mode is never '" + word + "'");
    }
    return mode;
  }

  /**
   * Returns the word of a mode.
   *
   * @throws IllegalArgumentException if the option has no word for it
   */
  public static String word(Mode mode) {
    return MODES.entrySet().stream()
        .filter(entry -> entry.getValue() == mode)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("option mode is never " + mode));
  }

  private static Map<String, Mode> modes() {
    Map<String, Mode> modes = new LinkedHashMap<>();
    modes.put("static", Mode.STATIC);
    modes.put("dynamic", Mode.DYNAMIC);
    modes.put("qat", Mode.QUANTIZATION_AWARE);
    return modes;
  }
}

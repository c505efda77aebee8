package dev.octet.tck.subject;

import dev.octet.api.error.OctetException;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The options that a backend is tested under when the caller names none: its defaults, and each
 * other value of each of its options that has a list of values, alone.
 */
public final class Presets {

  private Presets() {}

  /**
   * Returns them, the defaults first, then in the order in which the backend lists its options. A
   * backend that fails to list them is tested under its defaults, and a rule says that it fails.
   */
  public static List<Options> of(QuantizerProvider provider) {
    try {
      return of(QuantizerProvider.guarded(provider).options());
    } catch (OctetException e) {
      return List.of(Options.none());
    }
  }

  /** Returns those of a list of options; see {@link #of(QuantizerProvider)}. */
  public static List<Options> of(List<OptionDescriptor> options) {
    List<Options> presets = new ArrayList<>();
    presets.add(Options.none());
    for (OptionDescriptor option : options) {
      for (String value : values(option)) {
        if (!option.defaultValue().equals(Optional.of(value))) {
          presets.add(Options.of(option.name(), value));
        }
      }
    }
    return presets;
  }

  /** Returns options as they are typed, without a blank; {@code defaults} when there are none. */
  public static String words(Options options) {
    return options.values().isEmpty()
        ? "defaults"
        : options.values().entrySet().stream()
            .flatMap(option -> option.getValue().stream().map(v -> option.getKey() + "=" + v))
            .collect(Collectors.joining(","));
  }

  /** Returns the values of an option that has a list of them; empty for others. */
  public static List<String> values(OptionDescriptor option) {
    return option.type() == OptionDescriptor.Type.BOOLEAN
        ? List.of("true", "false")
        : option.choices();
  }
}

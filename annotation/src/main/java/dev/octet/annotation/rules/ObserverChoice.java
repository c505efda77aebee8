package dev.octet.annotation.rules;

import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.spec.ObserverSpec;

/** The option {@code observer} of backends that let the user choose what watches activations. */
public final class ObserverChoice {

  private static final String NAME = "observer";
  private static final double KEPT_PERCENT = 99.99;

  private ObserverChoice() {}

  /** Returns the option's description. */
  public static OptionDescriptor option() {
    return OptionDescriptor.word(
            NAME,
            "What finds the range of activations: the extremes, 99.99 percent of all values, the"
                + " least relative entropy, or the least squared error.",
            "min-max",
            "percentile",
            "entropy",
            "squared-error")
        .defaultValue("min-max");
  }

  /** Returns the observer that resolved options choose. */
  public static ObserverSpec of(Options resolved) {
    return switch (resolved.word(NAME)) {
      case "percentile" -> ObserverSpec.percentile(KEPT_PERCENT);
      case "entropy" -> ObserverSpec.entropy();
      case "squared-error" -> ObserverSpec.squaredError();
      default -> ObserverSpec.minMax();
    };
  }
}

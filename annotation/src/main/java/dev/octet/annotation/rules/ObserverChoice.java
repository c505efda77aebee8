package dev.octet.annotation.rules;

import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.spec.ObserverSpec;
import java.util.List;
import java.util.Optional;

/** The option {@code observer} of backends that let the user choose what watches activations. */
public final class ObserverChoice {

  private static final String NAME = "observer";
  private static final double KEPT_PERCENT = 99.99;

  private ObserverChoice() {}

  /** Returns the option's description. */
  public static OptionDescriptor option() {
    return new OptionDescriptor(
        NAME,
        OptionDescriptor.Type.CHOICE,
        "What finds the range of activations: the extremes, 99.99 percent of all values, the least relative entropy, or the least squared error.",
        Optional.of("min-max"),
        List.of("min-max", "percentile", "entropy", "squared-error"),
        false);
  }

  /** Returns the observer that resolved options choose. */
  public static ObserverSpec of(Options resolved) {
    String choice = resolved.find(NAME).orElse("min-max");
    return switch (choice) {
      case "percentile" -> ObserverSpec.percentile(KEPT_PERCENT);
      case "entropy" -> ObserverSpec.entropy();
      case "squared-error" -> ObserverSpec.squaredError();
      default -> ObserverSpec.minMax();
    };
  }
}

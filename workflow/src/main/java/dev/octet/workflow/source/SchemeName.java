package dev.octet.workflow.source;

import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** The schemes of source quantization by the names that the command line knows. */
public enum SchemeName {
  /** {@link Int8DynActInt4WeightQuantizer}. */
  INT8DYN_INT4 {
    @Override
    SourceScheme make(Given given) {
      Int8DynActInt4WeightQuantizer.Builder scheme = Int8DynActInt4WeightQuantizer.builder();
      given.take("group-size", given.options.groupSize(), scheme::groupSize);
      given.take("mapping", given.options.mapping(), scheme::mappingType);
      given.take("precision", given.options.precision(), scheme::precision);
      given.take("scales-precision", given.options.scalesPrecision(), scheme::scalesPrecision);
      given.take("padding", given.options.padding(), scheme::paddingAllowed);
      return scheme.build();
    }
  },
  /** {@link Int8DynamicActivationIntxWeightConfig}. */
  INT8DYN_INTX {
    @Override
    SourceScheme make(Given given) {
      Int8DynamicActivationIntxWeightConfig.Builder scheme =
          Int8DynamicActivationIntxWeightConfig.builder();
      given.take("group-size", given.options.groups(), scheme::granularity);
      given.take("bits", given.options.bits(), scheme::weightBits);
      given.take("mapping", given.options.mapping(), scheme::mappingType);
      given.take("precision", given.options.precision(), scheme::precision);
      given.take("scales-precision", given.options.scalesPrecision(), scheme::scalesPrecision);
      return scheme.build();
    }
  },
  /** {@link IntxWeightOnlyConfig}. */
  INTX {
    @Override
    SourceScheme make(Given given) {
      IntxWeightOnlyConfig.Builder scheme = IntxWeightOnlyConfig.builder();
      given.take("group-size", given.options.groups(), scheme::granularity);
      given.take("bits", given.options.bits(), scheme::weightBits);
      given.take("mapping", given.options.mapping(), scheme::mappingType);
      given.take("precision", given.options.precision(), scheme::precision);
      given.take("scales-precision", given.options.scalesPrecision(), scheme::scalesPrecision);
      return scheme.build();
    }
  },
  /** {@link Int8WeightOnlyConfig}. */
  INT8 {
    @Override
    SourceScheme make(Given given) {
      Int8WeightOnlyConfig.Builder scheme = Int8WeightOnlyConfig.builder();
      given.take("group-size", given.options.groups(), scheme::granularity);
      given.take("precision", given.options.precision(), scheme::precision);
      return scheme.build();
    }
  },
  /** {@link Int8DynamicActivationInt8WeightConfig}. */
  INT8DYN_INT8 {
    @Override
    SourceScheme make(Given given) {
      Int8DynamicActivationInt8WeightConfig.Builder scheme =
          Int8DynamicActivationInt8WeightConfig.builder();
      given.take("group-size", given.options.groups(), scheme::granularity);
      given.take("mapping", given.options.mapping(), scheme::actMappingType);
      given.take("precision", given.options.precision(), scheme::precision);
      return scheme.build();
    }
  };

  /** Options that were given, and those that the scheme has asked for. */
  static final class Given {
    private final SchemeOptions options;
    private final List<String> taken = new ArrayList<>();

    private Given(SchemeOptions options) {
      this.options = options;
    }

    private <T> void take(String name, Optional<T> value, Consumer<T> setter) {
      taken.add(name);
      value.ifPresent(setter);
    }

    private List<String> left() {
      List<String> left = new ArrayList<>();
      leave(left, "group-size", options.groupSize());
      leave(left, "bits", options.bits());
      leave(left, "mapping", options.mapping());
      leave(left, "precision", options.precision());
      leave(left, "scales-precision", options.scalesPrecision());
      leave(left, "padding", options.padding());
      return left;
    }

    private void leave(List<String> left, String name, Optional<?> value) {
      if (value.isPresent() && !taken.contains(name)) {
        left.add(name);
      }
    }
  }

  abstract SourceScheme make(Given given);

  /**
   * Returns the scheme with some options.
   *
   * @throws OctetException {@code OCT-SRC-004} if they do not go together; {@code OCT-SRC-005} if
   *     the scheme has not one of them
   */
  public SourceScheme scheme(SchemeOptions options) {
    Given given = new Given(options);
    SourceScheme made = make(given);
    List<String> left = given.left();
    if (!left.isEmpty()) {
      throw SourceErrors.NO_SUCH_OPTION
          .error("scheme '" + word() + "' has no option '" + left.get(0) + "'")
          .candidates(given.taken)
          .build();
    }
    return made;
  }

  /** Returns the name, in small letters with hyphens. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Finds a scheme.
   *
   * @throws OctetException {@code OCT-SRC-006} if there is none of that name
   */
  public static SchemeName of(String word) {
    List<String> known = Arrays.stream(values()).map(SchemeName::word).toList();
    return Arrays.stream(values())
        .filter(name -> name.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                SourceErrors.NO_SUCH_SCHEME
                    .error("there is no scheme '" + word + "'")
                    .candidates(
                        NearMisses.of(word, known).isEmpty() ? known : NearMisses.of(word, known))
                    .build());
  }
}

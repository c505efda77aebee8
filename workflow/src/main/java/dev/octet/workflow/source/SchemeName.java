package dev.octet.workflow.source;

import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import dev.octet.workflow.source.SchemeOptions.Kind;
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
      given.take(SchemeOptions.GROUP_SIZE, scheme::groupSize);
      given.takeWeights(scheme);
      return scheme.build();
    }
  },
  /** {@link Int8DynamicActivationIntxWeightConfig}. */
  INT8DYN_INTX {
    @Override
    SourceScheme make(Given given) {
      Int8DynamicActivationIntxWeightConfig.Builder scheme =
          Int8DynamicActivationIntxWeightConfig.builder();
      given.takeGroups(scheme::granularity);
      given.take(SchemeOptions.BITS, scheme::weightBits);
      given.takeWeights(scheme);
      return scheme.build();
    }
  },
  /** {@link IntxWeightOnlyConfig}. */
  INTX {
    @Override
    SourceScheme make(Given given) {
      IntxWeightOnlyConfig.Builder scheme = IntxWeightOnlyConfig.builder();
      given.takeGroups(scheme::granularity);
      given.take(SchemeOptions.BITS, scheme::weightBits);
      given.takeWeights(scheme);
      return scheme.build();
    }
  },
  /** {@link Int8WeightOnlyConfig}. */
  INT8 {
    @Override
    SourceScheme make(Given given) {
      Int8WeightOnlyConfig.Builder scheme = Int8WeightOnlyConfig.builder();
      given.takeGroups(scheme::granularity);
      given.take(SchemeOptions.PRECISION, scheme::precision);
      return scheme.build();
    }
  },
  /** {@link Int4WeightOnlyConfig}. */
  INT4 {
    @Override
    SourceScheme make(Given given) {
      Int4WeightOnlyConfig.Builder scheme = Int4WeightOnlyConfig.builder();
      given.take(SchemeOptions.GROUP_SIZE, scheme::groupSize);
      given.take(SchemeOptions.INT4_ALGORITHM, scheme::int4ChooseQparamsAlgorithm);
      given.take(SchemeOptions.PRECISION, scheme::precision);
      return scheme.build();
    }
  },
  /** {@link Int8DynamicActivationInt8WeightConfig}. */
  INT8DYN_INT8 {
    @Override
    SourceScheme make(Given given) {
      Int8DynamicActivationInt8WeightConfig.Builder scheme =
          Int8DynamicActivationInt8WeightConfig.builder();
      given.takeGroups(scheme::granularity);
      given.take(SchemeOptions.MAPPING, scheme::actMappingType);
      given.take(SchemeOptions.PRECISION, scheme::precision);
      return scheme.build();
    }
  },
  /** {@link GptqConfig} with {@link Int8DynActInt4WeightQuantizer}. */
  INT8DYN_INT4_GPTQ {
    @Override
    SourceScheme make(Given given) {
      return GptqConfig.builder().baseConfig(INT8DYN_INT4.make(given)).build();
    }
  },
  /** {@link Int8DynActBestWeightQuantizer}. */
  INT8DYN_BEST {
    @Override
    SourceScheme make(Given given) {
      Int8DynActBestWeightQuantizer.Builder scheme = Int8DynActBestWeightQuantizer.builder();
      given.take(SchemeOptions.GROUP_SIZE, scheme::groupSize);
      return scheme.build();
    }
  };

  /** Options that were given, and those that the scheme has asked for. */
  static final class Given {
    private final SchemeOptions options;
    private final List<Kind<?>> taken = new ArrayList<>();

    private Given(SchemeOptions options) {
      this.options = options;
    }

    private <T> void take(Kind<T> kind, Consumer<T> setter) {
      taken.add(kind);
      kind.value().apply(options).ifPresent(setter);
    }

    private void takeWeights(WeightBuilder<?> scheme) {
      take(SchemeOptions.MAPPING, scheme::mappingType);
      take(SchemeOptions.PRECISION, scheme::precision);
      take(SchemeOptions.SCALES_PRECISION, scheme::scalesPrecision);
      take(SchemeOptions.PADDING, scheme::paddingAllowed);
      take(SchemeOptions.SCALE_ALGORITHM, scheme::chooseQparamsAlgorithm);
    }

    private void takeGroups(Consumer<WeightGranularity> setter) {
      take(
          SchemeOptions.GROUP_SIZE,
          size -> setter.accept(SourceErrors.sound(() -> WeightGranularity.perGroup(size), "")));
    }

    private Optional<Kind<?>> left() {
      return SchemeOptions.KINDS.stream()
          .filter(kind -> kind.value().apply(options).isPresent() && !taken.contains(kind))
          .findFirst();
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
    Optional<Kind<?>> left = given.left();
    if (left.isPresent()) {
      throw SourceErrors.NO_SUCH_OPTION
          .error("scheme '" + word() + "' has no option '" + left.get().word() + "'")
          .candidates(given.taken.stream().map(Kind::word).toList())
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
                    .candidates(NearMisses.of(word, known, known.size()))
                    .build());
  }
}

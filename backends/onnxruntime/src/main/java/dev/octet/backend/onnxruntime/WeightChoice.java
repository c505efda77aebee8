package dev.octet.backend.onnxruntime;

import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;

/** The option {@code weights}: which integers weights become so that no sum saturates. */
final class WeightChoice {

  private static final String NAME = "weights";

  private static final QuantizedType INT8 = new QuantizedType(Storage.INT8, -127, 127);

  /** Two products with at most 64 fit whatever they are: {@code 2 * 255 * 64 = 32640}. */
  private static final QuantizedType INT7 = new QuantizedType(Storage.INT8, -64, 64);

  /** The zero point of a symmetric type is its middle, 128. */
  private static final QuantizedType UINT8 = new QuantizedType(Storage.UINT8, 1, 255);

  private WeightChoice() {}

  /** Returns the option's description. */
  static OptionDescriptor option() {
    return OptionDescriptor.word(
            NAME,
            "What keeps sums of products exact on CPUs without VNNI: int8 whose scales leave room"
                + " for the pairs that are added in 16 bits, int8 of 7 bits, or uint8 around 128,"
                + " which has all 8 bits and slower kernels; docs/saturation.md says what each"
                + " costs.",
            "int8",
            "int7",
            "uint8")
        .defaultValue("int8");
  }

  /** Returns the type of weights that resolved options choose. */
  static QuantizedType of(Options resolved) {
    return switch (resolved.word(NAME)) {
      case "int7" -> INT7;
      case "uint8" -> UINT8;
      default -> INT8;
    };
  }
}

package dev.octet.workflow.source;

import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How the layers of a model that was quantized at its source are written down. */
public enum ModelForm {
  /**
   * Nodes of ONNX, the default: the weight behind a DequantizeLinear, in blocks from operator set
   * 21 on, and what computes the integers of the activations. It says all that a scheme says.
   */
  QDQ {
    @Override
    SourceQuantized of(SourceQuantized quantized) {
      return quantized;
    }
  },
  /**
   * ONNX Runtime's {@code com.microsoft.MatMulNBits} where a layer has such a form, see {@link
   * MatMulNBitsForm}. It has no word for activations by token: it quantizes them symmetrically by
   * blocks.
   */
  MATMULNBITS {
    @Override
    SourceQuantized of(SourceQuantized quantized) {
      return MatMulNBitsForm.of(quantized);
    }
  };

  /** Returns a model in this form, with findings about what the form drops or changes. */
  abstract SourceQuantized of(SourceQuantized quantized);

  /** Returns the name, in small letters. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a form.
   *
   * @throws OctetException {@code OCT-SRC-020} if there is none of that name
   */
  public static ModelForm of(String word) {
    List<String> known = Arrays.stream(values()).map(ModelForm::word).toList();
    return Arrays.stream(values())
        .filter(form -> form.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                SourceErrors.NO_SUCH_FORM
                    .error("there is no form '" + word + "'")
                    .candidates(NearMisses.of(word, known))
                    .build());
  }
}

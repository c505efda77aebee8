package dev.octet.workflow.boundary;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class IntegerBoundaryWordsTest {

  @Test
  void haveTheSameDigitsInEveryLocale() {
    QuantizationSpec.Fixed meaning =
        QuantizationSpec.Fixed.of(QuantizedType.of(Storage.INT8), 0x1p-7f, 3);
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertEquals("(q - 3) * 0.0078125, -128 to 127", IntegerBoundary.words(meaning));
    } finally {
      Locale.setDefault(before);
    }
  }
}

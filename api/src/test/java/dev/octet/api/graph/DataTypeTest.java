package dev.octet.api.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataTypeTest {

  @ParameterizedTest
  @EnumSource
  void isFoundByItsNumber(DataType type) {
    assertEquals(Optional.of(type), DataType.ofOnnxNumber(type.onnxNumber()));
  }

  @Test
  void floatIsTheFirstNumber() {
    assertEquals(1, DataType.FLOAT.onnxNumber());
  }

  /** The last one is 1 in its lower 32 bits. */
  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 27, Long.MAX_VALUE, (1L << 32) + 1})
  void noTypeHasAnyOtherNumber(long number) {
    assertEquals(Optional.empty(), DataType.ofOnnxNumber(number));
  }
}

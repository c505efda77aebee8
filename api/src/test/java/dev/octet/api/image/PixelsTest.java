package dev.octet.api.image;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PixelsTest {

  @Test
  void refusesLevelsThatAreNoImage() {
    Extent one = new Extent(1, 1);
    assertThrows(IllegalArgumentException.class, () -> new Pixels(one, 1, new byte[2]));
    assertThrows(IllegalArgumentException.class, () -> new Pixels(one, 2, new byte[2]));
    assertThrows(IllegalArgumentException.class, () -> new Extent(0, 1));
  }
}

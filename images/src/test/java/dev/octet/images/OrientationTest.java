package dev.octet.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.image.Extent;
import dev.octet.api.image.Pixels;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationTest {

  private static final Pixels STORED =
      new Pixels(new Extent(3, 2), 1, new byte[] {0, 11, 37, 68, 74, 125});

  /** Expected by Pillow's {@code ImageOps.exif_transpose}. */
  @ParameterizedTest
  @CsvSource({
    "1, 3, 2, '0 11 37 68 74 125'",
    "2, 3, 2, '11 0 68 37 125 74'",
    "3, 3, 2, '125 74 68 37 11 0'",
    "4, 3, 2, '74 125 37 68 0 11'",
    "5, 2, 3, '0 37 74 11 68 125'",
    "6, 2, 3, '74 37 0 125 68 11'",
    "7, 2, 3, '125 68 11 74 37 0'",
    "8, 2, 3, '11 68 125 0 37 74'",
    "0, 3, 2, '0 11 37 68 74 125'",
    "9, 3, 2, '0 11 37 68 74 125'"
  })
  void turnsAnImageAsExifSays(int tag, int height, int width, String expected) {
    Pixels seen = Orientation.of(tag).seen(STORED);
    assertEquals(new Extent(height, width), seen.extent());
    int[] levels = Arrays.stream(expected.split(" ")).mapToInt(Integer::parseInt).toArray();
    assertArrayEquals(levels, levels(seen));
    assertEquals(seen.extent(), Orientation.of(tag).seen(new Extent(3, 2)));
  }

  private static int[] levels(Pixels image) {
    int[] levels = new int[image.levels().length];
    Arrays.setAll(levels, i -> image.levels()[i] & 0xff);
    return levels;
  }
}

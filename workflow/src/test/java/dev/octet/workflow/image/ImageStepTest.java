package dev.octet.workflow.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.image.Extent;
import dev.octet.api.image.Pixels;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The numbers of resized images were computed by Pillow 13.0.0 of the image that {@link #image}
 * makes: {@code Image.fromarray(a).resize((width, height), filter)}.
 */
class ImageStepTest {

  private static Pixels image(int height, int width, int channels) {
    byte[] levels = new byte[height * width * channels];
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          levels[at++] = (byte) (y * 37 + x * 11 + c * 53 + y * x % 7 * 20);
        }
      }
    }
    return new Pixels(new Extent(height, width), channels, levels);
  }

  private static int[] levels(Pixels image) {
    int[] levels = new int[image.levels().length];
    Arrays.setAll(levels, i -> image.levels()[i] & 0xff);
    return levels;
  }

  private static Pixels resized(Pixels image, int height, int width, Filter filter) {
    return new ImageStep.Resize(new Extent(height, width), filter).apply(image);
  }

  @Test
  void givesPillowsLevels() {
    int[] linear = {26, 56, 93, 123, 101, 171, 181, 185, 171, 182, 175, 67};
    assertArrayEquals(linear, levels(resized(image(5, 7, 1), 3, 4, Filter.BILINEAR)));
    int[] cubic = {20, 52, 89, 128, 95, 182, 189, 194, 178, 185, 180, 59};
    assertArrayEquals(cubic, levels(resized(image(5, 7, 1), 3, 4, Filter.BICUBIC)));
    int[] colour = {4, 57, 110, 18, 71, 124, 27, 80, 133, 53, 106, 159, 49, 102, 155, 87, 140, 193};
    assertArrayEquals(colour, levels(resized(image(2, 3, 3), 3, 2, Filter.BILINEAR)));
    int[] larger = {0, 1, 9, 15, 2, 9, 20, 28, 18, 30, 49, 62, 33, 51, 78, 96, 38, 59, 89, 109};
    assertArrayEquals(larger, levels(resized(image(2, 3, 1), 5, 4, Filter.BICUBIC)));
    int[] rowsFirst = {80, 117, 142, 141, 123, 89, 87, 111};
    assertArrayEquals(rowsFirst, levels(resized(image(9, 4, 1), 2, 4, Filter.BICUBIC)));
  }

  @ParameterizedTest
  @CsvSource({
    "300, 200, 3, 32, 48, 987f3a33, 16009327",
    "200, 300, 3, 32, 48, 7be7bfc0, 49bc1ee1",
    "31, 33, 3, 64, 65, c832458a, fcb3eafd",
    "64, 64, 3, 63, 64, e3984906, d748017d",
    "64, 64, 1, 64, 1, 3b66e02, b8b52cc0",
    "17, 400, 1, 33, 16, 67962d87, 834faea8"
  })
  void givesPillowsLevelsOfLargerImages(
      int height, int width, int channels, int toHeight, int toWidth, String linear, String cubic) {
    Pixels image = image(height, width, channels);
    assertEquals(linear, crc(resized(image, toHeight, toWidth, Filter.BILINEAR)));
    assertEquals(cubic, crc(resized(image, toHeight, toWidth, Filter.BICUBIC)));
  }

  private static String crc(Pixels image) {
    CRC32 crc = new CRC32();
    crc.update(image.levels());
    return Long.toHexString(crc.getValue());
  }

  @Test
  void leavesAnImageOfTheSizeAsItIs() {
    Pixels image = image(3, 5, 3);
    assertArrayEquals(levels(image), levels(resized(image, 3, 5, Filter.BICUBIC)));
    int[] one = {0, 53, 106, 0, 53, 106};
    assertArrayEquals(one, levels(resized(image(1, 1, 3), 1, 2, Filter.BICUBIC)));
  }

  @ParameterizedTest
  @CsvSource({
    "480, 640, 224, 224, 298",
    "640, 480, 224, 298, 224",
    "10, 10, 3, 3, 3",
    "1, 1000, 2, 2, 2000"
  })
  void makesTheShorterSideALength(int height, int width, int length, int toHeight, int toWidth) {
    ImageStep step = new ImageStep.ResizeShorter(length, Filter.BILINEAR);
    assertEquals(new Extent(toHeight, toWidth), step.after(new Extent(height, width)));
    assertEquals(Optional.empty(), step.obstacle(new Extent(height, width)));
  }

  @Test
  void refusesWhatWouldBecomeTooLarge() {
    ImageStep step = new ImageStep.ResizeShorter(224, Filter.BILINEAR);
    assertEquals(
        "it is 1 x 60000 and would become 224 x 13440000",
        step.obstacle(new Extent(1, 60000)).orElseThrow());
  }

  @Test
  void cutsTheSmallerHalfOfAnOddRestAboveAndOnTheLeft() {
    Pixels cut = new ImageStep.CenterCrop(new Extent(2, 2)).apply(image(5, 4, 1));
    int[] expected = {
      image(5, 4, 1).level(1, 1, 0),
      image(5, 4, 1).level(1, 2, 0),
      image(5, 4, 1).level(2, 1, 0),
      image(5, 4, 1).level(2, 2, 0)
    };
    assertArrayEquals(expected, levels(cut));
    ImageStep large = new ImageStep.CenterCrop(new Extent(3, 9));
    assertEquals(
        "it is 3 x 8 where 3 x 9 is to be cut out of it",
        large.obstacle(new Extent(3, 8)).orElseThrow());
    assertEquals(Optional.empty(), large.obstacle(new Extent(3, 9)));
  }

  @Test
  void putsAnImageIntoTheMiddleOfAFrame() {
    Extent frame = new Extent(4, 3);
    Pixels boxed = new ImageStep.Letterbox(frame, 9, Filter.BILINEAR).apply(image(1, 3, 1));
    int[] expected = {9, 9, 9, 0, 11, 22, 9, 9, 9, 9, 9, 9};
    assertArrayEquals(expected, levels(boxed));
    Pixels tall = new ImageStep.Letterbox(frame, 9, Filter.BILINEAR).apply(image(4, 1, 1));
    int[] columns = {9, 0, 9, 9, 37, 9, 9, 74, 9, 9, 111, 9};
    assertArrayEquals(columns, levels(tall));
  }

  @Test
  void roundsTheShorterSideOfALetterboxToEven() {
    // 5 * 2 / 4 = 2.5 becomes 2, and 7 * 2 / 4 = 3.5 becomes 4.
    Extent frame = new Extent(9, 2);
    ImageStep step = new ImageStep.Letterbox(frame, 255, Filter.BILINEAR);
    assertEquals(2, rowsNotAllWhite(step.apply(image(5, 4, 1))));
    assertEquals(4, rowsNotAllWhite(step.apply(image(7, 4, 1))));
  }

  private static long rowsNotAllWhite(Pixels image) {
    long rows = 0;
    for (int y = 0; y < image.extent().height(); y++) {
      rows += image.level(y, 0, 0) != 255 || image.level(y, 1, 0) != 255 ? 1 : 0;
    }
    return rows;
  }

  @Test
  void weighsColoursAsPillowDoes() {
    Pixels grey = new ImageStep.Channels(1).apply(image(2, 3, 3));
    assertArrayEquals(new int[] {43, 54, 65, 80, 111, 142}, levels(grey));
    Pixels three = new ImageStep.Channels(3).apply(image(1, 2, 1));
    assertArrayEquals(new int[] {0, 0, 0, 11, 11, 11}, levels(three));
  }
}

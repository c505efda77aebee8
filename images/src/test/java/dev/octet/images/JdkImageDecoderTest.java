package dev.octet.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.image.Extent;
import dev.octet.api.image.ImageDecoder;
import dev.octet.api.image.Pixels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files were written, and the levels in {@code levels.txt} read of them, by Pillow 13.0.0:
 * {@code checks/images.py --goldens}. Of 16 bits the levels are the upper 8.
 */
class JdkImageDecoderTest {

  private static final ImageDecoder DECODER = new JdkImageDecoder();

  private static final Path IMAGES = Path.of("src", "test", "resources", "images");

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> readsWhatPillowReads() throws IOException {
    return Files.readAllLines(IMAGES.resolve("levels.txt")).stream()
        .map(line -> line.split(" "))
        .map(words -> DynamicTest.dynamicTest(words[0], () -> compare(words)));
  }

  private static void compare(String[] words) throws IOException {
    Path file = IMAGES.resolve(words[0]);
    Pixels image = DECODER.read(file);
    Extent extent = new Extent(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
    assertEquals(extent, image.extent());
    ImageDecoder.Header header = DECODER.header(file);
    assertEquals(new ImageDecoder.Header(extent, image.channels()), header);
    byte[] levels = image.inChannels(3).levels();
    int allowed = words[0].equals("lossy.webp") ? 1 : 0;
    for (int i = 0; i < levels.length; i++) {
      int expected = Integer.parseInt(words[3 + i]);
      assertTrue(Math.abs(expected - (levels[i] & 0xff)) <= allowed, words[0] + " level " + i);
    }
  }

  @Test
  void tellsGreyFromColour() throws IOException {
    for (String name : new String[] {"deep.png", "grey-alpha.png", "1-bit.png"}) {
      assertEquals(1, DECODER.header(IMAGES.resolve(name)).channels(), name);
    }
    for (String name : new String[] {"palette.png", "cmyk.jpg", "lossy.webp", "frames.gif"}) {
      assertEquals(3, DECODER.header(IMAGES.resolve(name)).channels(), name);
    }
  }

  @Test
  void looksAtTheContentAndNotAtTheName() throws IOException {
    Path copy = folder.resolve("x.jpg");
    Files.copy(IMAGES.resolve("palette.png"), copy);
    assertEquals(new Extent(4, 6), DECODER.read(copy).extent());
  }

  @TestFactory
  Stream<DynamicTest> refusesEveryKindOfFileThatIsCutOff() {
    return Stream.of(
            "palette.png",
            "half.jpg",
            "progressive.jpg",
            "cmyk.jpg",
            "frames.gif",
            "lossless.webp",
            "lossy.webp")
        .map(name -> DynamicTest.dynamicTest(name, () -> cutOff(name)));
  }

  private void cutOff(String name) throws IOException {
    byte[] whole = Files.readAllBytes(IMAGES.resolve(name));
    for (int kept : new int[] {1, 12, whole.length / 4, whole.length / 2, whole.length * 3 / 4}) {
      Path file = Files.write(folder.resolve(name), Arrays.copyOf(whole, kept));
      boolean first = name.equals("frames.gif") && kept > whole.length / 2;
      if (!first) {
        assertThrows(IOException.class, () -> DECODER.read(file), name + " of " + kept);
      }
    }
  }

  @Test
  void saysWhyAFileIsNotRead() throws IOException {
    Path empty = Files.write(folder.resolve("e.png"), new byte[0]);
    assertEquals("it is empty", message(empty));
    Path text = Files.writeString(folder.resolve("t.png"), "no image, but text");
    assertEquals("its content is no known image format", message(text));
    Path cut = Files.write(folder.resolve("c.jpg"), new byte[] {-1, -40, -1, -32, 0});
    assertEquals("it is cut off", message(cut));
    assertThrows(IOException.class, () -> DECODER.read(folder.resolve("none.png")));
    byte[] jpeg = Files.readAllBytes(IMAGES.resolve("half.jpg"));
    int frame = new String(jpeg, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00c0");
    jpeg[frame + 1] = (byte) 0xc9;
    Path arithmetic = Files.write(folder.resolve("a.jpg"), jpeg);
    assertEquals(
        "its coding, 3 components of 8 bits with marker 201, is not read", message(arithmetic));
  }

  @Test
  void refusesMorePixelsThanItReads() throws IOException {
    byte[] png = Files.readAllBytes(IMAGES.resolve("deep.png"));
    // The header of the image starts at byte 16: width and height; its checksum is not looked at.
    png[16] = 0x01;
    Path file = Files.write(folder.resolve("l.png"), png);
    IOException e = assertThrows(IOException.class, () -> DECODER.read(file));
    assertTrue(e.getMessage() != null && !e.getMessage().isEmpty());
  }

  @Test
  void fillsNoLargeImageWithWhatASmallFileLacks() throws IOException {
    byte[] webp = Files.readAllBytes(IMAGES.resolve("lossless.webp"));
    int start = new String(webp, StandardCharsets.ISO_8859_1).indexOf("VP8L") + 9;
    // 14 bits of the width less 1, and 14 of the height: 4096 x 4096.
    webp[start] = (byte) 0xff;
    webp[start + 1] = (byte) 0xcf;
    webp[start + 2] = (byte) 0xff;
    webp[start + 3] |= 0x03;
    webp[start + 3] &= (byte) 0xf3;
    Path file = Files.write(folder.resolve("w.webp"), webp);
    assertEquals(new Extent(4096, 4096), DECODER.header(file).extent());
    IOException e = assertThrows(IOException.class, () -> DECODER.read(file));
    assertEquals("it is cut off", e.getMessage());
  }

  @Test
  void refusesMoreScansThanItReads() throws IOException {
    byte[] jpeg = Files.readAllBytes(IMAGES.resolve("progressive.jpg"));
    String text = new String(jpeg, StandardCharsets.ISO_8859_1);
    int frame = text.indexOf("\u00ff\u00c2");
    // 4096 x 4096, a height and a width of two bytes each
    jpeg[frame + 5] = 0x10;
    jpeg[frame + 6] = 0;
    jpeg[frame + 7] = 0x10;
    jpeg[frame + 8] = 0;
    int scan = text.lastIndexOf("\u00ff\u00da");
    byte[] last = Arrays.copyOfRange(jpeg, scan, jpeg.length - 2);
    byte[] many = Arrays.copyOf(jpeg, jpeg.length + 150 * last.length);
    for (int i = 0; i <= 150; i++) {
      System.arraycopy(last, 0, many, scan + i * last.length, last.length);
    }
    Path file = Files.write(folder.resolve("s.jpg"), many);
    IOException e = assertThrows(IOException.class, () -> DECODER.read(file));
    assertEquals("it has more than 128 scans of 4096 x 4096 pixels", e.getMessage());
  }

  private static String message(Path file) {
    return String.valueOf(assertThrows(IOException.class, () -> DECODER.header(file)).getMessage());
  }
}

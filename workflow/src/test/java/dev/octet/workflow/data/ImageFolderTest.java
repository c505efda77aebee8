package dev.octet.workflow.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.image.Extent;
import dev.octet.fixtures.jdk.PngFile;
import dev.octet.workflow.image.Filter;
import dev.octet.workflow.image.ImageStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {

  @TempDir Path folder;

  @Test
  void readsRedGreenBlueInTheOrderOfNames() throws IOException {
    colour("b.png", 2, 1, 0x010203, 0xfffefd);
    colour("B.PNG", 2, 1, 0x0a0b0c, 0x000000);
    Files.writeString(folder.resolve("notes.txt"), "left out");
    try (Samples samples = open()) {
      assertArrayEquals(new long[] {2, 1, 2, 3}, samples.sizes());
      assertEquals("NHWC", samples.axes());
      float[] expected = {10, 11, 12, 0, 0, 0, 1, 2, 3, 255, 254, 253};
      assertArrayEquals(expected, samples.read(0, 2).floats());
      assertTrue(samples.classes().isEmpty());
    }
  }

  @Test
  void readsGreyLevelsAsTheyAreStored() throws IOException {
    new PngFile(folder.resolve("g.png")).grey(3, 1, 0, 100, 255);
    try (Samples samples = open()) {
      assertArrayEquals(new long[] {1, 1, 3, 1}, samples.sizes());
      assertArrayEquals(new float[] {0, 100, 255}, samples.read(0, 1).floats());
    }
  }

  @Test
  void countsFoldersAsClassesInTheOrderOfNames() throws IOException {
    Files.createDirectories(folder.resolve("dog"));
    Files.createDirectories(folder.resolve("cat"));
    Files.createDirectories(folder.resolve(".hidden"));
    colour("dog/1.png", 1, 1, 0x010000);
    colour("cat/2.png", 1, 1, 0x020000);
    colour("cat/1.png", 1, 1, 0x030000);
    try (Samples samples = open()) {
      assertArrayEquals(new int[] {0, 0, 1}, samples.classes().orElseThrow().samples());
      assertEquals(List.of("cat", "dog"), samples.classes().orElseThrow().names());
      assertArrayEquals(new float[] {3, 0, 0, 2, 0, 0, 1, 0, 0}, samples.read(0, 3).floats());
    }
  }

  @Test
  void namesAnImageOfAnotherSize() throws IOException {
    colour("a.png", 2, 1, 0, 0);
    colour("b.png", 1, 2, 0, 0);
    OctetException e = error();
    assertEquals("OCT-DATA-015", e.id());
    assertTrue(e.fact().contains("b.png' is 2 x 1, '"), e.fact());
    assertTrue(e.nextStep().contains("with the steps resize: [1, 1] before"), e.nextStep());
  }

  @Test
  void namesAnImageThatCannotBeRead() throws IOException {
    Files.writeString(folder.resolve("a.jpg"), "no image");
    assertEquals("OCT-DATA-016", error().id());
    assertTrue(error().fact().contains("a.jpg"));
  }

  @Test
  void refusesAFolderWithoutImagesAndAMixedOne() throws IOException {
    assertEquals("OCT-DATA-017", error().id());
    colour("a.png", 1, 1, 0);
    Files.createDirectories(folder.resolve("cat"));
    colour("cat/a.png", 1, 1, 0);
    assertEquals("OCT-DATA-017", error().id());
  }

  @Test
  void bringsImagesToOneSizeAndGreyOnesToColour() throws IOException {
    colour("a.png", 2, 1, 0x102030, 0x102030);
    new PngFile(folder.resolve("b.png")).grey(1, 3, 7, 7, 7);
    ImageStep step = new ImageStep.Resize(new Extent(1, 1), Filter.BILINEAR);
    try (Samples samples = ImageFolder.open(folder, List.of(step), ImageSizes.alike())) {
      assertArrayEquals(new long[] {2, 1, 1, 3}, samples.sizes());
      assertArrayEquals(new float[] {16, 32, 48, 7, 7, 7}, samples.read(0, 2).floats());
    }
    ImageStep toGrey = new ImageStep.Channels(1);
    try (Samples samples = ImageFolder.open(folder, List.of(step, toGrey), ImageSizes.alike())) {
      assertArrayEquals(new long[] {2, 1, 1, 1}, samples.sizes());
      assertArrayEquals(new float[] {29, 7}, samples.read(0, 2).floats());
    }
  }

  @Test
  void namesAnImageThatAStepCannotBeDoneTo() throws IOException {
    colour("a.png", 2, 1, 0, 0);
    ImageStep crop = new ImageStep.CenterCrop(new Extent(2, 2));
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> ImageFolder.open(folder, List.of(crop), ImageSizes.alike()));
    assertEquals("OCT-DATA-036", e.id());
    assertEquals(
        "image '" + folder.resolve("a.png") + "': it is 1 x 2 where 2 x 2 is to be cut out of it",
        e.fact());
  }

  @Test
  void readsNamesOfEveryScriptAndFollowsLinks() throws IOException {
    colour("\u00fcbung \u5199\u771f.png", 1, 1, 0x010203);
    colour("a.png", 1, 1, 0x040506);
    Files.createSymbolicLink(folder.resolve("z.png"), Path.of("a.png"));
    try (Samples samples = open()) {
      float[] expected = {4, 5, 6, 4, 5, 6, 1, 2, 3};
      assertArrayEquals(expected, samples.read(0, 3).floats());
    }
  }

  @Test
  void namesALinkThatLeadsNowhere() throws IOException {
    colour("a.png", 1, 1, 0);
    Files.createSymbolicLink(folder.resolve("b.png"), Path.of("none.png"));
    assertEquals("OCT-DATA-016", error().id());
    assertTrue(error().fact().endsWith("b.png' cannot be read: it is a link that leads nowhere"));
  }

  @Test
  void namesAnImageOfAFormatThatIsNotRead() throws IOException {
    colour("a.png", 1, 1, 0);
    Files.writeString(folder.resolve("b.TIFF"), "II*");
    assertEquals("OCT-DATA-016", error().id());
    assertTrue(error().fact().contains("b.TIFF"), error().fact());
  }

  @Test
  void namesFoldersInTheFolderOfAClass() throws IOException {
    Files.createDirectories(folder.resolve("train/cat"));
    colour("train/cat/a.png", 1, 1, 0);
    OctetException e = error();
    assertEquals("OCT-DATA-035", e.id());
    assertTrue(e.fact().contains(folder.resolve("train/cat").toString()), e.fact());
  }

  @Test
  void leavesOutHiddenFiles() throws IOException {
    colour("a.png", 1, 1, 0x010203);
    Files.writeString(folder.resolve("._a.png"), "no image");
    try (Samples samples = open()) {
      assertEquals(1, samples.sizes()[0]);
    }
  }

  private Samples open() {
    return ImageFolder.open(folder, List.of(), new ImageSizes(List.of("resize: [1, 1]"), false));
  }

  private OctetException error() {
    return assertThrows(OctetException.class, this::open);
  }

  private void colour(String name, int width, int height, int... pixels) throws IOException {
    new PngFile(folder.resolve(name)).colour(width, height, pixels);
  }
}

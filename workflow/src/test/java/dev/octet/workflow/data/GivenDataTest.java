package dev.octet.workflow.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.fixtures.jdk.PngFile;
import dev.octet.workflow.normalise.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GivenDataTest {

  private static final byte[] SIX =
      TestArrays.npy(1, "|u1", false, "(3, 2)", TestArrays.bytes(1, 2, 3, 4, 5, 6));

  @TempDir Path folder;

  private static Model oneInput() {
    return new Models()
        .input("x", 1, 2)
        .node("n", "Relu", List.of("x"), "y")
        .output("y", 2)
        .model(13);
  }

  private static Model twoInputs() {
    return new Models()
        .input("a", 1, 2)
        .input("b", 1, 2)
        .node("n", "Add", List.of("a", "b"), "y")
        .output("y", 2)
        .model(13);
  }

  private static Model photos() {
    return new Models()
        .input("x", 1, 3, 32, 32)
        .node("n", "Relu", List.of("x"), "y")
        .output("y", 4)
        .model(13);
  }

  @Test
  void givesAnArrayToTheOnlyInput() throws IOException {
    Path file = Files.write(folder.resolve("x.npy"), SIX);
    try (DataSource data = DataSource.open(file, oneInput())) {
      assertEquals(3, data.size());
      assertEquals(Tensor.of(new float[] {3, 4}, 1, 2), data.batch(1, 1).get("x"));
    }
    assertEquals(List.of(), DataSource.files(file, oneInput()));
  }

  @Test
  void givesTheOnlyMemberOfAnArchiveToTheOnlyInput() throws IOException {
    Path file = folder.resolve("x.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("anything.npy"));
      zip.write(SIX);
    }
    try (DataSource data = DataSource.open(file, oneInput())) {
      assertEquals(3, data.size());
    }
    OctetException e = assertThrows(OctetException.class, () -> DataSource.open(file, twoInputs()));
    assertEquals("OCT-DATA-042", e.id());
    assertTrue(e.nextStep().contains("  a:\n    file: 'x.npz:KEY'\n  b:\n"), e.nextStep());
  }

  @Test
  void givesMembersToTheInputsThatTheyAreNamedLike() throws IOException {
    Path file = folder.resolve("x.npz");
    TestArrays.npz(file, true, "x", SIX);
    try (DataSource data = DataSource.open(file, oneInput())) {
      assertEquals(Tensor.of(new float[] {1, 2}, 1, 2), data.batch(0, 1).get("x"));
    }
  }

  @Test
  void saysWhatToWriteWhereTheInputIsOpen() throws IOException {
    Path file = Files.write(folder.resolve("x.npy"), SIX);
    OctetException e = assertThrows(OctetException.class, () -> DataSource.open(file, twoInputs()));
    assertEquals("OCT-DATA-042", e.id());
    assertEquals("'" + file + "' is one array, and the model's inputs are [a, b]", e.fact());
    assertTrue(e.nextStep().endsWith("inputs:\n  a:\n    file: x.npy\n  b:\n    file: x.npy\n"));
  }

  @Test
  void saysThatAFolderHoldsNothing() throws IOException {
    Path photos = Files.createDirectories(folder.resolve("photos"));
    for (int empty = 0; empty < 2; empty++) {
      OctetException e =
          assertThrows(OctetException.class, () -> DataSource.open(photos, photos()));
      assertEquals("OCT-DATA-047", e.id());
      assertEquals(
          "'" + photos + "' is a folder that holds no samples: there is no file in it", e.fact());
      Files.createDirectories(photos.resolve("cat"));
    }
    Files.writeString(photos.resolve("cat/notes.txt"), "none yet");
    OctetException other =
        assertThrows(OctetException.class, () -> DataSource.open(photos, photos()));
    assertEquals("OCT-FMT-003", other.id());
  }

  @Test
  void printsADescriptionThatReadsAFolderOfImages() throws IOException {
    Path images = Files.createDirectories(folder.resolve("my photos/cat")).getParent();
    new PngFile(images.resolve("cat/1.png")).colour(50, 40);
    OctetException e = assertThrows(OctetException.class, () -> DataSource.open(images, photos()));
    assertEquals("OCT-DATA-041", e.id());
    assertEquals("'" + images + "' is a folder of images, and no data description", e.fact());
    String ready = e.nextStep().substring(e.nextStep().indexOf("inputs:"));
    Path file = Files.writeString(folder.resolve("data.yaml"), ready);
    try (DataSource data = DataSource.open(file, photos())) {
      assertEquals(1, data.size());
    }
    Path one = images.resolve("cat/1.png");
    assertEquals(
        "OCT-DATA-041",
        assertThrows(OctetException.class, () -> DataSource.open(one, photos())).id());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x.npy | OCT-DATA-043 | inputs:",
        "[1, 2] | OCT-DATA-043 | tokens: d.yaml",
        "{inputs: {x: x.npy}} | OCT-DATA-044 | file: ...",
        "{input: {x: {file: x.npy}}} | OCT-TREE-003 | inputs",
        "{inputs: {X: {file: x.npy}}} | OCT-DATA-006 | x",
        "{inputs: {x: {fil: x.npy}}} | OCT-TREE-003 | file",
        "{inputs: {x: {file: x.npy, steps: {add: 1}}}} | OCT-DATA-007 | - add: 0.5",
        "{inputs: {x: {file: x.npy, steps: [add 1]}}} | OCT-DATA-007 | - add: 0.5",
        "{inputs: {x: {file: x.npy, steps: [{addd: 1}]}}} | OCT-DATA-007 | add",
        "{inputs: {x: {file: 'x.npz:k'}}} | OCT-DATA-001 | path"
      })
  void saysWhatToWriteForWhatIsMisspelt(String yaml, String id, String next) throws IOException {
    Files.write(folder.resolve("x.npy"), SIX);
    Path file = Files.writeString(folder.resolve("d.yaml"), yaml);
    OctetException e = assertThrows(OctetException.class, () -> DataSource.open(file, oneInput()));
    assertEquals(id, e.id(), e.getMessage());
    assertTrue(e.getMessage().contains(next), e.getMessage());
  }

  @Test
  void readsTheNamesOfClassesInAModel() {
    assertEquals(List.of(), ClassList.of(oneInput()));
    Model odd = oneInput().withMetadata(Map.of("octet.classes", "cat, dog"));
    assertEquals(List.of(), ClassList.of(odd));
    Model twice = oneInput().withMetadata(Map.of("octet.classes", "[\"a\", \"a\"]"));
    assertEquals(List.of(), ClassList.of(twice));
    Model good = oneInput().withMetadata(Map.of("octet.classes", "[\"a\", \"b\"]"));
    assertEquals(List.of("a", "b"), ClassList.of(good));
  }
}

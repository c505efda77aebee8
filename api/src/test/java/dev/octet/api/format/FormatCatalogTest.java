package dev.octet.api.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatCatalogTest {

  private static final Graph GRAPH =
      new Graph("g", List.of(), List.of(), Map.of(), List.of(), Map.of(), Optional.empty());

  @TempDir Path folder;
  private final List<String> written = new ArrayList<>();
  private final ModelFormat first = new Lettered("alpha", "a");
  private final ModelFormat second = new Lettered("beta", "b");
  private final FormatCatalog catalog = FormatCatalog.of(List.of(second, first));

  /** A format whose files begin with the first letter of its name. */
  private class Lettered implements ModelFormat {
    private final String name;
    private final String extension;

    Lettered(String name, String extension) {
      this.name = name;
      this.extension = extension;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public List<String> extensions() {
      return List.of(extension);
    }

    @Override
    public boolean recognises(Path file, byte[] start) {
      return start.length > 0 && start[0] == name.charAt(0);
    }

    @Override
    public Model read(Path file) {
      FormatOrigin origin = () -> this;
      return new Model(GRAPH, new TreeMap<>(Map.of("", 13L)), Map.of(), Optional.of(origin));
    }

    @Override
    public void write(Model model, Path file) {
      written.add(name + " " + file);
    }

    @Override
    public List<Path> dataFiles(Model model) {
      return List.of();
    }

    @Override
    public RaisedModel raise(Model model, Collection<StoredForm> forms) {
      return new RaisedModel(model, List.of());
    }
  }

  @Test
  void findsAFormatByNameAndByTheContentOfAFile() throws IOException {
    assertEquals(List.of("alpha", "beta"), catalog.names());
    assertEquals("beta", catalog.format("beta").name());
    assertEquals("beta", catalog.recognise(file("m", "beta and more")).name());
  }

  @Test
  void aModelThatWasReadKnowsItsFormat() throws IOException {
    assertEquals(
        "alpha", ModelFormat.of(catalog.read(file("m", "a"))).map(ModelFormat::name).orElseThrow());
    assertEquals(Optional.empty(), ModelFormat.of(Model.of(GRAPH, 13)));
  }

  @Test
  void givesAFormatTheFirstBytesAlone() throws IOException {
    Path large = file("m", "x".repeat(FormatCatalog.START_BYTES) + "a");
    List<Integer> lengths = new ArrayList<>();
    ModelFormat counting =
        new Lettered("alpha", "a") {
          @Override
          public boolean recognises(Path path, byte[] start) {
            lengths.add(start.length);
            return true;
          }
        };
    FormatCatalog.of(List.of(counting)).recognise(large);
    FormatCatalog.of(List.of(counting)).recognise(file("empty", ""));
    FormatCatalog.of(List.of(counting)).recognise(folder.resolve("missing"));
    assertEquals(List.of(FormatCatalog.START_BYTES, 0, 0), lengths);
  }

  /** A format of names that end in {@code .acme}. */
  private static final class Compiled implements WriteOnlyFormat {
    private final RuntimeException failure;

    Compiled(RuntimeException failure) {
      this.failure = failure;
    }

    @Override
    public String name() {
      return "aaa-acme";
    }

    @Override
    public List<String> extensions() {
      return List.of("acme");
    }

    @Override
    public void compile(Model model, Path file) throws IOException {
      assertTrue(file.toString().endsWith(".acme"), file.toString());
      Files.writeString(file, "half");
      if (failure != null) {
        throw failure;
      }
      Files.writeString(file, "whole");
    }
  }

  private FormatCatalog with(ModelFormat format) {
    return FormatCatalog.of(List.of(second, first, format));
  }

  @Test
  void aFormatThatIsOnlyWrittenRefusesToReadInItsOwnWords() throws IOException {
    Path file = file("m.acme", "what the device loads");
    OctetException e =
        assertThrows(OctetException.class, () -> with(new Compiled(null)).read(file));
    assertEquals("OCT-FMT-005", e.id());
    assertEquals(ErrorKind.INPUT, e.kind());
    assertEquals("'" + file + "' is of model format 'aaa-acme', which is only written", e.fact());
    String known = with(new Compiled(null)).recognise(file("n.acme", "beta")).name();
    assertEquals("beta", known);
  }

  @Test
  void aFormatThatIsOnlyWrittenWritesAWholeFile() throws IOException {
    Path file = folder.resolve("x.acme");
    with(new Compiled(null)).write(Model.of(GRAPH, 13), file);
    assertEquals("whole", Files.readString(file));
    try (var files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void aFormatThatFailsWhileItWritesLeavesEverythingAsItWas() throws IOException {
    Path file = file("x.acme", "before");
    FormatCatalog failing = with(new Compiled(new IllegalStateException("no licence")));
    OctetException e =
        assertThrows(OctetException.class, () -> failing.write(Model.of(GRAPH, 13), file));
    assertEquals("OCT-REG-006", e.id());
    assertTrue(e.fact().startsWith("model format 'aaa-acme' failed in write: "), e.fact());
    assertEquals("before", Files.readString(file));
    try (var files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
    Path nowhere = folder.resolve("missing").resolve("x.acme");
    OctetException unwritable =
        assertThrows(
            OctetException.class,
            () -> with(new Compiled(null)).write(Model.of(GRAPH, 13), nowhere));
    assertEquals("OCT-FMT-006", unwritable.id());
  }

  @Test
  void aFormatThatFailsDoesNotHideTheOthers() throws IOException {
    ModelFormat broken =
        new Lettered("aaa", "?") {
          @Override
          public boolean recognises(Path path, byte[] start) {
            throw new IllegalStateException("no licence");
          }

          @Override
          public List<String> extensions() {
            throw new IllegalStateException("no licence");
          }
        };
    FormatCatalog both = FormatCatalog.of(List.of(broken, second));
    assertEquals("beta", both.recognise(file("m", "beta")).name());
    OctetException e = assertThrows(OctetException.class, () -> both.read(file("n", "?")));
    assertEquals("OCT-REG-006", e.id());
    assertEquals(
        "model format 'aaa' failed in recognises: java.lang.IllegalStateException: no licence",
        e.fact());
    both.write(Model.of(GRAPH, 13), folder.resolve("m.b"));
  }

  @Test
  void saysWhatToAddWhenThereIsNoFormatAtAll() throws IOException {
    Path file = file("m.onnx", "?");
    FormatCatalog none = FormatCatalog.of(List.of());
    OctetException e = assertThrows(OctetException.class, () -> none.read(file));
    assertEquals("OCT-FMT-001", e.id());
    assertTrue(e.fact().startsWith("no model format was found"), e.fact());
    assertTrue(e.getMessage().contains("META-INF/services"), e.getMessage());
  }

  @Test
  void namesTheFormatsWhenNoneRecognisesAFile() throws IOException {
    Path file = file("m.bin", "?");
    OctetException e = assertThrows(OctetException.class, () -> catalog.read(file));
    assertEquals("OCT-FMT-001", e.id());
    assertEquals(ErrorKind.INPUT, e.kind());
    assertEquals(List.of("alpha", "beta"), e.candidates());
    assertTrue(e.fact().contains("m.bin"), e.getMessage());
  }

  @Test
  void tellsAFileThatCannotBeRead() {
    Path missing = folder.resolve("missing");
    OctetException e = assertThrows(OctetException.class, () -> catalog.read(missing));
    assertEquals("OCT-FILE-002", e.id());
    assertTrue(e.fact().contains("missing"), e.getMessage());
  }

  @Test
  void writesByExtensionThenByOrigin() throws IOException {
    Model model = catalog.read(file("m", "alpha"));
    catalog.write(model, Path.of("out.B"));
    catalog.write(model, Path.of("out.bin"));
    assertEquals(List.of("beta out.B", "alpha out.bin"), written);
  }

  @Test
  void severalFormatsOfOneFileAreRefused() throws IOException {
    FormatCatalog both = FormatCatalog.of(List.of(first, second, new Lettered("alsa", "b")));
    Path file = file("m", "alpha");
    OctetException e = assertThrows(OctetException.class, () -> both.recognise(file));
    assertEquals("OCT-FMT-007", e.id());
    assertEquals("2 model formats recognise '" + file + "'", e.fact());
    OctetException named =
        assertThrows(OctetException.class, () -> both.write(Model.of(GRAPH, 13), Path.of("out.b")));
    assertEquals("2 model formats write 'out.b'", named.fact());
    assertEquals(
        List.of("'alsa' is", "'beta' is"),
        named.candidates().stream().map(c -> c.substring(0, 9)).toList());
    assertEquals(List.of(), written);
  }

  @Test
  void anExtensionHasNoDotInFrontAndNoCapitals() {
    for (String wrong : List.of("", ".b", "B", "b/c", "b ")) {
      ModelFormat format = ModelFormat.guarded(new Lettered("beta", wrong));
      OctetException e = assertThrows(OctetException.class, format::extensions);
      assertEquals("OCT-REG-006", e.id());
      assertTrue(e.fact().contains("'" + wrong + "' is not of the form "), e.fact());
    }
    assertEquals(
        List.of("tar.gz"), ModelFormat.guarded(new Lettered("beta", "tar.gz")).extensions());
  }

  @Test
  void writesAModelWithoutAFormatInTheOnlyOneThereIs() {
    Model made = Model.of(GRAPH, 13);
    FormatCatalog.of(List.of(second)).write(made, Path.of("out.bin"));
    assertEquals(List.of("beta out.bin"), written);
    OctetException e =
        assertThrows(OctetException.class, () -> catalog.write(made, Path.of("out.bin")));
    assertEquals("OCT-FMT-002", e.id());
    assertEquals(List.of("alpha", "beta"), e.candidates());
    assertTrue(e.fact().contains("out.bin"), e.getMessage());
  }

  @Test
  void tellsThatAFormatIsNotThere() {
    OctetException e = assertThrows(OctetException.class, () -> catalog.format("gamma"));
    assertEquals("OCT-REG-001", e.id());
    assertTrue(e.fact().contains("model format 'gamma'"), e.getMessage());
    assertEquals(List.of("alpha", "beta"), e.candidates());
  }

  private Path file(String name, String content) throws IOException {
    return Files.write(folder.resolve(name), content.getBytes(UTF_8));
  }
}

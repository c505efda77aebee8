package dev.octet.format.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.FileRegion;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalDataTest {

  /** More than is copied, so that one of the tensors is mapped. */
  private static final int LARGE = 20_000;

  @TempDir Path temp;
  private Path home;
  private Path file;

  @BeforeEach
  void makeFolder() throws IOException {
    home = Files.createDirectory(temp.resolve("home"));
    file = home.resolve("m.onnx");
  }

  @Test
  void readsAtOffsets() throws IOException {
    Model model = new OnnxFormat().read(writeTwoTensors());
    assertArrayEquals(ramp(0, 4), model.graph().initializers().get("a").floats());
    assertArrayEquals(ramp(4, LARGE), model.graph().initializers().get("b").floats());
  }

  @Test
  void namesEachFileOfDataOnce() throws IOException {
    Model model = new OnnxFormat().read(writeTwoTensors());
    assertEquals(List.of(home.toRealPath().resolve("d")), new OnnxFormat().dataFiles(model));
    byte[] inside = new OnnxFormat().toBytes(model);
    assertEquals(List.of(), new OnnxFormat().dataFiles(new OnnxFormat().read(inside, "inside")));
  }

  @Test
  void readsToTheExpectedEndWhenNoLengthIsStated() throws IOException {
    Files.write(home.resolve("d"), bytes(ramp(0, 8)));
    write(external("a", 4, "location", "d", "offset", "8"));
    assertArrayEquals(
        ramp(2, 4), new OnnxFormat().read(file).graph().initializers().get("a").floats());
  }

  @Test
  void writesTheSameMessageIntoTheSameFolder() throws IOException {
    Model model = new OnnxFormat().read(writeTwoTensors());
    Path copy = home.resolve("copy.onnx");
    new OnnxFormat().write(model, copy);
    assertEquals(parse(file), parse(copy));
    assertEquals(List.of("copy.onnx", "d", "m.onnx"), names(home));
  }

  @Test
  void overwritesItselfWithoutLosingItsData() throws IOException {
    Model model = new OnnxFormat().read(writeTwoTensors());
    ModelProto before = parse(file);
    new OnnxFormat().write(model, file);
    assertEquals(before, parse(file));
    assertEquals(model.graph().initializers(), new OnnxFormat().read(file).graph().initializers());
  }

  @Test
  void keepsTheFileOfUneditedTensorsOnly() throws IOException {
    Model model = new OnnxFormat().read(writeTwoTensors());
    GraphEditor editor = new GraphEditor(model.graph());
    editor.putInitializer("a", Tensor.of(ramp(9, 4), 4));
    new OnnxFormat().write(model.withGraph(editor.finish().graph()), file);
    GraphProto graph = parse(file).getGraph();
    assertEquals(TensorProto.DataLocation.DEFAULT, graph.getInitializer(0).getDataLocation());
    assertEquals(TensorProto.DataLocation.EXTERNAL, graph.getInitializer(1).getDataLocation());
    assertArrayEquals(
        ramp(9, 4), new OnnxFormat().read(file).graph().initializers().get("a").floats());
  }

  @Test
  void doesNotTrustTheOriginOfOtherElements() throws IOException {
    Model model = new OnnxFormat().read(writeTwoTensors());
    Tensor old = model.graph().initializers().get("a");
    GraphEditor editor = new GraphEditor(model.graph());
    editor.putInitializer("a", Tensor.of(ramp(9, 4), 4).withOrigin(old.origin().get()));
    new OnnxFormat().write(model.withGraph(editor.finish().graph()), file);
    assertArrayEquals(
        ramp(9, 4), new OnnxFormat().read(file).graph().initializers().get("a").floats());
  }

  @Test
  void putsDataIntoTheModelElsewhere() throws IOException {
    Model model = new OnnxFormat().read(writeTwoTensors());
    Path other = Files.createDirectory(temp.resolve("other"));
    new OnnxFormat().write(model, other.resolve("m.onnx"));
    assertEquals(List.of("m.onnx"), names(other));
    assertEquals(
        model.graph().initializers(),
        new OnnxFormat().read(other.resolve("m.onnx")).graph().initializers());
    assertEquals(
        model.graph().initializers(),
        new OnnxFormat().read(new OnnxFormat().toBytes(model), "bytes").graph().initializers());
  }

  @Test
  void putsLargeDataBesideTheModel() throws IOException {
    Model model = new OnnxFormat().read(writeTwoTensors());
    Path other = Files.createDirectory(temp.resolve("other"));
    Path out = other.resolve("m.onnx");
    new OnnxFormat().write(model, out, 1000);
    new OnnxFormat().write(model, out, 1000);
    assertEquals(List.of("m.onnx", "m.onnx.data"), names(other));
    assertTrue(Files.size(out) < 1000);
    GraphProto graph = parse(out).getGraph();
    assertEquals(TensorProto.DataLocation.DEFAULT, graph.getInitializer(0).getDataLocation());
    assertEquals(
        List.of(
            Protos.entry("location", "m.onnx.data"),
            Protos.entry("offset", "0"),
            Protos.entry("length", "" + 4 * LARGE)),
        graph.getInitializer(1).getExternalDataList());
    assertEquals(model.graph().initializers(), new OnnxFormat().read(out).graph().initializers());
  }

  @Test
  void alignsDataToPages() throws IOException {
    GraphProto.Builder graph = identity();
    graph.addInitializer(Protos.floats("a", ramp(0, 300)));
    graph.addInitializer(Protos.floats("b", ramp(1, 300)));
    Model model = Protos.read(Protos.model(8, 17, graph));
    new OnnxFormat().write(model, file, 0);
    assertEquals(4096 + 1200, Files.size(home.resolve("m.onnx.data")));
    assertEquals(model.graph().initializers(), new OnnxFormat().read(file).graph().initializers());
  }

  @Test
  void givesNewDataANameThatKeptDataHasNot() throws IOException {
    Files.write(home.resolve("m.onnx.data"), bytes(ramp(0, 400)));
    write(external("a", 400, "location", "m.onnx.data"));
    Model model = new OnnxFormat().read(file);
    GraphEditor editor = new GraphEditor(model.graph());
    editor.putInitializer("new", Tensor.of(ramp(7, 500), 500));
    new OnnxFormat().write(model.withGraph(editor.finish().graph()), file, 1000);
    assertEquals(List.of("m.onnx", "m.onnx.1.data", "m.onnx.data"), names(home));
    Model again = new OnnxFormat().read(file);
    assertArrayEquals(ramp(0, 400), again.graph().initializers().get("a").floats());
    assertArrayEquals(ramp(7, 500), again.graph().initializers().get("new").floats());
  }

  @ParameterizedTest
  @ValueSource(strings = {"../d", "/etc/passwd", "sub/../../d", "", ".", "..", "a\0b"})
  void refusesALocationOutsideTheFolder(String location) throws IOException {
    Files.write(temp.resolve("d"), bytes(ramp(0, 4)));
    write(external("a", 4, "location", location));
    String id = assertThrows(OctetException.class, () -> new OnnxFormat().read(file)).id();
    assertEquals(location.equals(".") ? "OCT-ONNX-022" : "OCT-ONNX-021", id);
  }

  @Test
  void refusesALinkThatLeavesTheFolder() throws IOException {
    Path outside = Files.write(temp.resolve("d"), bytes(ramp(0, 4)));
    link(home.resolve("d"), outside);
    link(home.resolve("sub"), temp);
    write(external("a", 4, "location", "d"));
    assertRefused("OCT-ONNX-021");
    write(external("a", 4, "location", "sub/d"));
    assertRefused("OCT-ONNX-021");
  }

  @Test
  void followsALinkInsideTheFolder() throws IOException {
    Path inside =
        Files.write(Files.createDirectory(home.resolve("s")).resolve("d"), bytes(ramp(0, 4)));
    link(home.resolve("l"), inside);
    write(external("a", 4, "location", "l"));
    assertArrayEquals(
        ramp(0, 4), new OnnxFormat().read(file).graph().initializers().get("a").floats());
  }

  @ParameterizedTest
  @CsvSource({
    "OCT-ONNX-024, offset, 4",
    "OCT-ONNX-024, offset, 9223372036854775807",
    "OCT-ONNX-023, offset, -1",
    "OCT-ONNX-023, offset, many",
    "OCT-ONNX-023, length, 99999999999999999999",
    "OCT-ONNX-028, length, 12",
    "OCT-ONNX-028, length, 20"
  })
  void refusesWhatDoesNotFitTheFile(String id, String key, String value) throws IOException {
    Files.write(home.resolve("d"), bytes(ramp(0, 4)));
    write(external("a", 4, "location", "d", key, value));
    assertRefused(id);
  }

  @Test
  void allocatesNothingForSizesThatTheFileHasNot() throws IOException {
    Files.write(home.resolve("d"), bytes(ramp(0, 4)));
    write(external("a", 500_000_000, "location", "d"));
    assertRefused("OCT-ONNX-024");
  }

  @Test
  void leavesLargeDataInItsFile() throws IOException {
    Model model = new OnnxFormat().read(writeTwoTensors());
    assertEquals(Optional.empty(), model.graph().initializers().get("a").region());
    FileRegion region = model.graph().initializers().get("b").region().orElseThrow();
    assertEquals(home.toRealPath().resolve("d"), region.file().file());
    assertEquals(64, region.offset());
    assertEquals(4L * LARGE, region.length());
  }

  @Test
  void refusesDataThatWasChangedOrCutOffAfterTheModelWasRead() throws IOException {
    Model model = new OnnxFormat().read(writeTwoTensors());
    Tensor tensor = model.graph().initializers().get("b");
    truncate(home.resolve("d"), 100);
    assertChanged(tensor::floats);
    Path elsewhere = Files.createDirectory(temp.resolve("other")).resolve("m.onnx");
    assertChanged(() -> new OnnxFormat().write(model, elsewhere));
    assertChanged(() -> new OnnxFormat().write(model, elsewhere, 1000));
    assertChanged(() -> new OnnxFormat().write(model, file));
    assertEquals(List.of(), names(temp.resolve("other")));
    assertEquals(List.of("d", "m.onnx"), names(home));
  }

  @Test
  void storesDataAnewWhoseFileWasReplaced() throws IOException {
    Model model = new OnnxFormat().read(writeTwoTensors());
    Path other = Files.write(home.resolve("other"), bytes(ramp(9, 4)));
    Files.move(other, home.resolve("d"), StandardCopyOption.REPLACE_EXISTING);
    new OnnxFormat().write(model, file);
    Model again = new OnnxFormat().read(file);
    assertEquals(List.of(), new OnnxFormat().dataFiles(again));
    assertEquals(model.graph().initializers(), again.graph().initializers());
  }

  @Test
  void refusesToReadDataThatChangesWhileTheModelIsRead() throws IOException {
    Source source = new Source("m", Optional.of(home));
    Files.write(home.resolve("d"), bytes(ramp(0, LARGE)));
    ExternalDataReader reader = new ExternalDataReader(source);
    TensorProto proto = external("a", LARGE, "location", "d");
    reader.read(proto, DataType.FLOAT, new long[] {LARGE}, 4L * LARGE, "a");
    truncate(home.resolve("d"), 100);
    assertChanged(() -> reader.read(proto, DataType.FLOAT, new long[] {LARGE}, 4L * LARGE, "a"));
  }

  /** The data file has holes alone, but for its last byte. */
  @Test
  void readsAndKeepsATensorOfMoreThanTwoGibibytes() throws IOException {
    long size = (1L << 31) + 8;
    try (FileChannel channel =
        FileChannel.open(
            home.resolve("d"),
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE)) {
      channel.write(ByteBuffer.wrap(new byte[] {7}), size - 1);
    }
    write(external("a", 2, "location", "d").toBuilder().setDataType(3).addDims(size / 2).build());
    Model model = new OnnxFormat().read(file);
    Tensor tensor = model.graph().initializers().get("a");
    assertEquals(size, tensor.elementCount());
    assertEquals(7, tensor.window(size - 1, 1).get());
    Path copy = home.resolve("copy.onnx");
    new OnnxFormat().write(model, copy);
    assertEquals(parse(file), parse(copy));
    assertEquals(
        "OCT-ONNX-031",
        assertThrows(OctetException.class, () -> new OnnxFormat().toBytes(model)).id());
  }

  @Test
  void refusesAMissingFileAndAModelWithoutFolder() throws IOException {
    write(external("a", 4, "location", "missing"));
    assertRefused("OCT-ONNX-022");
    byte[] bytes = Files.readAllBytes(file);
    OctetException e = assertThrows(OctetException.class, () -> new OnnxFormat().read(bytes, "m"));
    assertEquals("OCT-ONNX-020", e.id());
  }

  @Test
  void leavesNothingBehindWhenWritingFails() throws IOException {
    Model model = new OnnxFormat().read(writeTwoTensors());
    Path missing = temp.resolve("no/m.onnx");
    assertEquals(
        "OCT-ONNX-030",
        assertThrows(OctetException.class, () -> new OnnxFormat().write(model, missing)).id());
    assertEquals(
        "OCT-ONNX-030",
        assertThrows(OctetException.class, () -> new OnnxFormat().write(model, home)).id());
    assertEquals(List.of("d", "m.onnx"), names(home));
    assertFalse(Files.exists(temp.resolve("no")));
  }

  @Test
  void putsTheOldDataBackWhenTheModelCannotBeReplaced() throws IOException {
    Model model = new OnnxFormat().read(writeTwoTensors());
    Path other = Files.createDirectory(temp.resolve("other"));
    Path data = Files.writeString(other.resolve("m.onnx.data"), "old");
    Files.createDirectories(other.resolve("m.onnx").resolve("full"));
    assertThrows(
        OctetException.class, () -> new OnnxFormat().write(model, other.resolve("m.onnx"), 0));
    assertEquals("old", Files.readString(data));
    assertEquals(List.of("m.onnx", "m.onnx.data"), names(other));
  }

  @Test
  void writesThroughALink() throws IOException {
    Model model = new OnnxFormat().read(writeTwoTensors());
    link(temp.resolve("l.onnx"), file);
    new OnnxFormat().write(model, temp.resolve("l.onnx"));
    assertTrue(Files.isSymbolicLink(temp.resolve("l.onnx")));
    assertEquals(
        TensorProto.DataLocation.EXTERNAL,
        parse(file).getGraph().getInitializer(0).getDataLocation());
  }

  @Test
  void putsNewDataIntoTheFolderAlone() throws IOException {
    Model model = new OnnxFormat().read(writeTwoTensors());
    Path other = Files.createDirectory(temp.resolve("other"));
    Path away = Files.writeString(temp.resolve("away"), "away");
    link(other.resolve("m.onnx.data"), away);
    new OnnxFormat().write(model, other.resolve("m.onnx"), 0);
    assertEquals("away", Files.readString(away));
    assertEquals(List.of("m.onnx", "m.onnx.1.data", "m.onnx.data"), names(other));
    assertEquals(
        model.graph().initializers(),
        new OnnxFormat().read(other.resolve("m.onnx")).graph().initializers());
  }

  @Test
  void writesAPipeThroughWithAllDataInsideOrNotAtAll() throws Exception {
    Model model = new OnnxFormat().read(writeTwoTensors());
    Path pipe = home.resolve("p.onnx");
    try {
      assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    } catch (IOException e) {
      assumeTrue(false, "no pipes with names here");
    }
    OctetException e =
        assertThrows(OctetException.class, () -> new OnnxFormat().write(model, pipe, 1000));
    assertEquals("OCT-ONNX-030", e.id());
    assertTrue(e.fact().contains("stands beside its file"), e.fact());
    CompletableFuture<byte[]> read =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.readAllBytes(pipe);
              } catch (IOException unread) {
                throw new IllegalStateException(unread);
              }
            });
    new OnnxFormat().write(model, pipe);
    assertArrayEquals(new OnnxFormat().toBytes(model), read.get(30, TimeUnit.SECONDS));
    assertEquals(List.of("d", "m.onnx", "p.onnx"), names(home));
  }

  private Path writeTwoTensors() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(64 + 4 * LARGE);
    data.put(bytes(ramp(0, 4))).position(64).put(bytes(ramp(4, LARGE)));
    Files.write(home.resolve("d"), data.array());
    return write(
        external("a", 4, "location", "d", "length", "16"),
        external("b", LARGE, "length", "" + 4 * LARGE, "location", "d", "offset", "64"));
  }

  private Path write(TensorProto... tensors) throws IOException {
    GraphProto.Builder graph = identity().addAllInitializer(List.of(tensors));
    return Files.write(file, Protos.model(8, 17, graph).build().toByteArray());
  }

  private static GraphProto.Builder identity() {
    return Protos.single(Protos.node("n", "Identity", List.of("x"), List.of("y")), 4);
  }

  private static TensorProto external(String name, int size, String... entries) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(1)
            .addDims(size)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    for (int i = 0; i < entries.length; i += 2) {
      tensor.addExternalData(Protos.entry(entries[i], entries[i + 1]));
    }
    return tensor.build();
  }

  private void assertRefused(String id) {
    OctetException e = assertThrows(OctetException.class, () -> new OnnxFormat().read(file));
    assertEquals(id, e.id(), e.getMessage());
    assertTrue(e.place().get().contains("initializer 'a'"), e.getMessage());
  }

  private static void assertChanged(Executable reading) {
    OctetException e = assertThrows(OctetException.class, reading);
    assertEquals("OCT-FILE-003", e.id());
    assertTrue(e.fact().contains("d' was changed while it was in use"), e.fact());
  }

  private static void truncate(Path path, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private static float[] ramp(int from, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = from + i;
    }
    return values;
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static void link(Path link, Path target) throws IOException {
    try {
      Files.createSymbolicLink(link, target);
    } catch (UnsupportedOperationException e) {
      assumeTrue(false, "no symbolic links here");
    }
  }

  private static ModelProto parse(Path path) throws IOException {
    return ModelProto.parseFrom(Files.readAllBytes(path));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}

package dev.octet.format.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.DataFile;
import dev.octet.api.file.FileRegion;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.fixtures.jdk.MortalFiles;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto;
import dev.octet.format.onnx.proto.OnnxMl.FunctionProto;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import dev.octet.format.onnx.proto.OnnxMl.NodeProto;
import dev.octet.format.onnx.proto.OnnxMl.SparseTensorProto;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import dev.octet.format.onnx.proto.OnnxMl.TrainingInfoProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    byte[] first = Files.readAllBytes(out);
    new OnnxFormat().write(model, out, 1000);
    assertArrayEquals(first, Files.readAllBytes(out));
    String data = dataOf(out);
    assertEquals(List.of("m.onnx", data), names(other));
    assertTrue(DataFile.isNamedByContent(data));
    assertTrue(Files.size(out) < 1000);
    GraphProto graph = parse(out).getGraph();
    assertEquals(TensorProto.DataLocation.DEFAULT, graph.getInitializer(0).getDataLocation());
    assertEquals(
        List.of(
            Protos.entry("location", data),
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
    assertEquals(4096 + 1200, Files.size(home.resolve(dataOf(file))));
    assertEquals(model.graph().initializers(), new OnnxFormat().read(file).graph().initializers());
  }

  @Test
  void keptDataStaysWhereItIs() throws IOException {
    Files.write(home.resolve("m.onnx.data"), bytes(ramp(0, 400)));
    write(external("a", 400, "location", "m.onnx.data"));
    Model model = new OnnxFormat().read(file);
    GraphEditor editor = new GraphEditor(model.graph());
    editor.putInitializer("new", Tensor.of(ramp(7, 500), 500));
    new OnnxFormat().write(model.withGraph(editor.finish().graph()), file, 1000);
    String first = DataFile.namesBeside(file).get(0);
    assertEquals(List.of("m.onnx", first, "m.onnx.data"), names(home));
    Model again = new OnnxFormat().read(file);
    assertArrayEquals(ramp(0, 400), again.graph().initializers().get("a").floats());
    assertArrayEquals(ramp(7, 500), again.graph().initializers().get("new").floats());
    editor = new GraphEditor(again.graph());
    editor.putInitializer("more", Tensor.of(ramp(8, 500), 500));
    new OnnxFormat().write(again.withGraph(editor.finish().graph()), file, 1000);
    assertEquals(2, DataFile.namesBeside(file).size());
    assertTrue(names(home).contains(first), "the new model refers to it still");
  }

  @Test
  void dataOfTheModelThatIsReplacedGoes() throws IOException {
    new OnnxFormat().write(large(1), file, 0);
    String old = dataOf(file);
    new OnnxFormat().write(large(2), file, 0);
    assertEquals(List.of("m.onnx", dataOf(file)), names(home));
    assertNotEquals(old, dataOf(file));
    new OnnxFormat().write(large(3), file);
    assertEquals(List.of("m.onnx"), names(home));
  }

  /** Copies and models that were moved away keep what they refer to. */
  @Test
  void dataThatAnotherModelRefersToStays() throws IOException {
    new OnnxFormat().write(large(1), file, 0);
    String data = dataOf(file);
    Path copy = Files.copy(file, home.resolve("copy.of.a.model"));
    Files.writeString(home.resolve("read.me"), "no model at all");
    new OnnxFormat().write(large(2), file, 0);
    assertTrue(names(home).contains(data));
    assertEquals(large(1).graph().initializers(), read(copy).graph().initializers());
    Files.delete(copy);
    new OnnxFormat().write(large(3), file, 0);
    assertEquals(List.of("m.onnx", dataOf(file), "read.me"), names(home));
  }

  @Test
  void dataOfOtherToolsStays() throws IOException {
    new OnnxFormat().write(new OnnxFormat().read(writeTwoTensors()), home.resolve("o.onnx"));
    new OnnxFormat().write(large(2), file, 0);
    assertTrue(names(home).contains("d"));
  }

  @Test
  void findsLocationsWhereverTensorsAre() throws IOException {
    GraphProto inner = GraphProto.newBuilder().addInitializer(at("then")).build();
    NodeProto node =
        NodeProto.newBuilder()
            .setOpType("If")
            .addAttribute(AttributeProto.newBuilder().setName("g").setG(inner))
            .addAttribute(AttributeProto.newBuilder().setName("t").setT(at("value")))
            .addAttribute(AttributeProto.newBuilder().setName("s").addTensors(at("values")))
            .build();
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addNode(node)
            .addInitializer(at("initializer"))
            .addSparseInitializer(
                SparseTensorProto.newBuilder().setValues(at("sparse")).setIndices(at("indices")));
    ModelProto model =
        ModelProto.newBuilder()
            .setProducerName("location")
            .setGraph(graph)
            .addFunctions(FunctionProto.newBuilder().addNode(node))
            .addTrainingInfo(
                TrainingInfoProto.newBuilder()
                    .setInitialization(GraphProto.newBuilder().addInitializer(at("training"))))
            .build();
    Files.write(file, model.toByteArray());
    assertEquals(
        Set.of("then", "value", "values", "initializer", "sparse", "indices", "training"),
        DataLocations.of(file));
  }

  private static TensorProto at(String location) {
    return external("x", 1, "offset", "0", "location", location);
  }

  /** A reader that never waits sees one of two models that are written over each other. */
  @Test
  void aReaderSeesWholeModelsAlone() throws Exception {
    List<Model> models = List.of(large(1), large(2));
    new OnnxFormat().write(models.get(0), file, 0);
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (Model model : models) {
      writers.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 15; i++) {
                  new OnnxFormat().write(model, file, 0);
                }
              }));
    }
    Set<Map<String, Tensor>> known =
        Set.of(models.get(0).graph().initializers(), models.get(1).graph().initializers());
    int reads = 0;
    while (reads < 5 || !writers.stream().allMatch(CompletableFuture::isDone)) {
      assertTrue(known.contains(read(file).graph().initializers()), "another model");
      reads++;
    }
    for (CompletableFuture<Void> writer : writers) {
      writer.get(60, TimeUnit.SECONDS);
    }
    assertEquals(List.of("m.onnx", dataOf(file)), names(home));
  }

  /** The model is the old one until its own file is moved, whatever the writer is killed at. */
  @Test
  void aKilledWriterLeavesTheOldModelOrTheNewOneWithItsData() throws IOException {
    List<String> table = new ArrayList<>();
    for (int step = 0; ; step++) {
      clear();
      new OnnxFormat().write(large(1), file, 0);
      MortalFiles files = MortalFiles.killedAt(step);
      try {
        new OnnxFormat().write(large(2), files.path(file), 0);
        break;
      } catch (MortalFiles.Killed e) {
        Map<String, Tensor> found = read(file).graph().initializers();
        boolean old = found.equals(large(1).graph().initializers());
        assertTrue(old || found.equals(large(2).graph().initializers()), "another model");
        String what = files.steps().get(step).replaceAll("[0-9a-f]{32}", "HASH");
        table.add((old ? "old: " : "new: ") + what);
      }
      new OnnxFormat().write(large(2), file, 0);
      assertEquals(large(2).graph().initializers(), read(file).graph().initializers());
      assertEquals(
          List.of("m.onnx", dataOf(file)),
          names(home).stream().filter(name -> !name.startsWith(".")).toList());
    }
    assertEquals(
        List.of(
            "old: make .*-data",
            "old: write .*-data",
            "old: write .*-data",
            "old: write .*-data",
            "old: make .*-m.onnx",
            "old: write .*-m.onnx",
            "old: force .*-m.onnx",
            "old: force .*-data",
            "old: make .octet.lock",
            "old: lock .octet.lock",
            "old: move .*-data",
            "old: force home",
            "old: move .*-m.onnx",
            "new: force home",
            "new: remove m.onnx.HASH.data",
            "new: remove .octet.lock",
            "new: remove .*-data",
            "new: remove .*-m.onnx"),
        table);
  }

  private void clear() throws IOException {
    for (String name : names(home)) {
      Files.delete(home.resolve(name));
    }
  }

  /** Returns a model with more data than may stand inside. */
  private static Model large(int seed) {
    GraphProto.Builder graph = identity();
    graph.addInitializer(Protos.floats("a", ramp(seed, 300)));
    graph.addInitializer(Protos.floats("b", ramp(seed + 1, 300)));
    return Protos.read(Protos.model(8, 17, graph));
  }

  private static Model read(Path model) {
    return new OnnxFormat().read(model);
  }

  /** Returns the only file of data that a model refers to. */
  private static String dataOf(Path model) throws IOException {
    Set<String> names = DataLocations.of(model);
    assertEquals(1, names.size());
    return names.iterator().next();
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
  void refusesToReadDataThatIsReplacedWhileTheModelIsRead() throws IOException {
    Source source = new Source("m", Optional.of(home));
    Path data = Files.write(home.resolve("d"), bytes(ramp(0, LARGE)));
    ExternalDataReader reader = new ExternalDataReader(source);
    TensorProto proto = external("a", LARGE, "location", "d");
    reader.read(proto, DataType.FLOAT, new long[] {LARGE}, 4L * LARGE, "a");
    Path other = Files.write(home.resolve("other"), bytes(ramp(1, LARGE)));
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(data));
    Files.move(other, data, StandardCopyOption.REPLACE_EXISTING);
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> reader.read(proto, DataType.FLOAT, new long[] {LARGE}, 4L * LARGE, "a"));
    assertEquals("OCT-ONNX-022", e.id());
    assertTrue(e.fact().contains("replaced by another file"), e.fact());
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
  void leavesTheOldModelWithItsDataWhenItCannotBeReplaced() throws IOException {
    new OnnxFormat().write(large(1), file, 0);
    List<String> before = names(home);
    Path full = MortalFiles.fullAt(6).path(file);
    OctetException e =
        assertThrows(OctetException.class, () -> new OnnxFormat().write(large(2), full, 0));
    assertEquals("OCT-ONNX-030", e.id());
    assertEquals(
        "the model cannot be written: java.io.IOException: No space left on device", e.fact());
    assertEquals(before, names(home));
    assertEquals(large(1).graph().initializers(), read(file).graph().initializers());
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
    Path other = Files.createDirectory(temp.resolve("other"));
    Path away = Files.writeString(temp.resolve("away"), "away");
    new OnnxFormat().write(large(1), other.resolve("m.onnx"), 0);
    String name = dataOf(other.resolve("m.onnx"));
    Files.delete(other.resolve(name));
    link(other.resolve(name), away);
    new OnnxFormat().write(large(1), other.resolve("m.onnx"), 0);
    assertEquals("away", Files.readString(away));
    assertFalse(Files.isSymbolicLink(other.resolve(name)));
    assertEquals(List.of("m.onnx", name), names(other));
  }

  @Test
  void refusesAPipe() throws Exception {
    Model model = new OnnxFormat().read(writeTwoTensors());
    Path pipe = home.resolve("p.onnx");
    try {
      assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    } catch (IOException e) {
      assumeTrue(false, "no pipes with names here");
    }
    OctetException e =
        assertThrows(OctetException.class, () -> new OnnxFormat().write(model, pipe));
    assertEquals("OCT-ONNX-030", e.id());
    assertTrue(e.fact().contains("this is a device, a pipe or a socket, and no file"), e.fact());
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

package dev.octet.format.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.FileIdentity;
import dev.octet.api.file.FileRegion;
import dev.octet.api.file.ReplacedFileException;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import dev.octet.format.onnx.proto.OnnxMl.NodeProto;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import dev.octet.protobuf.ByteString;
import dev.octet.protobuf.Descriptors.Descriptor;
import dev.octet.protobuf.Descriptors.FieldDescriptor;
import dev.octet.protobuf.Message;
import dev.octet.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model that is read in parts, with its data left in the file, is the one in memory. */
class StoredModelTest {

  private static final OnnxFormat FORMAT = new OnnxFormat();

  private static final Set<Descriptor> READ_IN_PARTS =
      Set.of(AttributeProto.getDescriptor(), TensorProto.getDescriptor());

  /** Elements of the first tensor, 4 bytes each: the smallest that is left. */
  private static final int LEFT = OnnxFormat.LEFT_FROM / 4;

  /** With it the file has more than 1 MiB. */
  private static final int MANY = 300_000;

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("m.onnx");
  }

  @Test
  void everyVariationOfARichModelIsReadAsInMemory() throws Exception {
    int compared = 0;
    for (int i : LosslessTest.firstOfEachKind()) {
      for (FieldDescriptor field : LosslessTest.fields(i)) {
        if (!READ_IN_PARTS.contains(field.getContainingType())) {
          continue;
        }
        for (Consumer<Message.Builder> change : LosslessTest.changes(field)) {
          compare(LosslessTest.vary(i, change).toByteArray(), "message " + i + ", " + field);
          compared++;
        }
      }
    }
    assertTrue(compared > 150, "only " + compared);
  }

  @Test
  void aRichModelThatIsDamagedIsReadOrRefusedAsInMemory() throws Exception {
    byte[] whole = RichModel.build().toByteArray();
    for (int at = 0; at < whole.length; at += 17) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) new int[] {0x01, 0x80, 0xff}[at % 3];
      compare(damaged, "byte " + at);
      compare(Arrays.copyOf(whole, at), "cut at " + at);
    }
  }

  /** Fields that a writer gives twice are merged, the data of the last one counts. */
  @Test
  void whatStandsTwiceIsMergedAsInMemory() throws Exception {
    ByteString one = Protos.floats("t", 1, 2).toByteString();
    ByteString two = Protos.floats("t", 3, 4).toBuilder().clearDims().build().toByteString();
    ByteString none = TensorProto.newBuilder().setDocString("d").build().toByteString();
    ByteString empty = TensorProto.newBuilder().setRawData(ByteString.EMPTY).build().toByteString();
    for (List<ByteString> parts :
        List.of(List.of(one, two), List.of(two, one), List.of(one, none), List.of(one, empty))) {
      List<ByteString> joined = List.of(parts.get(0).concat(parts.get(1)));
      AttributeProto.Builder attribute =
          AttributeProto.newBuilder().setName("value").setType(AttributeType.TENSOR);
      compare(model(attribute.setUnknownFields(field(5, parts))), "attribute of " + parts);
      compare(model(attribute.setUnknownFields(field(5, joined))), "tensor of " + parts);
      GraphProto.Builder graph = GraphProto.newBuilder().setName("g");
      compare(model(graph.setUnknownFields(field(5, joined))), "constant of " + parts);
    }
    ByteString graph =
        GraphProto.newBuilder().addInitializer(Protos.floats("c", 1)).build().toByteString();
    ByteString other =
        GraphProto.newBuilder().addInitializer(Protos.floats("d", 2)).build().toByteString();
    ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8);
    compare(
        model.setUnknownFields(field(7, List.of(graph, other, ByteString.EMPTY))), "graph twice");
  }

  /** Attributes that are kept as the message that they are keep its data. */
  @Test
  void dataOfAttributesThatAreNoPlainValueIsKept() throws Exception {
    GraphProto graph = GraphProto.newBuilder().addInitializer(Protos.floats("c", 1, 2)).build();
    TensorProto tensor = Protos.floats("t", 1, 2);
    for (AttributeType type : AttributeType.values()) {
      for (String reference : List.of("", "outer")) {
        AttributeProto.Builder attribute =
            AttributeProto.newBuilder().setName("a").setType(type).setRefAttrName(reference);
        compare(model(attribute.setT(tensor)), type + " with a tensor");
        compare(model(attribute.setG(graph)), type + " with both");
        compare(model(attribute.addGraphs(graph)), type + " with all");
        compare(model(attribute.clearT()), type + " with graphs");
        compare(model(attribute.clearG()), type + " with a list of graphs");
        compare(model(attribute.clearGraphs().setG(graph)), type + " with a graph");
        compare(
            model(attribute.clearG().setT(tensor.toBuilder().setDataType(99))),
            type + " with a tensor of no known type");
      }
    }
  }

  @Test
  void messagesThatNestTooDeepAreRefused() throws IOException {
    GraphProto graph = GraphProto.getDefaultInstance();
    for (int i = 0; i < 40; i++) {
      graph =
          GraphProto.newBuilder()
              .addNode(NodeProto.newBuilder().addAttribute(Protos.graph("g", graph)))
              .build();
    }
    ModelProto deep = ModelProto.newBuilder().setIrVersion(8).setGraph(graph).build();
    Files.write(file(), deep.toByteArray());
    OctetException e = assertThrows(OctetException.class, () -> readInParts());
    assertEquals("OCT-ONNX-004", e.id());
    assertEquals("this is no ONNX model: its messages nest too deep", e.fact());
  }

  @Test
  void largeDataIsLeftInALargeFile() throws IOException {
    write(LEFT - 1, LEFT, MANY);
    byte[] content = Files.readAllBytes(file());
    Model model = FORMAT.read(file());
    assertEquals(Optional.empty(), constant(model, 0).region());
    for (int i : List.of(1, 2)) {
      FileRegion region = constant(model, i).region().orElseThrow();
      assertEquals(file().toRealPath(), region.file().file());
      byte[] there =
          Arrays.copyOfRange(
              content, (int) region.offset(), (int) (region.offset() + region.length()));
      assertArrayEquals(bytes(constant(FORMAT.read(content, "m"), i)), there);
    }
    assertEquals(List.of(), FORMAT.dataFiles(model));
    Path copy = folder.resolve("copy.onnx");
    FORMAT.write(model, copy);
    assertArrayEquals(content, Files.readAllBytes(copy));
    assertArrayEquals(content, FORMAT.toBytes(model));
  }

  @Test
  void aSmallFileIsReadWhole() throws IOException {
    write(LEFT, LEFT);
    Model model = FORMAT.read(file());
    assertTrue(constant(model, 0).isHeld() && constant(model, 1).isHeld());
  }

  /** Where a tensor begins depends on what stands before it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void dataMayBeginAtAnyByte(int shift) throws IOException {
    GraphProto.Builder graph = graph(MANY);
    graph.setDocString("d".repeat(shift));
    byte[] bytes = Protos.model(8, 17, graph).build().toByteArray();
    Files.write(file(), bytes);
    assertArrayEquals(
        constant(FORMAT.read(bytes, "m"), 0).floats(), constant(FORMAT.read(file()), 0).floats());
  }

  @Test
  void aModelGoesInPlaceOfTheOneThatItsDataIsIn() throws IOException {
    write(LEFT, MANY);
    byte[] content = Files.readAllBytes(file());
    Model model = FORMAT.read(file());
    FORMAT.write(model, file());
    FORMAT.write(model, file());
    assertArrayEquals(content, Files.readAllBytes(file()));
  }

  @Test
  void dataOfAFileThatWasChangedOrCutOffIsRefused() throws IOException {
    write(LEFT, MANY);
    Tensor tensor = constant(FORMAT.read(file()), 1);
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      channel.truncate(100_000);
    }
    OctetException e = assertThrows(OctetException.class, tensor::floats);
    assertEquals("OCT-FILE-003", e.id());
    assertTrue(e.fact().contains("m.onnx' was changed while it was in use"), e.fact());
  }

  @Test
  void aFileThatIsReplacedWhileItIsReadIsRefused() throws IOException {
    write(LEFT, MANY);
    FileIdentity before = FileIdentity.of(file());
    Path other = Files.copy(file(), folder.resolve("other"));
    Files.move(other, file(), StandardCopyOption.REPLACE_EXISTING);
    ModelReader reader = new ModelReader(new Source("m", Optional.empty()));
    assertThrows(ReplacedFileException.class, () -> reader.read(before, OnnxFormat.LEFT_FROM));
  }

  @Test
  void aLargeFileThatEndsEarlyOrIsNoModelIsRefused() throws IOException {
    write(LEFT, MANY);
    byte[] content = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(content, content.length - 7));
    assertEquals("OCT-ONNX-003", assertThrows(OctetException.class, this::readFile).id());
    Files.write(file(), new byte[content.length]);
    assertEquals("OCT-ONNX-004", assertThrows(OctetException.class, this::readFile).id());
  }

  private Model readFile() {
    return FORMAT.read(file());
  }

  private Model readInParts() throws IOException {
    Source source = new Source("m.onnx", Optional.empty());
    return new ModelReader(source).read(FileIdentity.of(file()), 1);
  }

  private void compare(Message.Builder model, String what) throws Exception {
    compare(model.build().toByteArray(), what);
  }

  private void compare(byte[] bytes, String what) throws Exception {
    if (bytes.length == 0) {
      return;
    }
    // Where one was mapped, its bytes stay.
    Files.deleteIfExists(file());
    Files.write(file(), bytes);
    Object inMemory = outcome(() -> FORMAT.read(bytes, "m.onnx"));
    assertEquals(inMemory, outcome(this::readInParts), what);
  }

  /** Returns what is written of a model, or why it was refused. */
  private static Object outcome(Callable<Model> reading) throws Exception {
    try {
      return Protos.write(reading.call());
    } catch (OctetException e) {
      return e.id() + e.place();
    }
  }

  private static ModelProto.Builder model(AttributeProto.Builder attribute) {
    NodeProto.Builder node = NodeProto.newBuilder().setName("n").setOpType("Op");
    return model(GraphProto.newBuilder().setName("g").addNode(node.addAttribute(attribute)));
  }

  private static ModelProto.Builder model(GraphProto.Builder graph) {
    return Protos.model(8, 17, graph);
  }

  private static UnknownFieldSet field(int number, List<ByteString> values) {
    UnknownFieldSet.Field.Builder field = UnknownFieldSet.Field.newBuilder();
    values.forEach(field::addLengthDelimited);
    return UnknownFieldSet.newBuilder().addField(number, field.build()).build();
  }

  private void write(int... sizes) throws IOException {
    Files.write(file(), Protos.model(8, 17, graph(sizes)).build().toByteArray());
  }

  private static GraphProto.Builder graph(int... sizes) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("g");
    for (int i = 0; i < sizes.length; i++) {
      float[] values = new float[sizes[i]];
      for (int k = 0; k < values.length; k++) {
        values[k] = i + k;
      }
      graph.addInitializer(Protos.floats("w" + i, values));
    }
    return graph;
  }

  private static Tensor constant(Model model, int index) {
    return Optional.ofNullable(model.graph().initializers().get("w" + index)).orElseThrow();
  }

  private static byte[] bytes(Tensor tensor) {
    byte[] bytes = new byte[Math.toIntExact(tensor.byteCount())];
    tensor.data().get(bytes);
    return bytes;
  }
}

package dev.octet.format.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import dev.octet.protobuf.ByteString;
import dev.octet.protobuf.UnknownFieldSet;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorStorageTest {

  private static final OnnxFormat FORMAT = new OnnxFormat();

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STRING")
  void readsTheSameElementsFromEitherField(DataType type) {
    for (int elements : new int[] {0, 1, 2, 3, 5, 8}) {
      Tensor tensor = pattern(type, elements);
      TensorProto.Builder raw = empty(type, elements);
      raw.setRawData(ByteString.copyFrom(tensor.data()));
      TensorProto.Builder typed = empty(type, elements);
      TypedData.write(typed, tensor);
      assertEquals(tensor, check(raw.build()), type + " raw_data " + elements);
      assertEquals(tensor, check(typed.build()), type + " typed " + elements);
    }
  }

  /** From 64 KiB on the data is written beside the message, into the middle of its fields. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, (1 << 16) - 1, 1 << 16, (1 << 16) + 1})
  void writesRawDataOfAnySizeByteForByteAsAMessageOfIt(int elements) {
    Tensor tensor = pattern(DataType.UINT8, elements);
    TensorProto.Builder proto =
        empty(DataType.UINT8, elements)
            .setName("w")
            .setDocString("weight")
            .setRawData(ByteString.copyFrom(tensor.data()))
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(999, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                    .build());
    ModelProto model =
        Protos.model(8, 13, GraphProto.newBuilder().setName("g").addInitializer(proto))
            .addMetadataProps(Protos.entry("k", "v"))
            .build();
    byte[] bytes = model.toByteArray();
    assertArrayEquals(bytes, FORMAT.toBytes(FORMAT.read(bytes, "m")));
  }

  @ParameterizedTest
  @EnumSource
  void elementTypesHaveTheNumbersOfTheSchema(DataType type) {
    assertEquals(TensorProto.DataType.valueOf(type.name()).getNumber(), type.onnxNumber());
  }

  @Test
  void readsStrings() {
    TensorProto proto =
        empty(DataType.STRING, 2)
            .addStringData(ByteString.copyFromUtf8("one"))
            .addStringData(ByteString.copyFrom(new byte[] {(byte) 0xfe}))
            .build();
    Tensor tensor = check(proto);
    assertArrayEquals(new byte[] {(byte) 0xfe}, tensor.strings().get(1));
  }

  @Test
  void extendsSignsAsTheTypeHasThem() {
    TensorProto.Builder signed = empty(DataType.INT8, 2);
    TypedData.write(signed, Tensor.of(DataType.INT8, new byte[] {-1, -128}, 2));
    assertEquals(List.of(-1, -128), signed.getInt32DataList());
    TensorProto.Builder unsigned = empty(DataType.UINT8, 2);
    TypedData.write(unsigned, Tensor.of(DataType.UINT8, new byte[] {-1, -128}, 2));
    assertEquals(List.of(255, 128), unsigned.getInt32DataList());
    TensorProto.Builder packed = empty(DataType.INT4, 3);
    TypedData.write(packed, Tensor.ofIntegers(DataType.INT4, new long[] {-1, 7, -8}, 3));
    assertEquals(List.of(0x7f, 0x08), packed.getInt32DataList());
  }

  @Test
  void keepsEntriesThatCannotBeBuiltAgain() {
    TensorProto wide = empty(DataType.UINT8, 2).addInt32Data(-1).addInt32Data(300).build();
    assertArrayEquals(new byte[] {-1, 44}, check(wide).bytes());
    TensorProto both = empty(DataType.FLOAT, 1).addFloatData(2).addInt32Data(9).build();
    assertEquals(2, check(both).floats()[0]);
    TensorProto twice =
        Protos.floats("t", 1, 2).toBuilder().addFloatData(3).addFloatData(4).build();
    assertArrayEquals(new float[] {1, 2}, check(twice).floats());
  }

  @Test
  void writesEditedTensorsInRawData() {
    TensorProto typed = empty(DataType.FLOAT, 2).addFloatData(1).addFloatData(2).build();
    Model model = read(typed);
    GraphEditor editor = new GraphEditor(model.graph());
    editor.putInitializer("t", Tensor.of(new float[] {3, 4}, 2));
    editor.putInitializer("strings", Tensor.ofStrings(List.of(new byte[] {65}), 1));
    GraphProto graph = Protos.write(model.withGraph(editor.finish().graph())).getGraph();
    assertEquals(Protos.floats("t", 3, 4), graph.getInitializer(0));
    assertEquals(
        empty(DataType.STRING, 1)
            .setName("strings")
            .addStringData(ByteString.copyFromUtf8("A"))
            .build(),
        graph.getInitializer(1));
  }

  @Test
  void namesAConstantThatWasAnAttribute() {
    GraphProto.Builder graph =
        Protos.single(Protos.node("n", "Relu", List.of("x"), List.of("y")), 1)
            .addInitializer(Protos.floats("t", 1));
    Model model = Protos.read(Protos.model(8, 17, graph));
    GraphEditor editor = new GraphEditor(model.graph());
    editor.putInitializer("u", model.graph().initializers().get("t"));
    assertEquals(
        Protos.floats("u", 1),
        Protos.write(model.withGraph(editor.finish().graph())).getGraph().getInitializer(1));
  }

  @Test
  void refusesDataThatDoesNotFitTheSizes() {
    assertRefused("OCT-ONNX-013", Protos.floats("t", 1, 2).toBuilder().clearDims().addDims(3));
    assertRefused("OCT-ONNX-013", empty(DataType.FLOAT, 2).addFloatData(1));
    assertRefused("OCT-ONNX-013", empty(DataType.FLOAT, 2).addDoubleData(1).addDoubleData(2));
    assertRefused("OCT-ONNX-013", empty(DataType.STRING, 2).addStringData(ByteString.EMPTY));
    assertRefused(
        "OCT-ONNX-013", empty(DataType.STRING, 1).setRawData(ByteString.copyFromUtf8("a")));
    assertRefused("OCT-ONNX-013", empty(DataType.INT4, 3).addInt32Data(1));
    assertRefused("OCT-ONNX-012", empty(DataType.INT8, -1));
    assertRefused("OCT-ONNX-027", empty(DataType.INT8, 1 << 30).addDims(1 << 30).addDims(1 << 30));
    assertRefused("OCT-ONNX-013", empty(DataType.DOUBLE, 1 << 29));
  }

  @Test
  void readsAnEmptyTensorWhoseOtherSizesAreHuge() {
    TensorProto proto = empty(DataType.FLOAT, 0).addDims(1 << 20).build();
    assertEquals(0, check(proto).elementCount());
  }

  @Test
  void refusesUnsupportedTensors() {
    assertRefused("OCT-ONNX-011", empty(DataType.FLOAT, 1).setDataType(27));
    assertRefused("OCT-ONNX-011", empty(DataType.FLOAT, 1).clearDataType());
    assertRefused(
        "OCT-ONNX-025",
        Protos.floats("t", 1).toBuilder()
            .setSegment(TensorProto.Segment.newBuilder().setBegin(0).setEnd(1)));
  }

  private static Tensor pattern(DataType type, int elements) {
    ByteBuffer bytes = ByteBuffer.allocate((int) type.packedBytes(elements));
    for (int i = 0; i < bytes.capacity(); i++) {
      bytes.put(i, (byte) (type == DataType.BOOL ? i % 2 : 37 * i + 129));
    }
    int unused = bytes.capacity() * 8 - elements * type.bits();
    if (unused > 0) {
      int last = bytes.capacity() - 1;
      bytes.put(last, (byte) ((bytes.get(last) & 0xff) & (0xff >> unused)));
    }
    return Tensor.ofBytes(type, new long[] {elements}, bytes);
  }

  private static TensorProto.Builder empty(DataType type, long size) {
    return TensorProto.newBuilder().setName("t").setDataType(type.onnxNumber()).addDims(size);
  }

  /** Reads a tensor and checks that it is written as it was. */
  private static Tensor check(TensorProto proto) {
    Model model = read(proto);
    assertEquals(proto, Protos.write(model).getGraph().getInitializer(0));
    return model.graph().initializers().get("t");
  }

  private static Model read(TensorProto proto) {
    return Protos.read(
        Protos.model(
            13,
            25,
            Protos.single(Protos.node("n", "Relu", List.of("x"), List.of("y")), 1)
                .addInitializer(proto)));
  }

  private static void assertRefused(String id, TensorProto.Builder proto) {
    OctetException e =
        Protos.assertRefused(
            id,
            Protos.model(
                8,
                17,
                Protos.single(Protos.node("n", "Relu", List.of("x"), List.of("y")), 1)
                    .addInitializer(proto)));
    assertTrue(e.place().get().endsWith("initializer 't'"), e.getMessage());
  }
}

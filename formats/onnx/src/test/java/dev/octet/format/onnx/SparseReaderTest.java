package dev.octet.format.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import dev.octet.format.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.octet.format.onnx.proto.OnnxMl.SparseTensorProto;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparseReaderTest {

  private static final Tensor VALUES = Tensor.of(new float[] {1, 2, -3}, 3);

  private static TensorProto.Builder stored(Tensor tensor) {
    return new TensorWriter(DataPlacement.inside()).write(tensor).whole().toBuilder();
  }

  private static SparseTensorProto sparse(Tensor values, Tensor indices, long... dims) {
    SparseTensorProto.Builder proto =
        SparseTensorProto.newBuilder()
            .setValues(stored(values).setName("w"))
            .setIndices(stored(indices).setName("places"));
    for (long size : dims) {
      proto.addDims(size);
    }
    return proto.build();
  }

  private static byte[] file(SparseTensorProto sparse) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(
            GraphProto.newBuilder()
                .setName("g")
                .addNode(Protos.node("same", "Identity", List.of("w"), List.of("y")))
                .addSparseInitializer(sparse)
                .addOutput(Protos.value("y", 1)))
        .build()
        .toByteArray();
  }

  private static Model model(SparseTensorProto sparse) {
    return new OnnxFormat().read(file(sparse), "sparse.onnx");
  }

  private static Tensor read(Tensor values, Tensor indices, long... dims) {
    Tensor tensor = model(sparse(values, indices, dims)).graph().initializers().get("w");
    assertTrue(tensor != null, "w is an initializer");
    return tensor;
  }

  private static Tensor at(long... indices) {
    return Tensor.of(indices, indices.length);
  }

  @Test
  void whatIsNotListedIsZero() {
    float[] expected = {1, 0, 0, 0, 0, 2, 0, -3, 0, 0, 0, 0};
    assertEquals(Tensor.of(expected, 4, 3), read(VALUES, at(0, 5, 7), 4, 3));
    Tensor byAxis = Tensor.of(new long[] {0, 0, 1, 2, 2, 1}, 3, 2);
    assertEquals(Tensor.of(expected, 4, 3), read(VALUES, byAxis, 4, 3));
  }

  @Test
  void theFirstAndTheLastElementAndAllOfThemMayBeListed() {
    Tensor ends = Tensor.of(new long[] {7, 8}, 2);
    assertEquals(Tensor.of(new long[] {7, 0, 0, 8}, 4), read(ends, at(0, 3), 4));
    assertEquals(Tensor.of(new long[] {7, 8}, 1, 2), read(ends, at(0, 1), 1, 2));
  }

  @Test
  void nothingMayBeListed() {
    Tensor none = Tensor.of(new float[0], 0);
    assertEquals(Tensor.of(new float[6], 2, 3), read(none, at(), 2, 3));
    assertEquals(Tensor.of(new float[0], 0, 3), read(none, at(), 0, 3));
  }

  @Test
  void elementsOfFourBitsArePacked() {
    Tensor values = Tensor.ofIntegers(DataType.INT4, new long[] {-8, 7, 3}, 3);
    assertArrayEquals(new long[] {0, -8, 7, 0, 0, 0, 3}, read(values, at(1, 2, 6), 7).integers());
  }

  @Test
  void isWrittenAsItWasReadAndInFullWhenItChanged() throws IOException {
    SparseTensorProto sparse = sparse(VALUES, at(0, 5, 7), 4, 3);
    Model model = model(sparse);
    assertArrayEquals(file(sparse), new OnnxFormat().toBytes(model));
    Map<String, Tensor> other = Map.of("w", Tensor.of(new float[12], 4, 3));
    Model changed =
        model.withGraph(
            new Graph(
                model.graph().name(),
                model.graph().inputs(),
                model.graph().outputs(),
                other,
                model.graph().nodes(),
                model.graph().values(),
                model.graph().origin()));
    GraphProto written = ModelProto.parseFrom(new OnnxFormat().toBytes(changed)).getGraph();
    assertEquals(0, written.getSparseInitializerCount());
    assertEquals(1, written.getInitializerCount());
  }

  @ParameterizedTest
  @CsvSource({"0 5 5", "5 0 7", "-1 0 1", "0 1 12"})
  void indicesThatDoNotAscendInsideAreRefused(String indices) {
    long[] places = List.of(indices.split(" ")).stream().mapToLong(Long::parseLong).toArray();
    requireUnfit(sparse(VALUES, at(places), 4, 3), "of 12 elements");
  }

  @Test
  void indicesOutsideAnAxisAreRefused() {
    Tensor byAxis = Tensor.of(new long[] {0, 0, 0, 3, 2, 1}, 3, 2);
    requireUnfit(sparse(VALUES, byAxis, 4, 3), "index 3 along an axis of 3");
  }

  @Test
  void indicesOfAnotherTypeOrNumberAreRefused() {
    requireUnfit(sparse(VALUES, at(0, 5), 4, 3), "for 3 values");
    requireUnfit(sparse(VALUES, Tensor.of(new int[] {0, 1, 2}, 3), 4, 3), "INT32");
  }

  private static void requireUnfit(SparseTensorProto sparse, String fact) {
    OctetException e = assertThrows(OctetException.class, () -> model(sparse));
    assertEquals("OCT-ONNX-032", e.id());
    assertTrue(e.getMessage().contains(fact), e.getMessage());
    assertTrue(e.getMessage().contains("sparse initializer 'w'"), e.getMessage());
  }

  /** 2^26 floats are 256 MiB; sizes whose product leaves 64 bits are no less refused. */
  @Test
  void dimsThatAreNoSizesOrTooLargeAreRefused() {
    List<long[]> wrong = new ArrayList<>();
    wrong.add(new long[] {(1 << 26) + 1});
    wrong.add(new long[] {1L << 62, 1L << 62});
    wrong.add(new long[] {-2, 3});
    wrong.add(new long[] {0, -1});
    for (long[] dims : wrong) {
      SparseTensorProto sparse = sparse(Tensor.of(new float[0], 0), at(), dims);
      OctetException e = assertThrows(OctetException.class, () -> model(sparse));
      assertEquals("OCT-ONNX-033", e.id());
      assertTrue(e.getMessage().contains("no tensor of at most 268435456 bytes"), e.getMessage());
    }
  }

  @Test
  void stringsAreRefused() {
    SparseTensorProto sparse = sparse(Tensor.ofStrings(List.of(new byte[] {97}), 1), at(0), 2);
    assertEquals("OCT-ONNX-011", assertThrows(OctetException.class, () -> model(sparse)).id());
  }
}

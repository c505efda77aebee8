package dev.octet.format.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.format.FormatCatalog;
import dev.octet.api.format.ModelFormat;
import dev.octet.api.format.StoredForm;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.Granularity;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxFormatTest {

  private static final StoredForm PER_TENSOR =
      new StoredForm(DataType.INT8, new Granularity.PerTensor(), false);
  private static final StoredForm PER_CHANNEL =
      new StoredForm(DataType.INT8, new Granularity.PerChannel(0), false);
  private static final StoredForm PER_TOKEN =
      new StoredForm(DataType.INT8, new Granularity.PerToken(), false);

  private final OnnxFormat format = new OnnxFormat();

  @Test
  void isFoundByName() {
    FormatCatalog catalog = FormatCatalog.discover(OnnxFormat.class.getClassLoader());
    assertEquals(format.extensions(), catalog.format("onnx").extensions());
  }

  @Test
  void isTheFormatOfWhatItReads() {
    assertEquals("onnx", ModelFormat.of(relu(11)).orElseThrow().name());
  }

  @Test
  void recognisesAFileByItsName() {
    byte[] unknown = {1, 2, 3};
    assertTrue(format.recognises(Path.of("m.onnx"), unknown));
    assertTrue(format.recognises(Path.of("M.ONNX"), new byte[0]));
    assertFalse(format.recognises(Path.of("onnx"), unknown));
    assertFalse(format.recognises(Path.of("m.onnx.bin"), new byte[0]));
  }

  @Test
  void recognisesAFileByItsContent() {
    Path file = Path.of("model");
    byte[] bytes = format.toBytes(relu(11));
    assertTrue(format.recognises(file, Arrays.copyOf(bytes, FormatCatalog.START_BYTES)));
    assertTrue(format.recognises(file, Arrays.copyOf(bytes, 3)));
    assertFalse(format.recognises(file, Arrays.copyOf(bytes, 2)));
    byte[] withoutVersion = bytes.clone();
    withoutVersion[1] = 0;
    assertFalse(format.recognises(file, withoutVersion));
    byte[] withUnknownField = bytes.clone();
    withUnknownField[2] = 9 << 3 | 2;
    assertFalse(format.recognises(file, withUnknownField));
    assertFalse(format.recognises(file, new byte[] {'{', '"', 'a'}));
  }

  @Test
  void raisesToTheFirstOperatorSetWithRoomForAllForms() {
    Model model = relu(9);
    assertEquals(13, format.raise(model, List.of(PER_TENSOR, PER_CHANNEL)).model().opset());
    assertEquals(11, format.raise(model, List.of(PER_TENSOR)).model().opset());
  }

  @Test
  void leavesAModelWithRoomAloneAndPassesOverFormsWithoutAWord() {
    Model model = relu(11);
    assertSame(model, format.raise(model, List.of(PER_TENSOR)).model());
    assertSame(model, format.raise(model, List.of()).model());
    assertSame(model, format.raise(model, List.of(PER_TOKEN)).model());
    assertEquals(List.of(), format.raise(model, List.of(PER_TENSOR)).findings());
  }

  private static Model relu(long opset) {
    return Protos.read(
        Protos.model(
            8,
            opset,
            GraphProto.newBuilder()
                .addInput(Protos.value("x", 1, 1))
                .addNode(Protos.node("n", "Relu", List.of("x"), List.of("y")))
                .addOutput(Protos.value("y", 1, 1))));
  }

  @Test
  void refusesAFileThatNoArrayHolds(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("large.onnx");
    // Only its size is asked for: the file has no blocks on disk.
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(1L << 31);
    }
    OctetException e = assertThrows(OctetException.class, () -> format.read(file));
    assertEquals("OCT-ONNX-007", e.id());
    assertEquals("the model is larger than 2 GiB", e.fact());
  }

  @Test
  void refusesToMakeBytesThatNoArrayHolds() {
    Tensor half = Tensor.ofBytes(DataType.INT8, new long[] {1 << 20}, ByteBuffer.allocate(1 << 20));
    Map<String, Tensor> constants = new LinkedHashMap<>();
    for (int i = 0; i < 1 << 11; i++) {
      constants.put("c" + i, half);
    }
    Graph graph =
        new Graph("g", List.of(), List.of(), constants, List.of(), Map.of(), Optional.empty());
    OctetException e =
        assertThrows(OctetException.class, () -> format.toBytes(Model.of(graph, 13)));
    assertEquals("OCT-ONNX-031", e.id());
    assertEquals("the model takes 2 GiB or more", e.fact());
  }
}

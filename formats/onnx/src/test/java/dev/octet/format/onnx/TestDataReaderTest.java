package dev.octet.format.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.format.TestData;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestDataReaderTest {

  private static final Model MODEL =
      Protos.read(
          Protos.model(
              8,
              17,
              GraphProto.newBuilder()
                  .addInput(Protos.value("a", 1, 1))
                  .addInput(Protos.value("b", 1, 1))
                  .addNode(Protos.node("n", "Add", List.of("a", "b"), List.of("y")))
                  .addOutput(Protos.value("y", 1, 1))));

  @TempDir Path folder;

  @Test
  void takesTensorsByName() throws IOException {
    put("test_data_set_0/input_0.pb", Protos.floats("b", 1));
    put("test_data_set_0/input_1.pb", Protos.floats("a", 2));
    put("test_data_set_0/output_0.pb", Protos.floats("y", 3));
    TestData data = TestDataReader.read(folder, MODEL);
    assertEquals(List.of(Map.of("a", scalar(2), "b", scalar(1))), data.inputs());
    assertEquals(List.of("a", "b"), List.copyOf(data.inputs().get(0).keySet()));
    assertEquals(List.of(Map.of("y", scalar(3))), data.outputs());
  }

  @Test
  void takesTensorsWithoutAKnownNameByNumber() throws IOException {
    put("input_0.pb", Protos.floats("", 1));
    put("input_1.pb", Protos.floats("unknown", 2));
    TestData data = TestDataReader.read(folder, MODEL);
    assertEquals(List.of(Map.of("a", scalar(1), "b", scalar(2))), data.inputs());
    assertEquals(List.of(Map.of()), data.outputs());
  }

  @Test
  void readsSetsInTheOrderOfTheirNumbers() throws IOException {
    for (int set : new int[] {10, 2, 0}) {
      put("test_data_set_" + set + "/input_0.pb", Protos.floats("a", set));
    }
    TestData data = TestDataReader.read(folder, MODEL);
    assertEquals(
        List.of(scalar(0), scalar(2), scalar(10)),
        data.inputs().stream().map(set -> set.get("a")).toList());
  }

  @Test
  void refusesWhatIsNoTestData() throws IOException {
    assertRefused("OCT-ONNX-050", folder);
    assertRefused("OCT-ONNX-053", folder.resolve("missing"));
    Files.writeString(folder.resolve("input_0.pb"), "no tensor at all");
    assertRefused("OCT-ONNX-051", folder);
    put("input_0.pb", TensorProto.newBuilder().addDims(1).build());
    assertRefused("OCT-ONNX-051", folder);
    put("input_0.pb", TensorProto.newBuilder().setDataType(1).addDims(1).build());
    assertRefused("OCT-ONNX-013", folder);
  }

  @Test
  void refusesTensorsThatFitNowhere() throws IOException {
    put("input_0.pb", Protos.floats("b", 1));
    put("input_1.pb", Protos.floats("", 1));
    assertRefused("OCT-ONNX-052", folder);
    put("input_1.pb", Protos.floats("a", 1));
    put("input_2.pb", Protos.floats("", 1));
    OctetException e = assertRefused("OCT-ONNX-052", folder);
    assertEquals(List.of("a", "b"), e.candidates());
  }

  @Test
  void readsTheTestDataOfEveryNodeTestOfOnnx() throws IOException {
    Path archive = Corpora.require("octet.corpora", Corpora.NODE_TESTS);
    SortedMap<String, byte[]> files = new TreeMap<>(Corpora.tarGz(archive, name -> true));
    int read = 0;
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (file.getKey().endsWith("/model.onnx")) {
        String test = file.getKey().substring(0, file.getKey().length() - "model.onnx".length());
        read += readOrRefuse(test, new OnnxFormat().read(file.getValue(), test), files) ? 1 : 0;
      }
    }
    assertTrue(read > 1600, "only " + read + " were read");
  }

  /** Sequences and optional values are refused; so are sets without inputs. */
  private boolean readOrRefuse(String test, Model model, SortedMap<String, byte[]> files)
      throws IOException {
    Path set = folder.resolve(test.replace('/', '_'));
    Files.createDirectory(set);
    String prefix = test + "test_data_set_0/";
    for (Map.Entry<String, byte[]> file : files.subMap(prefix, prefix + "~").entrySet()) {
      Files.write(set.resolve(file.getKey().substring(prefix.length())), file.getValue());
    }
    boolean tensors =
        model.graph().inputs().stream().allMatch(v -> v.tensorType().isPresent())
            && model.graph().outputs().stream().allMatch(v -> v.tensorType().isPresent());
    if (!tensors || model.graph().inputs().isEmpty()) {
      return false;
    }
    TestData data = TestDataReader.read(set, model);
    assertEquals(1, data.inputs().size(), test);
    return true;
  }

  private OctetException assertRefused(String id, Path from) {
    OctetException e = assertThrows(OctetException.class, () -> TestDataReader.read(from, MODEL));
    assertEquals(id, e.id(), e.getMessage());
    return e;
  }

  private void put(String name, TensorProto tensor) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, tensor.toByteArray());
  }

  private static Tensor scalar(float value) {
    return Tensor.of(new float[] {value}, 1);
  }
}

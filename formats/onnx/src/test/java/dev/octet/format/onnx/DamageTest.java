package dev.octet.format.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Damaged files are models or clear errors, never anything else. */
class DamageTest {

  @Test
  void readsOrRefusesASmallModelThatIsCutOffAnywhere() {
    byte[] whole = RichModel.build().toByteArray();
    for (int length = 0; length < whole.length; length++) {
      readOrRefuse(Arrays.copyOf(whole, length), "cut at " + length);
    }
  }

  @Test
  void readsOrRefusesASmallModelWithAnyByteChanged() {
    byte[] whole = RichModel.build().toByteArray();
    Map<String, Integer> outcomes = new TreeMap<>();
    for (int at = 0; at < whole.length; at++) {
      int change = new int[] {0x01, 0x80, 0xff}[at % 3];
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) change;
      outcomes.merge(readOrRefuse(damaged, "byte " + at + " ^ " + change), 1, Integer::sum);
    }
    assertTrue(outcomes.size() > 8, "too few kinds of damage: " + outcomes);
  }

  @Test
  void readsOrRefusesNoise() {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(64)];
      random.nextBytes(noise);
      readOrRefuse(noise, Arrays.toString(noise));
    }
  }

  @Test
  void readsOrRefusesDamagedRealModels() throws IOException {
    Random random = new Random(11);
    for (Path file : Corpora.models("octet.corpora", "models")) {
      byte[] whole = Files.readAllBytes(file);
      for (int i = 0; i < 25; i++) {
        readOrRefuse(Arrays.copyOf(whole, random.nextInt(whole.length)), file + " cut, " + i);
        byte[] damaged = whole.clone();
        for (int k = 0; k < 20; k++) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        readOrRefuse(damaged, file + " changed, " + i);
      }
    }
  }

  @Test
  void readsOrRefusesDamagedNodeTests() throws IOException {
    Random random = new Random(12);
    Path archive = Corpora.require("octet.corpora", Corpora.NODE_TESTS);
    Corpora.tarGz(archive, name -> name.endsWith(".onnx"))
        .forEach(
            (name, whole) -> {
              for (int i = 0; i < 8; i++) {
                byte[] damaged = whole.clone();
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                readOrRefuse(damaged, name + " changed, " + i);
              }
            });
  }

  @Test
  void allocatesNothingForDeclaredSizes() {
    for (long[] dims :
        new long[][] {{1L << 30}, {1L << 40}, {Long.MAX_VALUE, Long.MAX_VALUE}, {-1}, {3, -3}}) {
      ModelProto.Builder model = ModelProto.newBuilder().mergeFrom(RichModel.build());
      var tensor = model.getGraphBuilder().getInitializerBuilder(0).clearDims();
      Arrays.stream(dims).forEach(tensor::addDims);
      Runtime runtime = Runtime.getRuntime();
      long before = runtime.totalMemory() - runtime.freeMemory();
      String outcome = readOrRefuse(model.build().toByteArray(), Arrays.toString(dims));
      assertTrue(
          List.of("OCT-ONNX-012", "OCT-ONNX-013", "OCT-ONNX-027").contains(outcome), outcome);
      assertTrue(runtime.totalMemory() - runtime.freeMemory() - before < 1L << 29);
    }
  }

  private static String readOrRefuse(byte[] bytes, String what) {
    try {
      new OnnxFormat().toBytes(new OnnxFormat().read(bytes, "damaged.onnx"));
      return "read";
    } catch (OctetException e) {
      assertEquals(ErrorKind.INPUT, e.kind(), what);
      assertTrue(e.place().orElse("").startsWith("damaged.onnx"), what);
      return e.id();
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what, e);
    }
  }
}

package dev.octet.workflow.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Provenance;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelBomTest {

  private static final String A = "a".repeat(64);
  private static final String B = "b".repeat(64);

  @TempDir Path folder;

  private Tree.Mapping bom(Map<String, String> metadata) throws IOException {
    return bom(model().withMetadata(metadata));
  }

  private static Model model() {
    return new Models()
        .input("x", 1, 2)
        .node("n", "Relu", List.of("x"), "y")
        .output("y", 2)
        .model(13);
  }

  private Tree.Mapping bom(Model model) throws IOException {
    Path file = Files.writeString(folder.resolve("q.onnx"), "");
    return ModelBom.of(file, model, folder.resolve("elsewhere/f.onnx"));
  }

  private static List<String> values(Tree.Mapping bom, String field) {
    return Pattern.compile("\"" + field + "\": \"(.*?)\"")
        .matcher(JsonText.write(bom))
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  @Test
  void aModelThatSaysNothingOfItselfHasItsNameAndItsHash() throws IOException {
    Tree.Mapping bom = bom(Map.of());
    assertEquals(List.of("octet", "q.onnx", "f.onnx"), values(bom, "name"));
    assertEquals(
        List.of("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        values(bom, "content"));
  }

  @Test
  void filesBesideTheFloatModelArePartsOfIt() throws IOException {
    Tree.Mapping bom =
        bom(Map.of("octet.model.data", A + "  weights.bin\n" + B + "  more/of  them.bin"));
    assertEquals(List.of("weights.bin", "more/of  them.bin"), values(bom, "name").subList(3, 5));
    assertEquals(List.of(A, B), values(bom, "content").subList(1, 3));
  }

  @Test
  void severalDataAreSeveralComponents() throws IOException {
    Tree.Mapping bom = bom(Map.of("octet.data", A + "," + B));
    assertEquals(List.of("data-" + A, "data-" + B), values(bom, "ref"));
    assertEquals(List.of(A, B), values(bom, "content").subList(1, 3));
    assertEquals(2, bom.get("components").asItems().size());
  }

  @Test
  void aVendorsBackendIsAToolWithTheHashOfItsJar() throws IOException {
    Model planned =
        Provenance.mark(
            model().withMetadata(Map.of("octet.backend.version", "2.1", "octet.backend.sha256", B)),
            A,
            "acme");
    Tree.Mapping bom = bom(planned);
    assertEquals(List.of("octet", "acme"), values(bom, "name").subList(0, 2));
    assertEquals("2.1", values(bom, "version").get(0));
    assertEquals(B, values(bom, "content").get(0));
    assertEquals(List.of(A), values(bom, "value"));
  }

  @Test
  void theFileHasToBeThere() {
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> ModelBom.of(folder.resolve("none.onnx"), model(), folder.resolve("f.onnx")));
    assertEquals("OCT-FILE-002", e.id());
  }
}

package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.workflow.provenance.FloatFile;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bills of materials: of CycloneDX's own schema, and the same bytes each time. */
class BomTest {

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
  }

  private Result done(String line) {
    Result result = octet.run(line.split(" "));
    assertEquals(0, result.exitCode(), line + ": " + result.err());
    return result;
  }

  private String bom() throws IOException {
    String text = Files.readString(octet.file("bom.json"));
    assertEquals(List.of(), CycloneDx.broken(text));
    return text;
  }

  private static Tree.Mapping component(String bom) {
    return JsonText.parse(bom, "bom")
        .asMapping()
        .get("metadata")
        .asMapping()
        .get("component")
        .asMapping();
  }

  private static String hash(Tree.Mapping component) {
    return component.get("hashes").asItems().get(0).asMapping().get("content").asText();
  }

  private static Tree.Mapping ancestor(Tree.Mapping component) {
    return component.get("pedigree").asMapping().get("ancestors").asItems().get(0).asMapping();
  }

  private void namesBothModels(String bom, String output) {
    Tree.Mapping model = component(bom);
    assertEquals("machine-learning-model", model.get("type").asText());
    assertEquals(output, model.get("name").asText());
    assertEquals(FloatFile.sha256(octet.file(output)), hash(model));
    assertEquals("m.onnx", ancestor(model).get("name").asText());
    assertEquals(FloatFile.sha256(octet.file("m.onnx")), hash(ancestor(model)));
    assertFalse(bom.contains("serialNumber") || bom.contains("timestamp"), bom);
  }

  @Test
  void quantizeAndItsStepsSayWhatTheModelIsMadeOf() throws IOException {
    String quantize = "quantize @m.onnx --backend cpu --data @d.yaml -o @q.onnx --bom @bom.json";
    Result result = done(quantize + " --json");
    assertEquals(octet.path("@bom.json"), result.json().get("bom").asText());
    String first = bom();
    namesBothModels(first, "q.onnx");
    Tree.Mapping document = JsonText.parse(first, "bom").asMapping();
    Tree.Mapping data = document.get("components").asItems().get(0).asMapping();
    Tree.Mapping claims = result.json().get("claims").asMapping();
    assertEquals(claims.get("octet.data").asText(), hash(data));
    assertTrue(first.contains(claims.get("octet.calibration").asText()), first);
    assertTrue(first.contains(result.json().get("plan").asMapping().get("sha256").asText()), first);
    done(quantize);
    assertEquals(first, bom());
    done("plan @m.onnx --backend cpu -o @p.json");
    done("calibrate @m.onnx --plan @p.json --data @d.yaml -o @x.calib");
    done("convert @m.onnx --plan @p.json --calibration @x.calib -o @q.onnx --bom @bom.json");
    assertEquals(first, bom());
    assertEquals(first, done(quantize.replace("@bom.json", "-") + " -q").out());
  }

  @Test
  void aSourceQuantizedModelNamesItsSchemeAndNoData() throws IOException {
    done("source @m.onnx --scheme int8 -o @s.onnx --bom @bom.json");
    String bom = bom();
    namesBothModels(bom, "s.onnx");
    assertTrue(component(bom).find("modelCard").isEmpty(), bom);
    assertTrue(bom.contains("\"octet.source\""), bom);
    assertEquals(List.of(), JsonText.parse(bom, "bom").asMapping().get("components").asItems());
  }

  @Test
  void replacesNeitherTheModelNorWhatIsRead() throws IOException {
    String quantize = "quantize @m.onnx --backend cpu --data @d.yaml --json -o @q.onnx --bom ";
    for (String[] wrong :
        new String[][] {
          {"@q.onnx", "OCT-CLI-002"},
          {"@m.onnx", "OCT-CLI-003"},
          {"@d.yaml", "OCT-CLI-003"},
          {"@none/bom.json", "OCT-CLI-002"},
          {"-", "OCT-CLI-041"}
        }) {
      Result refused = octet.run((quantize + wrong[0]).split(" "));
      assertEquals(2, refused.exitCode(), refused.err());
      assertEquals(wrong[1], refused.errorId(), wrong[0]);
    }
    assertFalse(Files.exists(octet.file("q.onnx")));
  }

  @Test
  void theSchemaIsNoRubberStamp() throws IOException {
    done("source @m.onnx --scheme int8 -o @s.onnx --bom @bom.json");
    String bom = bom();
    assertFalse(CycloneDx.broken(bom.replace("\"machine-learning-model\"", "\"model\"")).isEmpty());
    assertFalse(CycloneDx.broken(bom.replace("\"SHA-256\"", "\"SHA256\"")).isEmpty());
    assertFalse(CycloneDx.broken(bom.replaceFirst("\"bomFormat\"", "\"format\"")).isEmpty());
  }
}

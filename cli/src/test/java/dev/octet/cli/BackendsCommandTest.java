package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendsCommandTest {

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void makeFixture() {
    octet = new CommandFixture(folder);
  }

  @Test
  void listsWhatIsFound() {
    List<Tree> backends = octet.run("backends", "--json").json().get("backends").asItems();
    assertEquals("cpu", backends.get(0).asMapping().get("name").asText());
    assertEquals("usable", backends.get(0).asMapping().get("status").asText());
    assertTrue(backends.get(0).asMapping().get("available").asBoolean());
    assertEquals("onnxruntime", backends.get(1).asMapping().get("name").asText());
  }

  @Test
  void listsBrokenProvidersOfTheClassPathAndWorksWithTheOthers() throws IOException {
    Path services = Files.createDirectories(octet.file("jar/META-INF/services"));
    Files.writeString(
        services.resolve("dev.octet.api.provider.QuantizerProvider"), "acme.Missing\n");
    Result listed = octet.run("backends", "--class-path", folder + "/jar");
    assertEquals(0, listed.exitCode(), listed.err());
    assertTrue(listed.out().contains("broken"), listed.out());
    assertTrue(listed.out().contains("cpu"), listed.out());
    Result json = octet.run("backends", "--json", "--class-path", folder + "/jar");
    List<Tree> backends = json.json().get("backends").asItems();
    Tree.Mapping broken = backends.get(backends.size() - 1).asMapping();
    assertEquals("broken", broken.get("status").asText());
    assertTrue(broken.get("cause").asText().contains("acme.Missing"), json.out());
    Result missing = octet.run("backends", "acme", "--json", "--class-path", folder + "/jar");
    assertEquals("OCT-REG-003", missing.errorId());
  }

  @Test
  void showsThePageOfABackend() {
    Tree.Mapping json = octet.run("backends", "cpu", "--json").json();
    Tree.Mapping option = json.get("options").asItems().get(0).asMapping();
    assertFalse(option.get("documentation").asText().isEmpty());
    assertTrue(json.get("capabilities").asItems().size() > 5);
    String page = octet.run("backends", "cpu").out();
    assertTrue(page.contains("exclude: glob"), page);
    assertTrue(page.contains("Conv Relu"), page);
    assertTrue(page.lines().allMatch(line -> line.length() <= 80), page);
  }

  @Test
  void namesABackendThatThereIsNot() {
    Result result = octet.run("backends", "none", "--json");
    assertEquals(2, result.exitCode());
    List<Tree> candidates = result.json().get("error").asMapping().get("candidates").asItems();
    assertEquals(List.of(Tree.of("cpu"), Tree.of("onnxruntime")), candidates);
  }

  @Test
  void namesAJarThatThereIsNot() {
    Result result = octet.run("backends", "--json", "--class-path", folder + "/none.jar");
    assertEquals(2, result.exitCode());
    assertEquals("OCT-CLI-006", result.errorId());
  }
}

package dev.octet.cli;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The schemas of what commands print with {@code --json}: one for each command, and of errors. */
final class JsonSchemas {

  static final Path FOLDER = Path.of("../docs/schemas");
  static final String COMMON = "common";
  static final String ERROR = "error";

  private static final String ENDING = ".schema.json";
  private static final Map<String, JsonSchema> SCHEMAS = read();

  private JsonSchemas() {}

  private static Map<String, JsonSchema> read() {
    JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    Map<String, JsonSchema> schemas = new LinkedHashMap<>();
    documents().forEach((name, tree) -> schemas.put(name, factory.getSchema(JsonText.write(tree))));
    return Map.copyOf(schemas);
  }

  /** Returns the documents of all schemas, by the names of commands; {@link #COMMON} is one. */
  static Map<String, Tree.Mapping> documents() {
    Map<String, Tree.Mapping> documents = new TreeMap<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        documents.put(name.replace(ENDING, ""), JsonText.read(file).asMapping());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return documents;
  }

  static Path file(String name) {
    return FOLDER.resolve(name + ENDING);
  }

  /** Returns why a document is not of the schema of a command; empty when it is. */
  static List<String> broken(String command, String json) {
    JsonSchema schema = SCHEMAS.get(command);
    return schema == null
        ? List.of("there is no " + file(command) + "; see docs/json.md")
        : schema.validate(json, InputFormat.JSON).stream().map(Object::toString).toList();
  }

  /** Requires what a command printed to be of its schema, or of that of errors. */
  static void require(String command, String json) {
    boolean failed = JsonText.parse(json, "stdout").asMapping().find(ERROR).isPresent();
    List<String> broken = broken(failed ? ERROR : command, json);
    if (!broken.isEmpty()) {
      throw new AssertionError(
          "octet " + command + " --json is not of its schema: " + broken + "\n" + json);
    }
  }

  /** Returns a document without what differs from run to run. */
  static String untimed(String json) {
    Map<String, Tree> fields =
        new LinkedHashMap<>(JsonText.parse(json, "stdout").asMapping().entries());
    fields.remove("seconds");
    return JsonText.write(Tree.of(fields));
  }
}

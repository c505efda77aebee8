package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.fixtures.jdk.GeneratedPage;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * What every command prints with {@code --json} is of its schema, which names all of it. {@link
 * CommandFixture} asks the same of all runs of all other tests.
 */
class JsonSchemasTest {

  private static final GeneratedPage PAGES = new GeneratedPage("cli", JsonSchemasTest.class);
  private static final String DEFINITIONS = "$defs";

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void makeFixture() {
    octet = new CommandFixture(folder);
  }

  /** Returns the names of the commands that print for programs. */
  private static Set<String> commands() {
    return Stream.of(Octet.class.getAnnotation(Command.class).subcommands())
        .filter(command -> printsJson(command))
        .map(command -> command.getAnnotation(Command.class).name())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean printsJson(Class<?> command) {
    return Stream.of(command.getDeclaredFields())
        .anyMatch(
            field ->
                field.isAnnotationPresent(CommandLine.Mixin.class)
                    && field.getType().equals(CommonOptions.class));
  }

  @Test
  void everyCommandHasASchemaAndEverySchemaACommand() throws IOException {
    Set<String> expected = new TreeSet<>(commands());
    expected.add(JsonSchemas.COMMON);
    expected.add(JsonSchemas.ERROR);
    assertEquals(expected, JsonSchemas.documents().keySet());
    String page = Files.readString(Path.of("../docs/json.md"));
    for (String name : expected) {
      assertTrue(page.contains("(schemas/" + name + ".schema.json)"), name);
    }
  }

  @Test
  void aSchemaNamesItsCommandAndItsVersion() {
    JsonSchemas.documents()
        .forEach(
            (name, schema) -> {
              String id = schema.get("$id").asText();
              assertTrue(id.matches("urn:octet:" + name + ":[1-9][0-9]*"), id);
              if (commands().contains(name)) {
                String version = id.substring(id.lastIndexOf(':') + 1);
                assertEquals(
                    "What octet " + name + " --json prints, version " + version,
                    schema.get("title").asText());
              }
            });
  }

  /** What several schemas need stands in common.schema.json; each has copies, to be whole. */
  @Test
  void whatSchemasHaveInCommonIsTheSameInAll() throws IOException {
    Map<String, Tree.Mapping> documents = JsonSchemas.documents();
    Map<String, Tree> common =
        documents.get(JsonSchemas.COMMON).get(DEFINITIONS).asMapping().entries();
    for (Map.Entry<String, Tree.Mapping> schema : documents.entrySet()) {
      Tree whole =
          schema.getKey().equals(JsonSchemas.COMMON)
              ? schema.getValue()
              : withCopies(schema.getValue(), common);
      PAGES.requireCurrent(JsonSchemas.file(schema.getKey()), JsonText.write(whole));
    }
  }

  private static Tree withCopies(Tree.Mapping schema, Map<String, Tree> common) {
    Map<String, Tree> fields = new LinkedHashMap<>(schema.entries());
    Map<String, Tree> definitions =
        schema.find(DEFINITIONS).map(d -> d.asMapping().entries()).orElse(Map.of());
    fields.remove(DEFINITIONS);
    Map<String, Tree> all = new LinkedHashMap<>(definitions);
    all.keySet().removeAll(common.keySet());
    Set<String> needed = new LinkedHashSet<>(references(Tree.of(fields)));
    all.values().forEach(own -> needed.addAll(references(own)));
    for (List<String> next = List.copyOf(needed); !next.isEmpty(); ) {
      Set<String> further = new LinkedHashSet<>();
      next.stream()
          .filter(common::containsKey)
          .forEach(n -> further.addAll(references(common.get(n))));
      next = further.stream().filter(needed::add).toList();
    }
    new TreeMap<>(common)
        .forEach(
            (name, definition) -> {
              if (needed.contains(name)) {
                all.put(name, definition);
              }
            });
    if (!all.isEmpty()) {
      fields.put(DEFINITIONS, Tree.of(all));
    }
    return Tree.of(fields);
  }

  private static Set<String> references(Tree tree) {
    Set<String> names = new LinkedHashSet<>();
    visit(
        tree,
        mapping ->
            mapping
                .find("$ref")
                .ifPresent(ref -> names.add(ref.asText().substring("#/$defs/".length()))));
    return names;
  }

  private static void visit(Tree tree, Consumer<Tree.Mapping> visitor) {
    tree.match(
        new Tree.Cases<>(
            mapping -> {
              visitor.accept(mapping);
              mapping.entries().values().forEach(value -> visit(value, visitor));
              return true;
            },
            sequence -> {
              sequence.items().forEach(item -> visit(item, visitor));
              return true;
            },
            text -> true,
            number -> true,
            bool -> true,
            nothing -> true));
  }

  /** A field that a schema does not name forces whoever adds it to name it there. */
  @Test
  void everyObjectSaysWhatOtherFieldsItMayHave() {
    JsonSchemas.documents()
        .forEach(
            (name, schema) ->
                visit(
                    schema,
                    mapping -> {
                      if (mapping.find("type").equals(Optional.of(Tree.of("object")))
                          && mapping.find("properties").isPresent()) {
                        assertTrue(
                            mapping.find("additionalProperties").isPresent(),
                            () -> name + ": " + mapping);
                      }
                    }));
  }

  private void writeFiles() throws IOException {
    octet.writeClassifier(13);
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}\nlabels: labels.npy\nclasses: [a, b, c]\n");
    octet.write("recipe.yaml", "recipe: 1\naccept: [OCT-CONV-102]\n");
    octet.run("plan", "@m.onnx", "--backend", "cpu", "-o", "@plan.json");
    calibrate("--shard", "1/2", "-o", "@a.calib");
    calibrate("--shard", "2/2", "-o", "@b.calib");
    calibrate("-o", "@x.calib");
    writeDecoder();
    Files.createDirectory(octet.file("out"));
  }

  private void calibrate(String... more) {
    String[] words = {"calibrate", "@m.onnx", "--plan", "@plan.json", "--data", "@d.yaml"};
    octet.run(Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new));
  }

  /** A decoder in which token 3, an a, comes after every token, and its tokenizer. */
  private void writeDecoder() throws IOException {
    float[] table = new float[25];
    for (int token = 0; token < 5; token++) {
      table[5 * token + 3] = 1;
    }
    new OnnxFormat()
        .write(
            CommandFixture.model(
                List.of(
                    Node.of("look", OpType.onnx("Gather"), List.of("t", "ids"), List.of("scores"))),
                Map.of("t", Tensor.of(table, 5, 5)),
                13,
                CommandFixture.value("ids", DataType.INT64, "N", "L"),
                CommandFixture.value("scores", "N", "L", 5)),
            octet.file("decoder.onnx"));
    ByteBuffer tokenizer = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    tokenizer.putInt(5);
    for (String piece : List.of("<unk>", "\n<s>\n", "</s>", "a", " ")) {
      byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
      tokenizer.putFloat(0).putInt(bytes.length).put(bytes);
    }
    Files.write(octet.file("t.bin"), Arrays.copyOf(tokenizer.array(), tokenizer.position()));
  }

  /** A command line for each form of what a command prints. */
  private static List<String> lines() {
    return List.of(
        "backends",
        "backends cpu",
        "backends onnxruntime",
        "backends x86 --rules",
        "plan @m.onnx --backend cpu -o @p.json",
        "calibrate @m.onnx --plan @plan.json --data @d.yaml -o @y.calib",
        "merge @a.calib @b.calib -o @merged.calib",
        "convert @m.onnx --plan @plan.json --calibration @x.calib -o @c.onnx",
        "quantize @m.onnx --backend cpu --data @d.yaml --recipe @recipe.yaml -o @q.onnx",
        "quantize @m.onnx --backend cpu --option integers=* --data @d.yaml -o @i.onnx",
        "quantize @m.onnx --backend x86 --option mode=dynamic --data @d.yaml -o @dyn.onnx",
        "run @q.onnx --data @d.yaml -o @out",
        "evaluate @q.onnx --reference @m.onnx --data @d.yaml --layers --require sqnr>=20",
        "compare @m.onnx @q.onnx --data @d.yaml",
        "inspect @plan.json",
        "inspect @x.calib",
        "inspect @q.onnx",
        "inspect @i.onnx",
        "diff @plan.json @plan.json",
        "verify @q.onnx --model @m.onnx --plan @plan.json --data @d.yaml",
        "source @m.onnx --scheme int8dyn-int8 --data @d.yaml -o @s.onnx",
        "generate @decoder.onnx --tokenizer @t.bin --prompt a --max-tokens 3");
  }

  private Result run(String line) {
    Result result = octet.run((line + " --json").split(" "));
    assertEquals(0, result.exitCode(), line + ": " + result.err());
    return result;
  }

  /** The fixture holds every document to its schema. */
  @Test
  void everyCommandPrintsADocumentOfItsSchemaThatOnlyTimesChange() throws IOException {
    writeFiles();
    Set<String> run = new TreeSet<>();
    for (String line : lines()) {
      String command = line.split(" ")[0];
      run.add(command);
      Result first = run(line);
      assertEquals(first.untimed(), run(line).untimed(), line);
      Tree.Mapping seconds = first.json().find("seconds").map(Tree::asMapping).orElse(null);
      assertTrue(
          line.contains("--rules")
              || (seconds != null && seconds.get("total").asNumber().signum() >= 0),
          first.out());
      Map<String, Tree> more = new LinkedHashMap<>(first.json().entries());
      more.put("unheardOf", Tree.of(1));
      assertFalse(JsonSchemas.broken(command, JsonText.write(Tree.of(more))).isEmpty(), line);
    }
    assertEquals(commands(), run, "every command is run");
  }

  /** Work on samples is timed by itself, quiet or not. */
  @Test
  void secondsNameTheWorkOnSamples() throws IOException {
    writeFiles();
    List<String> works = new ArrayList<>();
    for (String line :
        List.of(
            "quantize @m.onnx --backend cpu --data @d.yaml -o @q.onnx -q",
            "run @q.onnx --data @d.yaml -o @out",
            "evaluate @q.onnx --data @d.yaml",
            "verify @q.onnx --model @m.onnx --plan @plan.json --data @d.yaml",
            "source @m.onnx --scheme int8dyn-best --data @d.yaml -o @s.onnx",
            "plan @m.onnx --backend cpu -o @p.json")) {
      works.add(String.join(" ", run(line).json().get("seconds").asMapping().entries().keySet()));
    }
    assertEquals(
        List.of(
            "calibrating checking total",
            "running total",
            "evaluating total",
            "verifying total",
            "fitting evaluating total",
            "total"),
        works);
  }

  @Test
  void anErrorIsADocumentToo() {
    Result result = octet.run("evaluate", "@none.onnx", "--data", "@d.yaml", "--json");
    assertEquals(3, result.exitCode());
    assertEquals(List.of(), JsonSchemas.broken(JsonSchemas.ERROR, result.out()));
    assertFalse(JsonSchemas.broken("evaluate", result.out()).isEmpty());
  }
}

package dev.octet.cli;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.inject.Guice;
import com.google.inject.Key;
import dev.octet.api.tree.Tree;
import dev.octet.fixtures.jdk.GeneratedPage;
import dev.octet.workflow.text.JsonText;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.codegen.aot.graalvm.ReflectionConfigGenerator;

/**
 * What native-image is told of the command line: what picocli itself says of the commands, and what
 * the injector makes.
 */
class NativeImageCommandsTest {

  private static final Path FILE =
      Path.of("src", "main", "resources", "META-INF", "native-image", "dev.octet", "octet-cli")
          .resolve("reachability-metadata.json");

  private static final String CONSTRUCTORS = "\"allDeclaredConstructors\": true";
  private static final String ALL =
      CONSTRUCTORS + ", \"allDeclaredMethods\": true, \"allDeclaredFields\": true";

  /** So picocli reads options that are paths, which its own list leaves out. */
  private static final Map<String, String> PATHS =
      Map.of(
          "java.nio.file.Path",
          "",
          "java.nio.file.Paths",
          "\"methods\": [{\"name\": \"get\","
              + " \"parameterTypes\": [\"java.lang.String\", \"java.lang.String[]\"]}]");

  @Test
  void theMetadataIsWhatCommandsAndInjectorNeed() throws Exception {
    Map<String, String> types = new TreeMap<>(PATHS);
    injected().forEach(type -> types.put(type, CONSTRUCTORS));
    reflected().forEach(type -> types.put(type, ALL));
    assertEquals(CONSTRUCTORS, types.get(Reporter.class.getName()));
    assertEquals(ALL, types.get(QuantizeCommand.class.getName()));
    new GeneratedPage("cli", NativeImageCommandsTest.class).requireCurrent(FILE, json(types));
  }

  /** Returns what the injector makes; a terminal it is given. */
  private static Stream<String> injected() {
    return Guice.createInjector(new CliModule(Terminal.ofProcess())).getBindings().keySet().stream()
        .map(Key::getTypeLiteral)
        .map(type -> type.getRawType())
        .filter(type -> type.getPackage() == CliModule.class.getPackage())
        .filter(type -> type != Terminal.class)
        .map(Class::getName);
  }

  /** Returns what picocli reflects on; types of the JDK it converts by code. */
  private static Stream<String> reflected() throws Exception {
    CommandLine octet = CommandFixture.commandLine();
    String config = ReflectionConfigGenerator.generateReflectionConfig(octet.getCommandSpec());
    return JsonText.parse(config, "picocli").asItems().stream()
        .map(Tree::asMapping)
        .map(entry -> entry.get("name").asText())
        .filter(type -> !type.startsWith("java."));
  }

  private static String json(Map<String, String> types) {
    List<String> entries =
        types.entrySet().stream()
            .map(type -> "\"" + type.getKey() + "\"" + registered(type.getValue()))
            .toList();
    return entries.stream()
        .collect(
            joining(
                "},\n    {\"type\": ", "{\n  \"reflection\": [\n    {\"type\": ", "}\n  ]\n}\n"));
  }

  private static String registered(String what) {
    return what.isEmpty() ? "" : ", " + what;
  }
}

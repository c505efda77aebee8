package dev.octet.structure;

import static java.util.stream.Collectors.joining;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import dev.octet.annotation.rules.BackendRules;
import java.io.IOException;
import java.lang.module.ModuleReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What GraalVM's native-image has to be told of a module, as a {@code reachability-metadata.json}:
 * what its jar and its classes themselves say.
 */
final class NativeImageMetadata {

  private static final String PROTOBUF = "dev.octet.protobuf";
  private static final String ANNOTATION = "dev.octet.annotation";

  /** Messages that the library itself has and that reading any descriptor makes. */
  private static final List<String> DESCRIPTORS =
      List.of(PROTOBUF + ".DescriptorProtos", PROTOBUF + ".JavaFeaturesProto");

  private static final String NEW = "\"methods\": [{\"name\": \"<init>\", \"parameterTypes\": []}]";
  private static final String ALL_METHODS = "\"allPublicMethods\": true";
  private static final String WHOLE_RECORD =
      "\"allDeclaredConstructors\": true, \"allDeclaredMethods\": true";

  private final ModuleReference module;

  /** What to register of a type, by its name; empty: that it is there, and what it is made of. */
  private final Map<String, String> types = new TreeMap<>();

  NativeImageMetadata(ModuleReference module) {
    this.module = module;
  }

  /** Returns the text of the file; empty where nothing has to be told. */
  String json() throws IOException {
    addProviders();
    addMessages();
    if (name().equals(PROTOBUF)) {
      addLibrary();
    }
    if (name().equals(ANNOTATION)) {
      addConditions();
    }
    List<String> resources = resources();
    if (types.isEmpty() && resources.isEmpty()) {
      return "";
    }
    return Stream.of(section("reflection", reflection()), section("resources", resources))
        .filter(section -> !section.isEmpty())
        .collect(joining(",\n", "{\n", "\n}\n"));
  }

  private String name() {
    return module.descriptor().name();
  }

  private void addProviders() {
    OctetModules.provides(module.descriptor())
        .values()
        .forEach(providers -> providers.forEach(provider -> types.put(provider, NEW)));
  }

  /** Messages read and print their fields by methods whose names protobuf puts together. */
  private void addMessages() {
    for (JavaClass type : OctetClasses.ALL) {
      if (isOfThisModule(type) && isMessage(type) && (!isLibrary(type) || isDescriptor(type))) {
        types.put(type.getName(), ALL_METHODS);
      }
    }
  }

  private boolean isOfThisModule(JavaClass type) {
    return module.descriptor().packages().contains(type.getPackageName());
  }

  private static boolean isMessage(JavaClass type) {
    return !type.getModifiers().contains(JavaModifier.ABSTRACT)
        && !type.isInterface()
        && (type.isAssignableTo(PROTOBUF + ".GeneratedMessage")
            || type.isAssignableTo(PROTOBUF + ".GeneratedMessage$Builder")
            || type.isAssignableTo(PROTOBUF + ".ProtocolMessageEnum"));
  }

  private static boolean isLibrary(JavaClass type) {
    return type.getPackageName().equals(PROTOBUF);
  }

  private static boolean isDescriptor(JavaClass type) {
    return DESCRIPTORS.stream().anyMatch(outer -> type.getName().startsWith(outer + "$"));
  }

  /** What protobuf looks for by name, and does without where it is not found. */
  private void addLibrary() {
    types.put(
        PROTOBUF + ".ExtensionRegistry",
        "\"methods\": [{\"name\": \"getEmptyRegistry\", \"parameterTypes\": []}]");
    types.put("sun.misc.Unsafe", "\"allDeclaredFields\": true");
    types.put("java.nio.Buffer", "\"fields\": [{\"name\": \"address\"}]");
    types.put("libcore.io.Memory", "");
    types.put("org.robolectric.Robolectric", "");
  }

  /** Conditions are written and read by the components of their records. */
  private void addConditions() {
    String stated = BackendRules.class.getPackageName() + ".StatedCondition";
    for (JavaClass type : OctetClasses.ALL) {
      if (type.isAssignableTo(stated)) {
        types.put(type.getName(), type.isRecord() ? WHOLE_RECORD : "");
      }
    }
  }

  private List<String> reflection() {
    return types.entrySet().stream()
        .map(
            type ->
                "{\"type\": \""
                    + type.getKey()
                    + "\""
                    + (type.getValue().isEmpty() ? "" : ", " + type.getValue())
                    + "}")
        .toList();
  }

  /** A file is of the unnamed module on the class path, and of its own on the module path. */
  private List<String> resources() throws IOException {
    List<String> resources = new ArrayList<>();
    for (String file : OctetModules.files(module)) {
      boolean service = file.startsWith("META-INF/services/");
      if (service || !file.startsWith("META-INF/") && !file.endsWith(".class")) {
        resources.add("{\"glob\": \"" + file + "\"}");
        resources.add("{\"module\": \"" + name() + "\", \"glob\": \"" + file + "\"}");
      }
    }
    return resources;
  }

  private static String section(String name, List<String> entries) {
    return entries.isEmpty()
        ? ""
        : entries.stream().collect(joining(",\n    ", "  \"" + name + "\": [\n    ", "\n  ]"));
  }
}

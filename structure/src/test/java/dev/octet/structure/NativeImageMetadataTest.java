package dev.octet.structure;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.octet.fixtures.jdk.GeneratedPage;
import java.io.IOException;
import java.lang.module.ModuleReference;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What native-image is told of each module is what the module's services, files and reflection
 * need. What commands need is held beside them.
 */
class NativeImageMetadataTest {

  private static final Path ROOT = Path.of("..");
  private static final String PROTOBUF = "dev.octet.protobuf";
  private static final String FILE = "reachability-metadata.json";

  /** It loads the classes of a backend a second time, which an executable cannot. */
  private static final Set<String> NOT_FOR_EXECUTABLES = Set.of("dev.octet.tck");

  /**
   * Who looks classes, members or files up at run time, and for what: that is in the metadata, or
   * it is none of ours.
   */
  private static final Map<String, String> LOOKS_UP =
      new TreeMap<>(
          Map.of(
              "dev.octet.annotation.rules.ConditionTree", "records of conditions",
              "dev.octet.api.operator.SignatureFile", "a file beside it",
              "dev.octet.api.provider.ServiceCatalog", "providers",
              "dev.octet.api.provider.ServiceFiles", "files that name providers",
              "dev.octet.backend.onnxruntime.NativeLibrary", "what ONNX Runtime's own jar has",
              "dev.octet.workflow.provenance.OctetBuild", "a file beside it"));

  /**
   * What the copy of protobuf looks up by name: methods of messages, Unsafe, Buffer's address, its
   * registry of extensions, and, where those are found, Android's classes. Those of the lite
   * runtime and of generated files older than the library are never reached here.
   */
  private static final Set<String> LIBRARY_LOOKS_UP =
      Set.of(
          "Android",
          "Descriptors$FileDescriptor",
          "ExtensionRegistryFactory",
          "ExtensionRegistryLite",
          "ExtensionRegistryLite$ExtensionClassHolder",
          "GeneratedFile",
          "GeneratedMessage",
          "GeneratedMessageLite",
          "GeneratedMessageLite$SerializedForm",
          "Internal",
          "MessageLiteToString",
          "MessageSchema",
          "SchemaUtil",
          "UnsafeUtil",
          "UnsafeUtil$1",
          "UnsafeUtil$JvmMemoryAccessor",
          "UnsafeUtil$MemoryAccessor",
          "Utf8$ServerProcessorWithEncodedLength");

  private static final Pattern LOOKUP =
      Pattern.compile(
          "java\\.lang\\.Class\\.(forName|getRecordComponents|getPermittedSubclasses|getResource\\w*"
              + "|newInstance|get(Declared)?(Field|Method|Constructor)s?)"
              + "|java\\.lang\\.ClassLoader\\.(loadClass|defineClass|get\\w*Resource\\w*|findClass)"
              + "|java\\.lang\\.Module\\.getResourceAsStream|java\\.util\\.ServiceLoader\\.load\\w*"
              + "|java\\.util\\.ResourceBundle\\.getBundle"
              + "|java\\.lang\\.invoke\\.MethodHandles\\$Lookup\\.(find|unreflect)\\w*"
              + "|java\\.lang\\.reflect\\.(Proxy\\.newProxyInstance|Method\\.invoke"
              + "|Constructor\\.newInstance|RecordComponent\\.getAccessor)"
              + "|java\\.util\\.concurrent\\.atomic\\.Atomic\\w*FieldUpdater\\.newUpdater"
              + "|java\\.io\\.Object(In|Out)putStream\\.\\w+");

  @TestFactory
  Stream<DynamicTest> theMetadataIsWhatTheModuleNeeds() throws IOException, URISyntaxException {
    Map<String, Path> folders = folders();
    return OctetModules.all().values().stream()
        .filter(module -> !NOT_FOR_EXECUTABLES.contains(module.descriptor().name()))
        .map(
            module ->
                dynamicTest(
                    module.descriptor().name(),
                    () -> requireCurrent(module, folders.get(module.descriptor().name()))));
  }

  private static void requireCurrent(ModuleReference module, Path folder) throws IOException {
    Path file =
        folder
            .resolve(Path.of("src", "main", "resources", "META-INF", "native-image", "dev.octet"))
            .resolve(artifact(folder))
            .resolve(FILE);
    String expected = new NativeImageMetadata(module).json();
    if (expected.isEmpty()) {
      assertFalse(Files.exists(file), file + " has nothing to tell");
    } else {
      new GeneratedPage("structure", NativeImageMetadataTest.class).requireCurrent(file, expected);
    }
  }

  @Test
  void whoeverLooksSomethingUpIsKnown() throws IOException, URISyntaxException {
    assertEquals(LOOKS_UP.keySet(), lookingUp(type -> !isOfProtobuf(type)));
  }

  @Test
  void whatProtobufLooksUpIsKnown() throws IOException, URISyntaxException {
    assertEquals(
        LIBRARY_LOOKS_UP.stream().map(name -> PROTOBUF + "." + name).collect(toSet()),
        lookingUp(NativeImageMetadataTest::isOfProtobuf));
  }

  @Test
  void aLookupIsFoundInCallsAndInReferences() {
    for (Class<?> type : List.of(Calling.class, Referring.class)) {
      JavaClass read = new ClassFileImporter().importClass(type);
      assertTrue(looksUp(read), type.getName());
    }
  }

  private static final class Calling {
    static Class<?> named(String name) throws ClassNotFoundException {
      return Class.forName(name);
    }
  }

  private static final class Referring {
    static Stream<Object> components(Stream<Class<?>> records) {
      return records.map(Class::getRecordComponents);
    }
  }

  private static Set<String> lookingUp(Predicate<JavaClass> which)
      throws IOException, URISyntaxException {
    Set<String> packages = new HashSet<>(Set.of("dev.octet.cli"));
    OctetModules.all().values().stream()
        .filter(module -> !NOT_FOR_EXECUTABLES.contains(module.descriptor().name()))
        .forEach(module -> packages.addAll(module.descriptor().packages()));
    return OctetClasses.ALL.stream()
        .filter(type -> packages.contains(type.getPackageName()))
        .filter(which.and(NativeImageMetadataTest::looksUp))
        .map(JavaClass::getName)
        .collect(toCollection(TreeSet::new));
  }

  private static boolean isOfProtobuf(JavaClass type) {
    return type.getPackageName().equals(PROTOBUF);
  }

  private static boolean looksUp(JavaClass type) {
    return Stream.concat(
            type.getAccessesFromSelf().stream().map(access -> access.getTarget()),
            type.getMethodReferencesFromSelf().stream().map(reference -> reference.getTarget()))
        .map(NativeImageMetadataTest::name)
        .anyMatch(name -> LOOKUP.matcher(name).matches());
  }

  private static String name(AccessTarget target) {
    return target.getOwner().getName() + "." + target.getName();
  }

  /** Returns the folders of modules by the names of the modules. */
  private static Map<String, Path> folders() throws IOException {
    Map<String, Path> folders = new TreeMap<>();
    Path descriptor = Path.of("src", "main", "java", "module-info.java");
    try (Stream<Path> poms = Files.find(ROOT, 3, (path, what) -> path.endsWith("pom.xml"))) {
      for (Path pom : poms.toList()) {
        Path source = pom.resolveSibling(descriptor);
        if (Files.exists(source)) {
          folders.put(
              first(Files.readString(source), "(?m)^(?:open )?module (\\S+) \\{"), pom.getParent());
        }
      }
    }
    return folders;
  }

  private static String artifact(Path folder) throws IOException {
    String pom = Files.readString(folder.resolve("pom.xml"));
    return first(
        pom.replaceFirst("(?s)<parent>.*?</parent>", ""), "<artifactId>(.*?)</artifactId>");
  }

  private static String first(String text, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    assertTrue(found.find(), pattern);
    return found.group(1);
  }
}

package dev.octet.structure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.octet.api.format.ModelFormat;
import dev.octet.api.image.ImageDecoder;
import dev.octet.api.provider.QuantizerProvider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Compares what each {@code module-info} declares with what its jar holds. */
class ModuleDescriptorTest {

  private static final String SERVICES = "META-INF/services/";

  @Test
  void everyLibraryModuleHasADescriptor() throws IOException, URISyntaxException {
    assertEquals(
        Set.of(
            "dev.octet.annotation",
            "dev.octet.api",
            "dev.octet.backend.arm",
            "dev.octet.backend.cpu",
            "dev.octet.backend.onnxruntime",
            "dev.octet.backend.qnn",
            "dev.octet.backend.x86",
            "dev.octet.backend.xnnpack",
            "dev.octet.format.onnx",
            "dev.octet.images",
            "dev.octet.kernels",
            "dev.octet.protobuf",
            "dev.octet.testkit",
            "dev.octet.tck",
            "dev.octet.workflow"),
        modules().keySet());
  }

  @TestFactory
  Stream<DynamicTest> providesAgreesWithServiceFiles() throws IOException, URISyntaxException {
    return modules().entrySet().stream()
        .map(
            module ->
                dynamicTest(
                    module.getKey(),
                    () ->
                        assertEquals(
                            serviceFiles(module.getValue()),
                            provides(module.getValue().descriptor()))));
  }

  @Test
  void everyBackendEveryFormatAndTheDecoderOfImagesIsAService()
      throws IOException, URISyntaxException {
    for (Map.Entry<String, ModuleReference> module : modules().entrySet()) {
      Set<String> expected =
          module.getKey().startsWith("dev.octet.backend.")
              ? Set.of(QuantizerProvider.class.getName())
              : module.getKey().startsWith("dev.octet.format.")
                  ? Set.of(ModelFormat.class.getName())
                  : module.getKey().equals("dev.octet.images")
                      ? Set.of(ImageDecoder.class.getName())
                      : Set.of();
      assertEquals(expected, provides(module.getValue().descriptor()).keySet(), module.getKey());
    }
  }

  /** On the class path everything can be reached, so only this tells what a module lacks. */
  @Test
  void everyModuleExportsWhatOthersUse() throws IOException, URISyntaxException {
    Map<String, ModuleDescriptor> owners = new TreeMap<>();
    for (ModuleReference module : modules().values()) {
      module.descriptor().packages().forEach(name -> owners.put(name, module.descriptor()));
    }
    Set<String> missing = new TreeSet<>();
    for (JavaClass user : classes()) {
      for (Dependency use : user.getDirectDependenciesFromSelf()) {
        String used = use.getTargetClass().getBaseComponentType().getPackageName();
        ModuleDescriptor owner = owners.get(used);
        ModuleDescriptor own = owners.get(user.getPackageName());
        if (owner != null && owner != own && !exports(owner, used, own)) {
          missing.add(owner.name() + " has to export " + used);
        }
      }
    }
    assertEquals(Set.of(), missing);
  }

  private static JavaClasses classes() {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages("dev.octet");
  }

  private static boolean exports(
      ModuleDescriptor module, String name, @Nullable ModuleDescriptor user) {
    return module.exports().stream()
        .filter(exports -> exports.source().equals(name))
        .anyMatch(
            exports ->
                !exports.isQualified() || user != null && exports.targets().contains(user.name()));
  }

  /** Messages print and compare themselves by reflection, which needs the package opened. */
  @TestFactory
  Stream<DynamicTest> generatedPackagesAreOpenToProtobufAlone()
      throws IOException, URISyntaxException {
    return modules().values().stream()
        .map(ModuleReference::descriptor)
        .flatMap(
            descriptor ->
                descriptor.packages().stream()
                    .filter(name -> name.endsWith(".proto"))
                    .map(name -> dynamicTest(name, () -> assertOpenToProtobuf(descriptor, name))));
  }

  private static void assertOpenToProtobuf(ModuleDescriptor descriptor, String generated) {
    Set<Set<String>> opened =
        descriptor.opens().stream()
            .filter(opens -> opens.source().equals(generated))
            .map(ModuleDescriptor.Opens::targets)
            .collect(toSet());
    assertEquals(Set.of(Set.of("dev.octet.protobuf")), opened, "opens " + generated + " to");
    assertTrue(
        descriptor.exports().stream().noneMatch(exports -> exports.source().equals(generated)),
        "module-info exports generated code");
  }

  private static Map<String, Set<String>> provides(ModuleDescriptor descriptor) {
    Map<String, Set<String>> provided = new TreeMap<>();
    for (ModuleDescriptor.Provides provides : descriptor.provides()) {
      provided.put(provides.service(), new TreeSet<>(provides.providers()));
    }
    return provided;
  }

  private static Map<String, Set<String>> serviceFiles(ModuleReference module) throws IOException {
    Map<String, Set<String>> registered = new TreeMap<>();
    try (ModuleReader reader = module.open()) {
      List<String> files =
          reader
              .list()
              .filter(name -> name.startsWith(SERVICES) && !name.equals(SERVICES))
              .toList();
      for (String file : files) {
        registered.put(file.substring(SERVICES.length()), providersIn(reader, file));
      }
    }
    return registered;
  }

  private static Set<String> providersIn(ModuleReader reader, String file) throws IOException {
    try (InputStream in = reader.open(file).orElseThrow()) {
      Set<String> providers = new TreeSet<>();
      for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
        String provider = line.replaceFirst("#.*", "").strip();
        if (!provider.isEmpty()) {
          providers.add(provider);
        }
      }
      return providers;
    }
  }

  private static Map<String, ModuleReference> modules() throws IOException, URISyntaxException {
    Map<String, ModuleReference> found = new TreeMap<>();
    ClassLoader loader = ModuleDescriptorTest.class.getClassLoader();
    for (URL url : Collections.list(loader.getResources("module-info.class"))) {
      for (ModuleReference module : ModuleFinder.of(rootOf(url)).findAll()) {
        String name = module.descriptor().name();
        if (name.startsWith("dev.octet.")) {
          found.put(name, module);
        }
      }
    }
    return found;
  }

  private static Path rootOf(URL moduleInfo) throws IOException, URISyntaxException {
    if (moduleInfo.openConnection() instanceof JarURLConnection jar) {
      return Path.of(jar.getJarFileURL().toURI());
    }
    URI uri = moduleInfo.toURI();
    return Path.of(uri).getParent();
  }
}

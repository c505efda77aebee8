package dev.octet.structure;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import dev.octet.api.format.ModelFormat;
import dev.octet.api.image.ImageDecoder;
import dev.octet.api.provider.QuantizerProvider;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleReference;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Compares what each {@code module-info} declares with what its jar holds. */
class ModuleDescriptorTest {

  /** The name of an automatic module: the command has no descriptor. */
  private static final String COMMAND_LINE = "dev.octet.cli";

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
        OctetModules.all().keySet());
  }

  @TestFactory
  Stream<DynamicTest> providesAgreesWithServiceFiles() throws IOException, URISyntaxException {
    return OctetModules.all().entrySet().stream()
        .map(
            module ->
                dynamicTest(
                    module.getKey(),
                    () ->
                        assertEquals(
                            OctetModules.serviceFiles(module.getValue()),
                            OctetModules.provides(module.getValue().descriptor()))));
  }

  @Test
  void everyBackendEveryFormatAndTheDecoderOfImagesIsAService()
      throws IOException, URISyntaxException {
    for (Map.Entry<String, ModuleReference> module : OctetModules.all().entrySet()) {
      Set<String> expected =
          module.getKey().startsWith("dev.octet.backend.")
              ? Set.of(QuantizerProvider.class.getName())
              : module.getKey().startsWith("dev.octet.format.")
                  ? Set.of(ModelFormat.class.getName())
                  : module.getKey().equals("dev.octet.images")
                      ? Set.of(ImageDecoder.class.getName())
                      : Set.of();
      assertEquals(
          expected,
          OctetModules.provides(module.getValue().descriptor()).keySet(),
          module.getKey());
    }
  }

  /** On the class path everything can be reached, so only this tells what a module lacks. */
  @Test
  void everyModuleExportsWhatOthersUse() throws IOException, URISyntaxException {
    Map<String, ModuleDescriptor> owners = new TreeMap<>();
    for (ModuleReference module : OctetModules.all().values()) {
      module.descriptor().packages().forEach(name -> owners.put(name, module.descriptor()));
    }
    Set<String> missing = new TreeSet<>();
    for (JavaClass user : OctetClasses.ALL) {
      for (Dependency use : user.getDirectDependenciesFromSelf()) {
        String used = use.getTargetClass().getBaseComponentType().getPackageName();
        ModuleDescriptor owner = owners.get(used);
        ModuleDescriptor own = owners.get(user.getPackageName());
        String reader = own == null ? COMMAND_LINE : own.name();
        if (owner != null && owner != own && !exports(owner, used, reader)) {
          missing.add(owner.name() + " has to export " + used);
        }
      }
    }
    assertEquals(Set.of(), missing);
  }

  private static boolean exports(ModuleDescriptor module, String name, String reader) {
    return module.exports().stream()
        .filter(exports -> exports.source().equals(name))
        .anyMatch(exports -> !exports.isQualified() || exports.targets().contains(reader));
  }

  /** Whoever embeds Octet is none of its modules. */
  @Test
  void whatIsExportedToNamedModulesIsForOctetAlone() throws IOException, URISyntaxException {
    for (ModuleReference module : OctetModules.all().values()) {
      for (ModuleDescriptor.Exports exports : module.descriptor().exports()) {
        for (String target : exports.targets()) {
          assertTrue(
              OctetModules.all().containsKey(target) || target.equals(COMMAND_LINE),
              module.descriptor().name() + " exports " + exports.source() + " to " + target);
        }
      }
    }
  }

  /** Messages print and compare themselves by reflection, which needs the package opened. */
  @TestFactory
  Stream<DynamicTest> generatedPackagesAreOpenToProtobufAlone()
      throws IOException, URISyntaxException {
    return OctetModules.all().values().stream()
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
}

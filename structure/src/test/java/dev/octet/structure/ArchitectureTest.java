package dev.octet.structure;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.InstanceofCheck;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.octet.api.graph.Dimension;
import dev.octet.api.provider.ServiceCatalog;
import dev.octet.api.spec.Granularity;
import dev.octet.kernels.exact.ExactOperands;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FileWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds who may know whom, over the classes of every module. */
class ArchitectureTest {

  private static final String PROTOBUF = "dev.octet.protobuf..";

  /** What protoc writes, and what that needs. */
  private static final String[] GENERATED = {"dev.octet..proto", PROTOBUF};

  private static final String[] EVERYWHERE = {
    "java..", "org.jspecify.annotations", "com.google.auto.service"
  };

  private static final List<Part> PARTS =
      List.of(
          part("api"),
          part("annotation").knows("api"),
          part("fixtures.jdk").uses("javax.imageio.."),
          part("fixtures.graph").knows("api", "annotation"),
          part("kernels").knows("api").uses("jdk.incubator.vector"),
          part("images")
              .knows("api")
              .uses("javax.imageio..", "com.twelvemonkeys.imageio.plugins.webp"),
          part("workflow")
              .knows("api", "annotation", "kernels")
              .uses(PROTOBUF, "com.fasterxml.jackson.core..", "org.snakeyaml.engine.v2.."),
          part("format.onnx").knows("api").uses(PROTOBUF),
          part("backend.arm").knows("api", "annotation"),
          part("backend.cpu").knows("api", "annotation", "kernels"),
          part("backend.onnxruntime")
              .knows("api", "annotation", "format.onnx")
              .uses("ai.onnxruntime.."),
          part("backend.qnn").knows("api", "annotation"),
          part("backend.x86").knows("api", "annotation"),
          part("backend.xnnpack").knows("api", "annotation"),
          part("tck")
              .knows("api", "annotation", "kernels", "workflow")
              .uses("picocli", "org.junit.jupiter.api..", "javax.xml.stream.."),
          part("testkit").knows("api", "kernels", "workflow"),
          part("cli")
              .knows(
                  "api",
                  "annotation",
                  "kernels",
                  "workflow",
                  "backend.arm",
                  "backend.cpu",
                  "backend.onnxruntime",
                  "backend.qnn",
                  "backend.x86",
                  "backend.xnnpack")
              .uses("picocli", "com.google.inject..", "jakarta.inject", "javax.xml.stream.."));

  private static final JavaClasses ALL = OctetClasses.ALL;

  private static final JavaClasses WRITTEN =
      ALL.that(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(GENERATED)));

  @TestFactory
  Stream<DynamicTest> everyModuleWasScanned() {
    return PARTS.stream()
        .map(
            part ->
                dynamicTest(
                    part.name(),
                    () ->
                        assertTrue(
                            WRITTEN.stream()
                                .filter(resideInAPackage(part.packages()))
                                .anyMatch(type -> !type.getSimpleName().equals("package-info")),
                            "no class found in " + part.packages())));
  }

  @Test
  void everyClassBelongsToAKnownModule() {
    String[] packages = PARTS.stream().map(Part::packages).toArray(String[]::new);
    classes().should().resideInAnyPackage(packages).check(WRITTEN);
  }

  @TestFactory
  Stream<DynamicTest> everyModuleKnowsOnlyWhatItMay() {
    return PARTS.stream()
        .map(
            part ->
                dynamicTest(
                    part.name(),
                    () ->
                        classes()
                            .that()
                            .resideInAPackage(part.packages())
                            .should()
                            .onlyDependOnClassesThat()
                            .resideInAnyPackage(part.allowed())
                            .check(WRITTEN)));
  }

  @Test
  void onlyFilesOfImagesKnowTheDesktop() {
    String files = "dev.octet.images";
    classes()
        .that()
        .haveFullyQualifiedName(files + ".Levels")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.awt..")
        .check(WRITTEN);
    noClasses()
        .that()
        .resideOutsideOfPackages(files, "dev.octet.fixtures.jdk")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.awt..", "javax.imageio..", "com.twelvemonkeys..")
        .check(WRITTEN);
  }

  @Test
  void onlyTheCatalogCallsServiceLoader() {
    classes()
        .that()
        .areAssignableTo(ServiceCatalog.class)
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(ServiceLoader.class)
        .check(WRITTEN);
    noClasses()
        .that()
        .doNotBelongToAnyOf(ServiceCatalog.class)
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(ServiceLoader.class)
        .check(WRITTEN);
  }

  @Test
  void onlyTheCompositionRootKnowsGuice() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.octet.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.inject..", "jakarta.inject..")
        .check(WRITTEN);
  }

  /** What is exported to named modules alone is no vendor's; Octet's backends are vendors, too. */
  @Test
  void onlyTheWorkflowResolvesMarks() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.octet.annotation..", "dev.octet.workflow..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.octet.annotation.resolve..", "dev.octet.annotation.tree..")
        .check(WRITTEN);
  }

  @Test
  void protobufStaysOutOfPublicSignatures() {
    classes().should(keepProtobufOutOfTheirSignatures()).check(WRITTEN);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.octet.(**)").should().beFreeOfCycles().check(WRITTEN);
  }

  /** A function for every other kind is for code outside, which a new kind is not to break. */
  @Test
  void octetItselfKnowsEveryKind() {
    noClasses()
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "Cases.otherwise",
                call ->
                    call.getName().equals("otherwise")
                        && call.getTargetOwner().getSimpleName().endsWith("Cases")))
        .check(WRITTEN);
  }

  @Test
  void theOracleKnowsNeitherKernelsNorExecutor() {
    classes()
        .that()
        .resideInAPackage("dev.octet.kernels.exact..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify.annotations",
            "dev.octet.api.graph..",
            "dev.octet.kernels.dialect..",
            "dev.octet.kernels.exact..")
        .check(WRITTEN);
  }

  /** Beside its kernel an operator's definition says what it means exactly, in such a method. */
  @Test
  void whatReadsExactOperandsUsesNothingOfTheKernels() {
    methods()
        .that()
        .haveRawParameterTypes(ExactOperands.class)
        .should(
            useOnly(
                "java..",
                "dev.octet.api.graph..",
                "dev.octet.kernels.dialect..",
                "dev.octet.kernels.exact.."))
        .check(WRITTEN);
  }

  private static ArchCondition<JavaMethod> useOnly(String... packages) {
    return new ArchCondition<>("use only " + String.join(", ", packages)) {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        for (JavaAccess<?> access : method.getAccessesFromSelf()) {
          JavaClass owner = access.getTargetOwner();
          boolean own =
              access instanceof JavaFieldAccess field
                  && (owner.equals(method.getOwner()) || isOperand(field));
          if (!own && !JavaClass.Predicates.resideInAnyPackage(packages).test(owner)) {
            events.add(SimpleConditionEvent.violated(method, access.getDescription()));
          }
        }
      }
    };
  }

  /** Operators that take the same operands state them in one place: where each is, and no more. */
  private static boolean isOperand(JavaFieldAccess access) {
    JavaClass type = access.getTarget().getRawType();
    return type.isEquivalentTo(int.class)
        || resideInAPackage("dev.octet.kernels.dialect..").test(type);
  }

  /** Digits, capitals and bytes of a text are the same on every machine. */
  @Test
  void localesAndCharsetsAreSaid() {
    noClasses()
        .should()
        .callMethod(String.class, "format", String.class, Object[].class)
        .orShould()
        .callMethod(String.class, "toUpperCase")
        .orShould()
        .callMethod(String.class, "toLowerCase")
        .orShould()
        .callMethod(String.class, "getBytes")
        .orShould()
        .callConstructor(String.class, byte[].class)
        .orShould()
        .callConstructor(String.class, byte[].class, int.class, int.class)
        .orShould()
        .callMethod(PrintStream.class, "printf", String.class, Object[].class)
        .orShould()
        .callMethod(PrintStream.class, "format", String.class, Object[].class)
        .orShould()
        .callMethod(PrintWriter.class, "printf", String.class, Object[].class)
        .orShould()
        .callMethod(PrintWriter.class, "format", String.class, Object[].class)
        .orShould()
        .callConstructor(Formatter.class)
        .orShould()
        .callConstructor(InputStreamReader.class, InputStream.class)
        .orShould()
        .callConstructor(OutputStreamWriter.class, OutputStream.class)
        .check(WRITTEN);
  }

  private static final Pattern LITERAL = Pattern.compile("\"(?:[^\"\\\\\n]|\\\\.)*\"");

  /**
   * What {@code %d} and {@code %f} of {@code formatted} look like, the machine's locale decides.
   */
  private static final Pattern NUMBER =
      Pattern.compile("(?<!%)%[-#+ 0,(]*\\d*(\\.\\d+)?[bBhHcCdoxXeEfgGaAtTS]");

  /** {@code %s} and {@code %n} are the same in every locale. */
  @Test
  void whatIsFormattedWithoutALocaleHasWordsAlone() throws IOException {
    List<String> found = new ArrayList<>();
    int texts = 0;
    for (Path file : sources()) {
      String source = Files.readString(file);
      Matcher literal = LITERAL.matcher(source);
      while (literal.find()) {
        String rest = source.substring(literal.end(), statementEnd(source, literal.end()));
        if (rest.contains(".formatted(")) {
          texts++;
          if (NUMBER.matcher(literal.group()).find()) {
            found.add(file.getFileName() + ": " + literal.group());
          }
        }
      }
    }
    assertEquals(List.of(), found);
    assertTrue(texts > 0, "no text is formatted");
  }

  @Test
  void aNumberThatIsFormattedIsFound() {
    assertTrue(NUMBER.matcher("(q - %d)").find());
    assertTrue(NUMBER.matcher("%.2f").find());
    assertFalse(NUMBER.matcher("%s of %s%n").find());
    assertFalse(NUMBER.matcher("100 %%d").find());
  }

  private static int statementEnd(String source, int from) {
    int end = source.indexOf(';', from);
    return end < 0 ? source.length() : end;
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      return files
          .filter(file -> file.toString().replace('\\', '/').contains("/src/main/java/dev/octet/"))
          .filter(file -> file.toString().endsWith(".java"))
          .sorted()
          .toList();
    }
  }

  /** Whoever asks for one kind is silent about the others, and about a kind that comes later. */
  @Test
  void kindsOfSealedTypesAreToldApartByTheTypesAlone() {
    assertEquals(List.of(), questions(WRITTEN));
  }

  @Test
  void aQuestionForAKindIsFound() {
    List<String> found = questions(new ClassFileImporter().importClasses(Asking.class));
    assertEquals(1, found.size());
    assertTrue(found.get(0).contains("Asking.isWhole"), found.get(0));
  }

  private static final class Asking {
    static boolean isWhole(Granularity granularity) {
      return granularity instanceof Granularity.PerTensor;
    }
  }

  private static List<String> questions(JavaClasses asking) {
    List<String> found = new ArrayList<>();
    for (JavaClass type : asking) {
      for (JavaCodeUnit unit : type.getCodeUnits()) {
        for (InstanceofCheck check : unit.getInstanceofChecks()) {
          JavaClass kind = check.getRawType();
          if (isKind(kind) && !fileOf(kind).equals(fileOf(type)) && !isSettled(kind, type)) {
            found.add(unit.getFullName() + " asks for " + kind.getFullName());
          }
        }
      }
    }
    return found;
  }

  /** In arithmetic on sizes a size that is not a number is unknown, whatever else it may be. */
  private static boolean isSettled(JavaClass kind, JavaClass asking) {
    return fileOf(kind).equals(Dimension.class.getName())
        && asking.getPackageName().equals("dev.octet.kernels.shape");
  }

  private static boolean isKind(JavaClass type) {
    return type.getAllRawInterfaces().stream()
        .filter(resideInAPackage("dev.octet.."))
        .anyMatch(parent -> parent.reflect().isSealed());
  }

  private static String fileOf(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::fileOf).orElse(type.getName());
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> unmarked =
        WRITTEN.stream()
            .map(JavaClass::getPackage)
            .filter(javaPackage -> !javaPackage.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .collect(toCollection(TreeSet::new));
    assertEquals(Set.of(), unmarked, "packages whose package-info.java lacks @NullMarked");
  }

  @Test
  void generatedCodeIsSeenAsGenerated() {
    for (String generated : GENERATED) {
      assertFalse(ALL.that(resideInAPackage(generated)).isEmpty(), generated);
      assertTrue(WRITTEN.that(resideInAPackage(generated)).isEmpty(), generated);
    }
  }

  private static final Set<String> WRITING_METHODS =
      Set.of(
          "write",
          "writeString",
          "newOutputStream",
          "newBufferedWriter",
          "newByteChannel",
          "copy",
          "move",
          "createFile",
          "createLink",
          "createSymbolicLink");

  private static final DescribedPredicate<JavaMethodCall> WRITES_FILES =
      DescribedPredicate.describe(
          "writes files",
          call ->
              (call.getTargetOwner().isEquivalentTo(Files.class)
                      && WRITING_METHODS.contains(call.getName()))
                  || (call.getTargetOwner().isEquivalentTo(FileChannel.class)
                      && call.getName().equals("open")));

  private static final DescribedPredicate<JavaConstructorCall> OPENS_FILES_TO_WRITE =
      DescribedPredicate.describe(
          "opens files to write",
          call -> {
            JavaClass owner = call.getTargetOwner();
            List<JavaClass> parameters = call.getTarget().getRawParameterTypes();
            boolean named =
                !parameters.isEmpty()
                    && (parameters.get(0).isEquivalentTo(String.class)
                        || parameters.get(0).isEquivalentTo(File.class));
            return named
                && Stream.of(
                        FileOutputStream.class,
                        FileWriter.class,
                        RandomAccessFile.class,
                        PrintStream.class,
                        PrintWriter.class)
                    .anyMatch(owner::isEquivalentTo);
          });

  /** Opens files to read them. */
  private static final String READER = "dev.octet.workflow.data.ByteSource";

  /**
   * Whatever a command hands over is written as a whole, in one place. What else writes makes files
   * for the time it runs, and removes them.
   */
  @Test
  void filesAreWrittenInOnePlace() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.octet.api.file..", "dev.octet.fixtures..")
        .and()
        .doNotHaveFullyQualifiedName(READER)
        .and()
        .doNotHaveFullyQualifiedName("dev.octet.tck.run.Journal")
        .and()
        .doNotHaveFullyQualifiedName("dev.octet.tck.run.ProcessRun")
        .should()
        .callMethodWhere(WRITES_FILES)
        .orShould()
        .callConstructorWhere(OPENS_FILES_TO_WRITE)
        .check(WRITTEN);
  }

  @Test
  void whatWritesFilesIsFound() {
    JavaClasses writing = new ClassFileImporter().importClasses(Writing.class);
    assertEquals(
        4,
        writing.get(Writing.class).getMethodCallsFromSelf().stream().filter(WRITES_FILES).count());
    assertEquals(
        3,
        writing.get(Writing.class).getConstructorCallsFromSelf().stream()
            .filter(OPENS_FILES_TO_WRITE)
            .count());
  }

  /** Never runs. */
  private static final class Writing {
    static void everywhere(Path file) throws IOException {
      Files.write(file, new byte[0]);
      Files.newOutputStream(file).close();
      Files.move(file, file);
      FileChannel.open(file, StandardOpenOption.WRITE).close();
      new FileOutputStream("file").close();
      new FileWriter("file", StandardCharsets.UTF_8).close();
      new RandomAccessFile("file", "rw").close();
      new FileOutputStream(FileDescriptor.out).close();
    }
  }

  private static ArchCondition<JavaClass> keepProtobufOutOfTheirSignatures() {
    return new ArchCondition<>("keep protobuf out of their public signatures") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!isPublic(type)) {
          return;
        }
        report(type, type.getFullName() + " itself", supertypes(type), events);
        for (JavaMember member : type.getMembers()) {
          if (isAccessible(member)) {
            report(type, member.getFullName(), signature(member), events);
          }
        }
      }
    };
  }

  private static void report(
      JavaClass type, String place, Set<JavaClass> mentioned, ConditionEvents events) {
    for (JavaClass other : mentioned) {
      if (isProtobuf(other)) {
        String message = place + " mentions " + other.getFullName();
        events.add(SimpleConditionEvent.violated(type, message));
      }
    }
  }

  private static boolean isPublic(JavaClass type) {
    return isAccessible(type.getModifiers())
        && type.getEnclosingClass().map(ArchitectureTest::isPublic).orElse(true);
  }

  private static boolean isAccessible(JavaMember member) {
    return isAccessible(member.getModifiers());
  }

  private static boolean isAccessible(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static Set<JavaClass> supertypes(JavaClass type) {
    List<JavaClass> all = new ArrayList<>(type.getAllRawInterfaces());
    all.addAll(type.getAllRawSuperclasses());
    type.getTypeParameters().forEach(p -> all.addAll(p.getAllInvolvedRawTypes()));
    type.getInterfaces().forEach(i -> all.addAll(i.getAllInvolvedRawTypes()));
    type.getSuperclass().ifPresent(s -> all.addAll(s.getAllInvolvedRawTypes()));
    return Set.copyOf(all);
  }

  private static Set<JavaClass> signature(JavaMember member) {
    if (member instanceof JavaField field) {
      return field.getAllInvolvedRawTypes();
    }
    JavaCodeUnit unit = (JavaCodeUnit) member;
    List<JavaClass> all = new ArrayList<>(unit.getAllInvolvedRawTypes());
    all.addAll(unit.getExceptionTypes());
    return Set.copyOf(all);
  }

  private static boolean isProtobuf(JavaClass type) {
    JavaClass element = type.getBaseComponentType();
    return resideInAPackage(PROTOBUF).test(element)
        || JavaClass.Predicates.resideInAnyPackage(GENERATED).test(element);
  }

  private static Part part(String name) {
    return new Part(name, List.of(), List.of());
  }

  /**
   * One module: its name below {@code dev.octet}, the modules it may know, and the libraries it may
   * use.
   */
  private record Part(String name, List<String> known, List<String> libraries) {

    Part knows(String... modules) {
      return new Part(name, List.of(modules), libraries);
    }

    Part uses(String... packages) {
      return new Part(name, known, List.of(packages));
    }

    String packages() {
      return "dev.octet." + name + "..";
    }

    String[] allowed() {
      return Stream.of(
              Stream.of(EVERYWHERE),
              Stream.of(packages()),
              known.stream().map(module -> "dev.octet." + module + ".."),
              libraries.stream())
          .flatMap(names -> names)
          .toArray(String[]::new);
    }
  }
}

package dev.octet.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Graph;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericDeclaration;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.TypeVariable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Compares every public and protected signature of the API with a committed file, so that a change
 * of the API is seen in a diff.
 */
class ApiSurfaceTest {

  private static final Path COMMITTED = Path.of("api-surface.txt");
  private static final Path ACTUAL = Path.of("target", "api-surface.txt");

  @Test
  void theSurfaceIsTheCommittedOne() throws Exception {
    List<String> actual = surface();
    Files.write(ACTUAL, actual, StandardCharsets.UTF_8);
    assertTrue(actual.size() > 300, "only " + actual.size() + " signatures were seen");
    assertEquals(
        String.join("\n", Files.readAllLines(COMMITTED, StandardCharsets.UTF_8)),
        String.join("\n", actual),
        "The API changed. If that is meant, copy api/target/api-surface.txt over"
            + " api/api-surface.txt and note it in CHANGELOG.md.");
  }

  @Test
  void publicSignaturesNameTypesOfTheJdkAndOfTheApiAlone() throws Exception {
    for (String line : surface()) {
      String types =
          line.replaceAll("dev\\.octet\\.api\\.[A-Za-z.$]+", "")
              .replaceAll("java\\.[A-Za-z.$]+", "");
      assertTrue(!types.matches(".*\\b[a-z]+\\.[a-z]+\\.[A-Za-z.]+.*"), line);
    }
  }

  private static List<String> surface() throws IOException, ReflectiveOperationException {
    Path classes =
        Path.of(Graph.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    Set<String> exported = exported();
    TreeSet<String> lines = new TreeSet<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
        String name =
            classes.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
        if (!name.endsWith("-info") && exported.contains(name.replaceAll("\\.[^.]*$", ""))) {
          describe(Class.forName(name), lines);
        }
      }
    }
    return List.copyOf(lines);
  }

  /** Returns the packages that anybody may read. */
  private static Set<String> exported() throws IOException {
    String descriptor = Files.readString(Path.of("src/main/java/module-info.java"));
    return Pattern.compile("exports ([\\w.]+);")
        .matcher(descriptor)
        .results()
        .map(exports -> exports.group(1))
        .collect(Collectors.toSet());
  }

  private static void describe(Class<?> type, TreeSet<String> lines) {
    if (!isVisible(type)) {
      return;
    }
    String kind =
        type.isInterface()
            ? "interface"
            : type.isRecord() ? "record" : type.isEnum() ? "enum" : "class";
    String parents =
        Stream.concat(
                Stream.ofNullable(type.getGenericSuperclass()),
                Arrays.stream(type.getGenericInterfaces()))
            .map(java.lang.reflect.Type::getTypeName)
            .collect(Collectors.joining(", "));
    lines.add(
        type.getName()
            + typeParameters(type)
            + ": "
            + Modifier.toString(type.getModifiers() & ~Modifier.STRICT)
            + (type.isSealed() ? " sealed " : " ")
            + kind
            + " < "
            + parents
            + permitted(type));
    for (Field field : type.getDeclaredFields()) {
      if (isOpen(field.getModifiers()) && !field.isSynthetic()) {
        lines.add(
            type.getName() + "#" + field.getName() + ": " + field.getGenericType().getTypeName());
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isOpen(constructor.getModifiers()) && !constructor.isSynthetic()) {
        lines.add(type.getName() + "#new" + parameters(constructor));
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (isOpen(method.getModifiers()) && !method.isSynthetic()) {
        String modifiers =
            (Modifier.isStatic(method.getModifiers()) ? "static " : "")
                + (method.isDefault() ? "default " : "");
        lines.add(
            type.getName()
                + "#"
                + modifiers
                + method.getName()
                + typeParameters(method)
                + parameters(method)
                + ": "
                + method.getGenericReturnType().getTypeName());
      }
    }
  }

  private static String permitted(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses())
            .map(Class::getName)
            .sorted()
            .collect(Collectors.joining(", ", " permits ", ""))
        : "";
  }

  /** Returns the type parameters with their bounds; nothing where there are none. */
  private static String typeParameters(GenericDeclaration declaration) {
    TypeVariable<?>[] parameters = declaration.getTypeParameters();
    return parameters.length == 0
        ? ""
        : Arrays.stream(parameters)
            .map(ApiSurfaceTest::bounded)
            .collect(Collectors.joining(", ", "<", ">"));
  }

  private static String bounded(TypeVariable<?> parameter) {
    String bounds =
        Arrays.stream(parameter.getBounds())
            .filter(bound -> bound != Object.class)
            .map(java.lang.reflect.Type::getTypeName)
            .collect(Collectors.joining(" & "));
    return bounds.isEmpty() ? parameter.getName() : parameter.getName() + " extends " + bounds;
  }

  private static String parameters(Executable executable) {
    return Arrays.stream(executable.getGenericParameterTypes())
        .map(java.lang.reflect.Type::getTypeName)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private static boolean isVisible(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return isOpen(type.getModifiers())
        && !type.isAnonymousClass()
        && (outer == null || isVisible(outer));
  }

  private static boolean isOpen(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }
}

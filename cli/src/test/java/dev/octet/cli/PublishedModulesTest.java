package dev.octet.cli;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.provider.ApiVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is published has the versions that the BOM says, and the pages show them. */
class PublishedModulesTest {

  private static final Path ROOT = Path.of("..");
  private static final Set<String> OF_THE_API = Set.of("octet-api", "octet-annotation");
  private static final int MOST_LINES = 10;

  @Test
  void apiAndAnnotationHaveTheVersionOfTheApi() throws IOException {
    String version = property(pom("bom"), "octet.api.version");
    assertTrue(
        version.matches(Pattern.quote(ApiVersion.CURRENT) + "\\.\\d+(-SNAPSHOT)?"),
        version + " for API " + ApiVersion.CURRENT);
    for (String module : List.of("api", "annotation")) {
      assertEquals(version, projectVersion(pom(module)), module);
    }
  }

  @Test
  void everythingElseHasTheVersionOfTheProduct() throws IOException {
    String version = projectVersion(pom("."));
    assertEquals(version, property(pom("."), "octet.version"));
    assertEquals(version, projectVersion(pom("bom")));
    for (String module : modules()) {
      if (!module.equals("bom")) {
        assertEquals(
            version, first(pom(module), "<parent>.*?<version>(.*?)</version>.*?</parent>"), module);
      }
    }
  }

  @Test
  void theBomHasEveryPublishedModule() throws IOException {
    Map<String, String> published = new TreeMap<>();
    for (String module : modules()) {
      String pom = pom(module);
      if (!pom.contains("<maven.deploy.skip>true") && !module.equals("bom")) {
        String artifact = artifact(pom);
        published.put(
            artifact,
            OF_THE_API.contains(artifact) ? "${octet.api.version}" : "${project.version}");
      }
    }
    Map<String, String> managed = new TreeMap<>();
    all(pom("bom"), "<dependency>.*?<artifactId>(.*?)</artifactId>\\s*<version>(.*?)</version>")
        .forEach(found -> managed.put(found.group(1), found.group(2)));
    assertEquals(published, managed);
  }

  @Test
  void thePomOfABackendIsShortAndTheSameInReadmeAndGuide() throws IOException {
    String readme = pomOnPage("README.md");
    assertEquals(readme, pomOnPage("docs/annotation.md"));
    assertTrue(readme.lines().count() <= MOST_LINES, readme);
    assertEquals(
        property(pom("bom"), "octet.api.version"),
        first(readme, "octet-annotation</artifactId><version>(.*?)</version>"));
  }

  private static String pomOnPage(String page) throws IOException {
    return first(Files.readString(ROOT.resolve(page)), "```xml\n(.*?)```");
  }

  private static List<String> modules() throws IOException {
    List<String> modules = new ArrayList<>();
    all(pom("."), "<module>(.*?)</module>").forEach(found -> modules.add(found.group(1)));
    assertTrue(modules.size() > 10, modules.toString());
    return modules;
  }

  private static String pom(String module) throws IOException {
    return Files.readString(ROOT.resolve(module).resolve("pom.xml"));
  }

  private static String artifact(String pom) {
    return first(withoutParent(pom), "<artifactId>(.*?)</artifactId>");
  }

  private static String projectVersion(String pom) {
    return first(withoutParent(pom), "<artifactId>[^<]*</artifactId>\\s*<version>(.*?)</version>");
  }

  private static String withoutParent(String pom) {
    return Pattern.compile("<parent>.*?</parent>", Pattern.DOTALL).matcher(pom).replaceAll("");
  }

  private static String property(String pom, String name) {
    return first(pom, "<" + Pattern.quote(name) + ">(.*?)</");
  }

  private static String first(String text, String pattern) {
    Matcher found = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
    assertTrue(found.find(), pattern + " in\n" + text.lines().limit(20).collect(joining("\n")));
    return found.group(1);
  }

  private static List<MatchResult> all(String text, String pattern) {
    return Pattern.compile(pattern, Pattern.DOTALL).matcher(text).results().toList();
  }
}

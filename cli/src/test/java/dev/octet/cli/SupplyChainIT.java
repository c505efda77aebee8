package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.provenance.FloatFile;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What the distribution says of its jars is what they are: bill of materials, notice, licences. */
class SupplyChainIT {

  private static final Path HOME = Path.of(System.getProperty("octet.distribution"));

  /** What a text of a licence says, by the name that the notice has for it. */
  private static final Map<String, String> WORDS =
      Map.of(
          "Apache License 2.0", "Apache License\n                           Version 2.0",
          "BSD 3-Clause", "Redistribution and use in source and binary forms",
          "MIT License", "Permission is hereby granted, free of charge",
          "Public Domain", "is Public Domain");

  /** The name that the bill of materials has for each licence of the notice. */
  private static final Map<String, String> NAMED =
      Map.of(
          "Apache License 2.0", "Apache-2.0",
          "BSD 3-Clause", "BSD-3-Clause",
          "MIT License", "MIT",
          "Public Domain", "Public Domain");

  private static final Pattern ROW =
      Pattern.compile("(?m)^  (\\S+) +(" + String.join("|", WORDS.keySet()) + ") {2,}\\S");

  /** Text that a jar brings of its licence or with a notice, at its root or in META-INF. */
  private static final Pattern LEGAL =
      Pattern.compile("(META-INF/)?[^/]*(LICEN[CS]E|NOTICE|THIRDPARTY|COPYING)[^/]*");

  /** Returns the jars of the distribution by the name of their artifact. */
  private static Map<String, Path> jars() throws IOException {
    try (Stream<Path> files = Files.list(HOME.resolve("lib"))) {
      Map<String, Path> jars = new TreeMap<>();
      files.forEach(jar -> jars.put(artifact(jar), jar));
      return jars;
    }
  }

  private static String artifact(Path jar) {
    return jar.getFileName().toString().replaceFirst("-\\d.*\\.jar$", "");
  }

  private static boolean isOwn(String artifact) {
    return artifact.startsWith("octet-");
  }

  private static Map<String, String> notice() throws IOException {
    Matcher row = ROW.matcher(Files.readString(HOME.resolve("NOTICE")));
    Map<String, String> licences = new TreeMap<>();
    while (row.find()) {
      assertEquals(null, licences.put(row.group(1), row.group(2)), row.group(1) + " stands twice");
    }
    return licences;
  }

  private static String bom() throws IOException {
    return Files.readString(HOME.resolve("sbom.cdx.json"));
  }

  private static List<Tree.Mapping> components() throws IOException {
    return JsonText.parse(bom(), "sbom").asMapping().get("components").asItems().stream()
        .map(Tree::asMapping)
        .toList();
  }

  private static String text(Tree.Mapping component, String field) {
    return component.get(field).asText();
  }

  private static String sha256(Tree.Mapping component) {
    return component.get("hashes").asItems().stream()
        .map(Tree::asMapping)
        .filter(hash -> text(hash, "alg").equals("SHA-256"))
        .map(hash -> text(hash, "content"))
        .findFirst()
        .orElse("none");
  }

  private static String licence(Tree.Mapping component) {
    return component.get("licenses").asItems().stream()
        .map(item -> item.asMapping().get("license").asMapping())
        .map(one -> one.find("id").orElseGet(() -> one.get("name")).asText())
        .collect(Collectors.joining(" and "));
  }

  @Test
  void theBillOfMaterialsIsOfTheSchemaOfCycloneDx() throws IOException {
    assertEquals(List.of(), CycloneDx.broken(bom()));
    assertFalse(bom().contains("\"timestamp\""), "the same commit gives the same bytes");
  }

  @Test
  void theBillOfMaterialsHasEachJarWithItsHash() throws IOException {
    Map<String, String> listed = new TreeMap<>();
    for (Tree.Mapping component : components()) {
      String jar = text(component, "name") + "-" + text(component, "version") + ".jar";
      listed.put(jar, sha256(component));
    }
    Map<String, String> shipped = new TreeMap<>();
    for (Map.Entry<String, Path> jar : jars().entrySet()) {
      if (!jar.getKey().equals("octet-cli")) {
        shipped.put(jar.getValue().getFileName().toString(), FloatFile.sha256(jar.getValue()));
      }
    }
    assertEquals(shipped, listed);
    Tree.Mapping root = JsonText.parse(bom(), "sbom").asMapping().get("metadata").asMapping();
    assertEquals("octet-cli", text(root.get("component").asMapping(), "name"));
  }

  @Test
  void theNoticeNamesEachJarOfOthersWithTheLicenceOfTheBillOfMaterials() throws IOException {
    Map<String, String> notice = notice();
    Set<String> others = new TreeSet<>(jars().keySet());
    others.removeIf(SupplyChainIT::isOwn);
    assertEquals(others, notice.keySet());
    for (Tree.Mapping component : components()) {
      String name = text(component, "name");
      if (!isOwn(name)) {
        assertEquals(NAMED.get(notice.get(name)), licence(component), name);
      }
    }
  }

  @Test
  void eachJarOfOthersHasTheTextOfItsLicence() throws IOException {
    for (Map.Entry<String, String> row : notice().entrySet()) {
      String words = WORDS.get(row.getValue());
      boolean found = texts(row.getKey()).values().stream().anyMatch(text -> text.contains(words));
      assertTrue(found, "licenses/" + row.getKey() + " has no " + row.getValue());
    }
    assertTrue(texts("octet-protobuf").values().stream().anyMatch(t -> t.contains("Google Inc.")));
    assertTrue(Files.readString(HOME.resolve("LICENSE")).contains("Apache License"));
  }

  @Test
  void noFolderOfLicencesIsOfAJarThatIsNotShipped() throws IOException {
    try (Stream<Path> folders = Files.list(HOME.resolve("licenses"))) {
      Set<String> named = folders.map(f -> f.getFileName().toString()).collect(Collectors.toSet());
      named.removeAll(jars().keySet());
      assertEquals(Set.of(), named);
    }
  }

  @Test
  void whatJarsBringOfLicencesAndNoticesLiesBesideThem() throws IOException {
    int brought = 0;
    for (Map.Entry<String, Path> jar : jars().entrySet()) {
      try (ZipFile zip = new ZipFile(jar.getValue().toFile())) {
        for (ZipEntry entry : legal(zip)) {
          Path beside = HOME.resolve("licenses").resolve(jar.getKey()).resolve(entry.getName());
          assertTrue(Files.exists(beside), beside + " is missing");
          byte[] text = zip.getInputStream(entry).readAllBytes();
          assertArrayEquals(text, Files.readAllBytes(beside), beside.toString());
          brought++;
        }
      }
    }
    assertTrue(brought > 5, "guava, guice, jackson and others bring some: " + brought);
  }

  private static List<ZipEntry> legal(ZipFile zip) {
    return zip.stream()
        .filter(entry -> !entry.isDirectory())
        .filter(entry -> LEGAL.matcher(entry.getName().toUpperCase(Locale.ROOT)).matches())
        .<ZipEntry>map(entry -> entry)
        .toList();
  }

  /** Returns the texts in the folder of a jar, by file, with lines that end in \n. */
  private static Map<Path, String> texts(String artifact) throws IOException {
    Map<Path, String> texts = new TreeMap<>();
    Path folder = HOME.resolve("licenses").resolve(artifact);
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          texts.put(file, Files.readString(file).replace("\r\n", "\n"));
        }
      }
    }
    return texts;
  }
}

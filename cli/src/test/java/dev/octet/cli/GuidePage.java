package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.fixtures.jdk.VendorJar;
import dev.octet.testkit.PlanWords;
import dev.octet.workflow.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the guide whose code is compiled as a vendor's and whose outcomes are compared with
 * what comes out. A whole class stands as it is; a table, which begins with {@code BackendRules},
 * becomes a class of its package.
 */
final class GuidePage {

  private static final Pattern BLOCK =
      Pattern.compile("##+ ([^\n]+)|```(java|text|json)\n(.*?)```", Pattern.DOTALL);
  private static final Pattern CLASS =
      Pattern.compile("package (\\w+);.*?public final class (\\w+)", Pattern.DOTALL);

  private final List<Section> sections = new ArrayList<>();

  private GuidePage() {}

  /** A section: its code and what comes out; empty where it shows nothing. */
  record Section(String title, List<String> code, List<String> outcome) {
    boolean hasTable() {
      return code.stream().anyMatch(each -> each.startsWith("BackendRules"));
    }

    /** Asserts that a plan says what the section shows. */
    void assertShown(Plan plan) {
      List<String> lines = PlanWords.of(plan);
      List<String> wrong = outcome.stream().filter(l -> !lines.contains(l)).toList();
      assertTrue(!outcome.isEmpty(), "the section shows nothing");
      assertEquals(List.of(), wrong, () -> "what comes out is\n" + String.join("\n", lines) + "\n");
    }
  }

  static GuidePage read(String name) throws IOException {
    GuidePage page = new GuidePage();
    Matcher blocks = BLOCK.matcher(Files.readString(Path.of("..", "docs", name)));
    while (blocks.find()) {
      if (blocks.group(1) != null) {
        page.sections.add(new Section(blocks.group(1), new ArrayList<>(), new ArrayList<>()));
        continue;
      }
      Section section = page.sections.get(page.sections.size() - 1);
      if (blocks.group(2).equals("java")) {
        section.code().add(blocks.group(3));
      } else {
        blocks.group(3).lines().forEach(section.outcome()::add);
      }
    }
    return page;
  }

  List<Section> sections() {
    return sections;
  }

  Section section(String title) {
    return sections.stream().filter(s -> s.title().equals(title)).findFirst().orElseThrow();
  }

  /** Returns the class that the table of a section becomes. */
  String tableClass(Section section) {
    return "Table" + sections.indexOf(section);
  }

  /**
   * Builds a jar of the page's code for each package; that of the tables is {@code acme}.
   *
   * @param imports what the tables are written with
   * @return the jars by package
   */
  Map<String, Path> build(Path folder, String imports) throws IOException {
    Map<String, VendorJar> jars = new LinkedHashMap<>();
    for (Section section : sections) {
      for (String code : section.code()) {
        Matcher whole = CLASS.matcher(code);
        if (whole.lookingAt()) {
          add(jars, whole.group(1), whole.group(2), code);
        } else if (code.startsWith("BackendRules")) {
          add(jars, "acme", tableClass(section), table(imports, tableClass(section), code));
        }
      }
    }
    Map<String, Path> built = new LinkedHashMap<>();
    for (Map.Entry<String, VendorJar> jar : jars.entrySet()) {
      built.put(jar.getKey(), jar.getValue().build(folder, jar.getKey() + ".jar"));
    }
    return built;
  }

  private static void add(
      Map<String, VendorJar> jars, String vendor, String className, String code) {
    VendorJar jar =
        jars.computeIfAbsent(
            vendor, name -> new VendorJar(QuantizerProvider.class).knowing(BackendRules.class));
    jar.source(vendor + "." + className, code);
    if (className.equals("Provider")) {
      jar.listed(vendor + "." + className);
    }
  }

  private static String table(String imports, String className, String code) {
    return "package acme;\n%spublic final class %s { public static BackendRules rules() { return\n%s; } }"
        .formatted(imports, className, code);
  }
}

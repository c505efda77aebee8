package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.fixtures.jdk.GeneratedPage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Every command has a page of the manual, which says what the command says of itself. */
class ManPagesTest {

  private static final Path PAGES = Path.of("src", "man");
  private static final String SUFFIX = ".adoc";

  private static final Pattern LABEL = Pattern.compile("(?<==)_[^_\\s]+_");

  /** Lines are broken where the page is read; where they are broken before, words are. */
  private static final int ONE_LINE = 10_000;

  @Test
  void thePagesSayWhatTheCommandsSay() throws IOException {
    GeneratedPage pages = new GeneratedPage("cli", ManPagesTest.class);
    for (Map.Entry<String, String> page : generated().entrySet()) {
      pages.requireCurrent(PAGES.resolve(page.getKey() + SUFFIX), page.getValue());
    }
  }

  @Test
  void everyCommandHasAPageAndNoOther() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      TreeSet<String> found =
          files
              .map(file -> file.getFileName().toString().replace(SUFFIX, ""))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(generated().keySet(), found);
    }
    OctetTest.commands().forEach(name -> assertTrue(generated().containsKey("octet-" + name)));
  }

  /** Returns the pages by name. */
  private static Map<String, String> generated() {
    Map<String, String> pages = new TreeMap<>();
    CommandLine octet = CommandFixture.commandLine();
    octet.setUsageHelpWidth(ONE_LINE);
    pages.put("octet", page(octet));
    octet.getSubcommands().forEach((name, command) -> pages.put("octet-" + name, page(command)));
    return pages;
  }

  /**
   * The version is left to the build, so that a page changes with its command alone. What is in
   * brackets inside of a label would be read as an attribute of the text behind it.
   */
  private static String page(CommandLine command) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    ManPageGenerator.writeSingleManPage(writer, command.getCommandSpec());
    writer.flush();
    String plain =
        text.toString()
            .replace("\r\n", "\n")
            .replaceAll("(?m)^:(revnumber|mansource): .*\n", "")
            .replaceAll("(?m)[ \t]+$", "");
    return LABEL
        .matcher(plain)
        .replaceAll(label -> label.group().replace("[", "{startsb}").replace("]", "{endsb}"));
  }
}

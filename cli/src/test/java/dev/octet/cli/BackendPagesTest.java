package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.annotation.rules.RuleBackend;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.fixtures.jdk.GeneratedPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every backend that is a table of rules has a page under docs/backends, written from the table.
 */
class BackendPagesTest {

  private static final Path FOLDER = Path.of("..", "docs", "backends");
  private static final GeneratedPage PAGES = new GeneratedPage("cli", BackendPagesTest.class);

  static List<RuleBackend> backends() {
    return QuantizerCatalog.discover(BackendPagesTest.class.getClassLoader()).providers().stream()
        .flatMap(
            provider ->
                provider.<RuleBackend, RuleBackend>ask(RuleBackend.class, "rules", r -> r).stream())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void thePageOfEachBackendIsCurrent(RuleBackend backend) throws IOException {
    Path file = FOLDER.resolve(backend.name() + ".md");
    PAGES.requireCurrent(file, BackendPage.markdown(backend));
  }

  @Test
  void thereIsNoPageWithoutABackend() throws IOException {
    List<String> expected = backends().stream().map(b -> b.name() + ".md").sorted().toList();
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<String> found = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertEquals(expected, found, PAGES.renew());
    }
  }
}

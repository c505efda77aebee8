package dev.octet.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.tree.Tree;
import dev.octet.fixtures.jdk.VendorJar;
import dev.octet.tck.rule.RuleBook;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OctetTckTest {

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return OctetTck.run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  @Test
  void aNarrowedRunIsPartialAndHasNoCertificate() throws IOException {
    int code =
        run(
            "run",
            "--provider",
            "cpu",
            "--option",
            "observer=min-max",
            "--rule",
            "TCK-CAP-001",
            "--case",
            "c00-conv/1x4x9x8/k1",
            "--report",
            folder.toString());
    assertEquals(0, code, err.toString());
    assertTrue(out.toString().contains("cpu: partial: what ran passed; 1 cases"), out.toString());
    Tree.Mapping report = JsonText.read(folder.resolve("report.json")).asMapping();
    assertEquals("partial", report.get("conformance").asText());
    assertTrue(Files.exists(folder.resolve("report.html")));
    assertTrue(Files.exists(folder.resolve("junit.xml")));
    assertFalse(Files.exists(folder.resolve("certificate.json")));
  }

  @Test
  void aReportThatCannotBeWrittenIsRefusedBeforeAnythingRuns() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Files.createDirectories(folder.resolve("reports").resolve("report.html"));
    assertEquals(2, run("run", "--provider", "acme", "--report", file.toString()));
    assertTrue(
        err.toString()
            .contains(
                "OCT-TCK-017: the report cannot be written to '%s': %s: '%s' is no folder"
                    .formatted(file, file, file)),
        err.toString());
    String reports = folder.resolve("reports").toString();
    assertEquals(2, run("run", "--provider", "acme", "--report", reports));
    assertTrue(err.toString().contains("report.html: this is a folder"), err.toString());
  }

  @Test
  void anAnswerThatIsLostIsAnError() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    for (String[] words : new String[][] {{"explain", "cap-001"}, {"list-rules"}, {"--help"}}) {
      StringWriter said = new StringWriter();
      PrintWriter lost = new PrintWriter(full, false, StandardCharsets.UTF_8);
      assertEquals(2, OctetTck.run(lost, new PrintWriter(said), words));
      assertTrue(
          said.toString().contains("OCT-TCK-017: standard output is closed, or its disk is full"),
          said.toString());
    }
  }

  @Test
  void aBackendThatIsNotThereEndsWithThree() {
    assertEquals(3, run("run", "--provider", "acme"));
    assertTrue(err.toString().contains("OCT-REG-001"), err.toString());
  }

  @Test
  void aClassPathThatIsNotThereEndsWithTwo() {
    for (String place : List.of("nothing/acme.jar", "nothing/*")) {
      assertEquals(2, run("run", "--provider", "cpu", "--class-path", place));
      assertTrue(err.toString().contains("OCT-TCK-007: there is no '" + place), err.toString());
    }
  }

  @Test
  void anOptionThatTheBackendHasNotEndsWithTwo() {
    assertEquals(2, run("run", "--provider", "cpu", "--option", "observre=entropy"));
    assertTrue(err.toString().contains("OCT-OPT-001"), err.toString());
  }

  @Test
  void aRuleIsFoundByItsShortName() {
    assertEquals(0, run("explain", "cap-001"));
    assertTrue(out.toString().startsWith("TCK-CAP-001: "), out.toString());
  }

  @Test
  void noCaseOfARuleEndsWithTwo() {
    assertEquals(2, run("run", "--provider", "cpu", "--random", "0"));
    assertTrue(err.toString().contains("a rule cannot be tried by 0 cases"), err.toString());
  }

  @Test
  void aMustThatIsLeftOutIsNamed() throws IOException {
    Path file = folder.resolve("exclude.yaml");
    Files.writeString(file, "- {rule: TCK-CAP-007, reason: slow, link: https://example.org/1}\n");
    String[] words = {
      "run", "--provider", "cpu", "--rule", "CAP-007", "--exclude", file.toString()
    };
    assertEquals(4, run(words), "nothing else was asked for");
    assertTrue(out.toString().contains("1 excluded"), out.toString());
  }

  @Test
  void verboseShowsWhereAnErrorComesFrom() {
    assertEquals(3, run("run", "--provider", "acme", "--verbose"));
    assertTrue(err.toString().contains("\tat dev.octet.tck.cli.RunOptions"), err.toString());
  }

  @Test
  void aRuleThatIsNotThereEndsWithTwoAndNamesItsNeighbours() {
    assertEquals(2, run("run", "--provider", "cpu", "--rule", "TCK-CAP-999"));
    assertTrue(err.toString().contains("OCT-TCK-001"), err.toString());
    assertTrue(err.toString().contains("Candidates: TCK-CAP-"), err.toString());
  }

  @Test
  void aCaseThatIsNotThereEndsWithFour() {
    int code =
        run(
            "run",
            "--provider",
            "cpu",
            "--option",
            "observer=min-max",
            "--rule",
            "TCK-CAP-001",
            "--case",
            "nothing");
    assertEquals(4, code);
    assertTrue(err.toString().contains("OCT-TCK-002"), err.toString());
  }

  @Test
  void aMistypedOptionEndsWithTwo() {
    assertEquals(2, run("run", "--provider", "cpu", "--sede", "1"));
    assertTrue(err.toString().contains("OCT-TCK-004"), err.toString());
  }

  @Test
  void aTimeoutFactorOfZeroEndsWithTwo() {
    assertEquals(2, run("run", "--provider", "cpu", "--timeout-factor", "0"));
    assertTrue(err.toString().contains("timeout factor 0.0 is not above 0"), err.toString());
  }

  @Test
  void anExclusionWithoutAReasonEndsWithTwo() throws IOException {
    Path file = folder.resolve("exclude.yaml");
    Files.writeString(file, "- rule: TCK-CAP-001\n  reason: ' '\n  link: https://example.org/1\n");
    assertEquals(2, run("run", "--provider", "cpu", "--exclude", file.toString()));
    assertTrue(err.toString().contains("OCT-TCK-006"), err.toString());
  }

  @Test
  void aBackendThatDoesNotWorkHereEndsWithThree() throws IOException {
    Path jar =
        new VendorJar(QuantizerProvider.class)
            .provider(
                "acme.Provider",
                """
                package acme;

                import dev.octet.api.option.Options;
                import dev.octet.api.provider.*;
                import dev.octet.api.quantizer.Quantizer;
                import java.util.List;

                @BuiltFor(ApiVersion.CURRENT)
                public final class Provider implements QuantizerProvider {
                  public String name() { return "acme"; }
                  public String description() { return "A chip that is not plugged in."; }
                  public List<Capability> capabilities(Options options) { return List.of(); }
                  public Quantizer create(Options options) { return context -> {}; }
                  public Availability availability() {
                    return new Availability.Unavailable("there is no chip", "Plug it in.");
                  }
                }
                """)
            .build(folder, "acme.jar");
    assertEquals(3, run("run", "--provider", "acme", "--class-path", jar.toString()));
    assertTrue(err.toString().contains("OCT-TCK-003"), err.toString());
    assertTrue(err.toString().contains("there is no chip"), err.toString());
  }

  @Test
  void whatTheKitThrowsEndsWithFive() {
    assertEquals(
        5, OctetTck.report(new IllegalStateException("x"), false, new PrintWriter(err, true)));
    assertTrue(err.toString().contains("OCT-TCK-005"), err.toString());
  }

  @Test
  void listsEveryRuleAsJson() {
    assertEquals(0, run("list-rules", "--json"));
    assertEquals(
        RuleBook.read().rules().size(), JsonText.parse(out.toString(), "out").asItems().size());
  }

  @Test
  void listsTheBackends() {
    assertEquals(0, run("list-providers"));
    assertTrue(out.toString().lines().anyMatch(line -> line.startsWith("cpu  dev.octet")));
  }

  @Test
  void explainsARule() {
    assertEquals(0, run("explain", "TCK-CAP-001"));
    assertTrue(out.toString().contains("the quantizer MUST claim the first of them"));
    assertTrue(out.toString().contains("If it is broken, look at"));
  }
}

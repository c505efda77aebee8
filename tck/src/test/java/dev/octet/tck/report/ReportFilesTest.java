package dev.octet.tck.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.octet.api.option.Options;
import dev.octet.api.tree.Tree;
import dev.octet.tck.broken.Acme;
import dev.octet.tck.rule.RuleBook;
import dev.octet.tck.run.TckRequest;
import dev.octet.tck.run.TckRun;
import dev.octet.tck.verdict.Asked;
import dev.octet.tck.verdict.SampleReports;
import dev.octet.tck.verdict.TckReport;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportFilesTest {

  private static final Instant MONDAY = Instant.parse("2026-11-30T08:00:00Z");
  private static final TckRequest SMALL =
      TckRequest.everything().options(Options.none()).rule("TCK-CAP-001").random(2);

  @TempDir private Path folder;

  private Path write(TckReport report, Instant when) throws IOException {
    ReportFiles.write(report, folder, when);
    return folder;
  }

  private static JsonSchema schema() throws IOException {
    try (InputStream in = ReportTree.class.getResourceAsStream("report.schema.json")) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(in);
    }
  }

  private static List<String> broken(String json) throws IOException {
    return schema().validate(json, InputFormat.JSON).stream().map(Object::toString).toList();
  }

  @Test
  void aReportWithEveryVerdictIsOfTheSchema() throws IOException {
    Path report = write(SampleReports.ofEveryVerdict(), MONDAY).resolve("report.json");
    assertEquals(List.of(), broken(Files.readString(report)));
  }

  @Test
  void theReportOfARunIsOfTheSchema() throws Exception {
    Path report = write(TckRun.run(new Acme(), SMALL), MONDAY).resolve("report.json");
    assertEquals(List.of(), broken(Files.readString(report)));
  }

  @Test
  void whatTheSchemaDoesNotNameIsNotOfIt() throws IOException {
    Path report = write(SampleReports.ofEveryVerdict(), MONDAY).resolve("report.json");
    String more = Files.readString(report).replaceFirst("\\{", "{\"time\": 1,");
    assertFalse(broken(more).isEmpty());
  }

  @Test
  void twoRunsWithOneSeedDifferInNothingButTheDate() throws Exception {
    List<String> names = List.of("report.json", "report.html", "junit.xml");
    List<String> first = texts(write(TckRun.run(new Acme(), SMALL), MONDAY), names);
    Instant later = MONDAY.plusSeconds(86_400);
    assertEquals(first, texts(write(TckRun.run(new Acme(), SMALL), later), names));
  }

  private static List<String> texts(Path folder, List<String> names) throws IOException {
    List<String> texts = new ArrayList<>();
    for (String name : names) {
      texts.add(Files.readString(folder.resolve(name)));
    }
    return texts;
  }

  @Test
  void theNumberOfRandomCasesStandsInEveryReport() throws IOException {
    TckReport report =
        SampleReports.of(new Asked(1, OptionalInt.of(5), false, false), SampleReports.CAPABILITY);
    write(report, MONDAY);
    for (String name : List.of("report.json", "certificate.json")) {
      assertEquals(5, JsonText.read(folder.resolve(name)).asMapping().get("random").asLong());
    }
    String words = "the boundary list and at most 5 others of each rule";
    assertTrue(Files.readString(folder.resolve("report.html")).contains(words));
    assertTrue(TextReport.of(report).contains(words));
  }

  @Test
  void theTextSaysWhyARuleWasNotTried() {
    String text = TextReport.of(SampleReports.ofEveryVerdict());
    assertTrue(text.contains("TCK-CAP-007 MUST, excluded"), text);
    assertTrue(text.contains("    a reason (a link)" + System.lineSeparator()), text);
    assertTrue(text.contains("    no profile 'half-up'" + System.lineSeparator()), text);
    assertFalse(text.contains("it is about the future"), text);
  }

  @Test
  void theCertificateCountsTheLinesOfTheBoundaryList() throws IOException {
    write(SampleReports.of(SampleReports.whole(), SampleReports.CAPABILITY), MONDAY);
    Tree.Mapping certificate = JsonText.read(folder.resolve("certificate.json")).asMapping();
    assertEquals("2026-11-30T08:00:00Z", certificate.get("date").asText());
    assertEquals(RuleBook.read().boundary().size(), certificate.get("boundary").asItems().size());
  }

  @Test
  void aCertificateGoesWhenTheBackendDoesNotConformAnyMore() throws IOException {
    write(SampleReports.of(SampleReports.whole(), SampleReports.CAPABILITY), MONDAY);
    write(SampleReports.ofEveryVerdict(), MONDAY);
    assertFalse(Files.exists(folder.resolve("certificate.json")));
  }

  @Test
  void junitsXmlHasItsUsualShapeAndNoProperty() throws Exception {
    String xml = JunitXml.of(SampleReports.ofEveryVerdict());
    SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
        .newSchema(ReportFilesTest.class.getResource("junit.xsd"))
        .newValidator()
        .validate(new StreamSource(new StringReader(xml)));
    assertFalse(xml.contains("<propert"));
  }

  @Test
  void junitsXmlIsGreenOnlyWhereNothingStandsInTheWay() throws Exception {
    Document xml = parsed(JunitXml.of(SampleReports.ofEveryVerdict()));
    Element first = (Element) xml.getElementsByTagName("testsuite").item(0);
    assertEquals("9", first.getAttribute("tests"));
    assertEquals("1", first.getAttribute("failures"));
    assertEquals("4", first.getAttribute("errors"), "errored, truncated, excluded, nothing ran");
    assertEquals("3", first.getAttribute("skipped"), "SHOULD, untestable, not declared");
    for (Element suite : elements(xml.getElementsByTagName("testsuite"))) {
      for (String kind : List.of("failure", "error", "skipped")) {
        String count = suite.getAttribute(kind.equals("skipped") ? kind : kind + "s");
        assertEquals(count, Integer.toString(suite.getElementsByTagName(kind).getLength()));
      }
    }
  }

  @Test
  void junitsXmlHasAnErrorWhenTooLittleRan() throws Exception {
    Document xml = parsed(JunitXml.of(SampleReports.of(SampleReports.whole())));
    Element error = (Element) xml.getElementsByTagName("error").item(0);
    assertEquals("OCT-TCK-002", error.getAttribute("message"));
  }

  private static Document parsed(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }

  private static List<Element> elements(NodeList list) {
    return IntStream.range(0, list.getLength()).mapToObj(i -> (Element) list.item(i)).toList();
  }
}

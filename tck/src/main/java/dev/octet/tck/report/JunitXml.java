package dev.octet.tck.report;

import dev.octet.tck.verdict.CaseResult;
import dev.octet.tck.verdict.Outcome;
import dev.octet.tck.verdict.PresetReport;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * A report in the XML that build servers read of JUnit: one suite for each preset, one test for
 * each rule; without system properties and times.
 */
public final class JunitXml {

  private JunitXml() {}

  /** Returns the document. */
  public static String of(TckReport report) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("testsuites");
      for (PresetReport preset : report.presets()) {
        suite(xml, report, preset);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
    return text.append('\n').toString();
  }

  private static void suite(XMLStreamWriter xml, TckReport report, PresetReport preset)
      throws XMLStreamException {
    xml.writeCharacters("\n");
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", report.backend().name() + " " + Words.options(preset.options()));
    attribute(xml, "tests", preset.results().size());
    attribute(xml, "failures", count(preset, Outcome.Kind.FAILED));
    attribute(xml, "errors", count(preset, Outcome.Kind.ERRORED));
    attribute(
        xml, "skipped", preset.results().stream().filter(r -> r.reason().isPresent()).count());
    for (RuleResult result : preset.results()) {
      rule(xml, report, result);
    }
    xml.writeCharacters("\n");
    xml.writeEndElement();
  }

  private static long count(PresetReport preset, Outcome.Kind kind) {
    return preset.results().stream().filter(r -> first(r, kind) != null).count();
  }

  private static void rule(XMLStreamWriter xml, TckReport report, RuleResult result)
      throws XMLStreamException {
    xml.writeCharacters("\n  ");
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", "octet-tck." + report.backend().name());
    xml.writeAttribute("name", result.rule().id() + " " + result.rule().title());
    for (Outcome.Kind kind : new Outcome.Kind[] {Outcome.Kind.FAILED, Outcome.Kind.ERRORED}) {
      CaseResult trouble = first(result, kind);
      if (trouble != null) {
        xml.writeStartElement(kind == Outcome.Kind.FAILED ? "failure" : "error");
        xml.writeAttribute("message", trouble.name());
        xml.writeCharacters(Words.printable(trouble.outcome().message().orElse("")));
        xml.writeEndElement();
      }
    }
    if (result.reason().isPresent()) {
      xml.writeStartElement("skipped");
      xml.writeAttribute(
          "message", Words.verdict(result.verdict()) + ": " + result.reason().orElseThrow());
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static @Nullable CaseResult first(RuleResult result, Outcome.Kind kind) {
    return result.troubles().stream()
        .filter(trouble -> trouble.outcome().kind() == kind)
        .findFirst()
        .orElse(null);
  }

  private static void attribute(XMLStreamWriter xml, String name, long value)
      throws XMLStreamException {
    xml.writeAttribute(name, Long.toString(value));
  }
}

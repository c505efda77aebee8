package dev.octet.tck.report;

import dev.octet.api.error.OctetException;
import dev.octet.tck.subject.Presets;
import dev.octet.tck.verdict.CaseResult;
import dev.octet.tck.verdict.PresetReport;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.Verdict;
import dev.octet.workflow.text.ShownText;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A report in the XML that build servers read of JUnit: one suite for each preset, one test for
 * each rule, and one test about the whole; without system properties and times. What stands in the
 * way of conformance is a failure or an error, and nothing else is.
 */
public final class JunitXml {

  private final TckReport report;
  private final XMLStreamWriter xml;

  private JunitXml(TckReport report, XMLStreamWriter xml) {
    this.report = report;
    this.xml = xml;
  }

  /** Returns the document. */
  public static String of(TckReport report) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      new JunitXml(report, xml).document();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
    return text.append('\n').toString();
  }

  /**
   * What a test says when it does not pass.
   *
   * @param element the name of its element
   * @param message the attribute
   * @param text what stands in it
   */
  private record Note(String element, String message, String text) {}

  private void document() throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    xml.writeCharacters("\n");
    xml.writeStartElement("testsuites");
    for (PresetReport preset : report.presets()) {
      Map<String, Optional<Note>> tests = new LinkedHashMap<>();
      for (RuleResult result : preset.results()) {
        tests.put(result.rule().id() + " " + result.rule().title(), note(result));
      }
      suite(Presets.words(preset.options()), tests);
    }
    suite("the whole", Map.of("enough ran", report.shortfall().map(JunitXml::note)));
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private static Optional<Note> note(RuleResult result) {
    if (result.verdict() == Verdict.PASSED) {
      return Optional.empty();
    }
    String element =
        result.verdict() == Verdict.FAILED ? "failure" : result.hinders() ? "error" : "skipped";
    String verdict =
        Words.verdict(result.verdict()) + result.reason().map(w -> ": " + w).orElse("");
    return Optional.of(
        result.troubles().stream()
            .findFirst()
            .map(trouble -> new Note(element, verdict + ": " + trouble.name(), words(trouble)))
            .orElse(new Note(element, verdict, "")));
  }

  private static String words(CaseResult trouble) {
    return ShownText.lines(trouble.outcome().message().orElse(""));
  }

  private static Note note(OctetException why) {
    return new Note("error", why.id(), String.valueOf(why.getMessage()));
  }

  private void suite(String name, Map<String, Optional<Note>> tests) throws XMLStreamException {
    xml.writeCharacters("\n");
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", report.backend().name() + " " + name);
    attribute("tests", tests.size());
    attribute("failures", count(tests, "failure"));
    attribute("errors", count(tests, "error"));
    attribute("skipped", count(tests, "skipped"));
    for (Map.Entry<String, Optional<Note>> test : tests.entrySet()) {
      test(test.getKey(), test.getValue());
    }
    xml.writeCharacters("\n");
    xml.writeEndElement();
  }

  private static long count(Map<String, Optional<Note>> tests, String element) {
    return tests.values().stream()
        .flatMap(Optional::stream)
        .filter(note -> note.element().equals(element))
        .count();
  }

  private void test(String name, Optional<Note> note) throws XMLStreamException {
    xml.writeCharacters("\n  ");
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", "octet-tck." + report.backend().name());
    xml.writeAttribute("name", name);
    if (note.isPresent()) {
      xml.writeStartElement(note.get().element());
      xml.writeAttribute("message", ShownText.lines(note.get().message()));
      xml.writeCharacters(note.get().text());
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private void attribute(String name, long value) throws XMLStreamException {
    xml.writeAttribute(name, Long.toString(value));
  }
}

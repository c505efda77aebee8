package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.workflow.text.ShownText;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * What was required of a model in the XML that build servers read of JUnit: one suite, and one test
 * for each requirement; without times and properties. Not thread-safe.
 */
final class JunitFile {

  /** What every report begins with. */
  private static final String XML = "<?xml";

  private final String suite;
  private final Map<String, Optional<Note>> tests = new LinkedHashMap<>();

  /**
   * Starts without tests.
   *
   * @param suite what is tested, the name of a model's file
   */
  JunitFile(String suite) {
    this.suite = suite;
  }

  /**
   * Why a test does not pass.
   *
   * @param element {@code failure} where something does not hold, {@code error} where that cannot
   *     be told
   */
  private record Note(String element, String message) {}

  /** Tells whether there is no such file, or a report, which may be written over unasked. */
  static boolean mayReplace(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(XML.length()), StandardCharsets.UTF_8).equals(XML);
    } catch (IOException e) {
      return !Files.exists(file);
    }
  }

  /** Adds a test that passes. */
  JunitFile passed(String name) {
    tests.put(name, Optional.empty());
    return this;
  }

  /** Adds a test that does not hold. */
  JunitFile failed(String name, String message) {
    tests.put(name, Optional.of(new Note("failure", message)));
    return this;
  }

  /** Adds a test of which nothing can be told. */
  JunitFile broken(String name, OctetException why) {
    tests.put(name, Optional.of(new Note("error", String.valueOf(why.getMessage()))));
    return this;
  }

  /**
   * Writes the file, as a whole or not at all.
   *
   * @throws OctetException {@code OCT-CLI-002} if it cannot be written
   */
  void write(Path file) {
    Outputs.write(file, text().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes the bytes of the file to a stream, which is not closed.
   *
   * @throws IOException if the stream cannot be written
   */
  void write(OutputStream out) throws IOException {
    out.write(text().getBytes(StandardCharsets.UTF_8));
  }

  private String text() {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      write(xml);
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
    return text.append('\n').toString();
  }

  private void write(XMLStreamWriter xml) throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    xml.writeCharacters("\n");
    xml.writeStartElement("testsuites");
    xml.writeCharacters("\n");
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", ShownText.lines(suite));
    xml.writeAttribute("tests", Integer.toString(tests.size()));
    xml.writeAttribute("failures", Long.toString(count("failure")));
    xml.writeAttribute("errors", Long.toString(count("error")));
    xml.writeAttribute("skipped", "0");
    for (Map.Entry<String, Optional<Note>> test : tests.entrySet()) {
      write(xml, test.getKey(), test.getValue());
    }
    xml.writeCharacters("\n");
    xml.writeEndElement();
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private void write(XMLStreamWriter xml, String name, Optional<Note> note)
      throws XMLStreamException {
    xml.writeCharacters("\n  ");
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", ShownText.lines("octet." + suite));
    xml.writeAttribute("name", ShownText.lines(name));
    if (note.isPresent()) {
      xml.writeStartElement(note.get().element());
      xml.writeAttribute("message", ShownText.lines(note.get().message()));
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private long count(String element) {
    return tests.values().stream()
        .flatMap(Optional::stream)
        .filter(note -> note.element().equals(element))
        .count();
  }
}

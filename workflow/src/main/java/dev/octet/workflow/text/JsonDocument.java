package dev.octet.workflow.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.octet.api.tree.Tree;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.stream.Stream;

/**
 * Writes one map as JSON text, field by field, and keeps neither text nor values: the bytes of
 * {@link JsonText#toBytes} of the whole map. Not thread-safe.
 */
public final class JsonDocument {

  private static final int ENOUGH = 1 << 16;

  private final OutputStream out;
  private final StringBuilder text = new StringBuilder(2 * ENOUGH);
  private final JsonWriter writer = new JsonWriter(text);
  private boolean empty = true;

  /**
   * Starts a document.
   *
   * @param out where it is written; neither flushed nor closed
   */
  public JsonDocument(OutputStream out) {
    this.out = out;
    text.append('{');
  }

  /** Writes a field; the caller does not give two the same name. */
  public JsonDocument field(String name, Tree value) throws IOException {
    start(name);
    writer.value(value, 1);
    flush(ENOUGH);
    return this;
  }

  /** Writes a field that is a list of maps, each of which is made when it is its turn. */
  public JsonDocument items(String name, Stream<Tree.Mapping> items) throws IOException {
    start(name);
    text.append('[');
    Iterator<Tree.Mapping> left = items.iterator();
    boolean none = !left.hasNext();
    while (left.hasNext()) {
      writer.line(2);
      writer.value(left.next(), 2);
      text.append(left.hasNext() ? "," : "");
      flush(ENOUGH);
    }
    if (!none) {
      writer.line(1);
    }
    text.append(']');
    return this;
  }

  /** Ends the map and the document. */
  public void end() throws IOException {
    if (!empty) {
      writer.line(0);
    }
    text.append("}\n");
    flush(0);
  }

  private void start(String name) {
    writer.name(name, empty, 1);
    empty = false;
  }

  private void flush(int enough) throws IOException {
    if (text.length() >= enough) {
      out.write(text.toString().getBytes(UTF_8));
      text.setLength(0);
    }
  }
}

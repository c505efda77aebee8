package dev.octet.workflow.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.octet.api.error.OctetException;
import dev.octet.api.tree.Position;
import dev.octet.api.tree.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259) to and from {@link Tree}. Nothing outside the standard is accepted: no comments,
 * no trailing commas, no {@code NaN}. Numbers stay exact in decimal. Thread-safe.
 *
 * <p>Reading throws {@link OctetException}: {@code OCT-FILE-001} for a file that does not exist,
 * {@code OCT-FILE-002} for one that cannot be read, {@code OCT-TREE-011} for malformed text, {@code
 * OCT-TREE-012} for a name that stands twice in one map, {@code OCT-TREE-013} for more than {@value
 * #MOST_NESTED} levels, {@code OCT-TREE-015} for text that is not UTF-8, {@code OCT-TREE-007} for a
 * number of too large an exponent, {@code OCT-TREE-026} for a text that the memory has no room for;
 * all but the last with file, line and column.
 */
public final class JsonText {

  /** The deepest nesting that is read and written. */
  public static final int MOST_NESTED = 200;

  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonParser parser;
  private final String source;
  private final ValueBudget budget;

  private JsonText(JsonParser parser, String source) {
    this.parser = parser;
    this.source = source;
    this.budget = new ValueBudget(source);
  }

  /** Reads a file; see the class comment for the errors. */
  public static Tree read(Path file) {
    return parse(SourceText.read(file), file.toString());
  }

  /**
   * Reads a stream to its end; it is not closed.
   *
   * @param source what positions call it, a key of a store for instance
   * @throws IOException if the stream cannot be read; see the class comment for the other errors
   */
  public static Tree read(InputStream in, String source) throws IOException {
    return parse(SourceText.decode(SourceText.bytes(in, source), source), source);
  }

  /**
   * Reads a text.
   *
   * @param text one JSON value
   * @param source what positions call the text, a file name for instance
   */
  public static Tree parse(String text, String source) {
    return SourceText.inMemory(() -> tree(text, source), source);
  }

  private static Tree tree(String text, String source) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      return new JsonText(parser, source).document();
    } catch (JsonProcessingException e) {
      throw malformed(e, source);
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot fail to be read", e);
    }
  }

  /**
   * Writes a tree: UTF-8 text with {@code \n} line ends, two blanks of indentation, the order of
   * the tree, and a line end after the last line. A list of plain values stands on one line.
   * Numbers are written without trailing zeros, in plain notation from 1e-7 to below 1e21 in
   * magnitude and in scientific notation outside of it. The same tree gives the same text
   * everywhere.
   *
   * @throws IllegalArgumentException if the tree is nested deeper than {@link #MOST_NESTED}
   */
  public static String write(Tree tree) {
    StringBuilder text = new StringBuilder();
    new JsonWriter(text).value(tree, 0);
    return text.append('\n').toString();
  }

  /** Returns {@link #write} as UTF-8 bytes. */
  public static byte[] toBytes(Tree tree) {
    return write(tree).getBytes(UTF_8);
  }

  private Tree document() throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw malformed("the text is empty", position("$"));
    }
    Tree tree = value(first, "$", 0);
    if (parser.nextToken() != null) {
      throw malformed("text follows the value", position("$"));
    }
    return tree;
  }

  private Tree value(JsonToken token, String path, int depth) throws IOException {
    Position position = position(path);
    budget.take(path.length());
    return switch (token) {
      case START_OBJECT -> mapping(position, path, nested(depth, position));
      case START_ARRAY -> sequence(position, path, nested(depth, position));
      case VALUE_STRING -> new Tree.Text(parser.getText(), position);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Tree.Num(number(position), position);
      case VALUE_TRUE -> new Tree.Bool(true, position);
      case VALUE_FALSE -> new Tree.Bool(false, position);
      case VALUE_NULL -> new Tree.Null(position);
      case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new IllegalStateException("a value cannot start with " + token);
    };
  }

  private Tree mapping(Position position, String path, int depth) throws IOException {
    Map<String, Tree> entries = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      String childPath = TreePath.field(path, name);
      if (entries.containsKey(name)) {
        throw duplicate(name, position(childPath));
      }
      entries.put(name, value(parser.nextToken(), childPath, depth));
    }
    return new Tree.Mapping(entries, position);
  }

  private Tree sequence(Position position, String path, int depth) throws IOException {
    List<Tree> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      items.add(value(token, TreePath.item(path, items.size()), depth));
    }
    return new Tree.Sequence(items, position);
  }

  private BigDecimal number(Position position) throws IOException {
    try {
      return parser.getDecimalValue();
    } catch (NumberFormatException | ArithmeticException e) {
      throw malformed("the number is too large", position);
    }
  }

  private Position position(String path) {
    JsonLocation location = parser.currentTokenLocation();
    return new Position(source, path, location.getLineNr(), location.getColumnNr());
  }

  static int nested(int depth, Position position) {
    if (depth >= MOST_NESTED) {
      throw TextErrors.TOO_DEEP
          .error("nested deeper than " + MOST_NESTED + " levels")
          .at(position.toString())
          .build();
    }
    return depth + 1;
  }

  static OctetException duplicate(String name, Position position) {
    return TextErrors.NAME_TWICE
        .error("field '" + name + "' stands twice in one map")
        .at(position.toString())
        .build();
  }

  private static OctetException malformed(String fact, Position position) {
    return TextErrors.NO_JSON.error("not JSON: " + fact).at(position.toString()).build();
  }

  private static OctetException malformed(JsonProcessingException e, String source) {
    @Nullable JsonLocation location = e.getLocation();
    Position position =
        location == null
            ? new Position(source, "$", 0, 0)
            : new Position(source, "$", location.getLineNr(), location.getColumnNr());
    return malformed(e.getOriginalMessage(), position);
  }
}

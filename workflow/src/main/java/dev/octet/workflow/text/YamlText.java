package dev.octet.workflow.text;

import dev.octet.api.error.OctetException;
import dev.octet.api.tree.Position;
import dev.octet.api.tree.Tree;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * YAML 1.2 with the core schema to {@link Tree}: one document, no tags, so nothing but maps, lists,
 * texts, numbers, truth values and null. Anchors and aliases are understood; an aliased value
 * stands where its anchor stands. Thread-safe.
 *
 * <p>Reading throws {@link OctetException}: {@code OCT-FILE-001} for a file that does not exist,
 * {@code OCT-FILE-002} for one that cannot be read, {@code OCT-TREE-012} for a name that stands
 * twice in one map, {@code OCT-TREE-013} for more than {@value JsonText#MOST_NESTED} levels, {@code
 * OCT-TREE-015} for text that is not UTF-8, {@code OCT-TREE-021} for malformed text, {@code
 * OCT-TREE-022} for a tag, {@code OCT-TREE-023} for aliases of lists and maps that are followed
 * more than {@value #MOST_ALIASES} times or lead back to themselves, {@code OCT-TREE-024} for a
 * number that is not finite, {@code OCT-TREE-025} for one of more than 1000 characters, {@code
 * OCT-TREE-007} for one of too large an exponent, {@code OCT-TREE-026} for a text that the memory
 * has no room for; all but the last with file, line and column.
 */
public final class YamlText {

  /** How often an alias of a list or a map may be followed in one text. */
  public static final int MOST_ALIASES = 100;

  /** More than any number needs, the exact decimals of float64 among them. */
  private static final int MOST_DIGITS = 1000;

  private static final int LEAST_BUFFER = 1024;
  private static final int MOST_BUFFER = 1 << 22;

  /** What the library keeps of a value, beside the value. */
  private static final int NODE_BYTES = 400;

  private static final Tag UNSPECIFIC = new Tag("!");

  private final String source;
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final ValueBudget budget;
  private int aliases;

  private YamlText(String source) {
    this.source = source;
    this.budget = new ValueBudget(source);
  }

  /** Reads a file; see the class comment for the errors. */
  public static Tree read(Path file) {
    return parse(SourceText.read(file), file.toString());
  }

  /**
   * Reads a text.
   *
   * @param text one YAML document
   * @param source what positions call the text, a file name for instance
   */
  public static Tree parse(String text, String source) {
    return SourceText.inMemory(() -> tree(text, source), source);
  }

  private static Tree tree(String text, String source) {
    YamlText reader = new YamlText(source);
    try {
      return reader.document(text);
    } catch (MarkedYamlEngineException e) {
      String problem = Optional.ofNullable(e.getProblem()).orElse("unreadable");
      throw reader.malformed(problem, e.getProblemMark());
    } catch (YamlEngineException e) {
      throw reader.malformed(String.valueOf(e.getMessage()), Optional.empty());
    }
  }

  private Tree document(String text) {
    checkEvents(text);
    Optional<Node> root = new Composer(settings(text.length()), parser(text)).getSingleNode();
    return value(root.orElseThrow(() -> malformed("the text is empty", Optional.empty())), "$");
  }

  private LoadSettings settings(int length) {
    // The library counts aliases as written; here they are counted as followed, which is more.
    return LoadSettings.builder()
        .setLabel(source)
        .setSchema(new CoreSchema())
        // A buffer that moves on inside of a long line is copied at each step.
        .setBufferSize(Math.max(LEAST_BUFFER, Math.min(length, MOST_BUFFER)))
        .setMaxAliasesForCollections(Integer.MAX_VALUE)
        .build();
  }

  private ParserImpl parser(String text) {
    LoadSettings settings = settings(text.length());
    return new ParserImpl(settings, new StreamReader(settings, text));
  }

  /**
   * Checks depth, tags, number and what contains itself on the event stream, because composing
   * recurses, keeps, and merges maps.
   */
  private void checkEvents(String text) {
    int depth = 0;
    Anchors anchors = new Anchors();
    ValueBudget budget = new ValueBudget(source);
    for (ParserImpl events = parser(text); events.hasNext(); ) {
      Event event = events.next();
      budget.take(NODE_BYTES);
      if (anchors.leadBack(event)) {
        throw aliases(position("$", event.getStartMark()));
      }
      if (event instanceof CollectionStartEvent start) {
        checkTag(start.getTag(), event.getStartMark());
        depth = JsonText.nested(depth, position("$", event.getStartMark()));
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      } else if (event instanceof ScalarEvent scalar) {
        checkTag(scalar.getTag(), event.getStartMark());
      }
    }
  }

  private void checkTag(Optional<String> tag, Optional<Mark> mark) {
    if (tag.isPresent() && !tag.get().equals(UNSPECIFIC.getValue())) {
      throw TextErrors.TAG
          .error("tag '" + tag.get() + "' is not allowed")
          .at(position("$", mark).toString())
          .build();
    }
  }

  private Tree value(Node node, String path) {
    Position position = position(path, node.getStartMark());
    budget.take(path.length());
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar, position);
    }
    enter(node, position);
    Tree tree =
        node instanceof MappingNode mapping
            ? mapping(mapping, position)
            : sequence((SequenceNode) node, position);
    open.remove(node);
    return tree;
  }

  private void enter(Node node, Position position) {
    boolean again = !seen.add(node);
    if (again) {
      aliases++;
    }
    if (!open.add(node) || aliases > MOST_ALIASES) {
      throw aliases(position);
    }
  }

  private static OctetException aliases(Position position) {
    return TextErrors.ALIASES
        .error("aliases lead back to themselves or grow without bound")
        .at(position.toString())
        .build();
  }

  /** The anchors of a text, read event by event. */
  private static final class Anchors {
    private final Map<String, Integer> last = new HashMap<>();
    private final Deque<Integer> open = new ArrayDeque<>();
    private int count;

    /** Tells whether an event is an alias of a list or map that it stands in. */
    boolean leadBack(Event event) {
      if (event instanceof CollectionEndEvent) {
        open.pop();
      } else if (event instanceof AliasEvent alias) {
        return open.contains(last.get(alias.getAlias().getValue()));
      } else if (event instanceof NodeEvent node) {
        count++;
        node.getAnchor().ifPresent(anchor -> last.put(anchor.getValue(), count));
        if (event instanceof CollectionStartEvent) {
          open.push(count);
        }
      }
      return false;
    }
  }

  private Tree mapping(MappingNode node, Position position) {
    Map<String, Tree> entries = new LinkedHashMap<>();
    Map<String, Position> names = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw malformed("a name must be a plain text", tuple.getKeyNode().getStartMark());
      }
      String name = key.getValue();
      String path = TreePath.field(position.path(), name);
      if (entries.containsKey(name)) {
        throw JsonText.duplicate(name, position(path, key.getStartMark()));
      }
      names.put(name, position(path, key.getStartMark()));
      entries.put(name, value(tuple.getValueNode(), path));
    }
    return new Tree.Mapping(entries, names, position);
  }

  private Tree sequence(SequenceNode node, Position position) {
    List<Tree> items = new ArrayList<>();
    for (Node item : node.getValue()) {
      items.add(value(item, TreePath.item(position.path(), items.size())));
    }
    return new Tree.Sequence(items, position);
  }

  private static Tree scalar(ScalarNode node, Position position) {
    String text = node.getValue();
    Tag tag = node.getTag();
    if (tag.equals(Tag.INT)) {
      requireShort(text, position);
      return new Tree.Num(new BigDecimal(integer(text)), position);
    }
    if (tag.equals(Tag.FLOAT)) {
      requireShort(text, position);
      return new Tree.Num(decimal(text, position), position);
    }
    if (tag.equals(Tag.BOOL)) {
      return new Tree.Bool(Boolean.parseBoolean(text), position);
    }
    return tag.equals(Tag.NULL) ? new Tree.Null(position) : new Tree.Text(text, position);
  }

  /** Making a number of a text takes the square of its length. */
  private static void requireShort(String text, Position position) {
    if (text.length() > MOST_DIGITS) {
      throw TextErrors.LONG_NUMBER
          .error("a number has " + text.length() + " characters, more than " + MOST_DIGITS)
          .at(position.toString())
          .build();
    }
  }

  private static BigInteger integer(String text) {
    if (text.startsWith("0x")) {
      return new BigInteger(text.substring(2), 16);
    }
    return text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
  }

  private static BigDecimal decimal(String text, Position position) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw TextErrors.NO_FINITE_NUMBER
          .error("'" + text + "' is not a finite number")
          .at(position.toString())
          .cause(e)
          .build();
    }
  }

  /** Marks count lines and columns from 0. */
  private Position position(String path, Optional<Mark> mark) {
    return mark.map(m -> new Position(source, path, m.getLine() + 1, m.getColumn() + 1))
        .orElseGet(() -> new Position(source, path, 0, 0));
  }

  private OctetException malformed(String fact, Optional<Mark> mark) {
    return TextErrors.NO_YAML.error("not YAML: " + fact).at(position("$", mark).toString()).build();
  }
}

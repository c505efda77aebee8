package dev.octet.workflow.data;

import dev.octet.api.error.OctetException;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.text.SourceText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The names of a model's classes, in its order. Names are the same when their normal forms (NFC)
 * are, since file systems store some letters in one form and editors in the other.
 */
final class ClassNames {

  private final List<String> names;
  private final Map<String, Integer> positions = new HashMap<>();

  private ClassNames(List<String> names, String place) {
    this.names = List.copyOf(names);
    for (String name : names) {
      if (positions.putIfAbsent(normal(name), positions.size()) != null) {
        throw malformed("class '" + name + "' stands twice", place).build();
      }
    }
    if (names.isEmpty()) {
      throw malformed("there is no class in the list", place).build();
    }
  }

  /** Takes names that are known to differ. */
  static ClassNames of(List<String> names) {
    return new ClassNames(names, "");
  }

  /**
   * Reads the entry {@code classes} of a description: a list of names, where whole numbers are
   * names too, or a file of UTF-8 with a name on each line, empty lines left out.
   *
   * @param files where a file lies
   * @throws OctetException {@code OCT-DATA-037} if it names none, or one twice, or is no text;
   *     {@code OCT-DATA-001} if the file does not exist, {@code OCT-DATA-028} if it cannot be read
   */
  static ClassNames read(Tree entry, Function<Tree, Path> files) {
    String place = entry.position().toString();
    List<String> names =
        entry.isList()
            ? entry.asItems().stream().map(ClassNames::name).toList()
            : lines(files.apply(entry), place);
    return new ClassNames(names, place);
  }

  private static String name(Tree item) {
    return item.isText() ? item.asText() : Long.toString(item.asLong());
  }

  private static List<String> lines(Path file, String place) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(SourceText.bytes(file));
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      String unmarked = text.startsWith("\uFEFF") ? text.substring(1) : text;
      return unmarked.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    } catch (NoSuchFileException e) {
      throw DataErrors.noFile(file, place).cause(e).build();
    } catch (CharacterCodingException e) {
      throw malformed("'" + file + "' is no text of UTF-8", place).cause(e).build();
    } catch (IOException e) {
      throw DataErrors.unreadable(file, e);
    }
  }

  private static OctetException.Builder malformed(String fact, String place) {
    return DataErrors.BAD_CLASSES.error(fact).at(place);
  }

  private static String normal(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  List<String> names() {
    return names;
  }

  /** Returns the position of a name; empty when there is no such class. */
  Optional<Integer> position(String name) {
    return Optional.ofNullable(positions.get(normal(name)));
  }
}

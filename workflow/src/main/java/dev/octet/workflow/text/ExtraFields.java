package dev.octet.workflow.text;

import dev.octet.api.error.OctetException;
import dev.octet.api.tree.Tree;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Fields of Octet's files that are somebody else's: their names begin with {@code x-}, Octet never
 * gives them a meaning, and keeps them when it reads and writes a file.
 */
public final class ExtraFields {

  private static final String PREFIX = "x-";

  private ExtraFields() {}

  /** Returns the fields of a map that are somebody else's. */
  public static Tree.Mapping of(Tree.Mapping map) {
    return only(map, true);
  }

  /**
   * Checks that no other names than these are used but those of fields that are somebody else's.
   *
   * @throws OctetException as {@link Tree.Mapping#allowOnly}
   */
  public static void allowBeside(Tree.Mapping map, String... fields) {
    boolean extra = map.entries().keySet().stream().anyMatch(name -> name.startsWith(PREFIX));
    (extra ? only(map, false) : map).allowOnly(fields);
  }

  private static Tree.Mapping only(Tree.Mapping map, boolean extra) {
    Map<String, Tree> entries = new LinkedHashMap<>();
    map.entries()
        .forEach(
            (name, value) -> {
              if (name.startsWith(PREFIX) == extra) {
                entries.put(name, value);
              }
            });
    return new Tree.Mapping(entries, map.names(), map.position());
  }
}

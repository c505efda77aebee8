package dev.octet.workflow.text;

import java.util.regex.Pattern;

/** Writes the JSON path of a child. */
final class TreePath {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

  private TreePath() {}

  static String item(String parent, int index) {
    return parent + "[" + index + "]";
  }

  static String field(String parent, String name) {
    return PLAIN.matcher(name).matches()
        ? parent + "." + name
        : parent + "['" + name.replace("\\", "\\\\").replace("'", "\\'") + "']";
  }
}

package dev.octet.annotation.policy;

/**
 * A pattern in which {@code *} stands for any run of characters and {@code ?} for one. Immutable.
 */
final class Glob {

  private final int[] pattern;

  Glob(String text) {
    this.pattern = text.codePoints().toArray();
  }

  /** Tells whether the whole name matches; takes at most the product of both lengths. */
  boolean matches(String name) {
    int[] text = name.codePoints().toArray();
    int p = 0;
    int star = -1;
    int retry = 0;
    for (int t = 0; t < text.length; ) {
      if (p < pattern.length && pattern[p] == '*') {
        star = p++;
        retry = t;
      } else if (p < pattern.length && (pattern[p] == '?' || pattern[p] == text[t])) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++retry;
      } else {
        return false;
      }
    }
    while (p < pattern.length && pattern[p] == '*') {
      p++;
    }
    return p == pattern.length;
  }
}

package dev.octet.api.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds the names that a misspelt one was probably meant to be. */
public final class NearMisses {

  /** As many as a message shows of names that may be thousands. */
  private static final int MOST_CANDIDATES = 5;

  /** Of longer names the beginnings are compared, since that takes the product of their lengths. */
  private static final int MOST_CHARACTERS = 256;

  private NearMisses() {}

  /**
   * Returns the five known names nearest to a wanted one, as {@link #of(String, Collection, int)}.
   *
   * @param wanted the name that was not found
   * @param known the names there are
   */
  public static List<String> of(String wanted, Collection<String> known) {
    return of(wanted, known, MOST_CANDIDATES);
  }

  /**
   * Returns the known names nearest to a wanted one by edit distance (insertions, deletions and
   * replacements of one character) of their first 256 characters, nearest first, ties by name.
   *
   * @param wanted the name that was not found
   * @param known the names there are
   * @param limit the most names to return
   */
  public static List<String> of(String wanted, Collection<String> known, int limit) {
    record Candidate(String name, int distance) {}
    return known.stream()
        .distinct()
        .map(name -> new Candidate(name, distance(start(wanted), start(name))))
        .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
        .limit(limit)
        .map(Candidate::name)
        .toList();
  }

  private static String start(String name) {
    return name.substring(0, Math.min(name.length(), MOST_CHARACTERS));
  }

  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}

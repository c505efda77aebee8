package dev.octet.api.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The table of what a runtime promises: by which rule and how exactly it computes each use of an
 * operator. Incubating. Immutable.
 *
 * <p>The row counts that asks most of a use that it holds for: one that names the operator before
 * one that names a domain, then the one with more operands and results. The order of rows means
 * nothing; of two rows that ask as much and hold for the same use, none would count, so they are
 * refused unless they say the same.
 */
public final class RuntimeUses {

  private static final UseSupport NOT_DECLARED =
      new UseSupport(
          new Exactness.Unsupported("the runtime declares nothing of it"), Optional.empty());

  private final List<DeclaredUse> rows;

  private RuntimeUses(List<DeclaredUse> rows) {
    this.rows = rows;
  }

  /**
   * Returns a table.
   *
   * @param rows the rows
   * @throws IllegalArgumentException if two rows contradict each other
   */
  public static RuntimeUses of(DeclaredUse... rows) {
    return of(List.of(rows));
  }

  /** Returns a table; see {@link #of(DeclaredUse...)}. */
  public static RuntimeUses of(List<DeclaredUse> rows) {
    List<DeclaredUse> before = new ArrayList<>();
    for (DeclaredUse row : rows) {
      for (DeclaredUse other : before) {
        requireAgreement(row, other);
      }
      before.add(Objects.requireNonNull(row, "row"));
    }
    return new RuntimeUses(List.copyOf(before));
  }

  private static void requireAgreement(DeclaredUse row, DeclaredUse other) {
    if (row.weight() == other.weight()
        && !row.support().equals(other.support())
        && row.meets(other)) {
      throw new IllegalArgumentException(
          "two declarations contradict each other: '" + other + "' and '" + row + "'");
    }
  }

  /** Returns the rows, in the order given. */
  public List<DeclaredUse> rows() {
    return rows;
  }

  /** Returns what is promised of a use; of what no row holds for, that it is not supported. */
  public UseSupport support(OperatorUse use) {
    DeclaredUse best = null;
    for (DeclaredUse row : rows) {
      if (row.holds(use) && (best == null || row.weight() > best.weight())) {
        best = row;
      }
    }
    return best == null ? NOT_DECLARED : best.support();
  }
}

package dev.octet.api.provider;

import java.util.List;

/**
 * A condition on shapes or attributes under which a capability holds; declared so that a refusal is
 * known beforehand.
 */
public sealed interface Constraint {

  /**
   * A dimension of an operand is a multiple of a number.
   *
   * @param operand the operand's index
   * @param axis the axis, from the outermost; negative counts from the innermost, -1
   * @param divisor the number, at least 1
   */
  record Divisible(int operand, int axis, int divisor) implements Constraint {}

  /**
   * A dimension of an operand is at most a number.
   *
   * @param operand the operand's index
   * @param axis the axis, from the outermost; negative counts from the innermost, -1
   * @param limit the largest size
   */
  record AtMost(int operand, int axis, long limit) implements Constraint {}

  /**
   * The rank of an operand is one of these.
   *
   * @param operand the operand's index
   * @param ranks the ranks
   */
  record RankIn(int operand, List<Integer> ranks) implements Constraint {
    /** Copies the list. */
    public RankIn {
      ranks = List.copyOf(ranks);
    }
  }

  /**
   * Every number of an integer attribute is one of these; an absent attribute fulfils it.
   *
   * @param attribute the attribute's name
   * @param values the numbers
   */
  record AttributeIn(String attribute, List<Long> values) implements Constraint {
    /** Copies the list. */
    public AttributeIn {
      values = List.copyOf(values);
    }
  }

  /**
   * An operand is a constant.
   *
   * @param operand the operand's index
   */
  record Constant(int operand) implements Constraint {}
}

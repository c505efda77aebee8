package dev.octet.api.provider;

import java.util.List;
import java.util.function.Function;

/**
 * A condition on shapes or attributes under which a capability holds; declared so that a refusal is
 * known beforehand.
 */
public sealed interface Constraint {

  /**
   * Returns what the function of this constraint's kind makes of it: the way to tell kinds apart,
   * so that a new kind stops whatever does not know it from compiling.
   */
  <T> T match(Cases<T> cases);

  /**
   * One function for each kind of constraint.
   *
   * @param <T> what the functions return
   * @param divisible for a multiple
   * @param atMost for a largest size
   * @param rankIn for ranks
   * @param attributeIn for an attribute
   * @param constant for a constant operand
   */
  record Cases<T>(
      Function<? super Divisible, ? extends T> divisible,
      Function<? super AtMost, ? extends T> atMost,
      Function<? super RankIn, ? extends T> rankIn,
      Function<? super AttributeIn, ? extends T> attributeIn,
      Function<? super Constant, ? extends T> constant) {}

  /**
   * A dimension of an operand is a multiple of a number.
   *
   * @param operand the operand's index
   * @param axis the axis, from the outermost; negative counts from the innermost, -1
   * @param divisor the number, at least 1
   */
  record Divisible(int operand, int axis, int divisor) implements Constraint {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.divisible().apply(this);
    }
  }

  /**
   * A dimension of an operand is at most a number.
   *
   * @param operand the operand's index
   * @param axis the axis, from the outermost; negative counts from the innermost, -1
   * @param limit the largest size
   */
  record AtMost(int operand, int axis, long limit) implements Constraint {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.atMost().apply(this);
    }
  }

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

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.rankIn().apply(this);
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

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.attributeIn().apply(this);
    }
  }

  /**
   * An operand is a constant.
   *
   * @param operand the operand's index
   */
  record Constant(int operand) implements Constraint {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.constant().apply(this);
    }
  }
}

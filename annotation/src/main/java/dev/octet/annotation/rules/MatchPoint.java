package dev.octet.annotation.rules;

/**
 * A point of a match, as a rule names it before there is a graph. Immutable.
 *
 * @param step the step's number in the pattern, from 0; {@link #LAST} for the last step that
 *     matched
 * @param side which list of the node the index counts in
 * @param index the operand's or result's index, from 0; {@link #EVERY}, {@link #OTHERS}, {@link
 *     #AFTER_FIRST} or {@link #VARIABLES}
 */
public record MatchPoint(int step, Side side, int index) {

  /** The last step that matched. */
  public static final int LAST = -1;

  /** Every operand, or every result, that is there, for variadic operators. */
  public static final int EVERY = -1;

  /** Every operand that is there, but for the one that reads the step before. */
  public static final int OTHERS = -2;

  /** Every operand that is there, but for the first, for variadic operators. */
  public static final int AFTER_FIRST = -3;

  /** Every operand that is there and no constant, but for the one that reads the step before. */
  public static final int VARIABLES = -4;

  /** Which point. */
  public enum Side {
    /** An operand. */
    OPERAND,
    /** A result. */
    RESULT,
    /** The result, of whatever node, that defines the value of an operand. */
    DEFINITION
  }

  /** Checks the numbers. */
  public MatchPoint {
    int least =
        switch (side) {
          case OPERAND -> VARIABLES;
          case RESULT -> EVERY;
          case DEFINITION -> 0;
        };
    if (step < LAST || index < least) {
      throw new IllegalArgumentException("there is no " + side + " " + index + " of step " + step);
    }
  }

  /** Returns an operand of the first step. */
  public static MatchPoint operand(int index) {
    return operand(0, index);
  }

  /** Returns an operand of a step. */
  public static MatchPoint operand(int step, int index) {
    return new MatchPoint(step, Side.OPERAND, index);
  }

  /** Returns every operand of the first step. */
  public static MatchPoint everyOperand() {
    return operand(0, EVERY);
  }

  /** Returns every operand of the first step but for the first. */
  public static MatchPoint operandsAfterFirst() {
    return operand(0, AFTER_FIRST);
  }

  /** Returns the operands of a step that do not read the step before. */
  public static MatchPoint otherOperands(int step) {
    return operand(step, OTHERS);
  }

  /** Returns the operands of a step that do not read the step before and are no constants. */
  public static MatchPoint otherVariables(int step) {
    return operand(step, VARIABLES);
  }

  /** Returns a result of a step. */
  public static MatchPoint result(int step, int index) {
    return new MatchPoint(step, Side.RESULT, index);
  }

  /** Returns every result of a step that somebody asked for. */
  public static MatchPoint everyResult(int step) {
    return result(step, EVERY);
  }

  /** Returns the first result of the last step that matched. */
  public static MatchPoint output() {
    return result(LAST, 0);
  }

  /** Returns the result that defines the value of an operand of the first step, or the input. */
  public static MatchPoint definition(int operand) {
    return new MatchPoint(0, Side.DEFINITION, operand);
  }

  /** Tells whether it can stand for several points. */
  boolean isSeveral() {
    return index < 0;
  }

  /** Returns the point in words, such as {@code operand 1 of step 0}. */
  @Override
  public String toString() {
    String which =
        switch (side) {
          case OPERAND ->
              switch (index) {
                case EVERY -> "every operand";
                case OTHERS -> "the other operands";
                case AFTER_FIRST -> "every operand but the first";
                case VARIABLES -> "the other operands that are no constants";
                default -> "operand " + index;
              };
          case RESULT -> index == EVERY ? "every result" : "result " + index;
          case DEFINITION -> "the definition of operand " + index;
        };
    return which + " of " + (step == LAST ? "the last step" : "step " + step);
  }
}

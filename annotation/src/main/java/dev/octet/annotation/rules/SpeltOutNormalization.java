package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.NodePattern.op;

import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.provider.Capability;
import java.util.List;
import java.util.Set;

/**
 * A way in which exporters spell layer normalization or RMS normalization out.
 *
 * <pre>{@code
 * d = x - ReduceMean(x)        d = x
 * y = d / Sqrt(ReduceMean(d * d) + c) * gamma [+ beta, where x is centred]
 * }</pre>
 *
 * <p>The square is a Pow or a Mul; gamma and beta are constants. Immutable.
 */
final class SpeltOutNormalization {

  /** What some of them have. */
  private enum Part {
    /** The mean is subtracted first. */
    CENTRED,
    /** The quotient is a product with the reciprocal of the root. */
    RECIPROCAL,
    /** The quotient is multiplied by gamma. */
    SCALED
  }

  /** What is left of one element is its sign at most. */
  private static final NodeCondition SEVERAL =
      Conditions.because(
          Conditions.not(Conditions.sizeIn(0, -1, 1)), "what it normalizes has one element");

  /**
   * All of them, those that are not scaled behind those that are: there, what follows is computed,
   * or nothing does. Tables are made often, and all of this is the same.
   */
  private static final List<SpeltOutNormalization> ALL =
      List.of(
          new SpeltOutNormalization("layer-normalization-pow", "Pow", Part.CENTRED, Part.SCALED),
          new SpeltOutNormalization("layer-normalization-mul", "Mul", Part.CENTRED, Part.SCALED),
          new SpeltOutNormalization("layer-normalization-unscaled", "Pow", Part.CENTRED),
          new SpeltOutNormalization("rms-normalization-pow", "Pow", Part.SCALED),
          new SpeltOutNormalization("rms-normalization-mul", "Mul", Part.SCALED),
          new SpeltOutNormalization(
              "rms-normalization-pow-reciprocal", "Pow", Part.RECIPROCAL, Part.SCALED),
          new SpeltOutNormalization(
              "rms-normalization-mul-reciprocal", "Mul", Part.RECIPROCAL, Part.SCALED));

  private final String rule;
  private final String square;
  private final Set<Part> parts;
  private final NodePattern pattern;
  private final List<MatchPoint> reads;
  private final List<Capability.Example> examples;

  private SpeltOutNormalization(String rule, String square, Part... parts) {
    this.rule = rule;
    this.square = square;
    this.parts = Set.of(parts);
    this.pattern = chain();
    this.reads = readsOfX();
    this.examples =
        has(Part.CENTRED) && has(Part.SCALED)
            ? List.of(example(false), example(true))
            : List.of(example(false));
  }

  /** Returns all of them, in the order in which they are to be tried. */
  static List<SpeltOutNormalization> all() {
    return ALL;
  }

  private boolean has(Part part) {
    return parts.contains(part);
  }

  /** Returns the rule's name. */
  String rule() {
    return rule;
  }

  /** Returns a model of each chain of operators that it may be. */
  List<Capability.Example> examples() {
    return examples;
  }

  /** Returns the points that read x. */
  List<MatchPoint> reads() {
    return reads;
  }

  /** Returns the chain. */
  NodePattern pattern() {
    return pattern;
  }

  private List<MatchPoint> readsOfX() {
    return has(Part.CENTRED)
        ? List.of(MatchPoint.operand(0), MatchPoint.operand(1, 0))
        : List.of(
            MatchPoint.otherVariables(0), MatchPoint.otherVariables(quotient().steps().size() - 1));
  }

  private NodePattern chain() {
    if (!has(Part.SCALED)) {
      return quotient();
    }
    NodePattern scaled = quotient().then("Mul").where(Conditions.otherOperandsConstant());
    return has(Part.CENTRED)
        ? scaled.optionally("Add").where(Conditions.otherOperandsConstant())
        : scaled;
  }

  private NodePattern quotient() {
    MatchPoint d = has(Part.CENTRED) ? MatchPoint.result(1, 0) : MatchPoint.operand(0);
    NodePattern root =
        squared()
            .then("ReduceMean")
            .then("Add")
            .where(Conditions.otherOperandsConstant(), Conditions.singleConstants())
            .then("Sqrt");
    return has(Part.RECIPROCAL)
        ? root.then("Reciprocal").then("Mul").where(Conditions.otherOperandsAre(d))
        : root.then("Div").through(1).where(Conditions.operandIs(0, d));
  }

  /** The difference to the mean, step 1, is read by the square and by the quotient. */
  private NodePattern squared() {
    NodeCondition ofOneValue =
        square.equals("Pow") ? Conditions.constantValue(1, 2) : Conditions.sameValue(0, 1);
    return has(Part.CENTRED)
        ? op("ReduceMean")
            .where(SEVERAL)
            .then("Sub")
            .through(1)
            .where(Conditions.operandIs(0, MatchPoint.operand(0)))
            .then(square)
            .besideOtherReaders()
            .where(ofOneValue)
        : op(square).where(ofOneValue, SEVERAL);
  }

  private Capability.Example example(boolean shifted) {
    SpeltOutExample made = new SpeltOutExample();
    String d = has(Part.CENTRED) ? made.node("Sub", "x", made.node("ReduceMean", "x")) : "x";
    String squared = made.node(square, d, square.equals("Pow") ? "two" : d);
    String sum = made.node("Add", made.node("ReduceMean", squared), "epsilon");
    String root = made.node("Sqrt", sum);
    String last =
        has(Part.RECIPROCAL)
            ? made.node("Mul", d, made.node("Reciprocal", root))
            : made.node("Div", d, root);
    if (has(Part.SCALED)) {
      last = made.node("Mul", last, "gamma");
    }
    if (shifted) {
      made.node("Add", last, "beta");
    }
    return new Capability.Example(made.model(), made.names());
  }
}

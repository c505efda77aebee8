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
 * y = d / Sqrt(ReduceMean(d * d) + c) [* gamma] [+ beta, where x is centred]
 * }</pre>
 *
 * <p>The square is a Pow or a Mul; gamma and beta are constants. The quotient may be a product with
 * a Reciprocal of the root, or with 1 over it; gamma may stand behind that reciprocal. See {@link
 * SpeltOutMoments} for those in which not only d reads x or its mean. Immutable.
 */
final class SpeltOutNormalization {

  /** What some of them have. */
  private enum Part {
    /** The mean is subtracted first. */
    CENTRED,
    /** The quotient is a product with the reciprocal of the root. */
    RECIPROCAL,
    /** Gamma stands at the reciprocal. */
    SCALED_ROOT
  }

  /** What is left of one element is its sign at most. */
  static final NodeCondition SEVERAL =
      Conditions.because(
          Conditions.not(Conditions.sizeIn(0, -1, 1)), "what it normalizes has one element");

  /** All of them; tables are made often, and all of this is the same. */
  private static final List<SpeltOutNormalization> ALL =
      List.of(
          new SpeltOutNormalization("layer-normalization-pow", "Pow", Part.CENTRED),
          new SpeltOutNormalization("layer-normalization-mul", "Mul", Part.CENTRED),
          new SpeltOutNormalization(
              "layer-normalization-pow-reciprocal", "Pow", Part.CENTRED, Part.RECIPROCAL),
          new SpeltOutNormalization(
              "layer-normalization-mul-reciprocal",
              "Mul",
              Part.CENTRED,
              Part.RECIPROCAL,
              Part.SCALED_ROOT),
          new SpeltOutNormalization("rms-normalization-pow", "Pow"),
          new SpeltOutNormalization("rms-normalization-mul", "Mul"),
          new SpeltOutNormalization("rms-normalization-pow-reciprocal", "Pow", Part.RECIPROCAL),
          new SpeltOutNormalization("rms-normalization-mul-reciprocal", "Mul", Part.RECIPROCAL));

  private final String rule;
  private final String square;
  private final Set<Part> parts;
  private final NodePattern pattern;
  private final List<MatchPoint> reads;
  private final Capability.Example example;

  private SpeltOutNormalization(String rule, String square, Part... parts) {
    this.rule = rule;
    this.square = square;
    this.parts = Set.of(parts);
    this.pattern = chain();
    this.reads = readsOfX();
    this.example = makeExample();
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

  /** Returns a model of the longest chain of operators that it may be. */
  Capability.Example example() {
    return example;
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
    NodePattern scaled =
        has(Part.SCALED_ROOT)
            ? quotient()
            : quotient().optionally("Mul").where(Conditions.otherOperandsConstant());
    return has(Part.CENTRED)
        ? scaled.optionally("Add").where(Conditions.otherOperandsConstant())
        : scaled;
  }

  private NodePattern quotient() {
    MatchPoint d = has(Part.CENTRED) ? MatchPoint.result(1, 0) : MatchPoint.operand(0);
    NodePattern root = root(squared().then("ReduceMean"));
    return has(Part.RECIPROCAL)
        ? factor(root).then("Mul").where(Conditions.otherOperandsAre(d))
        : root.then("Div").through(1).where(Conditions.operandIs(0, d));
  }

  private NodePattern factor(NodePattern root) {
    NodePattern reciprocal = reciprocal(root);
    return has(Part.SCALED_ROOT)
        ? reciprocal.then("Mul").where(Conditions.otherOperandsConstant())
        : reciprocal;
  }

  /** Returns what makes the root of a variance. */
  static NodePattern root(NodePattern variance) {
    return variance
        .then("Add")
        .where(Conditions.otherOperandsConstant(), Conditions.singleConstants())
        .then("Sqrt");
  }

  /** Returns what divides 1 by a root. */
  static NodePattern reciprocal(NodePattern root) {
    return root.then("Reciprocal", "Div")
        .throughAnyOperand()
        .whereOperatorIs("Div", Conditions.constantValue(0, 1));
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

  private Capability.Example makeExample() {
    SpeltOutExample made = new SpeltOutExample();
    String d = has(Part.CENTRED) ? made.node("Sub", "x", made.node("ReduceMean", "x")) : "x";
    String squared = made.node(square, d, square.equals("Pow") ? "two" : d);
    String sum = made.node("Add", made.node("ReduceMean", squared), "epsilon");
    String root = made.node("Sqrt", sum);
    String scaled =
        has(Part.RECIPROCAL)
            ? scaledByFactor(made, d, root)
            : made.scaled(made.node("Div", d, root));
    if (has(Part.CENTRED)) {
      made.node("Add", scaled, "beta");
    }
    return new Capability.Example(made.model(), made.names());
  }

  private String scaledByFactor(SpeltOutExample made, String d, String root) {
    String inverse = made.node("Reciprocal", root);
    return has(Part.SCALED_ROOT)
        ? made.node("Mul", d, made.scaled(inverse))
        : made.scaled(made.node("Mul", d, inverse));
  }
}

package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.NodePattern.op;

import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.provider.Capability;
import java.util.List;

/**
 * A layer normalization that exporters spell out from the moments of x, its mean m and its variance
 * v, so that more nodes than the difference of x and m read these.
 *
 * <pre>{@code
 * folded       r = gamma / Sqrt(v + c)             y = x * r + (beta - m * r)
 * fast root    v = Max(ReduceMean(x * x) - m * m, 0)  y = (x - m) * (gamma / Sqrt(v + c)) + beta
 * fast         v = ReduceMean(x * x) - m * m       y = (x - m) / Sqrt(v + c) * gamma + beta
 * }</pre>
 *
 * <p>The first is what TensorFlow makes of its batch_normalization, the second what JAX makes of
 * Flax, the third how ONNX itself defines its operator.
 *
 * @param rule the rule's name
 * @param pattern the chain and its branches
 * @param reads the points that read x
 * @param example a model of one chain of operators that it may be
 */
record SpeltOutMoments(
    String rule, NodePattern pattern, List<MatchPoint> reads, Capability.Example example) {

  private static final MatchPoint X = MatchPoint.operand(0);

  /** All of them; tables are made often, and all of this is the same. */
  private static final List<SpeltOutMoments> ALL = List.of(folded(), fastRoot(), fast());

  SpeltOutMoments {
    reads = List.copyOf(reads);
  }

  /** Returns all of them. */
  static List<SpeltOutMoments> all() {
    return ALL;
  }

  private static SpeltOutMoments folded() {
    NodePattern variance =
        op("ReduceMean")
            .as("mean")
            .where(SpeltOutNormalization.SEVERAL)
            .then("Sub")
            .besideOtherReaders()
            .through(1)
            .where(Conditions.operandIs(0, X))
            .as("centred")
            .then("Mul")
            .besideOtherReaders()
            .where(Conditions.sameValue(0, 1))
            .then("ReduceMean");
    NodePattern factor =
        SpeltOutNormalization.reciprocal(SpeltOutNormalization.root(variance))
            .then("Mul")
            .where(Conditions.otherOperandsConstant())
            .as("factor");
    NodePattern shift =
        op("Mul")
            .where(product(factor.result("mean", 0), factor.result("factor", 0)))
            .then("Sub")
            .through(1)
            .constantOperand(0);
    NodePattern scaled =
        factor.then("Mul").besideOtherReaders().where(Conditions.otherOperandsAre(X));
    return new SpeltOutMoments(
        "layer-normalization-folded",
        scaled.then("Add").joinedBy(shift),
        List.of(
            X, factor.operand("centred", 0), MatchPoint.otherVariables(scaled.steps().size() - 1)),
        foldedExample());
  }

  private static NodeCondition product(MatchPoint one, MatchPoint other) {
    return Conditions.any(
        Conditions.all(Conditions.operandIs(0, one), Conditions.operandIs(1, other)),
        Conditions.all(Conditions.operandIs(0, other), Conditions.operandIs(1, one)));
  }

  private static Capability.Example foldedExample() {
    SpeltOutExample made = new SpeltOutExample();
    String mean = made.node("ReduceMean", "x");
    String centred = made.node("Sub", "x", mean);
    String square = made.node("Mul", centred, centred);
    String variance = made.node("ReduceMean", square);
    String sum = made.node("Add", variance, "epsilon");
    String root = made.node("Sqrt", sum);
    String inverse = made.node("Reciprocal", root);
    String factor = made.scaled(inverse);
    String product = made.node("Mul", mean, factor);
    String shift = made.node("Sub", "beta", product);
    String scaled = made.node("Mul", "x", factor);
    String y = made.node("Add", scaled, shift);
    return made.inPlaces(
        mean, centred, square, variance, sum, root, inverse, factor, scaled, y, shift, product);
  }

  private static SpeltOutMoments fastRoot() {
    NodePattern difference = difference();
    NodePattern variance =
        difference
            .then("Max")
            .where(Conditions.otherOperandsConstant(), Conditions.singleConstants());
    NodePattern factor =
        SpeltOutNormalization.reciprocal(SpeltOutNormalization.root(variance))
            .then("Mul")
            .where(Conditions.otherOperandsConstant());
    NodePattern pattern =
        factor
            .then("Mul")
            .joinedBy(centred(factor))
            .then("Add")
            .where(Conditions.otherOperandsConstant());
    return new SpeltOutMoments(
        "layer-normalization-fast-root", pattern, fastReads(pattern), fastRootExample());
  }

  private static SpeltOutMoments fast() {
    NodePattern root = SpeltOutNormalization.root(difference());
    NodePattern pattern =
        root.then("Div")
            .through(1)
            .joinedBy(0, centred(root))
            .then("Mul")
            .where(Conditions.otherOperandsConstant())
            .then("Add")
            .where(Conditions.otherOperandsConstant());
    return new SpeltOutMoments(
        "layer-normalization-fast", pattern, fastReads(pattern), fastExample());
  }

  /** The mean of the squares less the square of the mean. */
  private static NodePattern difference() {
    NodePattern squareOfMean =
        op("ReduceMean")
            .as("mean")
            .where(Conditions.operandIs(0, X))
            .then("Mul")
            .besideOtherReaders()
            .where(Conditions.sameValue(0, 1));
    return op("Mul")
        .where(Conditions.sameValue(0, 1), SpeltOutNormalization.SEVERAL)
        .then("ReduceMean")
        .then("Sub")
        .joinedBy(1, squareOfMean);
  }

  private static NodePattern centred(NodePattern before) {
    return op("Sub")
        .as("centred")
        .where(Conditions.operandIs(0, X), Conditions.operandIs(1, before.result("mean", 0)));
  }

  private static List<MatchPoint> fastReads(NodePattern pattern) {
    return List.of(
        MatchPoint.everyOperand(), pattern.operand("mean", 0), pattern.operand("centred", 0));
  }

  private static Capability.Example fastRootExample() {
    SpeltOutExample made = new SpeltOutExample();
    String mean = made.node("ReduceMean", "x");
    String squareOfMean = made.node("Mul", mean, mean);
    String square = made.node("Mul", "x", "x");
    String squares = made.node("ReduceMean", square);
    String difference = made.node("Sub", squares, squareOfMean);
    String variance = made.node("Max", difference, "zero");
    String sum = made.node("Add", variance, "epsilon");
    String root = made.node("Sqrt", sum);
    String inverse = made.node("Reciprocal", root);
    String factor = made.scaled(inverse);
    String centred = made.node("Sub", "x", mean);
    String scaled = made.node("Mul", centred, factor);
    String y = made.node("Add", scaled, "beta");
    return made.inPlaces(
        square,
        squares,
        difference,
        squareOfMean,
        mean,
        variance,
        sum,
        root,
        inverse,
        factor,
        scaled,
        centred,
        y);
  }

  private static Capability.Example fastExample() {
    SpeltOutExample made = new SpeltOutExample();
    String mean = made.node("ReduceMean", "x");
    String squareOfMean = made.node("Mul", mean, mean);
    String square = made.node("Mul", "x", "x");
    String squares = made.node("ReduceMean", square);
    String variance = made.node("Sub", squares, squareOfMean);
    String sum = made.node("Add", variance, "epsilon");
    String root = made.node("Sqrt", sum);
    String centred = made.node("Sub", "x", mean);
    String quotient = made.node("Div", centred, root);
    String scaled = made.scaled(quotient);
    String y = made.node("Add", scaled, "beta");
    return made.inPlaces(
        square, squares, variance, squareOfMean, mean, sum, root, quotient, centred, scaled, y);
  }
}

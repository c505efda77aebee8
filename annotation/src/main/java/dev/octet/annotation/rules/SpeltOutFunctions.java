package dev.octet.annotation.rules;

/**
 * Rules of functions of one value as exporters spell them out: GELU by Erf and by Tanh, SiLU and
 * Swish, Sigmoid and SiLU by Exp, HardSwish and HardSigmoid, Softplus by Exp, Mish. Each is one
 * operation: what flows in is quantized, and the result; between them everything stays float, so
 * that the whole rounds once.
 *
 * <p>Constants have any value, and stand on either side; nobody else reads what the nodes hand to
 * each other. A GELU is {@code x * 0.5 * (1 + f(x))}, whose products come in any order: the half is
 * taken last, before x, or of x.
 */
final class SpeltOutFunctions {

  private final BackendRules.Builder table;
  private final IntegerSpecs specs;

  private SpeltOutFunctions(BackendRules.Builder table, IntegerSpecs specs) {
    this.table = table;
    this.specs = specs;
  }

  /** Adds the rules to a table. */
  static BackendRules.Builder to(BackendRules.Builder table, IntegerSpecs specs) {
    SpeltOutFunctions rules = new SpeltOutFunctions(table, specs);
    rules.gelu("gelu", Spelling.withConstant("Mul", "Div").then("Erf"));
    rules.gelu("gelu-tanh", tanh(Spelling.withConstant("Pow")));
    rules.gelu("gelu-tanh-cube", tanh(Spelling.squared().thenX("Mul")));
    rules.gelu(
        "gelu-tanh-square",
        Spelling.withConstant("Mul").thenX("Mul").thenConstant("Add").thenScaledX().then("Tanh"));
    rules.add("silu", Spelling.of("Sigmoid").thenX("Mul").thenBounds());
    rules.add("swish", Spelling.withConstant("Mul").then("Sigmoid").thenX("Mul"));
    rules.add("hard-swish", Spelling.of("HardSigmoid").thenX("Mul").thenBounds());
    rules.add("hard-swish-clip", clipped().thenX("Mul").thenConstant("Mul", "Div"));
    rules.add("hard-swish-sixth", clipped().thenConstant("Mul", "Div").thenX("Mul"));
    rules.add("hard-sigmoid", clipped().thenConstant("Mul", "Div"));
    rules.add("mish", Spelling.of("Softplus").then("Tanh").thenX("Mul"));
    rules.add(
        "mish-log", Spelling.of("Exp").thenConstant("Add").then("Log").then("Tanh").thenX("Mul"));
    rules.add("softplus-exp", Spelling.of("Exp").thenConstant("Add").then("Log"));
    rules.byExp("", Spelling.of("Neg"));
    rules.byExp("-scaled", Spelling.withConstant("Mul", "Div"));
    return table;
  }

  /** {@code tanh(c * (x + c * x^3))}. */
  private static Spelling tanh(Spelling cube) {
    return cube.thenConstant("Mul").thenX("Add").thenConstant("Mul").then("Tanh");
  }

  /** {@code clip(x + c)}. */
  private static Spelling clipped() {
    return Spelling.withConstant("Add").thenClip();
  }

  /** The half is taken last, before x comes in, or of x. */
  private void gelu(String name, Spelling inner) {
    Spelling sum = inner.thenConstant("Add");
    add(name, sum.thenX("Mul").thenConstant("Mul"));
    add(name + "-half-first", sum.thenConstant("Mul").thenX("Mul"));
    add(name + "-half-of-x", sum.thenScaledX());
  }

  /** {@code 1 / (1 + exp(minus))} alone, and {@code x} times or through that. */
  private void byExp(String kind, Spelling minus) {
    Spelling sum = minus.then("Exp").thenConstant("Add");
    add("silu-exp" + kind, sum.thenX("Div"));
    add("silu-exp" + kind + "-reciprocal", sum.then("Reciprocal").thenX("Mul"));
    add("silu-exp" + kind + "-quotient", sum.thenConstant("Div").thenX("Mul"));
    add("sigmoid-exp" + kind + "-reciprocal", sum.then("Reciprocal"));
    add("sigmoid-exp" + kind, sum.thenConstant("Div"));
  }

  private void add(String name, Spelling spelling) {
    BackendRules.RuleBuilder rule = table.rule(name, spelling.pattern());
    for (MatchPoint read : spelling.reads()) {
      rule.mark(read, specs.activation());
    }
    rule.output(specs.activation()).and();
  }
}

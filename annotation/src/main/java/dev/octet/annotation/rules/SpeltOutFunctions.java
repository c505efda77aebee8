package dev.octet.annotation.rules;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

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

  /** How each is spelt, by the name of its rule; made once, since tables are made often. */
  private static final Map<String, Spelling> ALL = all();

  private SpeltOutFunctions() {}

  /** Adds the rules to a table. */
  static BackendRules.Builder to(BackendRules.Builder table, IntegerSpecs specs) {
    ALL.forEach((name, spelling) -> add(table, name, spelling, specs));
    return table;
  }

  private static void add(
      BackendRules.Builder table, String name, Spelling spelling, IntegerSpecs specs) {
    BackendRules.RuleBuilder rule = table.rule(name, spelling.pattern());
    for (MatchPoint read : spelling.reads()) {
      rule.mark(read, specs.activation());
    }
    rule.output(specs.activation()).and();
  }

  private static Map<String, Spelling> all() {
    Map<String, Spelling> all = new LinkedHashMap<>();
    putGelu(all, "gelu", Spelling.withConstant("Mul", "Div").then("Erf"));
    putGelu(all, "gelu-tanh", tanh(Spelling.withConstant("Pow")));
    putGelu(all, "gelu-tanh-cube", tanh(Spelling.squared().thenX("Mul")));
    putGelu(
        all,
        "gelu-tanh-square",
        Spelling.withConstant("Mul").thenX("Mul").thenConstant("Add").thenScaledX().then("Tanh"));
    all.put("silu", Spelling.of("Sigmoid").thenX("Mul").thenBounds());
    all.put("swish", Spelling.withConstant("Mul").then("Sigmoid").thenX("Mul"));
    all.put("hard-swish", Spelling.of("HardSigmoid").thenX("Mul").thenBounds());
    all.put("hard-swish-clip", clipped().thenX("Mul").thenConstant("Mul", "Div"));
    all.put("hard-swish-sixth", clipped().thenConstant("Mul", "Div").thenX("Mul"));
    all.put("hard-sigmoid", clipped().thenConstant("Mul", "Div"));
    all.put("mish", Spelling.of("Softplus").then("Tanh").thenX("Mul"));
    all.put(
        "mish-log", Spelling.of("Exp").thenConstant("Add").then("Log").then("Tanh").thenX("Mul"));
    all.put("softplus-exp", Spelling.of("Exp").thenConstant("Add").then("Log"));
    putByExp(all, "", Spelling.of("Neg"));
    putByExp(all, "-scaled", Spelling.withConstant("Mul", "Div"));
    return Collections.unmodifiableMap(all);
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
  private static void putGelu(Map<String, Spelling> all, String name, Spelling inner) {
    Spelling sum = inner.thenConstant("Add");
    all.put(name, sum.thenX("Mul").thenConstant("Mul"));
    all.put(name + "-half-first", sum.thenConstant("Mul").thenX("Mul"));
    all.put(name + "-half-of-x", sum.thenScaledX());
  }

  /** {@code 1 / (1 + exp(minus))} alone, and {@code x} times or through that. */
  private static void putByExp(Map<String, Spelling> all, String kind, Spelling minus) {
    Spelling sum = minus.then("Exp").thenConstant("Add");
    all.put("silu-exp" + kind, sum.thenX("Div"));
    all.put("silu-exp" + kind + "-reciprocal", sum.then("Reciprocal").thenX("Mul"));
    all.put("silu-exp" + kind + "-quotient", sum.thenConstant("Div").thenX("Mul"));
    all.put("sigmoid-exp" + kind + "-reciprocal", sum.then("Reciprocal"));
    all.put("sigmoid-exp" + kind, sum.thenConstant("Div"));
  }
}

package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.NodePattern.op;

import dev.octet.api.provider.Capability;
import java.util.List;

/**
 * Rules of layer normalization, as one node and spelt out, and of RMS normalization, spelt out.
 * Each is one operation: what flows in is quantized, and the result; mean, square and root stay
 * float between them.
 */
final class NormalizationRules {

  private static final NodePattern WHOLE =
      op("LayerNormalization")
          .constantOperand(1)
          .constantIfPresent(2)
          .where(Conditions.unusedResult(1), Conditions.unusedResult(2));

  private NormalizationRules() {}

  /** Adds the rules to a table. */
  static BackendRules.Builder to(BackendRules.Builder table, IntegerSpecs specs) {
    table
        .rule("layer-normalization", WHOLE)
        .activation(specs.activation())
        .output(specs.activation());
    for (SpeltOutNormalization spelt : SpeltOutNormalization.all()) {
      add(table, specs, spelt.rule(), spelt.pattern(), spelt.reads(), spelt.example());
    }
    for (SpeltOutMoments spelt : SpeltOutMoments.all()) {
      add(table, specs, spelt.rule(), spelt.pattern(), spelt.reads(), spelt.example());
    }
    return table;
  }

  private static void add(
      BackendRules.Builder table,
      IntegerSpecs specs,
      String name,
      NodePattern pattern,
      List<MatchPoint> reads,
      Capability.Example example) {
    BackendRules.RuleBuilder rule = table.rule(name, pattern);
    reads.forEach(read -> rule.mark(read, specs.activation()));
    rule.output(specs.activation());
    rule.example(example);
  }
}

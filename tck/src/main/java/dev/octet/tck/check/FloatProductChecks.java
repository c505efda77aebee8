package dev.octet.tck.check;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.UseSupport;
import dev.octet.tck.exact.ExactStep;
import dev.octet.tck.exact.RealProduct;
import dev.octet.tck.graphs.FloatProduct;
import dev.octet.tck.graphs.FloatProducts;
import dev.octet.tck.graphs.FloatProducts.Activations;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Whether products that give floats use the scales that their operands have. */
final class FloatProductChecks {

  private FloatProductChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        check("TCK-RUN-036", Activations.FLOAT),
        check("TCK-RUN-037", Activations.PER_TENSOR, Activations.PER_TOKEN));
  }

  private static RuleCheck check(String rule, Activations... activations) {
    return new RuleCheck(
        rule,
        subject -> {
          TestedRuntime runtime = TestedRuntime.of(subject);
          FloatProducts products = new FloatProducts(subject.seed());
          List<TckCase> cases =
              Stream.of(activations)
                  .flatMap(each -> products.all(each).stream())
                  .filter(p -> TestedRuntime.isDeclared(runtime.support(p.use())))
                  .map(p -> TckCase.of(p.name(), () -> requireProduct(runtime, p)))
                  .toList();
          return cases.isEmpty() ? UndeclaredUses.refusals(runtime) : cases;
        });
  }

  private static void requireProduct(TestedRuntime runtime, FloatProduct product) {
    UseSupport support = runtime.support(product.use());
    float[] first;
    float[] second;
    try (ExecutableModel loaded = runtime.load(product.model())) {
      // The larger input first: scales of an earlier run would be seen.
      loaded.run(Map.of("x", scaled(product.input(), 3)));
      first = result(product, loaded);
      second = result(product, loaded);
    } catch (OctetException e) {
      throw Violation.of(
          "the runtime stops at what it declares: %s", String.valueOf(e.getMessage()));
    }
    requireExpected(product, first, ExactStep.bound(support));
    requireExpected(product, second, ExactStep.bound(support));
  }

  private static Tensor scaled(Tensor input, float by) {
    float[] values = input.floats();
    for (int i = 0; i < values.length; i++) {
      values[i] *= by;
    }
    return Tensor.of(values, input.sizes());
  }

  private static float[] result(FloatProduct product, ExecutableModel loaded) {
    Tensor found = loaded.run(Map.of("x", product.input())).get("y");
    int count = product.expected().rows() * product.expected().columns();
    if (found == null || found.elementCount() != count) {
      throw Violation.of(
          "output 'y' of %s is %s, and has %d floats",
          product.name(), String.valueOf(found), count);
    }
    return found.floats();
  }

  /** A bound in steps is one of the integers that are made of the input. */
  private static void requireExpected(FloatProduct product, float[] found, int bound) {
    RealProduct expected = product.expected();
    for (int i = 0; i < found.length; i++) {
      int row = i / expected.columns();
      int column = i % expected.columns();
      double value = expected.value(row, column);
      double allowed =
          expected.slack(row, column)
              + expected.change(column, bound * (double) product.steps().get(row));
      if (!(Math.abs(found[i] - value) <= allowed)) {
        throw Violation.of(
            "element [%d, %d] of %s is %s, and is %s by what its operands mean, give or take %s",
            row, column, product.name(), found[i], (float) value, (float) allowed);
      }
    }
  }
}

package dev.octet.tck.check;

import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.runtime.UseSupport;
import dev.octet.tck.exact.Allowed;
import dev.octet.tck.exact.ExactStep;
import dev.octet.tck.integers.IntegerModel;
import dev.octet.tck.integers.Step;
import dev.octet.tck.verdict.Measurement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Compares the integers of each step with what the declared rule gives of the integers that the
 * step read: those of the runtime itself where they come from an earlier step, so that a difference
 * within a declared bound is not taken for one of every later step.
 */
final class Judge {

  private Judge() {}

  /** Tells whether the kit can compute every step of a model exactly. */
  static boolean knows(IntegerModel model) {
    return model.steps().stream().allMatch(ExactStep::knows);
  }

  /** Runs a model and compares. */
  static void requireDeclaredIntegers(TestedRuntime runtime, IntegerModel model) {
    requireDeclaredIntegers(runtime, model, runtime.run(model));
  }

  /**
   * Compares what a run gave.
   *
   * @param outputs the integers of every step
   * @throws Violation if one is not what the runtime declares
   */
  static void requireDeclaredIntegers(
      TestedRuntime runtime, IntegerModel model, Map<String, Tensor> outputs) {
    Map<String, Tensor> integers = new LinkedHashMap<>(model.constants());
    integers.putAll(model.inputs());
    integers.putAll(outputs);
    for (Step step : model.steps()) {
      Tensor result = outputs.get(step.result());
      if (result == null || result.dataType() != step.meaning().type()) {
        throw Violation.of(
            "output '%s' of %s is %s, and the model has it as %s",
            step.result(), model.name(), String.valueOf(result), step.meaning().type());
      }
      requireSizes(model, step, result);
      UseSupport support = runtime.support(model.use(step));
      Allowed allowed = ExactStep.of(step, integers, result.sizes(), support);
      new Comparison(runtime, model, step, support).of(result.integers(), allowed);
    }
  }

  /**
   * Compares the last result of a model that gives no other, where each step has one right integer;
   * elsewhere, and within bounds, that it has the right type and sizes.
   */
  static void requireDeclaredEnd(TestedRuntime runtime, IntegerModel model) {
    Map<String, Tensor> outputs = runtime.run(model);
    Step last = model.steps().get(model.steps().size() - 1);
    Tensor result = Optional.ofNullable(outputs.get(last.result())).orElseThrow();
    requireSizes(model, last, result);
    Map<String, Tensor> integers = new LinkedHashMap<>(model.constants());
    integers.putAll(model.inputs());
    for (Step step : model.steps()) {
      Optional<Tensor> right = onlyRight(runtime, model, step, integers);
      if (right.isEmpty()) {
        return;
      }
      integers.put(step.result(), right.get());
    }
    long[] expected = Optional.ofNullable(integers.get(last.result())).orElseThrow().integers();
    Allowed allowed = index -> expected[index];
    new Comparison(runtime, model, last, runtime.support(model.use(last)))
        .of(result.integers(), allowed);
  }

  private static Optional<Tensor> onlyRight(
      TestedRuntime runtime, IntegerModel model, Step step, Map<String, Tensor> integers) {
    UseSupport support = runtime.support(model.use(step));
    long[] sizes = sizes(model, step);
    Allowed allowed = ExactStep.of(step, integers, sizes, support);
    boolean one = ExactStep.bound(support) == 0;
    long[] right = new long[Math.toIntExact(LongStream.of(sizes).reduce(1, (a, b) -> a * b))];
    for (int i = 0; i < right.length && one; i++) {
      right[i] = allowed.expected(i);
      one = !allowed.allows(i, right[i] - 1) && !allowed.allows(i, right[i] + 1);
    }
    return one
        ? Optional.of(Tensor.ofIntegers(step.meaning().type(), right, sizes))
        : Optional.empty();
  }

  private static long[] sizes(IntegerModel model, Step step) {
    return model
        .model()
        .graph()
        .type(step.result())
        .flatMap(ValueType::tensor)
        .flatMap(TensorType::shape)
        .orElseThrow()
        .sizes();
  }

  private static void requireSizes(IntegerModel model, Step step, Tensor result) {
    Optional<Shape> known =
        model
            .model()
            .graph()
            .type(step.result())
            .flatMap(ValueType::tensor)
            .flatMap(TensorType::shape)
            .filter(Shape::isKnown);
    if (known.isPresent() && !known.get().equals(result.shape())) {
      throw Violation.of(
          "the result of %s (%s) has sizes %s, and has %s by the standard",
          step.op(), model.name(), result.shape(), known.get());
    }
  }

  /** The comparison of one result. */
  private record Comparison(
      TestedRuntime runtime, IntegerModel model, Step step, UseSupport support) {

    void of(long[] integers, Allowed allowed) {
      int bound = ExactStep.bound(support);
      long largest = 0;
      long differing = 0;
      for (int i = 0; i < integers.length; i++) {
        long steps = distance(allowed, i, integers[i], bound);
        if (steps > bound) {
          throw wrong(i, integers, allowed.expected(i));
        }
        largest = Math.max(largest, steps);
        differing += steps == 0 ? 0 : 1;
      }
      if (bound > 0) {
        String use = model.use(step).toString();
        runtime
            .subject()
            .measurements()
            .add(new Measurement(use, bound, largest, differing, integers.length));
      }
    }

    private static long distance(Allowed allowed, int index, long integer, int bound) {
      for (int steps = 0; steps <= bound; steps++) {
        if (allowed.allows(index, integer - steps) || allowed.allows(index, integer + steps)) {
          return steps;
        }
      }
      return bound + 1L;
    }

    private Violation wrong(int index, long[] integers, long expected) {
      return Violation.of(
          "element %d of %d of the result of %s (%s) is %d, and is %d by the declared rule (%s)",
          index, integers.length, step.op(), model.name(), integers[index], expected, support);
    }
  }
}

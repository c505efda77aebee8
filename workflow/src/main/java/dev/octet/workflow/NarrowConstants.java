package dev.octet.workflow;

import dev.octet.annotation.resolve.ResolvedGraph;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.NodeAnnotation;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Says of constants that become a narrower float where that has no room for them: where elements
 * lie beyond its largest number, or where it has nothing but zero for all of them.
 */
final class NarrowConstants {

  private final GraphValues values;
  private final List<Finding> findings = new ArrayList<>();

  private NarrowConstants(ResolvedGraph resolved) {
    this.values = GraphValues.of(resolved.annotated().graph());
  }

  /**
   * The numbers of a type, by its definition in IEEE 754 and ONNX.
   *
   * @param largest the largest finite one
   * @param beyond the smallest magnitude that is not rounded to a finite one
   * @param nothing the largest magnitude that is rounded to zero: half of the smallest one
   * @param becomes what lies beyond becomes
   */
  private record Numbers(double largest, double beyond, double nothing, String becomes) {

    private static final String INFINITE = "become infinite";

    /** ONNX's Cast, which has no infinity to round to, or does not use it. */
    private static final String SATURATED = "become the largest, as ONNX's Cast saturates";

    static Numbers of(DataType type) {
      return switch (type) {
        case FLOAT16 -> new Numbers(65504, 65520, 0x1p-25, INFINITE);
        case BFLOAT16 -> new Numbers(0x1.FEp127, 0x1.FFp127, 0x1p-134, INFINITE);
        case FLOAT8E4M3FN -> new Numbers(448, Math.nextUp(448.0), 0x1p-10, SATURATED);
        case FLOAT8E4M3FNUZ -> new Numbers(240, Math.nextUp(240.0), 0x1p-11, SATURATED);
        case FLOAT8E5M2 -> new Numbers(57344, Math.nextUp(57344.0), 0x1p-17, SATURATED);
        case FLOAT8E5M2FNUZ -> new Numbers(57344, Math.nextUp(57344.0), 0x1p-18, SATURATED);
        case FLOAT, DOUBLE, STRING, BOOL, COMPLEX64, COMPLEX128, FLOAT4E2M1, FLOAT8E8M0 ->
            throw noNarrower(type);
        case UINT8, INT8, UINT16, INT16, INT32, INT64, UINT32, UINT64, UINT4, INT4, UINT2, INT2 ->
            throw noNarrower(type);
      };
    }

    private static IllegalArgumentException noNarrower(DataType type) {
      return new IllegalArgumentException(type + " is no narrower float");
    }
  }

  /** Returns a finding for each of them, in the order of the graph. */
  static List<Finding> findings(ResolvedGraph resolved) {
    NarrowConstants narrow = new NarrowConstants(resolved);
    for (NodeAnnotation decision : resolved.annotated().nodes().values()) {
      decision
          .operands()
          .forEach(
              (index, spec) ->
                  spec.narrowFloat().ifPresent(type -> narrow.look(decision.node(), index, type)));
    }
    return narrow.findings;
  }

  private void look(String name, int index, DataType type) {
    Optional<GraphValues.Value> value = values.value(Point.operand(name, index));
    Optional<Tensor> constant = value.flatMap(GraphValues.Value::constant);
    if (constant.filter(tensor -> tensor.dataType() == DataType.FLOAT).isPresent()) {
      wrong(constant.get(), Numbers.of(type))
          .ifPresent(
              why ->
                  findings.add(
                      WorkflowErrors.NARROW_CONSTANT.aboutPoint(
                          Point.operand(name, index),
                          "Constant '"
                              + value.get().name()
                              + "', operand "
                              + index
                              + " of '"
                              + name
                              + "', is to be "
                              + type.name().toLowerCase(Locale.ROOT)
                              + ", "
                              + why
                              + ".")));
    }
  }

  private static Optional<String> wrong(Tensor constant, Numbers numbers) {
    Extremes extremes = new Extremes(numbers);
    constant.forEachWindow((offset, window) -> extremes.look(window.asFloatBuffer()));
    return extremes.wrong(constant.elementCount());
  }

  /** What was seen of the elements of a constant. */
  private static final class Extremes {
    private final Numbers numbers;
    private float largest;
    private long beyond;

    Extremes(Numbers numbers) {
      this.numbers = numbers;
    }

    void look(FloatBuffer elements) {
      while (elements.hasRemaining()) {
        float element = elements.get();
        float magnitude = Math.abs(element);
        if (magnitude < Float.POSITIVE_INFINITY) {
          largest = Math.abs(largest) < magnitude ? element : largest;
          beyond += magnitude >= numbers.beyond ? 1 : 0;
        }
      }
    }

    Optional<String> wrong(long elements) {
      if (beyond > 0) {
        return Optional.of(
            "whose largest number is "
                + (float) numbers.largest
                + ", and holds "
                + largest
                + ": "
                + beyond
                + " of its "
                + elements
                + " elements "
                + numbers.becomes);
      }
      boolean nothing = largest != 0 && Math.abs(largest) <= numbers.nothing;
      return nothing
          ? Optional.of("and all of it becomes 0: its largest element is " + largest)
          : Optional.empty();
    }
  }
}

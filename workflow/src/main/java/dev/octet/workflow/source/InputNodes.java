package dev.octet.workflow.source;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Node;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.plan.ValueNodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The nodes that quantize the input of a layer while the model runs, and dequantize it: the
 * formulas of {@link RoundedRule}, one operation each, in their order. A rounding to a narrower
 * type is a Cast to it and one back. Where the whole input is float it is only rounded to the
 * layer's precision.
 */
final class InputNodes {

  private final ValueNodes nodes;
  private final LinearLayer.Form form;
  private final LayerRule rule;

  private InputNodes(ValueNodes nodes, LinearLayer.Form form, LayerRule rule) {
    this.nodes = nodes;
    this.form = form;
    this.rule = rule;
  }

  /**
   * Inserts the nodes directly behind what defines the input.
   *
   * @param editor edits the graph, which has an operator set of at least 21
   * @param value the input
   * @param form of the layers that read it
   * @param rule what becomes of it
   * @return the value that the layers read
   */
  static String insert(
      GraphEditor editor, GraphValue value, LinearLayer.Form form, LayerRule rule) {
    InputNodes input = new InputNodes(new ValueNodes(editor, value), form, rule);
    String rounded = input.rounded(rule.precision(), value.name());
    return rule.activations().isPresent()
        ? input.quantized(rounded, rule.activations().get())
        : rounded;
  }

  /**
   * Returns what a value is before it is quantized and dequantized again by these nodes; empty when
   * it is not.
   *
   * @param graph the graph that has it
   */
  static Optional<String> unquantized(String value, Graph graph) {
    String read = value;
    for (String op : List.of("DequantizeLinear", "Cast", "Clip", "Add", "Round", "Mul")) {
      Optional<Node> node = graph.producer(read).filter(by -> by.op().is(op));
      // Symmetric integers are not shifted.
      if (node.isEmpty() && !op.equals("Add")) {
        return Optional.empty();
      }
      read = node.isPresent() ? node.get().operands().get(0) : read;
    }
    return Optional.of(read);
  }

  private String quantized(String x, LayerRule.Activations activations) {
    RoundedRule numbers = activations.rule();
    boolean perToken = activations.perToken();
    String zero = nodes.constant("zero", 0f);
    String low = nodes.add("Min", "low", reduced("ReduceMin", x, perToken), zero);
    String high = nodes.add("Max", "high", reduced("ReduceMax", x, perToken), zero);
    boolean whole = numbers.scales() == FloatPrecision.FLOAT32;
    String needed =
        nodes.add(
            "Max",
            whole ? "scale" : "scale_needed",
            unit(numbers, low, high),
            nodes.constant("floor", numbers.floor()));
    String scale = rounded(numbers.scales(), needed, "scale");
    Optional<String> zeroPoint =
        numbers.mapping() == Mapping.ASYMMETRIC
            ? Optional.of(zeroPoint(numbers, low, needed))
            : Optional.empty();
    String integers = integers(numbers, x, scale, zeroPoint);
    List<String> operands = new ArrayList<>(List.of(integers, scale));
    zeroPoint.ifPresent(z -> operands.add(nodes.cast("zero_point", z, DataType.INT8)));
    String dequantized = nodes.fresh("dequantized");
    nodes.add("DequantizeLinear", operands, List.of(dequantized), layout(perToken));
    return rounded(rule.precision(), dequantized);
  }

  /** Rows are blocks as long as the axis. */
  private List<Attribute> layout(boolean perToken) {
    return perToken
        ? List.of(
            Attribute.of("axis", (long) form.tokenAxis()),
            Attribute.of("block_size", form.inputs()))
        : List.of();
  }

  private String reduced(String op, String x, boolean perToken) {
    Optional<Long> axis = perToken ? Optional.of((long) form.tokenAxis()) : Optional.empty();
    return nodes.reduced(op, op, x, axis);
  }

  private String unit(RoundedRule numbers, String low, String high) {
    float steps = (float) (numbers.max() - numbers.min());
    return switch (numbers.mapping()) {
      case SYMMETRIC -> {
        String magnitude = nodes.add("Max", "magnitude", nodes.add("Neg", "negated", low), high);
        yield divided(numbers, "unit", magnitude, steps / 2);
      }
      case SYMMETRIC_NO_CLIPPING_ERR ->
          nodes.add(
              "Max",
              "unit",
              divided(numbers, "unit_below", low, (float) numbers.min()),
              divided(numbers, "unit_above", high, (float) numbers.max()));
      case ASYMMETRIC -> {
        String width = rounded(numbers.values(), nodes.add("Sub", "width", high, low));
        yield divided(numbers, "unit", width, steps);
      }
    };
  }

  private String divided(RoundedRule numbers, String name, String dividend, float divisor) {
    return rounded(
        numbers.values(), nodes.add("Div", name, dividend, nodes.constant("steps", divisor)));
  }

  private String zeroPoint(RoundedRule numbers, String low, String scale) {
    String quotient = rounded(numbers.values(), nodes.add("Div", "low_in_steps", low, scale));
    String below = nodes.add("Round", "steps_below_zero", quotient);
    String raw =
        nodes.add("Sub", "zero_point_raw", nodes.constant("lowest", (float) numbers.min()), below);
    return clamped(numbers, "zero_point_float", raw);
  }

  private String integers(RoundedRule numbers, String x, String scale, Optional<String> zeroPoint) {
    String reciprocal =
        rounded(numbers.scales(), nodes.add("Div", "reciprocal", nodes.constant("one", 1f), scale));
    String product = nodes.add("Mul", "in_steps", x, reciprocal);
    boolean oneType = numbers.values() == numbers.scales();
    String steps = oneType ? rounded(numbers.values(), product) : product;
    String whole = nodes.add("Round", "steps", steps);
    String shifted = zeroPoint.map(z -> nodes.add("Add", "shifted", whole, z)).orElse(whole);
    return nodes.cast("quantized", clamped(numbers, "clamped", shifted), DataType.INT8);
  }

  private String clamped(RoundedRule numbers, String name, String raw) {
    return nodes.add(
        "Clip",
        name,
        raw,
        nodes.constant("lowest", (float) numbers.min()),
        nodes.constant("highest", (float) numbers.max()));
  }

  private String rounded(FloatPrecision precision, String from) {
    return rounded(precision, from, "rounded");
  }

  private String rounded(FloatPrecision precision, String from, String name) {
    if (precision == FloatPrecision.FLOAT32) {
      return from;
    }
    return nodes.rounded(from, precision.dataType(), name);
  }
}

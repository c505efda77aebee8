package dev.octet.workflow.source;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import dev.octet.workflow.plan.GraphValue;
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

  private final GraphEditor editor;
  private final GraphValue value;
  private final LinearLayer.Form form;
  private final LayerRule rule;
  private Optional<String> last;

  private InputNodes(GraphEditor editor, GraphValue value, LinearLayer.Form form, LayerRule rule) {
    this.editor = editor;
    this.value = value;
    this.form = form;
    this.rule = rule;
    this.last = value.definition().map(Point::node);
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
    InputNodes nodes = new InputNodes(editor, value, form, rule);
    String rounded = nodes.rounded(rule.precision(), value.name());
    return rule.activations().isPresent()
        ? nodes.quantized(rounded, rule.activations().get())
        : rounded;
  }

  private String quantized(String x, LayerRule.Activations activations) {
    RoundedRule numbers = activations.rule();
    boolean perToken = activations.perToken();
    String zero = constant("zero", 0f);
    String low = add("Min", "low", reduced("ReduceMin", x, perToken), zero);
    String high = add("Max", "high", reduced("ReduceMax", x, perToken), zero);
    boolean whole = numbers.scales() == FloatPrecision.FLOAT32;
    String needed =
        add(
            "Max",
            whole ? "scale" : "scale_needed",
            unit(numbers, low, high),
            constant("floor", numbers.floor()));
    String scale = rounded(numbers.scales(), needed, "scale");
    Optional<String> zeroPoint =
        numbers.mapping() == Mapping.ASYMMETRIC
            ? Optional.of(zeroPoint(numbers, low, needed))
            : Optional.empty();
    String integers = integers(numbers, x, scale, zeroPoint);
    List<String> operands = new ArrayList<>(List.of(integers, scale));
    zeroPoint.ifPresent(z -> operands.add(cast("zero_point", z)));
    String dequantized = fresh("dequantized");
    add("DequantizeLinear", operands, dequantized, layout(perToken));
    return rounded(rule.precision(), dequantized);
  }

  /** Rows are blocks as long as the axis. */
  private Attribute[] layout(boolean perToken) {
    return perToken
        ? new Attribute[] {
          Attribute.of("axis", (long) form.tokenAxis()), Attribute.of("block_size", form.inputs())
        }
        : new Attribute[0];
  }

  private String reduced(String op, String x, boolean perToken) {
    String name = fresh(op);
    List<String> operands = new ArrayList<>(List.of(x));
    if (perToken) {
      String axes = fresh("axes");
      editor.putInitializerBeside(
          value.firstNode(), axes, Tensor.of(new long[] {form.tokenAxis()}, 1));
      operands.add(axes);
    }
    add(op, operands, name, Attribute.of("keepdims", perToken ? 1L : 0L));
    return name;
  }

  private String unit(RoundedRule numbers, String low, String high) {
    float steps = (float) (numbers.max() - numbers.min());
    return switch (numbers.mapping()) {
      case SYMMETRIC -> {
        String magnitude = add("Max", "magnitude", add("Neg", "negated", low), high);
        yield divided(numbers, "unit", magnitude, steps / 2);
      }
      case SYMMETRIC_NO_CLIPPING_ERR ->
          add(
              "Max",
              "unit",
              divided(numbers, "unit_below", low, (float) numbers.min()),
              divided(numbers, "unit_above", high, (float) numbers.max()));
      case ASYMMETRIC -> {
        String width = rounded(numbers.values(), add("Sub", "width", high, low));
        yield divided(numbers, "unit", width, steps);
      }
    };
  }

  private String divided(RoundedRule numbers, String name, String dividend, float divisor) {
    return rounded(numbers.values(), add("Div", name, dividend, constant("steps", divisor)));
  }

  private String zeroPoint(RoundedRule numbers, String low, String scale) {
    String quotient = rounded(numbers.values(), add("Div", "low_in_steps", low, scale));
    String below = add("Round", "steps_below_zero", quotient);
    String raw = add("Sub", "zero_point_raw", constant("lowest", (float) numbers.min()), below);
    return clamped(numbers, "zero_point_float", raw);
  }

  private String integers(RoundedRule numbers, String x, String scale, Optional<String> zeroPoint) {
    String reciprocal =
        rounded(numbers.scales(), add("Div", "reciprocal", constant("one", 1f), scale));
    String product = add("Mul", "in_steps", x, reciprocal);
    boolean oneType = numbers.values() == numbers.scales();
    String steps = oneType ? rounded(numbers.values(), product) : product;
    String whole = add("Round", "steps", steps);
    String shifted = zeroPoint.map(z -> add("Add", "shifted", whole, z)).orElse(whole);
    return cast("quantized", clamped(numbers, "clamped", shifted));
  }

  private String clamped(RoundedRule numbers, String name, String raw) {
    return add(
        "Clip",
        name,
        raw,
        constant("lowest", (float) numbers.min()),
        constant("highest", (float) numbers.max()));
  }

  private String cast(String name, String from) {
    String to = fresh(name);
    add("Cast", List.of(from), to, Attribute.of("to", DataType.INT8.onnxNumber()));
    return to;
  }

  private String rounded(FloatPrecision precision, String from) {
    return rounded(precision, from, "rounded");
  }

  private String rounded(FloatPrecision precision, String from, String name) {
    if (precision == FloatPrecision.FLOAT32) {
      return from;
    }
    String narrow = fresh("narrow");
    add("Cast", List.of(from), narrow, Attribute.of("to", precision.dataType().onnxNumber()));
    String back = fresh(name);
    add("Cast", List.of(narrow), back, Attribute.of("to", DataType.FLOAT.onnxNumber()));
    return back;
  }

  private String add(String op, String result, String... operands) {
    String name = fresh(result);
    add(op, List.of(operands), name);
    return name;
  }

  private void add(String op, List<String> operands, String result, Attribute... attributes) {
    String name = editor.freshNodeName(value.name() + "_" + op);
    Node node = Node.of(name, OpType.onnx(op), operands, List.of(result), attributes);
    if (last.isPresent()) {
      editor.insertAfter(last.get(), node);
      last = Optional.of(name);
    } else {
      editor.insertBefore(value.firstNode(), node);
    }
  }

  private String constant(String name, float content) {
    String fresh = fresh(name);
    editor.putInitializerBeside(value.firstNode(), fresh, Tensor.of(new float[] {content}));
    return fresh;
  }

  private String fresh(String name) {
    return editor.freshValueName(value.name() + "_" + name);
  }
}

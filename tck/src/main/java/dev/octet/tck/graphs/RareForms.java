package dev.octet.tck.graphs;

import static dev.octet.tck.graphs.OperandForm.flow;
import static dev.octet.tck.graphs.OperandForm.given;
import static dev.octet.tck.graphs.OperandForm.input;
import static dev.octet.tck.graphs.OperandForm.weight;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Further ways in which runtimes meet operators: attributes that go together seldom, other ranks,
 * operands that are usually left out, sizes at which loops are split. Each is tried on one kind of
 * numbers alone.
 */
final class RareForms {

  /** More columns than any register tile has. */
  private static final long MANY = 160;

  /** The batch from which on samples are not few. */
  private static final long BATCH = 5;

  /** With windows of six by six more than 4096 terms. */
  private static final long DEEP = 130;

  /** In rows of this length a value has more than 65 536 elements. */
  private static final long LONG = 350;

  private static final Map<String, Function<long[], List<NodeForm>>> FORMS = new TreeMap<>();

  static {
    FORMS.put("Conv", RareForms::conv);
    FORMS.put("Gemm", RareForms::gemm);
    FORMS.put("MatMul", RareForms::matMul);
    FORMS.put("MaxPool", RareForms::pool);
    FORMS.put("AveragePool", RareForms::averagePool);
    FORMS.put("GlobalAveragePool", flow -> flow.length < 3 ? List.of() : List.of(ofRank(flow)));
    FORMS.put("Softmax", RareForms::softmax);
    for (String binary : List.of("Add", "Mul", "Sub")) {
      FORMS.put(binary, RareForms::binary);
    }
    FORMS.put("Concat", RareForms::concat);
    FORMS.put("Transpose", flow -> flow.length < 5 ? List.of() : List.of(ofRank(flow)));
    FORMS.put("Slice", RareForms::slice);
    FORMS.put("Gather", RareForms::gather);
    FORMS.put("Pad", RareForms::pad);
    FORMS.put("ReduceMean", RareForms::reduceMean);
    FORMS.put("Clip", flow -> List.of(clipped("positive", 0.25f, 1), clipped("below", -1, -0.25f)));
    FORMS.put("LeakyRelu", flow -> stating("alpha", 0.25f, 1.5f, -0.5f));
    FORMS.put("Elu", flow -> stating("alpha", 0.5f));
    FORMS.put("HardSigmoid", flow -> stating("alpha", 0.5f));
    FORMS.put("Split", RareForms::split);
    FORMS.put("PRelu", RareForms::prelu);
    FORMS.put("LayerNormalization", RareForms::layerNormalization);
    FORMS.put("Reshape", flow -> List.of(NodeForm.of("copied", flow(), indices(0, -1))));
    FORMS.put("Relu", flow -> flow[flow.length - 1] == LONG ? List.of(large(flow())) : List.of());
    FORMS.put("Flatten", flow -> flow.length < 3 ? List.of() : List.of(with("axis", 2)));
  }

  private RareForms() {}

  /** Returns the further forms of an operator behind a value. */
  static List<NodeForm> of(OpType op, long[] flow) {
    Function<long[], List<NodeForm>> forms = FORMS.get(op.toString());
    return forms == null ? List.of() : forms.apply(flow);
  }

  private static NodeForm ofRank(long[] flow) {
    return NodeForm.of("rank-" + flow.length, flow());
  }

  private static NodeForm with(String attribute, long value) {
    return NodeForm.of(attribute + "-" + value, flow()).with(Attribute.of(attribute, value));
  }

  private static List<NodeForm> stating(String attribute, float... values) {
    List<NodeForm> forms = new ArrayList<>();
    for (float value : values) {
      forms.add(NodeForm.of(attribute + "-" + value, flow()).with(Attribute.of(attribute, value)));
    }
    return forms;
  }

  private static Attribute ints(String name, Long... values) {
    return Attribute.of(name, List.of(values));
  }

  private static Attribute autoPad(String how) {
    return Attribute.of("auto_pad", how);
  }

  private static OperandForm indices(long... values) {
    return given(Tensor.of(values, values.length));
  }

  private static List<NodeForm> conv(long[] flow) {
    if (flow.length == 3) {
      return lines(flow[1]);
    }
    if (flow.length == 5) {
      return volumes(flow[1]);
    }
    return flow.length == 4 ? planes(flow) : List.of();
  }

  private static List<NodeForm> lines(long c) {
    List<NodeForm> forms = new ArrayList<>();
    forms.add(
        NodeForm.of("1d-dilation", flow(), weight(5, c, 2), weight(5)).with(ints("dilations", 2L)));
    forms.add(
        NodeForm.of("1d-same-lower", flow(), weight(5, c, 2), weight(5))
            .with(autoPad("SAME_LOWER"), ints("strides", 2L)));
    forms.add(
        NodeForm.of("1d-groups", flow(), weight(2 * c, 1, 2), weight(2 * c))
            .with(Attribute.of("group", c)));
    return forms;
  }

  private static List<NodeForm> volumes(long c) {
    return List.of(
        NodeForm.of("3d-groups", flow(), weight(2 * c, 1, 2, 1, 3), weight(2 * c))
            .with(Attribute.of("group", c)),
        NodeForm.of("3d-dilation", flow(), weight(3, c, 2, 2, 2), weight(3))
            .with(ints("dilations", 1L, 2L, 3L)),
        NodeForm.of("3d-same-upper", flow(), weight(3, c, 2, 2, 3), weight(3))
            .with(autoPad("SAME_UPPER"), ints("strides", 1L, 2L, 3L)));
  }

  private static List<NodeForm> planes(long[] flow) {
    long c = flow[1];
    if (flow[0] == BATCH) {
      return List.of(NodeForm.of("batch", flow(), weight(3, c, 2, 1), weight(3)));
    }
    if (c == DEEP) {
      return List.of(NodeForm.of("deep-window", flow(), weight(3, c, 6, 6), weight(3)));
    }
    List<NodeForm> forms = new ArrayList<>(padded(c));
    forms.addAll(grouped(c));
    forms.add(NodeForm.of("many-columns", flow(), weight(MANY, c, 1, 1), weight(MANY)));
    return forms;
  }

  private static List<NodeForm> padded(long c) {
    return List.of(
        plane("pad-dilation", c, 3, 2)
            .with(ints("pads", 1L, 2L, 1L, 0L), ints("dilations", 2L, 1L)),
        plane("same-lower-stride", c, 2, 3).with(autoPad("SAME_LOWER"), ints("strides", 2L, 2L)),
        plane("same-upper-stride", c, 3, 2).with(autoPad("SAME_UPPER"), ints("strides", 2L, 3L)),
        plane("valid", c, 2, 3).with(autoPad("VALID"), ints("strides", 2L, 1L)),
        plane("tall-pad", c, 9, 2).with(ints("pads", 2L, 0L, 1L, 0L)),
        plane("wide-pad", c, 2, 8).with(ints("pads", 0L, 1L, 0L, 3L)),
        plane("k1-pad", c, 1, 1).with(ints("pads", 1L, 0L, 2L, 1L)),
        plane("end-pad", c, 2, 2).with(ints("pads", 0L, 0L, 1L, 2L)),
        plane("begin-pad", c, 2, 2).with(ints("pads", 2L, 1L, 0L, 0L)));
  }

  private static NodeForm plane(String name, long c, long height, long width) {
    return NodeForm.of(name, flow(), weight(5, c, height, width), weight(5));
  }

  private static List<NodeForm> grouped(long c) {
    Attribute each = Attribute.of("group", c);
    List<NodeForm> forms = new ArrayList<>();
    forms.add(
        NodeForm.of("depthwise-stride", flow(), weight(c, 1, 3, 3), weight(c))
            .with(each, ints("strides", 2L, 1L), ints("pads", 1L, 1L, 1L, 1L)));
    forms.add(
        NodeForm.of("depthwise-dilation", flow(), weight(c, 1, 3, 2), weight(c))
            .with(each, ints("dilations", 2L, 3L)));
    forms.add(
        NodeForm.of("depthwise-same-lower", flow(), weight(2 * c, 1, 2, 2), weight(2 * c))
            .with(each, autoPad("SAME_LOWER")));
    forms.add(NodeForm.of("depthwise-no-bias", flow(), weight(c, 1, 2, 3)).with(each));
    if (c % 2 == 0) {
      forms.add(
          NodeForm.of("groups-no-bias", flow(), weight(6, c / 2, 2, 3))
              .with(Attribute.of("group", 2L)));
    }
    return forms;
  }

  private static List<NodeForm> gemm(long[] flow) {
    if (flow.length != 2) {
      return List.of();
    }
    Attribute a = Attribute.of("transA", 1L);
    Attribute b = Attribute.of("transB", 1L);
    long k = flow[1];
    return List.of(
        NodeForm.of("trans-both", flow(), weight(7, flow[0]), weight(7)).with(a, b),
        NodeForm.of("trans-a-bias", flow(), weight(flow[0], 7), weight(7)).with(a),
        NodeForm.of("bias-row", flow(), weight(k, 7), weight(1, 7)),
        NodeForm.of("bias-column", flow(), weight(k, 7), weight(flow[0], 1)),
        NodeForm.of("bias-matrix", flow(), weight(k, 7), weight(flow[0], 7)),
        NodeForm.of("bias-scalar", flow(), weight(k, 7), weight()),
        NodeForm.of("many-columns", flow(), weight(k, MANY), weight(MANY)));
  }

  private static List<NodeForm> matMul(long[] flow) {
    List<NodeForm> forms = new ArrayList<>();
    long k = flow[flow.length - 1];
    if (flow.length == 1) {
      forms.add(NodeForm.of("vector-first", flow(), weight(k, 5)));
      forms.add(NodeForm.of("vectors", flow(), weight(k)));
      forms.add(NodeForm.of("vector-by-stack", flow(), input(2, k, 5)));
    } else if (flow.length == 2) {
      forms.add(NodeForm.of("matrix-by-stack", flow(), input(2, k, 5)));
      forms.add(NodeForm.of("many-columns", flow(), weight(k, MANY)));
      forms.add(NodeForm.of("many-rows", weight(MANY, flow[0]), flow()));
    } else if (flow.length == 3) {
      forms.add(NodeForm.of("stack-by-stacks", flow(), input(3, flow[0], k, 5)));
    }
    return forms;
  }

  private static List<NodeForm> pool(long[] flow) {
    Attribute window = ints("kernel_shape", 2L, 3L);
    Attribute strides = ints("strides", 2L, 2L);
    if (flow.length == 3) {
      return List.of(
          NodeForm.of("1d", flow()).with(ints("kernel_shape", 2L), ints("strides", 2L)),
          NodeForm.of("1d-pad", flow())
              .with(ints("kernel_shape", 3L), ints("pads", 1L, 2L), ints("strides", 2L)));
    }
    if (flow.length != 4) {
      return List.of();
    }
    return List.of(
        NodeForm.of("ceil-pad", flow())
            .with(window, strides, ints("pads", 1L, 1L, 0L, 1L), Attribute.of("ceil_mode", 1L)),
        NodeForm.of("dilation-pad", flow())
            .with(window, ints("dilations", 2L, 2L), ints("pads", 1L, 1L, 1L, 2L)),
        NodeForm.of("same-lower", flow()).with(window, strides, autoPad("SAME_LOWER")),
        NodeForm.of("same-upper", flow()).with(window, strides, autoPad("SAME_UPPER")),
        NodeForm.of("valid", flow()).with(window, strides, autoPad("VALID")));
  }

  private static List<NodeForm> averagePool(long[] flow) {
    List<NodeForm> forms = new ArrayList<>(pool(flow));
    if (flow.length == 4) {
      Attribute window = ints("kernel_shape", 2L, 3L);
      Attribute counted = Attribute.of("count_include_pad", 1L);
      Attribute pads = ints("pads", 1L, 0L, 1L, 2L);
      forms.add(
          NodeForm.of("counted-stride", flow())
              .with(window, counted, pads, ints("strides", 3L, 2L)));
      forms.add(
          NodeForm.of("counted-ceil", flow())
              .with(window, counted, pads, ints("strides", 2L, 2L), Attribute.of("ceil_mode", 1L)));
    }
    return forms;
  }

  private static List<NodeForm> softmax(long[] flow) {
    return flow.length < 3
        ? List.of()
        : List.of(
            NodeForm.of("usual-axis", flow()),
            NodeForm.of("last-but-one", flow()).with(Attribute.of("axis", -2L)));
  }

  private static NodeForm large(OperandForm... operands) {
    return NodeForm.of("large", operands);
  }

  private static List<NodeForm> prelu(long[] flow) {
    List<NodeForm> forms = new ArrayList<>();
    forms.add(NodeForm.of("one-slope", flow(), weight(1)));
    if (flow.length == 4) {
      forms.add(NodeForm.of("slopes-of-channels", flow(), weight(flow[1], 1, 1)));
    }
    return forms;
  }

  private static List<NodeForm> layerNormalization(long[] flow) {
    List<NodeForm> forms = new ArrayList<>();
    long last = flow[flow.length - 1];
    forms.add(
        NodeForm.of("epsilon", flow(), weight(last), weight(last))
            .with(Attribute.of("epsilon", 0.25f)));
    if (flow.length == 3) {
      forms.add(
          NodeForm.of("two-axes", flow(), weight(flow[1], last), weight(flow[1], last))
              .with(Attribute.of("axis", 1L)));
    }
    return forms;
  }

  private static List<NodeForm> binary(long[] flow) {
    if (flow[flow.length - 1] == LONG) {
      return List.of(large(flow(), input(flow)));
    }
    List<NodeForm> forms = new ArrayList<>();
    forms.add(NodeForm.of("rank-" + flow.length, flow(), input(flow)));
    if (flow.length > 2) {
      long[] middle = flow.clone();
      middle[1] = 1;
      forms.add(NodeForm.of("middle-" + flow.length, flow(), input(middle)));
      forms.add(NodeForm.of("middle-first-" + flow.length, input(middle), flow()));
    }
    return forms;
  }

  private static List<NodeForm> concat(long[] flow) {
    if (flow.length < 3) {
      return List.of();
    }
    long[] more = flow.clone();
    more[1] += 3;
    Attribute second = Attribute.of("axis", 1L);
    Attribute fromTheEnd = Attribute.of("axis", 1L - flow.length);
    return List.of(
        NodeForm.of("channels", flow(), input(more), flow()).with(second),
        NodeForm.of("channels-from-the-end", input(more), flow()).with(fromTheEnd),
        NodeForm.of("constant", flow(), weight(more)).with(second));
  }

  private static List<NodeForm> slice(long[] flow) {
    if (flow.length < 3) {
      return List.of();
    }
    OperandForm end = indices(Integer.MAX_VALUE, Integer.MAX_VALUE);
    return List.of(
        NodeForm.of("from-the-end", flow(), indices(-2), indices(Integer.MAX_VALUE), indices(-1)),
        NodeForm.of("two-axes", flow(), indices(1, -3), end, indices(1, 2), indices(1, 2)),
        NodeForm.of("without-axes", flow(), indices(0, 1), indices(1, 3)));
  }

  private static List<NodeForm> gather(long[] flow) {
    if (flow.length < 2) {
      return List.of();
    }
    Attribute last = Attribute.of("axis", -1L);
    OperandForm table = given(Tensor.of(new long[] {0, 1, -1, 1, 0, -2}, 3, 2));
    return List.of(
        NodeForm.of("table", flow(), table).with(Attribute.of("axis", flow.length - 1L)),
        NodeForm.of("table-of-rows", flow(), given(Tensor.of(new long[] {0, -1}, 1, 2))),
        NodeForm.of("one", flow(), given(Tensor.of(new long[] {-1}))).with(last));
  }

  private static List<NodeForm> pad(long[] flow) {
    long[] widths = new long[2 * flow.length];
    widths[0] = 1;
    widths[flow.length] = 2;
    long[] less = new long[2 * flow.length];
    less[flow.length - 1] = -1;
    less[2 * flow.length - 1] = 2;
    return List.of(
        NodeForm.of("first-axis", flow(), indices(widths)),
        NodeForm.of("less", flow(), indices(less)));
  }

  private static List<NodeForm> reduceMean(long[] flow) {
    return List.of(
        NodeForm.of("first", flow(), indices(0)), NodeForm.of("ends", flow(), indices(0, -1)));
  }

  private static NodeForm clipped(String name, float low, float high) {
    return NodeForm.of(
        name, flow(), given(Tensor.of(new float[] {low})), given(Tensor.of(new float[] {high})));
  }

  private static List<NodeForm> split(long[] flow) {
    int axis = flow.length - 1;
    return flow[axis] % 2 == 0 && flow[axis] > 2
        ? List.of(
            NodeForm.of("halves", flow())
                .with(Attribute.of("axis", -1L), Attribute.of("num_outputs", 2L))
                .asking(2))
        : List.of();
  }

  /** Values in front: the usual, and those that some forms ask for. */
  static List<long[]> flows() {
    List<long[]> all = new ArrayList<>();
    Collections.addAll(
        all,
        new long[] {2, 4, 7, 6},
        new long[] {3, 8},
        new long[] {7},
        new long[] {2, 4, 5},
        new long[] {1, 2, 4, 5, 6},
        new long[] {BATCH, 4, 3, 2},
        new long[] {1, DEEP, 6, 7},
        new long[] {190, LONG});
    return all;
  }
}

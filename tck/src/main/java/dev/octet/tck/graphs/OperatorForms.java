package dev.octet.tck.graphs;

import static dev.octet.tck.graphs.OperandForm.absent;
import static dev.octet.tck.graphs.OperandForm.flow;
import static dev.octet.tck.graphs.OperandForm.given;
import static dev.octet.tck.graphs.OperandForm.input;
import static dev.octet.tck.graphs.OperandForm.weight;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * The ways in which the kit uses operators of ONNX, as functions of the sizes of the value that
 * flows into them. Sizes of one form are pairwise different where the operator allows it, so that
 * an axis that is taken for another shows.
 */
final class OperatorForms {

  /** From so many channels on a value is wide. */
  private static final long WIDE = 64;

  private static final Attribute WINDOW = Attribute.of("kernel_shape", List.of(2L, 3L));

  private static final String[] FLOAT_FUNCTIONS = {
    "Acos",
    "Acosh",
    "Asin",
    "Asinh",
    "Atan",
    "Atanh",
    "Celu",
    "Cosh",
    "Dropout",
    "Log",
    "Mish",
    "Reciprocal",
    "Selu",
    "Sinh",
    "Softplus",
    "Softsign",
    "Tan"
  };

  private static final String[] COMPARISONS = {
    "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"
  };

  /** Operators whose forms need no axis; the others have none behind a scalar. */
  private static final Set<String> OF_SCALARS = new TreeSet<>();

  private static final Map<String, Function<long[], List<NodeForm>>> FORMS = new TreeMap<>();

  static {
    put(OperatorForms::unary, unaryOperators());
    put(OperatorForms::binary, "Add", "Sub", "Mul", "Div");
    put(OperatorForms::extremes, "Max", "Min");
    put(OperatorForms::conv, "Conv");
    put(OperatorForms::convTranspose, "ConvTranspose");
    put(OperatorForms::gemm, "Gemm");
    put(OperatorForms::matMul, "MatMul");
    put(OperatorForms::batchNormalization, "BatchNormalization");
    put(OperatorForms::layerNormalization, "LayerNormalization");
    put(OperatorForms::clip, "Clip");
    put(OperatorForms::maxPool, "MaxPool");
    put(OperatorForms::averagePool, "AveragePool");
    put(OperatorForms::globalPools, "GlobalAveragePool", "GlobalMaxPool");
    put(OperatorForms::reductions, "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin");
    put(OperatorForms::concat, "Concat");
    put(OperatorForms::softmax, "Softmax", "LogSoftmax");
    put(OperatorForms::reshape, "Reshape");
    put(OperatorForms::flatten, "Flatten");
    put(OperatorForms::transpose, "Transpose");
    put(OperatorForms::squeeze, "Squeeze");
    put(OperatorForms::unsqueeze, "Unsqueeze");
    put(OperatorForms::slice, "Slice");
    put(OperatorForms::pad, "Pad");
    put(OperatorForms::prelu, "PRelu");
    put(OperatorForms::split, "Split");
    put(OperatorForms::gather, "Gather");
    put(OperatorForms::expand, "Expand");
    put(OperatorForms::tile, "Tile");
    put(OperatorForms::unary, FLOAT_FUNCTIONS);
    put(OperatorForms::comparison, COMPARISONS);
    put(OperatorForms::where, "Where");
    put(OperatorForms::pow, "Pow");
    put(OperatorForms::cumSum, "CumSum");
    put(OperatorForms::blocks, "DepthToSpace", "SpaceToDepth");
    put(OperatorForms::resize, "Resize");
    put(OperatorForms::gridSample, "GridSample");
    OF_SCALARS.addAll(List.of(unaryOperators()));
    OF_SCALARS.addAll(List.of(FLOAT_FUNCTIONS));
    OF_SCALARS.addAll(List.of(COMPARISONS));
    OF_SCALARS.addAll(List.of("Add", "Sub", "Mul", "Div", "Max", "Min", "Pow", "Where", "Clip"));
  }

  private OperatorForms() {}

  private static void put(Function<long[], List<NodeForm>> forms, String... operators) {
    for (String operator : operators) {
      FORMS.put(operator, forms);
    }
  }

  /** Returns the operators that the kit knows how to use. */
  static Set<String> operators() {
    return new TreeSet<>(FORMS.keySet());
  }

  /** Returns the operators that the kit has exact arithmetic of integers for. */
  static Set<String> ofIntegers() {
    Set<String> all = operators();
    all.removeAll(List.of(FLOAT_FUNCTIONS));
    all.removeAll(List.of(COMPARISONS));
    all.removeAll(List.of("GridSample", "Where", "Pow", "CumSum"));
    return all;
  }

  /**
   * Returns the forms of an operator behind a value, the plainest first; none if the kit does not
   * know the operator, or it takes no value of that rank.
   */
  static List<NodeForm> of(OpType op, long[] flow) {
    Function<long[], List<NodeForm>> forms = FORMS.get(op.toString());
    boolean takesIt = flow.length > 0 || OF_SCALARS.contains(op.toString());
    return forms == null || !takesIt ? List.of() : forms.apply(flow);
  }

  private static String[] unaryOperators() {
    return new String[] {
      "Relu",
      "HardSwish",
      "HardSigmoid",
      "Sigmoid",
      "Tanh",
      "LeakyRelu",
      "Elu",
      "Gelu",
      "Erf",
      "Abs",
      "Neg",
      "Exp",
      "Sqrt",
      "Floor",
      "Ceil",
      "Round",
      "Sign",
      "Identity",
      "Sin",
      "Cos"
    };
  }

  private static List<NodeForm> unary(long[] flow) {
    return List.of(NodeForm.of("plain", flow()));
  }

  private static List<NodeForm> extremes(long[] flow) {
    List<NodeForm> forms = new ArrayList<>(binary(flow));
    forms.add(NodeForm.of("three", flow(), input(flow), input(flow)));
    return forms;
  }

  private static List<NodeForm> binary(long[] flow) {
    List<NodeForm> forms = new ArrayList<>();
    forms.add(NodeForm.of("same-shape", flow(), input(flow)));
    forms.add(NodeForm.of("second", input(flow), flow()));
    forms.add(NodeForm.of("itself", flow(), flow()));
    forms.add(NodeForm.of("constant", flow(), weight(flow)));
    forms.add(NodeForm.of("constant-first", weight(flow), flow()));
    forms.add(NodeForm.of("scalar", flow(), weight()));
    if (flow.length > 1) {
      forms.add(NodeForm.of("broadcast", flow(), input(flow[flow.length - 1])));
      forms.add(NodeForm.of("broadcast-first", input(flow[flow.length - 1]), flow()));
      if (flow[0] == 1) {
        long[] across = flow.clone();
        across[0] = 3;
        across[1] = 1;
        forms.add(NodeForm.of("broadcast-both", flow(), input(across)));
      }
      long[] channels = LongStream.generate(() -> 1).limit(flow.length - 1L).toArray();
      channels[0] = flow[1];
      forms.add(NodeForm.of("per-channel-constant", flow(), weight(channels)));
      if (flow.length > 2) {
        forms.add(NodeForm.of("last-axis-constant", flow(), weight(flow[flow.length - 1])));
      }
    }
    return forms;
  }

  /**
   * Returns how many output channels a product has behind a value: as many as it has itself where
   * it is wide, so that whole vectors of the hardware are filled, else a few.
   */
  private static long outputs(long channels, long few) {
    return channels >= WIDE ? channels : few;
  }

  private static List<NodeForm> conv(long[] flow) {
    List<NodeForm> forms = new ArrayList<>();
    if (flow.length == 4) {
      long c = flow[1];
      long k = outputs(c, 5);
      forms.add(NodeForm.of("k1", flow(), weight(k, c, 1, 1), weight(k)));
      forms.add(
          NodeForm.of("k1-stride", flow(), weight(5, c, 1, 1), weight(5))
              .with(Attribute.of("strides", List.of(2L, 3L))));
      forms.add(
          NodeForm.of("k5-pad", flow(), weight(6, c, 5, 4), weight(6))
              .with(Attribute.of("pads", List.of(2L, 1L, 2L, 2L))));
      forms.add(NodeForm.of("no-bias", flow(), weight(7, c, 3, 2)));
      forms.add(
          NodeForm.of("k3-pad", flow(), weight(5, c, 3, 2), weight(5))
              .with(Attribute.of("pads", List.of(1L, 0L, 2L, 1L))));
      forms.add(
          NodeForm.of("stride", flow(), weight(5, c, 2, 3), weight(5))
              .with(Attribute.of("strides", List.of(2L, 1L))));
      forms.add(
          NodeForm.of("k3-stride-2", flow(), weight(6, c, 3, 3), weight(6))
              .with(
                  Attribute.of("pads", List.of(1L, 1L, 1L, 1L)),
                  Attribute.of("strides", List.of(2L, 2L))));
      forms.add(
          NodeForm.of("dilation", flow(), weight(5, c, 2, 2), weight(5))
              .with(Attribute.of("dilations", List.of(1L, 2L))));
      forms.add(
          NodeForm.of("same-upper", flow(), weight(5, c, 3, 3), weight(5))
              .with(Attribute.of("auto_pad", "SAME_UPPER")));
      forms.add(
          NodeForm.of("same-lower", flow(), weight(5, c, 2, 2), weight(5))
              .with(Attribute.of("auto_pad", "SAME_LOWER")));
      forms.add(
          NodeForm.of("depthwise-pad", flow(), weight(c, 1, 3, 3), weight(c))
              .with(Attribute.of("group", c), Attribute.of("pads", List.of(1L, 1L, 1L, 1L))));
      forms.add(
          NodeForm.of("depthwise", flow(), weight(2 * c, 1, 3, 2), weight(2 * c))
              .with(Attribute.of("group", c)));
      if (c % 2 == 0) {
        forms.add(
            NodeForm.of("groups", flow(), weight(10, c / 2, 2, 3), weight(10))
                .with(Attribute.of("group", 2L)));
        forms.add(
            NodeForm.of("groups-pad-stride-dilation", flow(), weight(10, c / 2, 2, 3), weight(10))
                .with(
                    Attribute.of("group", 2L),
                    Attribute.of("pads", List.of(1L, 0L, 2L, 1L)),
                    Attribute.of("strides", List.of(2L, 1L)),
                    Attribute.of("dilations", List.of(1L, 2L))));
      }
      if (c % 2 == 0 && c > 4) {
        forms.add(
            NodeForm.of("groups-" + c / 2, flow(), weight(c, 2, 2, 3), weight(c))
                .with(Attribute.of("group", c / 2)));
      }
      forms.add(NodeForm.of("computed-weight", flow(), input(5, c, 1, 2)));
      forms.add(NodeForm.of("computed-bias", flow(), weight(5, c, 1, 2), input(5)));
    } else if (flow.length == 3) {
      forms.add(NodeForm.of("1d", flow(), weight(5, flow[1], 2), weight(5)));
      forms.add(
          NodeForm.of("1d-pad", flow(), weight(5, flow[1], 3), weight(5))
              .with(Attribute.of("pads", List.of(2L, 1L)), Attribute.of("strides", List.of(2L))));
      forms.add(NodeForm.of("1d-computed-weight", flow(), input(5, flow[1], 2)));
    } else if (flow.length == 5) {
      forms.add(NodeForm.of("3d", flow(), weight(5, flow[1], 2, 1, 3), weight(5)));
      forms.add(
          NodeForm.of("3d-pad", flow(), weight(3, flow[1], 2, 3, 2), weight(3))
              .with(
                  Attribute.of("pads", List.of(1L, 0L, 2L, 0L, 1L, 1L)),
                  Attribute.of("strides", List.of(1L, 2L, 1L))));
    }
    return forms;
  }

  private static List<NodeForm> convTranspose(long[] flow) {
    List<NodeForm> forms = new ArrayList<>();
    if (flow.length == 4) {
      forms.addAll(planesTransposed(flow));
    } else if (flow.length == 3) {
      forms.add(NodeForm.of("1d", flow(), weight(flow[1], 5, 2), weight(5)));
      forms.add(
          NodeForm.of("1d-pad", flow(), weight(flow[1], 5, 3), weight(5))
              .with(Attribute.of("pads", List.of(2L, 1L)), Attribute.of("strides", List.of(2L))));
    } else if (flow.length == 5) {
      forms.add(NodeForm.of("3d", flow(), weight(flow[1], 5, 2, 1, 3), weight(5)));
    }
    return forms;
  }

  private static List<NodeForm> planesTransposed(long[] flow) {
    long c = flow[1];
    List<NodeForm> forms = new ArrayList<>();
    Attribute strides = Attribute.of("strides", List.of(2L, 3L));
    forms.add(NodeForm.of("plain", flow(), weight(c, outputs(c, 5), 2, 3), weight(outputs(c, 5))));
    forms.add(NodeForm.of("k1", flow(), weight(c, 5, 1, 1), weight(5)));
    forms.add(NodeForm.of("no-bias", flow(), weight(c, 7, 3, 2)));
    forms.add(
        NodeForm.of("stride", flow(), weight(c, 5, 2, 3), weight(5))
            .with(Attribute.of("strides", List.of(2L, 1L))));
    forms.add(
        NodeForm.of("pad", flow(), weight(c, 5, 3, 2), weight(5))
            .with(Attribute.of("pads", List.of(1L, 0L, 2L, 1L))));
    forms.add(
        NodeForm.of("output-padding", flow(), weight(c, 6, 3, 3), weight(6))
            .with(strides, Attribute.of("output_padding", List.of(0L, 2L))));
    forms.add(
        NodeForm.of("output-shape", flow(), weight(c, 6, 3, 3), weight(6))
            .with(
                strides, Attribute.of("output_shape", List.of(2 * flow[2] + 1, 3 * flow[3] + 2))));
    forms.add(
        NodeForm.of("same-upper", flow(), weight(c, 5, 3, 3), weight(5))
            .with(strides, Attribute.of("auto_pad", "SAME_UPPER")));
    forms.add(
        NodeForm.of("dilation", flow(), weight(c, 5, 2, 2), weight(5))
            .with(Attribute.of("dilations", List.of(1L, 2L))));
    forms.add(
        NodeForm.of("depthwise", flow(), weight(c, 3, 2, 3), weight(3 * c))
            .with(Attribute.of("group", c)));
    if (c % 2 == 0) {
      forms.add(
          NodeForm.of("groups", flow(), weight(c, 5, 2, 3), weight(10))
              .with(Attribute.of("group", 2L)));
      forms.add(
          NodeForm.of("groups-computed-weight", flow(), input(c, 5, 2, 1))
              .with(Attribute.of("group", 2L)));
      forms.add(
          NodeForm.of("groups-computed-bias", flow(), weight(c, 5, 2, 1), input(10))
              .with(Attribute.of("group", 2L)));
    }
    if (c % 2 == 0 && c > 4) {
      forms.add(
          NodeForm.of("groups-" + c / 2, flow(), weight(c, 3, 2, 3), weight(3 * c / 2))
              .with(Attribute.of("group", c / 2)));
    }
    forms.add(NodeForm.of("computed-weight", flow(), input(c, 5, 1, 2)));
    forms.add(NodeForm.of("computed-bias", flow(), weight(c, 5, 1, 2), input(5)));
    return forms;
  }

  private static List<NodeForm> gemm(long[] flow) {
    if (flow.length != 2) {
      return List.of();
    }
    long k = flow[1];
    long n = outputs(k, 7);
    Attribute transposed = Attribute.of("transB", 1L);
    return List.of(
        NodeForm.of("transposed", flow(), weight(n, k), weight(n)).with(transposed),
        NodeForm.of("plain", flow(), weight(k, 7), weight(7)),
        NodeForm.of("no-bias", flow(), weight(7, k)).with(transposed),
        NodeForm.of("one-bias", flow(), weight(k, 7), weight(1)),
        NodeForm.of("alpha", flow(), weight(k, 7), weight(7)).with(Attribute.of("alpha", 0.5f)),
        NodeForm.of("beta", flow(), weight(k, 7), weight(7)).with(Attribute.of("beta", 2f)),
        NodeForm.of("trans-a", flow(), weight(flow[0], 7)).with(Attribute.of("transA", 1L)),
        NodeForm.of("computed-weight", flow(), input(k, 7)),
        NodeForm.of("computed-bias", flow(), weight(k, 7), input(7)));
  }

  private static List<NodeForm> matMul(long[] flow) {
    List<NodeForm> forms = new ArrayList<>();
    if (flow.length >= 2) {
      long k = flow[flow.length - 1];
      forms.add(NodeForm.of("constant", flow(), weight(k, outputs(k, 7))));
      forms.add(NodeForm.of("inputs", flow(), input(k, 7)));
      long rows = flow[flow.length - 2];
      forms.add(NodeForm.of("second", input(7, rows), flow()));
      forms.add(NodeForm.of("constant-first", weight(7, rows), flow()));
      forms.add(NodeForm.of("vector", flow(), weight(k)));
      if (flow.length == 3) {
        forms.add(NodeForm.of("batched", flow(), weight(flow[0], k, 7)));
        forms.add(NodeForm.of("batched-inputs", flow(), input(flow[0], k, 7)));
      }
      if (flow.length == 4) {
        forms.add(NodeForm.of("stacked-inputs", flow(), input(1, flow[1], k, 7)));
      }
    }
    return forms;
  }

  private static List<NodeForm> batchNormalization(long[] flow) {
    if (flow.length < 2) {
      return List.of();
    }
    float[] ones = new float[Math.toIntExact(flow[1])];
    Arrays.fill(ones, 1.5f);
    return List.of(
        NodeForm.of(
            "plain",
            flow(),
            weight(flow[1]),
            weight(flow[1]),
            weight(flow[1]),
            given(Tensor.of(ones, flow[1]))));
  }

  private static List<NodeForm> layerNormalization(long[] flow) {
    long last = flow[flow.length - 1];
    return List.of(
        NodeForm.of("bias", flow(), weight(last), weight(last)),
        NodeForm.of("no-bias", flow(), weight(last)),
        NodeForm.of("mean-asked", flow(), weight(last), weight(last)).asking(2),
        NodeForm.of("computed-scale", flow(), input(last), weight(last)),
        NodeForm.of("computed-bias", flow(), weight(last), input(last)));
  }

  private static List<NodeForm> clip(long[] flow) {
    return List.of(
        NodeForm.of("six", flow(), given(scalar(0)), given(scalar(6))),
        NodeForm.of("narrow", flow(), given(scalar(-0.5f)), given(scalar(0.75f))),
        NodeForm.of("lower", flow(), given(scalar(0))),
        NodeForm.of("upper", flow(), absent(), given(scalar(1))),
        NodeForm.of("computed-bound", flow(), input()),
        NodeForm.of("computed-upper", flow(), given(scalar(0)), input()));
  }

  private static List<NodeForm> maxPool(long[] flow) {
    Attribute apart = Attribute.of("dilations", List.of(2L, 1L));
    List<NodeForm> forms =
        new ArrayList<>(pools(flow, NodeForm.of("dilation", flow()).with(WINDOW, apart)));
    if (!forms.isEmpty()) {
      forms.add(NodeForm.of("indices-asked", flow()).with(WINDOW).asking(2));
    }
    return forms;
  }

  private static List<NodeForm> averagePool(long[] flow) {
    Attribute pads = Attribute.of("pads", List.of(1L, 0L, 0L, 1L));
    Attribute counted = Attribute.of("count_include_pad", 1L);
    return pools(flow, NodeForm.of("counted-pad", flow()).with(WINDOW, pads, counted));
  }

  private static List<NodeForm> pools(long[] flow, NodeForm own) {
    if (flow.length == 5) {
      return List.of(
          NodeForm.of("3d", flow())
              .with(
                  Attribute.of("kernel_shape", List.of(2L, 3L, 2L)),
                  Attribute.of("pads", List.of(1L, 0L, 0L, 0L, 1L, 1L)),
                  Attribute.of("strides", List.of(1L, 1L, 2L))));
    }
    if (flow.length != 4) {
      return List.of();
    }
    return List.of(
        NodeForm.of("plain", flow()).with(WINDOW),
        NodeForm.of("stride", flow()).with(WINDOW, Attribute.of("strides", List.of(2L, 1L))),
        NodeForm.of("pad", flow()).with(WINDOW, Attribute.of("pads", List.of(1L, 0L, 0L, 1L))),
        NodeForm.of("pad-stride", flow())
            .with(
                WINDOW,
                Attribute.of("pads", List.of(0L, 2L, 1L, 1L)),
                Attribute.of("strides", List.of(1L, 3L))),
        own,
        NodeForm.of("ceil", flow())
            .with(WINDOW, Attribute.of("strides", List.of(2L, 2L)), Attribute.of("ceil_mode", 1L)));
  }

  private static List<NodeForm> globalPools(long[] flow) {
    return flow.length < 3 ? List.of() : List.of(NodeForm.of("plain", flow()));
  }

  private static List<NodeForm> reductions(long[] flow) {
    Tensor last = Tensor.of(new long[] {flow.length - 1L}, 1);
    List<NodeForm> forms = new ArrayList<>();
    forms.add(NodeForm.of("last", flow(), given(last)));
    forms.add(NodeForm.of("dropped", flow(), given(last)).with(Attribute.of("keepdims", 0L)));
    if (flow.length == 4) {
      forms.add(NodeForm.of("image", flow(), given(Tensor.of(new long[] {2, 3}, 2))));
    }
    return forms;
  }

  private static List<NodeForm> concat(long[] flow) {
    Attribute axis = Attribute.of("axis", flow.length - 1L);
    long[] longer = flow.clone();
    longer[flow.length - 1] += 2;
    List<NodeForm> forms = new ArrayList<>();
    forms.add(NodeForm.of("two", flow(), input(flow)).with(axis));
    forms.add(NodeForm.of("three", input(flow), flow(), input(flow)).with(axis));
    forms.add(NodeForm.of("itself", flow(), flow()).with(axis));
    forms.add(
        NodeForm.of("five-uneven", input(longer), flow(), input(flow), input(longer), input(flow))
            .with(Attribute.of("axis", -1L)));
    if (flow.length > 1) {
      forms.add(NodeForm.of("first-axis", flow(), input(flow)).with(Attribute.of("axis", 0L)));
    }
    return forms;
  }

  private static List<NodeForm> softmax(long[] flow) {
    List<NodeForm> forms = new ArrayList<>();
    forms.add(NodeForm.of("last", flow()).with(Attribute.of("axis", -1L)));
    forms.add(NodeForm.of("first", flow()).with(Attribute.of("axis", 0L)));
    if (flow.length > 2) {
      forms.add(NodeForm.of("second", flow()).with(Attribute.of("axis", 1L)));
    }
    return forms;
  }

  private static List<NodeForm> reshape(long[] flow) {
    long count = LongStream.of(flow).reduce(1, Math::multiplyExact);
    return List.of(
        NodeForm.of("rows", flow(), given(Tensor.of(new long[] {flow[0], count / flow[0]}, 2))),
        NodeForm.of("vector", flow(), given(Tensor.of(new long[] {-1}, 1))));
  }

  private static List<NodeForm> flatten(long[] flow) {
    return List.of(
        NodeForm.of("plain", flow()), NodeForm.of("axis-0", flow()).with(Attribute.of("axis", 0L)));
  }

  private static List<NodeForm> transpose(long[] flow) {
    List<Long> rotated = new ArrayList<>();
    for (int i = 0; i < flow.length; i++) {
      rotated.add((i + 1L) % flow.length);
    }
    List<NodeForm> forms = new ArrayList<>();
    forms.add(NodeForm.of("plain", flow()));
    forms.add(NodeForm.of("rotated", flow()).with(Attribute.of("perm", rotated)));
    if (flow.length == 4) {
      Attribute heads = Attribute.of("perm", List.of(0L, 2L, 1L, 3L));
      forms.add(NodeForm.of("heads", flow()).with(heads));
    }
    return forms;
  }

  private static List<NodeForm> squeeze(long[] flow) {
    return flow[0] == 1
        ? List.of(NodeForm.of("first", flow(), given(Tensor.of(new long[] {0}, 1))))
        : List.of();
  }

  private static List<NodeForm> unsqueeze(long[] flow) {
    return List.of(NodeForm.of("second", flow(), given(Tensor.of(new long[] {1}, 1))));
  }

  private static List<NodeForm> slice(long[] flow) {
    OperandForm one = given(Tensor.of(new long[] {1}, 1));
    OperandForm all = given(Tensor.of(new long[] {Integer.MAX_VALUE}, 1));
    OperandForm last = given(Tensor.of(new long[] {flow.length - 1L}, 1));
    OperandForm end = given(Tensor.of(new long[] {flow[flow.length - 1] - 1}, 1));
    OperandForm before = given(Tensor.of(new long[] {Integer.MIN_VALUE}, 1));
    OperandForm back = given(Tensor.of(new long[] {-2}, 1));
    return List.of(
        NodeForm.of("rest", flow(), one, all, last),
        NodeForm.of("backwards", flow(), end, before, last, back));
  }

  private static List<NodeForm> pad(long[] flow) {
    long[] pads = new long[2 * flow.length];
    pads[flow.length - 1] = 1;
    pads[2 * flow.length - 1] = 2;
    OperandForm widths = given(Tensor.of(pads, pads.length));
    return List.of(
        NodeForm.of("zeros", flow(), widths),
        NodeForm.of("stated-zero", flow(), widths, given(scalar(0))),
        NodeForm.of("ones", flow(), widths, given(scalar(1))),
        NodeForm.of("edge", flow(), widths).with(Attribute.of("mode", "edge")));
  }

  private static List<NodeForm> prelu(long[] flow) {
    return List.of(NodeForm.of("plain", flow(), weight(flow[flow.length - 1])));
  }

  private static List<NodeForm> split(long[] flow) {
    long last = flow[flow.length - 1];
    Attribute axis = Attribute.of("axis", flow.length - 1L);
    List<NodeForm> forms = new ArrayList<>();
    if (last > 1) {
      OperandForm sizes = given(Tensor.of(new long[] {1, last - 1}, 2));
      forms.add(NodeForm.of("two", flow(), sizes).with(axis).asking(2));
    }
    if (last > 3) {
      OperandForm sizes = given(Tensor.of(new long[] {1, last - 3, 2}, 3));
      forms.add(NodeForm.of("three", flow(), sizes).with(axis).asking(3));
    }
    return forms;
  }

  private static List<NodeForm> gather(long[] flow) {
    List<NodeForm> forms = new ArrayList<>();
    forms.add(NodeForm.of("two", flow(), given(Tensor.of(new long[] {0, flow[0] - 1}, 2))));
    if (flow.length > 1) {
      Attribute axis = Attribute.of("axis", 1L);
      OperandForm chosen = given(Tensor.of(new long[] {-1, 0, 0}, 3));
      forms.add(NodeForm.of("from-the-end", flow(), chosen).with(axis));
    }
    return forms;
  }

  private static List<NodeForm> expand(long[] flow) {
    long[] sizes = LongStream.concat(LongStream.of(2), LongStream.of(flow)).toArray();
    return List.of(NodeForm.of("doubled", flow(), given(Tensor.of(sizes, sizes.length))));
  }

  private static List<NodeForm> tile(long[] flow) {
    long[] repeats = LongStream.generate(() -> 1).limit(flow.length).toArray();
    repeats[0] = 2;
    return List.of(NodeForm.of("doubled", flow(), given(Tensor.of(repeats, repeats.length))));
  }

  private static List<NodeForm> comparison(long[] flow) {
    return List.of(
        NodeForm.of("same-shape", flow(), input(flow)),
        NodeForm.of("second", input(flow), flow()),
        NodeForm.of("constant", flow(), weight(flow)),
        NodeForm.of("scalar", flow(), weight()));
  }

  private static List<NodeForm> where(long[] flow) {
    int count = Math.toIntExact(LongStream.of(flow).reduce(1, Math::multiplyExact));
    boolean[] chosen = new boolean[count];
    for (int i = 0; i < count; i += 3) {
      chosen[i] = true;
    }
    OperandForm condition = given(Tensor.of(chosen, flow));
    return List.of(
        NodeForm.of("same-shape", condition, flow(), input(flow)),
        NodeForm.of("second", condition, input(flow), flow()),
        NodeForm.of("constant", condition, flow(), weight(flow)));
  }

  private static List<NodeForm> pow(long[] flow) {
    List<NodeForm> forms = new ArrayList<>();
    forms.add(NodeForm.of("square", flow(), given(scalar(2))));
    forms.add(NodeForm.of("root", flow(), given(scalar(0.5f))));
    forms.add(NodeForm.of("computed-power", flow(), input(flow)));
    if (flow.length > 0) {
      float[] powers = new float[(int) flow[flow.length - 1]];
      for (int i = 0; i < powers.length; i++) {
        powers[i] = 1 + i % 3;
      }
      forms.add(NodeForm.of("powers", flow(), given(Tensor.of(powers, powers.length))));
    }
    return forms;
  }

  private static List<NodeForm> cumSum(long[] flow) {
    OperandForm last = given(Tensor.ofIntegers(DataType.INT64, new long[] {flow.length - 1L}));
    return List.of(
        NodeForm.of("last", flow(), last),
        NodeForm.of("reverse", flow(), last).with(Attribute.of("reverse", 1L)),
        NodeForm.of("exclusive", flow(), last).with(Attribute.of("exclusive", 1L)));
  }

  /** Of blocks of one element as well, which any sizes have. */
  private static List<NodeForm> blocks(long[] flow) {
    return flow.length != 4
        ? List.of()
        : List.of(
            NodeForm.of("two", flow()).with(Attribute.of("blocksize", 2L)),
            NodeForm.of("one", flow()).with(Attribute.of("blocksize", 1L)));
  }

  /** To sizes, or by factors, in the modes of ONNX; the last axis alone where there are few. */
  private static List<NodeForm> resize(long[] flow) {
    long[] doubled = flow.clone();
    float[] factors = new float[flow.length];
    Arrays.fill(factors, 1);
    for (int axis = Math.min(2, flow.length - 1); axis < flow.length; axis++) {
      doubled[axis] = 2 * flow[axis] + axis;
      factors[axis] = axis % 2 == 0 ? 2 : 1.5f;
    }
    OperandForm sizes = given(Tensor.of(doubled, doubled.length));
    OperandForm scales = given(Tensor.of(factors, factors.length));
    Attribute linear = Attribute.of("mode", "linear");
    Attribute asymmetric = Attribute.of("coordinate_transformation_mode", "asymmetric");
    return List.of(
        NodeForm.of("nearest", flow(), absent(), scales),
        NodeForm.of("nearest-sizes", flow(), absent(), absent(), sizes),
        NodeForm.of("nearest-floor", flow(), absent(), scales)
            .with(asymmetric, Attribute.of("nearest_mode", "floor")),
        NodeForm.of("linear", flow(), absent(), scales).with(linear),
        NodeForm.of("linear-corners", flow(), absent(), absent(), sizes)
            .with(linear, Attribute.of("coordinate_transformation_mode", "align_corners")),
        NodeForm.of("cubic", flow(), absent(), scales).with(Attribute.of("mode", "cubic")));
  }

  private static List<NodeForm> gridSample(long[] flow) {
    if (flow.length != 4) {
      return List.of();
    }
    OperandForm grid = input(flow[0], 5, 3, 2);
    return List.of(
        NodeForm.of("plain", flow(), grid),
        NodeForm.of("nearest", flow(), grid).with(Attribute.of("mode", "nearest")),
        NodeForm.of("border", flow(), grid).with(Attribute.of("padding_mode", "border")),
        NodeForm.of("corners", flow(), grid).with(Attribute.of("align_corners", 1L)));
  }

  private static Tensor scalar(float value) {
    return Tensor.of(new float[] {value});
  }
}

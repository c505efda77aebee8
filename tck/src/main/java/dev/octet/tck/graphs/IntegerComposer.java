package dev.octet.tck.graphs;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.OpType;
import dev.octet.tck.integers.IntegerDraft;
import dev.octet.tck.integers.IntegerModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Composes models of one operator between conversions: in each of its forms, of each of the types,
 * with each kind of numbers. Immutable.
 */
public final class IntegerComposer {

  /** Operators that multiply what they read by constants with scales of their own. */
  private static final Set<String> PRODUCTS = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");

  /** Forms that the kit does not use on integers: what they scale or pad is no integer. */
  private static final Set<String> NOT_OF_INTEGERS =
      Set.of(
          "Gemm/alpha",
          "Gemm/beta",
          "Gemm/computed-bias",
          "LayerNormalization/computed-bias",
          "LayerNormalization/computed-scale",
          "LayerNormalization/mean-asked",
          "MaxPool/indices-asked",
          "Pad/ones",
          "Resize/cubic",
          "Resize/linear",
          "Resize/linear-corners",
          "Clip/computed-bound",
          "Clip/computed-upper",
          "Conv/computed-bias",
          "ConvTranspose/computed-bias",
          "ConvTranspose/groups-computed-bias",
          "ReduceMean/dropped",
          "ReduceSum/dropped");

  /** Operators that compute each sample of a batch from that sample alone, in their first form. */
  private static final Set<String> BATCH_WISE =
      Set.of(
          "Conv",
          "ConvTranspose",
          "Gemm",
          "MatMul",
          "Add",
          "Mul",
          "Relu",
          "Clip",
          "LeakyRelu",
          "HardSwish",
          "Sigmoid",
          "MaxPool",
          "AveragePool",
          "GlobalAveragePool",
          "Softmax");

  private static final long[][] FLOWS = {
    {2, 4, 7, 6}, {3, 8}, {2, 3, 5}, {1, 6, 5}, {1, 2, 3, 4, 5}
  };

  /** Rows, terms and columns below, at and above whole vectors of 8, 16, 32 and 64. */
  private static final long[][] VECTORS = {
    {1, 1, 1},
    {9, 17, 15},
    {17, 31, 16},
    {15, 33, 17},
    {31, 16, 9},
    {5, 9, 31},
    {33, 15, 33},
    {7, 65, 63},
    {65, 63, 65}
  };

  private static final List<Long> LENGTHS = List.of(1L, 9L, 15L, 17L, 33L, 63L, 65L, 129L);
  private static final long[][] WIDE = {{19, 72}, {1, 72, 3, 19}, {2, 19, 72}};
  private static final long[][] SMALL = {
    {1, 2, 4, 3}, {1, 2}, {1, 2, 3}, {1, 2, 4}, {1, 2, 2, 3, 3}
  };

  private final long seed;

  /** Makes a composer whose random numbers depend on a seed. */
  public IntegerComposer(long seed) {
    this.seed = seed;
  }

  /** Returns the operators that the kit knows how to use. */
  public static Set<String> operators() {
    return new TreeSet<>(OperatorForms.ofIntegers());
  }

  /** Tells whether an operator multiplies by constants that may have a scale for each channel. */
  public static boolean isProduct(OpType op) {
    return PRODUCTS.contains(op.toString());
  }

  /** Tells whether an operator slides weights of its channels over an image. */
  public static boolean isConvolution(OpType op) {
    return op.is("Conv") || op.is("ConvTranspose");
  }

  /** Returns the types to try with an operator. */
  public static List<Types> types(OpType op) {
    List<Types> all = new ArrayList<>();
    for (DataType activation : List.of(DataType.INT8, DataType.UINT8)) {
      if (!isProduct(op)) {
        all.add(new Types(activation, activation, false));
        continue;
      }
      for (DataType weight : List.of(DataType.INT8, DataType.UINT8, DataType.INT4)) {
        all.add(new Types(activation, weight, false));
        if (weight.isSignedInteger()) {
          all.add(new Types(activation, weight, true));
        }
      }
    }
    return all;
  }

  /**
   * Returns types to try with an operator in its plainest forms alone: activations of 16 bits,
   * weights with a zero point for each channel, operands and results of unlike signs.
   */
  public static List<Types> furtherTypes(OpType op) {
    if (isProduct(op)) {
      return List.of(
          new Types(DataType.INT16, DataType.INT8, true),
          new Types(DataType.INT8, DataType.UINT8, true),
          new Types(DataType.UINT8, DataType.UINT8, true));
    }
    Types wide = new Types(DataType.INT16, DataType.INT16, false);
    return IntegerNode.keepsMeaning(op)
        ? List.of(wide)
        : List.of(
            wide,
            new Types(DataType.INT8, DataType.UINT8, false),
            new Types(DataType.UINT8, DataType.INT8, false));
  }

  /** Returns the models of an operator in each of its forms. */
  public List<IntegerModel> everyForm(OpType op, Types types, Numbers numbers) {
    return forms(op, types, numbers, Integer.MAX_VALUE);
  }

  private List<IntegerModel> forms(OpType op, Types types, Numbers numbers, int most) {
    return forms(op, types, numbers, most, FLOWS);
  }

  /** Returns the models of an operator in forms that are seldom; see {@link RareForms}. */
  public List<IntegerModel> rareForms(OpType op, Types types) {
    List<IntegerModel> all = new ArrayList<>();
    Set<String> done = new TreeSet<>();
    for (long[] flow : RareForms.flows()) {
      for (NodeForm form : RareForms.of(op, flow)) {
        if (isUsed(op, form, types) && !done.contains(form.name())) {
          compose(op, form, flow, types, Numbers.RANDOM)
              .filter(model -> done.add(form.name()))
              .ifPresent(all::add);
        }
      }
    }
    return all;
  }

  /** Returns the plainest model of an operator at sizes that fill whole vectors, and more. */
  public List<IntegerModel> wide(OpType op, Types types, Numbers numbers) {
    return forms(op, types, numbers, 1, WIDE);
  }

  private List<IntegerModel> forms(
      OpType op, Types types, Numbers numbers, int most, long[][] flows) {
    List<IntegerModel> all = new ArrayList<>();
    Set<String> done = new TreeSet<>();
    for (long[] flow : flows) {
      for (NodeForm form : OperatorForms.of(op, flow)) {
        if (isUsed(op, form, types) && !done.contains(form.name()) && all.size() < most) {
          compose(op, form, flow, types, numbers)
              .ifPresent(
                  model -> {
                    done.add(form.name());
                    all.add(model);
                  });
        }
      }
    }
    return all;
  }

  /** Returns the models of an operator in its plainest form; of a product, in two. */
  public List<IntegerModel> plainForms(OpType op, Types types, Numbers numbers) {
    return forms(op, types, numbers, isProduct(op) ? 2 : 1);
  }

  /** Returns products over a given number of terms; none for other operators. */
  public List<IntegerModel> longSums(OpType op, Types types, Numbers numbers, long terms) {
    List<IntegerModel> all = new ArrayList<>();
    if (isConvolution(op)) {
      OperandForm weight = kernel(op, terms, 3);
      NodeForm form = NodeForm.of("no-bias-" + terms, OperandForm.flow(), weight);
      compose(op, form, new long[] {1, terms, 2, 1}, types, numbers).ifPresent(all::add);
    }
    long[] flow = {2, terms};
    if (op.is("MatMul") || op.is("Gemm")) {
      for (NodeForm form : OperatorForms.of(op, flow)) {
        if (Set.of("constant", "transposed", "plain").contains(form.name())) {
          compose(op, narrow(form, terms), flow, types, numbers).ifPresent(all::add);
        }
      }
    }
    return all;
  }

  /** Returns products whose sums are near the end of 32 bits until a bias is added; or none. */
  public List<IntegerModel> undoneByBias(OpType op, Types types, long terms) {
    List<IntegerModel> all = new ArrayList<>();
    if (isConvolution(op)) {
      OperandForm weight = kernel(op, terms, 3);
      NodeForm form = NodeForm.of("bias-" + terms, OperandForm.flow(), weight, ofColumns(3));
      compose(op, form, new long[] {1, terms, 2, 1}, types, Numbers.UNDONE_BY_BIAS)
          .ifPresent(all::add);
    }
    if (op.is("Gemm")) {
      NodeForm form =
          NodeForm.of(
                  "bias-" + terms, OperandForm.flow(), OperandForm.weight(3, terms), ofColumns(3))
              .with(Attribute.of("transB", 1L));
      compose(op, form, new long[] {2, terms}, types, Numbers.UNDONE_BY_BIAS).ifPresent(all::add);
    }
    return all;
  }

  /** The weight of a kernel of one tap from input channels, the terms of a sum, to others. */
  private static OperandForm kernel(OpType op, long terms, long channels) {
    return op.is("Conv")
        ? OperandForm.weight(channels, terms, 1, 1)
        : OperandForm.weight(terms, channels, 1, 1);
  }

  private static OperandForm ofColumns(long columns) {
    return OperandForm.weight(columns);
  }

  /** Returns an operator at sizes around whole vectors of every width. */
  public List<IntegerModel> vectors(OpType op, Types types) {
    List<IntegerModel> all = new ArrayList<>();
    if (!isProduct(op)) {
      for (long length : LENGTHS) {
        all.addAll(forms(op, types, Numbers.RANDOM, 1, new long[][] {{length}}));
      }
      return all;
    }
    for (long[] sizes : VECTORS) {
      NodeForm form = vector(op, sizes[1], sizes[2]);
      long[] flow =
          isConvolution(op)
              ? new long[] {1, sizes[1], 1, sizes[0]}
              : new long[] {sizes[0], sizes[1]};
      compose(op, form, flow, types, Numbers.RANDOM).ifPresent(all::add);
    }
    return all;
  }

  private static NodeForm vector(OpType op, long terms, long columns) {
    String name = "vector-" + columns;
    OperandForm flow = OperandForm.flow();
    if (isConvolution(op)) {
      return NodeForm.of(name, flow, kernel(op, terms, columns), ofColumns(columns));
    }
    return op.is("Gemm")
        ? NodeForm.of(name, flow, OperandForm.weight(columns, terms), ofColumns(columns))
            .with(Attribute.of("transB", 1L))
        : NodeForm.of(name, flow, OperandForm.weight(terms, columns));
  }

  /** Returns an operator on a value without an axis; none where it needs one. */
  public List<IntegerModel> scalars(OpType op, Types types) {
    return forms(op, types, Numbers.RANDOM, 1, new long[][] {{}});
  }

  /** Three columns instead of the usual seven, without a bias. */
  private static NodeForm narrow(NodeForm form, long terms) {
    OperandForm.Weight usual = (OperandForm.Weight) form.operands().get(1);
    boolean transposed = usual.shape().sizes()[0] != terms;
    OperandForm weight = transposed ? OperandForm.weight(3, terms) : OperandForm.weight(terms, 3);
    return new NodeForm(
        form.name() + "-" + terms,
        List.of(form.operands().get(0), weight),
        form.attributes(),
        form.results());
  }

  /** Returns a model like another with smaller sizes; empty when the form takes no smaller ones. */
  public Optional<IntegerModel> smaller(OpType op, String form, Types types, Numbers numbers) {
    for (long[] flow : SMALL) {
      for (NodeForm candidate : OperatorForms.of(op, flow)) {
        if (candidate.name().equals(form)) {
          Optional<IntegerModel> made = compose(op, candidate, flow, types, numbers);
          if (made.isPresent()) {
            return made;
          }
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Returns an operator's plainest model whose batch may have any size; empty when the operator
   * does not work on one sample after the other.
   */
  public Optional<IntegerModel> anyBatch(OpType op, Types types) {
    for (long[] flow : BATCH_WISE.contains(op.toString()) ? FLOWS : new long[0][]) {
      for (NodeForm form : OperatorForms.of(op, flow)) {
        if (isUsed(op, form, types)) {
          String name = op.toString().toLowerCase(Locale.ROOT) + "/any-batch/" + types;
          SplittableRandom random = RandomFloats.generator(seed, name);
          IntegerDraft draft = IntegerDraft.ofAnyBatch(name);
          return new IntegerNode(draft, op, form, flow, types, Numbers.RANDOM, random).model();
        }
      }
    }
    return Optional.empty();
  }

  /** One bias for all channels has one scale, which is not the product of those of each channel. */
  private static boolean isUsed(OpType op, NodeForm form, Types types) {
    boolean oneForAll = form.name().matches("one-bias|bias-[a-z]+") && types.perChannel();
    return !oneForAll && !NOT_OF_INTEGERS.contains(op + "/" + form.name());
  }

  private Optional<IntegerModel> compose(
      OpType op, NodeForm form, long[] flow, Types types, Numbers numbers) {
    String sizes = flow.length == 0 ? "scalar" : Composer.name(flow);
    String name =
        (op + "/" + form.name() + "/" + types + "/" + sizes + "/" + numbers)
            .replace('_', '-')
            .toLowerCase(Locale.ROOT);
    SplittableRandom random = RandomFloats.generator(seed, name);
    return new IntegerNode(IntegerDraft.of(name), op, form, flow, types, numbers, random).model();
  }
}

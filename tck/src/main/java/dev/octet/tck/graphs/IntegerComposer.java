package dev.octet.tck.graphs;

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
  private static final Set<String> PRODUCTS = Set.of("Conv", "Gemm", "MatMul");

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
          "Clip/computed-bound",
          "Clip/computed-upper",
          "Conv/computed-bias",
          "ReduceMean/dropped");

  /** Operators that compute each sample of a batch from that sample alone, in their first form. */
  private static final Set<String> BATCH_WISE =
      Set.of(
          "Conv",
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

  private static final long[][] FLOWS = {{2, 4, 7, 6}, {3, 8}, {2, 3, 5}, {1, 6, 5}};
  private static final long[][] WIDE = {{19, 72}, {1, 72, 3, 19}, {2, 19, 72}};
  private static final long[][] SMALL = {{1, 2, 4, 3}, {1, 2}, {1, 2, 3}, {1, 2, 4}};

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

  /** Returns the models of an operator in each of its forms. */
  public List<IntegerModel> everyForm(OpType op, Types types, Numbers numbers) {
    return forms(op, types, numbers, Integer.MAX_VALUE);
  }

  private List<IntegerModel> forms(OpType op, Types types, Numbers numbers, int most) {
    return forms(op, types, numbers, most, FLOWS);
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
    if (op.is("Conv")) {
      OperandForm weight = OperandForm.weight(3, terms, 1, 1);
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
    boolean oneForAll = form.name().equals("one-bias") && types.perChannel();
    return !oneForAll && !NOT_OF_INTEGERS.contains(op + "/" + form.name());
  }

  private Optional<IntegerModel> compose(
      OpType op, NodeForm form, long[] flow, Types types, Numbers numbers) {
    String sizes = Composer.name(flow);
    String name =
        (op + "/" + form.name() + "/" + types + "/" + sizes + "/" + numbers)
            .replace('_', '-')
            .toLowerCase(Locale.ROOT);
    SplittableRandom random = RandomFloats.generator(seed, name);
    return new IntegerNode(IntegerDraft.of(name), op, form, flow, types, numbers, random).model();
  }
}

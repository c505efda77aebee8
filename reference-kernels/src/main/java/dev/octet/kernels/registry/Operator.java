package dev.octet.kernels.registry;

import dev.octet.api.graph.DataType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * An {@link OperatorKernel} put together from its parts: which element types operands may have,
 * which operands' contents it needs, what else it refuses, and how it is prepared. Immutable.
 */
public final class Operator implements OperatorKernel {

  private final Function<Preparation, Kernel> prepare;
  private final List<Function<Signature, Optional<String>>> refusals;
  private final Set<Integer> contents;
  private final boolean sizesOnly;

  private Operator(
      Function<Preparation, Kernel> prepare,
      List<Function<Signature, Optional<String>>> refusals,
      Set<Integer> contents,
      boolean sizesOnly) {
    this.prepare = prepare;
    this.refusals = List.copyOf(refusals);
    this.contents = Set.copyOf(contents);
    this.sizesOnly = sizesOnly;
  }

  /** Returns an operator that refuses nothing. */
  public static Operator of(Function<Preparation, Kernel> prepare) {
    return new Operator(prepare, List.of(), Set.of(), false);
  }

  /** Returns this operator, restricted to some element types of one operand. */
  public Operator types(int operand, DataType... allowed) {
    Set<DataType> set = EnumSet.noneOf(DataType.class);
    set.addAll(List.of(allowed));
    return refusing(signature -> wrongType(signature, operand, set));
  }

  /** Returns this operator, restricted to some element types of all operands. */
  public Operator allTypes(DataType... allowed) {
    Set<DataType> set = EnumSet.noneOf(DataType.class);
    set.addAll(List.of(allowed));
    return refusing(
        signature -> {
          for (int i = 0; i < signature.operandTypes().size(); i++) {
            Optional<String> reason = wrongType(signature, i, set);
            if (reason.isPresent()) {
              return reason;
            }
          }
          return Optional.empty();
        });
  }

  /** Returns this operator, which needs the contents of some operands when it is prepared. */
  public Operator contents(Integer... operands) {
    return new Operator(prepare, refusals, Set.of(operands), sizesOnly);
  }

  /** Returns this operator, whose results depend on sizes only; see {@link #readsSizesOnly}. */
  public Operator ofSizes() {
    return new Operator(prepare, refusals, contents, true);
  }

  /** Returns this operator with one more refusal; see {@link OperatorKernel#refusal}. */
  public Operator refusing(Function<Signature, Optional<String>> refusal) {
    List<Function<Signature, Optional<String>>> more = new ArrayList<>(refusals);
    more.add(refusal);
    return new Operator(prepare, more, contents, sizesOnly);
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    for (Function<Signature, Optional<String>> refusal : refusals) {
      Optional<String> reason = refusal.apply(signature);
      if (reason.isPresent()) {
        return reason;
      }
    }
    return Optional.empty();
  }

  @Override
  public boolean needsContents(Signature signature, int operand) {
    return contents.contains(operand);
  }

  @Override
  public boolean readsSizesOnly() {
    return sizesOnly;
  }

  @Override
  public Kernel prepare(Preparation preparation) {
    return prepare.apply(preparation);
  }

  private static Optional<String> wrongType(
      Signature signature, int operand, Set<DataType> allowed) {
    return signature
        .operandType(operand)
        .filter(type -> !allowed.contains(type))
        .map(type -> "operand " + operand + " of type " + type + " is not supported");
  }
}

package dev.octet.kernels.compile;

import dev.octet.api.graph.DataType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * An {@link OperatorKernel} put together from its parts: which element types operands may have,
 * which operands' contents it needs, what else it refuses, and how it is compiled. Immutable.
 */
public final class Operator implements OperatorKernel {

  private final Function<Compilation, CompiledNode> compile;
  private final List<Function<Signature, Optional<String>>> refusals;
  private final Set<Integer> contents;
  private final boolean sizesOnly;

  private Operator(
      Function<Compilation, CompiledNode> compile,
      List<Function<Signature, Optional<String>>> refusals,
      Set<Integer> contents,
      boolean sizesOnly) {
    this.compile = compile;
    this.refusals = List.copyOf(refusals);
    this.contents = Set.copyOf(contents);
    this.sizesOnly = sizesOnly;
  }

  /** Returns an operator that refuses nothing and has nothing to compile. */
  public static Operator of(Function<Preparation, Kernel> bind) {
    return compiled(compilation -> bind::apply);
  }

  /** Returns an operator that refuses nothing; see {@link OperatorKernel#compile}. */
  public static Operator compiled(Function<Compilation, CompiledNode> compile) {
    return new Operator(compile, List.of(), Set.of(), false);
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

  /**
   * Returns this operator of FLOAT for all floats of at most 32 bits: those of 16 are computed in
   * FLOAT, and results rounded to their type once. Other operands than floats are refused.
   *
   * @param more types that it takes besides
   */
  public Operator onFloats(DataType... more) {
    Set<DataType> allowed = EnumSet.of(DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16);
    allowed.addAll(List.of(more));
    return new Operator(WidenedNode.of(compile), refusals, contents, sizesOnly)
        .allTypes(allowed.toArray(DataType[]::new));
  }

  /** Returns this operator, which needs the contents of some operands when it is bound. */
  public Operator contents(Integer... operands) {
    return new Operator(compile, refusals, Set.of(operands), sizesOnly);
  }

  /** Returns this operator, whose results depend on sizes only; see {@link #readsSizesOnly}. */
  public Operator ofSizes() {
    return new Operator(compile, refusals, contents, true);
  }

  /** Returns this operator with one more refusal; see {@link OperatorKernel#refusal}. */
  public Operator refusing(Function<Signature, Optional<String>> refusal) {
    List<Function<Signature, Optional<String>>> more = new ArrayList<>(refusals);
    more.add(refusal);
    return new Operator(compile, more, contents, sizesOnly);
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
  public CompiledNode compile(Compilation compilation) {
    return compile.apply(compilation);
  }

  private static Optional<String> wrongType(
      Signature signature, int operand, Set<DataType> allowed) {
    return signature
        .operandType(operand)
        .filter(type -> !allowed.contains(type))
        .map(type -> "operand " + operand + " of type " + type + " is not supported");
  }
}

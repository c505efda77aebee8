package dev.octet.kernels.definition;

import dev.octet.api.graph.OpType;
import dev.octet.kernels.exact.ExactRule;
import dev.octet.kernels.registry.OperatorKernel;
import dev.octet.kernels.shape.ContentRule;
import dev.octet.kernels.shape.ShapeRule;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All that is known of one operator. Immutable and thread-safe.
 *
 * <p>A definition has a shape rule, and a kernel unless only its shapes are known. Operators on
 * quantized integers also have named operands, a formula, an exact rule, and what they are lowered
 * from. Registries, shape inference, the oracle, lowering and the page of operators look things up
 * here.
 */
public final class OperatorDefinition {

  private final OpType op;
  private final ShapeRule shape;
  private final Optional<OperatorKernel> kernel;
  private final Slots slots;
  private final Optional<ContentRule> contents;
  private final Optional<ExactRule> exact;
  private final String formula;
  private final Set<OpType> loweredFrom;
  private final boolean movesIntegers;

  private OperatorDefinition(
      OpType op,
      ShapeRule shape,
      Optional<OperatorKernel> kernel,
      Slots slots,
      Optional<ContentRule> contents,
      Optional<ExactRule> exact,
      String formula,
      Set<OpType> loweredFrom,
      boolean movesIntegers) {
    this.op = Objects.requireNonNull(op, "op");
    this.shape = Objects.requireNonNull(shape, "shape");
    this.kernel = kernel;
    this.slots = slots;
    this.contents = contents;
    this.exact = exact;
    this.formula = formula;
    this.loweredFrom = loweredFrom;
    this.movesIntegers = movesIntegers;
  }

  /** Returns the definition of an operator that has a kernel. */
  public static OperatorDefinition of(OpType op, ShapeRule shape, OperatorKernel kernel) {
    return plain(op, shape, Optional.of(kernel));
  }

  /**
   * Returns the definition of an operator of the default domain; see {@link #of(OpType, ShapeRule,
   * OperatorKernel)}.
   */
  public static OperatorDefinition of(String onnxName, ShapeRule shape, OperatorKernel kernel) {
    return of(OpType.onnx(onnxName), shape, kernel);
  }

  /** Returns the definition of an operator of the default domain that is not executed. */
  public static OperatorDefinition ofShape(String onnxName, ShapeRule shape) {
    return plain(OpType.onnx(onnxName), shape, Optional.empty());
  }

  private static OperatorDefinition plain(
      OpType op, ShapeRule shape, Optional<OperatorKernel> kernel) {
    return new OperatorDefinition(
        op, shape, kernel, Slots.of(), Optional.empty(), Optional.empty(), "", Set.of(), false);
  }

  /** Returns this definition with the names of the operands. */
  public OperatorDefinition slots(Slots names) {
    return new OperatorDefinition(
        op, shape, kernel, names, contents, exact, formula, loweredFrom, movesIntegers);
  }

  /** Returns this definition with a rule of what is known of the elements of results. */
  public OperatorDefinition contents(ContentRule rule) {
    return new OperatorDefinition(
        op, shape, kernel, slots, Optional.of(rule), exact, formula, loweredFrom, movesIntegers);
  }

  /**
   * Returns this definition with its meaning in exact arithmetic.
   *
   * @param rule a method that uses nothing but the operands: no kernel, no shape rule
   */
  public OperatorDefinition exact(ExactRule rule) {
    return new OperatorDefinition(
        op, shape, kernel, slots, contents, Optional.of(rule), formula, loweredFrom, movesIntegers);
  }

  /**
   * Returns this definition with the formula that the kernel computes, in the notation of
   * docs/arithmetic.md.
   */
  public OperatorDefinition formula(String text) {
    return new OperatorDefinition(
        op, shape, kernel, slots, contents, exact, text, loweredFrom, movesIntegers);
  }

  /**
   * Returns this definition of an operator on integers that does the work of operators on floats of
   * the default domain, between DequantizeLinear and QuantizeLinear.
   */
  public OperatorDefinition loweredFrom(String... onnxNames) {
    Set<OpType> ops = new TreeSet<>();
    for (String name : onnxNames) {
      ops.add(OpType.onnx(name));
    }
    return new OperatorDefinition(
        op,
        shape,
        kernel,
        slots,
        contents,
        exact,
        formula,
        Collections.unmodifiableSet(ops),
        movesIntegers);
  }

  /**
   * Returns this definition of an operator that moves or chooses elements, and so runs on integers
   * as it does on floats: quantizing is monotone and keeps zero at the zero point.
   */
  public OperatorDefinition movingIntegers() {
    return new OperatorDefinition(
        op, shape, kernel, slots, contents, exact, formula, loweredFrom, true);
  }

  /** Returns the operator. */
  public OpType op() {
    return op;
  }

  /** Returns the types of its results. */
  public ShapeRule shape() {
    return shape;
  }

  /** Returns how its nodes are executed; empty when they are not. */
  public Optional<OperatorKernel> kernel() {
    return kernel;
  }

  /** Returns the names of its operands; none where they are not written down. */
  public Slots slots() {
    return slots;
  }

  /** Returns what is known of the elements of its results; empty when nothing ever is. */
  public Optional<ContentRule> contents() {
    return contents;
  }

  /** Returns its meaning in exact arithmetic; empty for operators on floats. */
  public Optional<ExactRule> exact() {
    return exact;
  }

  /** Tells whether it computes on quantized integers. */
  public boolean computesIntegers() {
    return exact.isPresent();
  }

  /** Returns the formula that its kernel computes; empty for operators on floats. */
  public String formula() {
    return formula;
  }

  /** Returns the operators on floats whose work it does on integers, in their order. */
  public Set<OpType> loweredFrom() {
    return loweredFrom;
  }

  /** Tells whether it runs on integers as it does on floats. */
  public boolean movesIntegers() {
    return movesIntegers;
  }

  @Override
  public String toString() {
    return op.toString();
  }
}

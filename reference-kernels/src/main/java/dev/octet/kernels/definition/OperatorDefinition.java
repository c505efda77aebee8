package dev.octet.kernels.definition;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.kernels.array.ArrayKind;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.exact.ExactRule;
import dev.octet.kernels.shape.ContentRule;
import dev.octet.kernels.shape.ShapeRule;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * All that is known of one operator. Immutable and thread-safe.
 *
 * <p>A definition has a shape rule, and a kernel unless it runs by running its subgraphs. Operators
 * on quantized integers also have named operands, a formula, an exact rule, and what they are
 * lowered from. Registries, shape inference, the oracle, lowering and the page of operators look
 * things up here.
 */
public final class OperatorDefinition {

  /** Older operator sets broadcast by attributes and keep running averages in other places. */
  public static final long OLDEST_OPSET = 7;

  /** The newest operator set of ONNX that the kernels know. */
  private static final long NEWEST_OPSET = 25;

  private final OpType op;
  private final ShapeRule shape;
  private final Optional<OperatorKernel> kernel;
  private final Slots slots;
  private final Optional<ContentRule> contents;
  private final Optional<ExactRule> exact;
  private final String formula;
  private final Optional<LoweringRule> lowering;
  private final Optional<MovementRule> movement;
  private final Optional<BoundRule> bound;
  private final Optional<ControlFlow> controlFlow;
  private final Optional<RequantizationProfile> requantization;
  private final long since;

  private OperatorDefinition(Draft draft) {
    this.op = draft.op;
    this.shape = draft.shape;
    this.kernel = draft.kernel;
    this.slots = draft.slots;
    this.contents = draft.contents;
    this.exact = draft.exact;
    this.formula = draft.formula;
    this.lowering = draft.lowering;
    this.movement = draft.movement;
    this.bound = draft.bound;
    this.controlFlow = draft.controlFlow;
    this.requantization = draft.requantization;
    this.since = draft.since;
  }

  /** A definition that is being written. */
  private static final class Draft {
    private final OpType op;
    private final ShapeRule shape;
    private final Optional<OperatorKernel> kernel;
    private Slots slots = Slots.of();
    private Optional<ContentRule> contents = Optional.empty();
    private Optional<ExactRule> exact = Optional.empty();
    private String formula = "";
    private Optional<LoweringRule> lowering = Optional.empty();
    private Optional<MovementRule> movement = Optional.empty();
    private Optional<BoundRule> bound = Optional.empty();
    private Optional<ControlFlow> controlFlow = Optional.empty();
    private Optional<RequantizationProfile> requantization = Optional.empty();
    private long since;

    Draft(OpType op, ShapeRule shape, Optional<OperatorKernel> kernel) {
      this.op = Objects.requireNonNull(op, "op");
      this.shape = Objects.requireNonNull(shape, "shape");
      this.kernel = kernel;
      this.since = op.domain().isEmpty() ? OLDEST_OPSET : 1;
    }
  }

  private OperatorDefinition with(Consumer<Draft> change) {
    Draft draft = new Draft(op, shape, kernel);
    draft.slots = slots;
    draft.contents = contents;
    draft.exact = exact;
    draft.formula = formula;
    draft.lowering = lowering;
    draft.movement = movement;
    draft.bound = bound;
    draft.controlFlow = controlFlow;
    draft.requantization = requantization;
    draft.since = since;
    change.accept(draft);
    return new OperatorDefinition(draft);
  }

  /** Returns the definition of an operator that has a kernel. */
  public static OperatorDefinition of(OpType op, ShapeRule shape, OperatorKernel kernel) {
    return new OperatorDefinition(new Draft(op, shape, Optional.of(kernel)));
  }

  /**
   * Returns the definition of an operator of the default domain; see {@link #of(OpType, ShapeRule,
   * OperatorKernel)}.
   */
  public static OperatorDefinition of(String onnxName, ShapeRule shape, OperatorKernel kernel) {
    return of(OpType.onnx(onnxName), shape, kernel);
  }

  /**
   * Returns the definition of an operator that runs by running its subgraphs, whose bodies say what
   * its results are.
   */
  public static OperatorDefinition of(ControlFlow kind) {
    return new OperatorDefinition(new Draft(kind.op(), context -> List.of(), Optional.empty()))
        .with(draft -> draft.controlFlow = Optional.of(kind))
        .since(Math.max(kind.since(), OLDEST_OPSET));
  }

  /**
   * Returns this definition of an operator that came with a version of its operator set; without
   * it, nodes of {@value #OLDEST_OPSET} run, or of version 1 in other domains than the default one.
   */
  public OperatorDefinition since(long opset) {
    return with(draft -> draft.since = opset);
  }

  /** Returns this definition with the names of the operands. */
  public OperatorDefinition slots(Slots names) {
    return with(draft -> draft.slots = names);
  }

  /** Returns this definition with a rule of what is known of the elements of results. */
  public OperatorDefinition contents(ContentRule rule) {
    return with(draft -> draft.contents = Optional.of(rule));
  }

  /**
   * Returns this definition with its meaning in exact arithmetic.
   *
   * @param rule a method that uses nothing but the operands: no kernel, no shape rule
   */
  public OperatorDefinition exact(ExactRule rule) {
    return with(draft -> draft.exact = Optional.of(rule));
  }

  /**
   * Returns this definition with the formula that the kernel computes, in the notation of
   * docs/arithmetic.md.
   */
  public OperatorDefinition formula(String text) {
    return with(draft -> draft.formula = text);
  }

  /** Returns this definition of an operator on integers with how it rounds those of its result. */
  public OperatorDefinition requantizedBy(RequantizationProfile rule) {
    return with(draft -> draft.requantization = Optional.of(rule));
  }

  /**
   * Returns this definition of an operator on integers that does the work of operators on floats,
   * between DequantizeLinear and QuantizeLinear.
   */
  public OperatorDefinition lowered(LoweringRule rule) {
    return with(draft -> draft.lowering = Optional.of(rule));
  }

  /**
   * Returns this definition of an operator that moves or chooses elements, and so runs on integers
   * as it does on floats: quantizing is monotone and keeps zero at the zero point.
   */
  public OperatorDefinition movingIntegers() {
    return movingIntegers(MovementRule.PLAIN);
  }

  /**
   * Returns this definition of an operator that moves integers as {@link #movingIntegers()} says,
   * with what its nodes need for that.
   */
  public OperatorDefinition movingIntegers(MovementRule rule) {
    return with(draft -> draft.movement = Optional.of(rule));
  }

  /**
   * Returns this definition of an operator on floats that bounds operand 0: on integers it becomes
   * bounds of the node before it, or a Requantize with bounds.
   */
  public OperatorDefinition bounding(BoundRule rule) {
    return with(draft -> draft.bound = Optional.of(rule));
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

  /** Returns how its nodes run their subgraphs; empty for operators that do not. */
  public Optional<ControlFlow> controlFlow() {
    return controlFlow;
  }

  /** Returns the first version of its operator set whose nodes run. */
  public long since() {
    return since;
  }

  /**
   * Returns the element types that operand 0 may have where its kernel has the say, in the order of
   * {@link DataType}; of a Cast, of one to FLOAT. Empty for operators without a kernel.
   */
  public Set<DataType> types() {
    Node node =
        Node.of(
            "n", op, List.of("x"), List.of("y"), Attribute.of("to", DataType.FLOAT.onnxNumber()));
    Set<DataType> taken = EnumSet.noneOf(DataType.class);
    for (DataType type : DataType.values()) {
      Signature signature = new Signature(node, NEWEST_OPSET, List.of(Optional.of(type)));
      if (ArrayKind.holds(type) && kernel.filter(k -> k.refusal(signature).isEmpty()).isPresent()) {
        taken.add(type);
      }
    }
    return Collections.unmodifiableSet(taken);
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

  /** Returns how it rounds to the integers of its result; empty when it does not. */
  public Optional<RequantizationProfile> requantization() {
    return requantization;
  }

  /** Returns how operators on floats become this one; empty when none does. */
  public Optional<LoweringRule> lowering() {
    return lowering;
  }

  /** Returns the operators on floats whose work it does on integers, in their order. */
  public Set<OpType> loweredFrom() {
    return lowering.map(LoweringRule::ops).orElse(Set.of());
  }

  /** Returns how it runs on integers as it does on floats; empty when it does not. */
  public Optional<MovementRule> movement() {
    return movement;
  }

  /** Returns what it bounds its operand by; empty for operators that do anything else. */
  public Optional<BoundRule> bound() {
    return bound;
  }

  @Override
  public String toString() {
    return op.toString();
  }
}

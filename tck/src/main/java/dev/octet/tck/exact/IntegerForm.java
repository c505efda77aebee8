package dev.octet.tck.exact;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.definition.SlotFiller;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.ExactResult;
import dev.octet.kernels.operators.Operators;
import dev.octet.tck.integers.IntegerDraft;
import dev.octet.tck.integers.Meaning;
import dev.octet.tck.integers.Operand;
import dev.octet.tck.integers.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A step as one node on integers, whose exact elements the operator's definition gives. */
final class IntegerForm implements SlotFiller {

  private final Step step;
  private final Map<String, Tensor> integers;
  private final boolean withScales;
  private final SortedMap<Integer, Tensor> operands = new TreeMap<>();

  private IntegerForm(Step step, Map<String, Tensor> integers, boolean withScales) {
    this.step = step;
    this.integers = integers;
    this.withScales = withScales;
  }

  /** Returns the operator that computes a step on integers; empty when there is none. */
  static Optional<OperatorDefinition> definition(Step step) {
    return Operators.integerFormOf(step.op())
        .filter(form -> form.exact().isPresent())
        .filter(form -> form.op().name().startsWith("QLinear") || form.op().name().equals("QGemm"))
        .filter(form -> !step.op().is("Pow") || exponent(step).isPresent());
  }

  /** The exponent of a Pow, where it is one constant; then the Pow is a function of one operand. */
  private static Optional<Float> exponent(Step step) {
    return step.operands().stream()
        .skip(1)
        .flatMap(operand -> operand.plain().stream())
        .filter(content -> content.dataType() == DataType.FLOAT && content.rank() == 0)
        .map(content -> content.floats()[0])
        .findFirst();
  }

  /** Returns the exact values of a step's result, divided by its scale. */
  static ExactResult values(Step step, Map<String, Tensor> integers, long[] sizes) {
    return new IntegerForm(step, integers, true).result(sizes);
  }

  /** Returns the exact sums of products of differences, all scales taken for one. */
  static ExactResult sums(Step step, Map<String, Tensor> integers, long[] sizes) {
    return new IntegerForm(step, integers, false).result(sizes);
  }

  private ExactResult result(long[] sizes) {
    OperatorDefinition form = definition(step).orElseThrow();
    form.lowering().orElseThrow().slots().accept(this);
    List<String> names = new ArrayList<>();
    Map<String, Tensor> tensors = new TreeMap<>();
    for (int i = 0; i <= operands.lastKey(); i++) {
      Tensor operand = operands.get(i);
      names.add(operand == null ? "" : "o" + i);
      if (operand != null) {
        tensors.put("o" + i, operand);
      }
    }
    Node node =
        Node.of(
            step.node(),
            form.op(),
            names,
            List.of("y"),
            attributes(form.op()).toArray(Attribute[]::new));
    TensorType type = TensorType.of(step.meaning().type(), Shape.of(sizes));
    return ExactResult.of(
        form.exact().orElseThrow(), new ExactOperands(node, IntegerDraft.OPSET, tensors, 0, type));
  }

  private List<Attribute> attributes(OpType form) {
    List<Attribute> all = new ArrayList<>(step.attributes());
    if (form.equals(IntegerDialect.FUNCTION_OF_ONE)) {
      all.add(Attribute.of(IntegerDialect.FUNCTION, step.op().name()));
      exponent(step).ifPresent(e -> all.add(Attribute.of(IntegerDialect.EXPONENT, e)));
    }
    if (step.op().is("ReduceMean") || step.op().is("ReduceSum")) {
      step.operands().get(1).plain().map(IntegerForm::axes).ifPresent(all::add);
    }
    return all;
  }

  private static Attribute axes(Tensor axes) {
    return Attribute.of("axes", Arrays.stream(axes.integers()).boxed().toList());
  }

  private Operand.Stored stored(int operand) {
    return step.operands().get(operand).stored().orElseThrow();
  }

  private Tensor integersOf(Operand.Stored operand) {
    return Optional.ofNullable(integers.get(operand.value())).orElseThrow();
  }

  private Tensor scales(Meaning meaning) {
    return withScales ? meaning.scaleTensor() : Tensor.of(new float[] {1});
  }

  @Override
  public SlotFiller activation(int operand, QuantizedSlot slot) {
    operands.put(slot.value(), integersOf(stored(operand)));
    operands.put(slot.scale(), scales(stored(operand).meaning()));
    operands.put(slot.zeroPoint(), stored(operand).meaning().zeroPointTensor());
    return this;
  }

  @Override
  public SlotFiller everyActivation(Slots slots, String part) {
    for (int i = 0; i < step.operands().size(); i++) {
      activation(i, slots.quantized(part, i));
    }
    return this;
  }

  @Override
  public SlotFiller weight(int operand, QuantizedSlot slot) {
    return activation(operand, slot);
  }

  @Override
  public SlotFiller bias(int operand, int slot) {
    if (step.operands().size() > operand) {
      step.operands().get(operand).stored().ifPresent(bias -> operands.put(slot, integersOf(bias)));
    }
    return this;
  }

  @Override
  public SlotFiller result(ParameterSlot slot) {
    Meaning meaning = withScales ? step.meaning() : Meaning.perTensor(DataType.INT32, 1, 0);
    operands.put(slot.scale(), meaning.scaleTensor());
    operands.put(slot.zeroPoint(), meaning.zeroPointTensor());
    return this;
  }
}

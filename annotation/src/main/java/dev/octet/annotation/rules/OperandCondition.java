package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.ConditionReasons.fail;
import static dev.octet.annotation.rules.ConditionReasons.firstFailureOfOthers;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType;
import dev.octet.api.pattern.PlacedNode;
import java.util.List;
import java.util.Optional;

/** What operands are: constants, values of a type, left out. */
sealed interface OperandCondition extends StatedCondition {

  /**
   * An operand is a constant.
   *
   * @param operand the operand's index
   */
  record ConstantOperand(int operand) implements OperandCondition {
    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "operand " + operand + " is constant";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      if (node.view().constant(operand).isPresent()) {
        return Optional.empty();
      }
      String what = OperandNames.of(node, operand);
      return Optional.of(
          what + (node.view().isPresent(operand) ? " is not constant" : " is left out"));
    }
  }

  /**
   * An operand is there and not a constant.
   *
   * @param operand the operand's index
   */
  record VariableOperand(int operand) implements OperandCondition {
    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "operand " + operand + " is not constant";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      if (!node.view().isPresent(operand)) {
        return Optional.of(OperandNames.of(node, operand) + " is left out");
      }
      return fail(
          node.view().constant(operand).isEmpty(),
          () -> OperandNames.of(node, operand) + " is constant");
    }
  }

  /**
   * An optional operand is left out.
   *
   * @param operand the operand's index
   */
  record AbsentOperand(int operand) implements OperandCondition {
    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "operand " + operand + " is left out";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return fail(
          !node.view().isPresent(operand),
          () -> OperandNames.of(node, operand) + " is not left out");
    }
  }

  /** All operands but the one that reads the step before are constants. */
  record OtherOperandsConstant() implements OperandCondition {
    @Override
    public void name(Names names) {}

    @Override
    public String words() {
      return "the other operands are constant";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return firstFailureOfOthers(node, ConstantOperand::new);
    }
  }

  /** No operand but the one that reads the step before is a constant. */
  record OtherOperandsVariable() implements OperandCondition {
    @Override
    public void name(Names names) {}

    @Override
    public String words() {
      return "the other operands are not constant";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return firstFailureOfOthers(node, VariableOperand::new);
    }
  }

  /**
   * An operand is left out, or a FLOAT constant whose elements all have this value.
   *
   * @param operand the operand's index
   * @param value the value
   */
  record ConstantValue(int operand, float value) implements OperandCondition {
    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "operand " + operand + " is left out or the constant " + value;
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      if (!node.view().isPresent(operand)) {
        return Optional.empty();
      }
      Optional<Tensor> constant =
          node.view().constant(operand).filter(t -> t.dataType() == DataType.FLOAT);
      boolean equal = constant.isPresent();
      for (float element : constant.map(Tensor::floats).orElse(new float[0])) {
        equal &= element == value;
      }
      return fail(equal, () -> OperandNames.of(node, operand) + " is not the constant " + value);
    }
  }

  /** Every constant operand has one element. */
  record SingleConstants() implements OperandCondition {
    @Override
    public void name(Names names) {}

    @Override
    public String words() {
      return "each constant operand has one element";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      for (int i = 0; i < node.view().node().operands().size(); i++) {
        Optional<Long> count = node.view().constant(i).map(Tensor::elementCount);
        if (count.filter(elements -> elements != 1).isPresent()) {
          return Optional.of(OperandNames.of(node, i) + " has " + count.get() + " elements");
        }
      }
      return Optional.empty();
    }
  }

  /**
   * Two operands are one value.
   *
   * @param first an operand's index
   * @param second another one's
   */
  record SameValue(int first, int second) implements OperandCondition {
    @Override
    public void name(Names names) {
      names.operand(first);
      names.operand(second);
    }

    @Override
    public String words() {
      return "operands " + first + " and " + second + " are one value";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      Optional<String> value = node.view().node().operand(first);
      return fail(
          value.isPresent() && value.equals(node.view().node().operand(second)),
          () -> "operands " + first + " and " + second + " are not one value");
    }
  }

  /**
   * A FLOAT operand: what every point that is quantized must be.
   *
   * @param operand the operand's index
   */
  record FloatOperand(int operand) implements OperandCondition {
    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "operand " + operand + " is FLOAT";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      Optional<ValueType.TensorType> type = node.view().type(operand);
      if (node.view().constant(operand).filter(t -> t.elementCount() == 0).isPresent()) {
        return Optional.of(OperandNames.of(node, operand) + " is a constant without elements");
      }
      return fail(
          type.isPresent() && type.get().dataType() == DataType.FLOAT,
          () ->
              "type of "
                  + OperandNames.of(node, operand)
                  + " is "
                  + type.map(known -> known + ", not FLOAT").orElseGet(() -> unknown(node)));
    }

    /** What stands before may be of an operator that nobody here knows; the model can say it. */
    private String unknown(PlacedNode node) {
      List<String> operands = node.view().node().operands();
      String value = operand < operands.size() ? operands.get(operand) : "";
      String next =
          value.isEmpty() ? "" : ": state the type of '" + value + "' in the model (value_info)";
      return "not known, not FLOAT" + next;
    }
  }
}

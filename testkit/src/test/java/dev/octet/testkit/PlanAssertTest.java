package dev.octet.testkit;

import static dev.octet.testkit.PlanAssert.assertPlan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.workflow.plan.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class PlanAssertTest {

  private static final Plan PLAN = Plans.of(new Lamp(), Lamp.model());

  @Test
  void holdsWhatThePlanSays() {
    assertPlan(PLAN)
        .quantizesOnly("conv1", "relu1", "pool1", "tanh1", "soft1")
        .findsNothing()
        .node("conv1")
        .isOwnedBy("conv")
        .isDecidedBy("rule conv")
        .operand(0)
        .is("int8 affine per-tensor min-max")
        .operand(1)
        .is("int8 symmetric per-channel-0")
        .is("int8[-127..127]")
        .operand(2)
        .is("int32 derived")
        .isDerivedFrom(Point.operand("conv1", 0), Point.operand("conv1", 1))
        .result(0)
        .isFloat()
        .node("relu1")
        .isOwnedBy("conv")
        .result(0)
        .is("int8")
        .doesNotShareWith(Point.operand("conv1", 0))
        .node("pool1")
        .result(0)
        .is("int8 affine")
        .sharesWith(Point.result("relu1", 0))
        .node("erf1")
        .isFloat()
        .because("no rule of backend 'lamp' matches Erf")
        .operand(0)
        .isFloat()
        .because("matches Erf")
        .node("tanh1")
        .operand(0)
        .because("takes floats")
        .node("soft1")
        .result(0)
        .is("int8 fixed 0.00390625 -128");
    assertPlan(PLAN).input("x").isFloat().node("conv1");
    assertPlan(PLAN).output("soft1").isFloat();
  }

  @Test
  void optionsReachThePlan() {
    Plan plan = Plans.of(new Lamp(), Options.of("exclude", "conv1"), Lamp.model());
    assertPlan(plan).node("conv1").isFloat().because("exclude").isDecidedBy("conv1");
    fails(
        () -> assertPlan(plan).node("conv1").isOwnedBy("conv"),
        "expected that rule 'conv' owns node 'conv1' (Conv): float, excluded by node 'conv1'"
            + " (option exclude); decided by node 'conv1' (option exclude); rules that own nodes here: [softmax, tanh]");
  }

  @Test
  void namesTheNearestOfNodesInputsAndOutputs() {
    fails(
        () -> assertPlan(PLAN).node("conv"),
        "the plan has no node 'conv'; the nearest of 6: 'conv1', 'erf1', 'pool1', 'soft1', 'tanh1'");
    fails(() -> assertPlan(PLAN).input("y"), "the plan has no input 'y'; the nearest of 1: 'x'");
    fails(
        () -> assertPlan(PLAN).output("soft"),
        "the plan has no output 'soft'; the nearest of 1: 'soft1'");
    fails(
        () -> assertPlan(Plans.of(new Lamp(), empty())).node("a"),
        "the plan has no node 'a', nor any other");
  }

  private static Model empty() {
    return ModelBuilder.seeded(0).input("x", 2).build("x");
  }

  @Test
  void saysWhatIsQuantizedBesideWhatWasExpected() {
    fails(
        () -> assertPlan(PLAN).quantizesOnly("conv1", "relu1", "erf1", "gone", "tanh1", "soft1"),
        "expected that [conv1, erf1, gone, relu1, soft1, tanh1] are quantized, and the plan quantizes"
            + " [conv1, pool1, relu1, soft1, tanh1]\n"
            + "  'pool1' (MaxPool): rule move\n"
            + "  'erf1' (Erf): float, no rule of backend 'lamp' matches Erf\n"
            + "  there is no node 'gone'");
  }

  @Test
  void saysOfANodeWhoDecidedWhat() {
    fails(
        () -> assertPlan(PLAN).node("conv1").isOwnedBy("convolution"),
        "expected that rule 'convolution' owns node 'conv1' (Conv): rule conv; decided by rule conv;"
            + " rules that own nodes here: [conv, move, softmax, tanh]");
    fails(
        () -> assertPlan(PLAN).node("conv1").isFloat(),
        "expected that node 'conv1' (Conv): rule conv stays float; decided by rule conv; quantized"
            + " there: conv1 operand 0, conv1 operand 1, conv1 operand 2");
    fails(
        () -> assertPlan(PLAN).node("erf1").because("no table"),
        "expected that node 'erf1' (Erf) stays float because 'no table'; the plan says: 'no rule of backend"
            + " 'lamp' matches Erf' (decided by backend)");
    fails(
        () -> assertPlan(PLAN).node("erf1").isDecidedBy("option"),
        "expected that 'option' decides node 'erf1' (Erf): float, no rule of backend 'lamp' matches"
            + " Erf; decided by backend");
    fails(
        () -> assertPlan(PLAN).node("erf1").isFolded(),
        "expected that node 'erf1' (Erf): float, no rule of backend 'lamp' matches Erf is gone");
    fails(
        () -> assertPlan(PLAN).node("erf1").isOf("first"),
        "expected that quantizer 'first' owns node 'erf1' (Erf): float, no rule of backend 'lamp'"
            + " matches Erf; it is of none by name");
  }

  @Test
  void saysOfAPointWhatIsNotSo() {
    fails(
        () -> assertPlan(PLAN).node("conv1").operand(1).is("int4 symmetric per-channel-1"),
        "expected operand 1 of 'conv1' ('conv1.weight') to be 'int4 symmetric per-channel-1', and the"
            + " plan says 'int8[-127..127] symmetric per-channel-0 min-max' (rule conv; decided there:"
            + " conv1 operand 0, conv1 operand 1, conv1 operand 2); not so: int4, per-channel-1");
    fails(
        () -> assertPlan(PLAN).node("conv1").operand(1).is("int8[-128..127]"),
        "expected operand 1 of 'conv1' ('conv1.weight') to be 'int8[-128..127]', and the plan says"
            + " 'int8[-127..127] symmetric per-channel-0 min-max' (rule conv; decided there: conv1"
            + " operand 0, conv1 operand 1, conv1 operand 2); not so: int8[-128..127]");
    fails(
        () -> assertPlan(PLAN).node("erf1").result(0).is("int8"),
        "expected result 0 of 'erf1' to be 'int8', and it is float, no rule of backend 'lamp' matches"
            + " Erf (float, no rule of backend 'lamp' matches Erf; decided there: nothing)");
    fails(
        () -> assertPlan(PLAN).node("conv1").result(0).is("int8"),
        "expected result 0 of 'conv1' to be 'int8', and it is not quantized (rule conv; decided there:"
            + " conv1 operand 0, conv1 operand 1, conv1 operand 2)");
    fails(
        () -> assertPlan(PLAN).node("tanh1").operand(0).is("float"),
        "expected operand 0 of 'tanh1' ('erf1') to be 'float', and it is float, the table takes floats"
            + " (rule tanh; decided there: tanh1 operand 0, tanh1 result 0)");
    fails(
        () -> assertPlan(PLAN).node("relu1").result(0).isFloat(),
        "expected result 0 of 'relu1' to stay float, and the plan says 'int8 affine per-tensor"
            + " min-max' (rule conv; decided there: relu1 result 0)");
    fails(
        () -> assertPlan(PLAN).node("conv1").result(0).because("inside"),
        "expected result 0 of 'conv1' to stay float because 'inside'; the plan says no reason (rule"
            + " conv; decided there: conv1 operand 0, conv1 operand 1, conv1 operand 2)");
    fails(
        () -> assertPlan(PLAN).input("x").is("int8"),
        "expected input 'x' to be 'int8', and it is not quantized (nothing is decided of it)");
  }

  @Test
  void saysWhichPointsShare() {
    fails(
        () -> assertPlan(PLAN).node("conv1").operand(0).sharesWith(Point.result("relu1", 0)),
        "expected operand 0 of 'conv1' ('x') to share the parameters of result 0 of 'relu1'; its group"
            + " has conv1 operand 0; that of the other has relu1 result 0, pool1 operand 0, pool1 result 0");
    fails(
        () -> assertPlan(PLAN).node("pool1").result(0).doesNotShareWith(Point.result("relu1", 0)),
        "expected result 0 of 'pool1' not to share the parameters of result 0 of 'relu1'; one group"
            + " has relu1 result 0, pool1 operand 0, pool1 result 0");
    fails(
        () -> assertPlan(PLAN).node("conv1").operand(2).isDerivedFrom(Point.operand("conv1", 1)),
        "expected operand 2 of 'conv1' ('conv1.bias') to be derived from conv1 operand 1, and the plan"
            + " says 'int32 derived from conv1 operand 0, conv1 operand 1' (rule conv; decided there:"
            + " conv1 operand 0, conv1 operand 1, conv1 operand 2)");
    fails(
        () -> assertPlan(PLAN).node("pool1").result(0).sharesWith(Point.result("erf1", 0)),
        "expected result 0 of 'erf1' to be quantized, and it is not (rule move; decided there: pool1"
            + " operand 0, pool1 result 0)");
  }

  @Test
  void saysWhichPointsANodeHas() {
    fails(
        () -> assertPlan(PLAN).node("conv1").operand(3),
        "node 'conv1' (Conv) has no operand 3; its operands: [x, conv1.weight, conv1.bias]");
    fails(
        () -> assertPlan(PLAN).node("conv1").result(1),
        "node 'conv1' (Conv) has no result 1; its results: [conv1]");
  }

  @Test
  void foldedNodesAreNodesWithoutPoints() {
    Plan plan =
        Plans.of(
            new Lamp(),
            ModelBuilder.seeded(2)
                .input("x", 2, 3)
                .weights("w", 3)
                .node("neg1", "Neg", "w")
                .node("add1", "Add", "x", "neg1")
                .build("add1"));
    assertPlan(plan).node("neg1").isFolded();
    AssertionError error =
        assertThrows(AssertionError.class, () -> assertPlan(plan).node("neg1").isFloat());
    assertTrue(error.getMessage().contains("'neg1' (Neg): gone, "), error.getMessage());
    assertThrows(AssertionError.class, () -> assertPlan(plan).node("neg1").operand(0));
  }

  @Test
  void findingsAreNamed() {
    Plan plan = Plans.of(QuantizerProvider.of("quiet", context -> {}), Lamp.model());
    assertPlan(plan).quantizesOnly().finds("OCT-PLAN-014");
    String found =
        "the plan has OCT-PLAN-014: Backend 'quiet' quantizes no node of this model; every node's"
            + " reason is in the plan.";
    fails(() -> assertPlan(plan).finds("ACME-001"), "expected the finding ACME-001, and " + found);
    fails(() -> assertPlan(plan).findsNothing(), "expected no finding, and " + found);
    fails(
        () -> assertPlan(PLAN).finds("OCT-PLAN-014"),
        "expected the finding OCT-PLAN-014, and the plan has none");
  }

  private static void fails(Executable assertion, String message) {
    assertEquals(message, assertThrows(AssertionError.class, assertion).getMessage());
  }
}

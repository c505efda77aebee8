package com.lyra.octet;

import static dev.octet.testkit.PlanAssert.assertPlan;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.testkit.ModelBuilder;
import dev.octet.testkit.Plans;
import org.junit.jupiter.api.Test;

/** What the backend decides of a small network. */
class LyraPlanTest {

  private static final Model MODEL =
      ModelBuilder.seeded(7)
          .input("image", 1, 3, 8, 8)
          .conv("conv1", "image", 16, 3)
          .node("relu1", "Relu", "conv1")
          .node("flat1", "Flatten", "relu1")
          .matMul("fc", "flat1", 10)
          .node("prob", "Softmax", "fc")
          .build("prob");

  @Test
  void layersAreQuantized() {
    assertPlan(Plans.of(new LyraProvider(), MODEL))
        .quantizesOnly("conv1", "relu1", "flat1", "fc")
        .node("conv1")
        .isOwnedBy("convolution")
        .operand(0)
        .is("int8 affine per-tensor")
        .operand(1)
        .is("int8[-127..127] symmetric per-channel-0")
        .operand(2)
        .isDerivedFrom(Point.operand("conv1", 0), Point.operand("conv1", 1))
        .node("fc")
        .isOwnedBy("dense")
        .operand(1)
        .is("int8 symmetric per-channel-1");
  }

  @Test
  void whatMovesKeepsItsScale() {
    assertPlan(Plans.of(new LyraProvider(), MODEL))
        .node("flat1")
        .result(0)
        .sharesWith(Point.result("relu1", 0));
  }

  @Test
  void softmaxStaysFloat() {
    assertPlan(Plans.of(new LyraProvider(), MODEL))
        .node("prob")
        .isFloat()
        .because("no rule of backend 'lyra' matches Softmax");
  }

  @Test
  void weightsMayHaveOneScale() {
    assertPlan(Plans.of(new LyraProvider(), Options.of("per-channel", "false"), MODEL))
        .node("conv1")
        .operand(1)
        .is("int8 symmetric per-tensor");
  }
}

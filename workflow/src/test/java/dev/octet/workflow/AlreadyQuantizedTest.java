package dev.octet.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.workflow.normalise.Models;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AlreadyQuantizedTest {

  private static Set<String> names(Models models) {
    return new TreeSet<>(AlreadyQuantized.directives(models.model(21).graph()).keySet());
  }

  /** A layer behind Relu, whose input is quantized with the scale of its largest element. */
  private static Models dynamic() {
    return new Models()
        .samples("x", 2)
        .output("y", 2)
        .constant("w", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2))
        .constant("steps", Tensor.of(new float[] {127}))
        .node("before", "Relu", List.of("x"), "r")
        .node("largest", "ReduceMax", List.of("r"), "top", Attribute.of("keepdims", 0L))
        .node("unit", "Div", List.of("top", "steps"), "scale")
        .node("in steps", "Div", List.of("r", "scale"), "t")
        .node("whole", "Round", List.of("t"), "u")
        .node(
            Node.of(
                "integers",
                OpType.onnx("Cast"),
                List.of("u"),
                List.of("q"),
                Attribute.of("to", DataType.INT8.onnxNumber())))
        .node("floats", "DequantizeLinear", List.of("q", "scale"), "d")
        .node("layer", "MatMul", List.of("d", "w"), "z")
        .node("behind", "Relu", List.of("z"), "y");
  }

  @Test
  void whatFindsTheScaleOfAnInputIsLeftAloneAndNothingBeforeIt() {
    assertEquals(
        Set.of("largest", "unit", "in steps", "whole", "integers", "floats", "layer"),
        names(dynamic()));
  }

  @Test
  void aScaleThatSomebodyElseReadsBelongsToTheModel() {
    assertEquals(
        Set.of(), names(dynamic().output("o", 0).node("other", "Relu", List.of("scale"), "o")));
  }

  @Test
  void integersAndScalesOfTwoSourcesAreNoFoundInput() {
    Models models =
        new Models()
            .samples("x", 2)
            .input("s")
            .output("y", 2)
            .node(
                Node.of(
                    "integers",
                    OpType.onnx("Cast"),
                    List.of("x"),
                    List.of("q"),
                    Attribute.of("to", DataType.INT8.onnxNumber())))
            .node("floats", "DequantizeLinear", List.of("q", "s"), "d")
            .node("behind", "Relu", List.of("d"), "y");
    assertEquals(Set.of(), names(models));
  }

  @Test
  void oneNodeThatGivesIntegersAndScaleIsFoundToo() {
    Models models =
        new Models()
            .samples("x", 2)
            .output("y", 2)
            .constant("w", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2))
            .node("before", "Relu", List.of("x"), "r")
            .node(
                Node.of(
                    "dynamic",
                    OpType.onnx("DynamicQuantizeLinear"),
                    List.of("r"),
                    List.of("q", "s", "z")))
            .node("floats", "DequantizeLinear", List.of("q", "s", "z"), "d")
            .node("layer", "MatMul", List.of("d", "w"), "y");
    assertEquals(Set.of("dynamic", "floats", "layer"), names(models));
  }

  @Test
  void layersOfStoredMatricesAreLeftAloneAndStaticPairsAreNot() {
    Models models =
        new Models()
            .samples("x", 2)
            .output("y", 2)
            .constant("w", Tensor.of(DataType.INT8, new byte[] {1, 2, 3, 4}, 2, 2))
            .constant("bias", Tensor.of(new int[] {3, 4}, 2))
            .constant("s", Tensor.of(new float[] {0.5f}))
            .constant("z", Tensor.of(DataType.INT8, new byte[] {0}))
            .node("to integers", "QuantizeLinear", List.of("x", "s", "z"), "q")
            .node("to floats", "DequantizeLinear", List.of("q", "s", "z"), "f")
            .node("weight", "DequantizeLinear", List.of("w", "s"), "v")
            .node("summand", "DequantizeLinear", List.of("bias", "s"), "b")
            .node("layer", "MatMul", List.of("f", "v"), "m")
            .node("sum", "Add", List.of("m", "b"), "y");
    assertEquals(Set.of("weight", "layer"), names(models));
  }
}

package dev.octet.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModelBuilderTest {

  private static Tensor constant(Model model, String name) {
    return Optional.ofNullable(model.graph().initializers().get(name)).orElseThrow();
  }

  private static Shape shape(Model model, String value) {
    return ((TensorType) model.graph().type(value).orElseThrow()).shape().orElseThrow();
  }

  @Test
  void weightsFollowTheShapeOfWhatIsRead() {
    Model model =
        ModelBuilder.seeded(3)
            .input("x", 2, 6, 5, 5)
            .conv("conv1", "x", 4, 3, Attribute.of("group", 2))
            .matMul("mat1", "conv1", 7)
            .node("flat1", "Flatten", "mat1")
            .gemm("fc", "flat1", 10)
            .build("fc");
    assertArrayEquals(new long[] {4, 3, 3, 3}, constant(model, "conv1.weight").sizes());
    assertArrayEquals(new long[] {4}, constant(model, "conv1.bias").sizes());
    assertArrayEquals(new long[] {3, 7}, constant(model, "mat1.weight").sizes());
    assertArrayEquals(new long[] {84, 10}, constant(model, "fc.weight").sizes());
    assertEquals(Shape.of(2, 10), shape(model, "fc"));
    assertEquals(Shape.of(2, 4, 3, 3), shape(model, "conv1"));
    assertEquals(ModelBuilder.OPSET, model.opset());
  }

  @Test
  void weightsDependOnSeedAndNameAlone() {
    Tensor one = constant(ModelBuilder.seeded(3).weights("w", 4, 5).build(), "w");
    assertEquals(
        one, constant(ModelBuilder.seeded(3).weights("v", 2).weights("w", 4, 5).build(), "w"));
    assertNotEquals(one, constant(ModelBuilder.seeded(4).weights("w", 4, 5).build(), "w"));
    assertNotEquals(one, constant(ModelBuilder.seeded(3).weights("v", 4, 5).build(), "v"));
    for (float value : one.floats()) {
      assertTrue(value >= -1 && value < 1, Float.toString(value));
    }
  }

  @Test
  void constantsMayBeEmptyOrScalar() {
    Model model = ModelBuilder.seeded(1).weights("none", 0, 3).weights("one").build();
    assertEquals(0, constant(model, "none").elementCount());
    assertEquals(1, constant(model, "one").elementCount());
  }

  @Test
  void operatorsOfAVendorGiveFloats() {
    Model model =
        ModelBuilder.seeded(1)
            .opset(17)
            .input("x", new Shape(List.of(new Dimension.Symbolic("n"), Dimension.of(3))))
            .node("fancy1", new OpType("acme", "Fancy"), List.of("x"))
            .build("fancy1");
    assertEquals(Map.of("", 17L, "acme", 1L), model.opsets());
    assertEquals(
        DataType.FLOAT, ((TensorType) model.graph().type("fancy1").orElseThrow()).dataType());
  }

  @Test
  void namesTheNearestValue() {
    ModelBuilder draft = ModelBuilder.seeded(1).input("image", 1, 3, 4, 4);
    assertEquals(
        "there is no value 'imag'; the nearest: [image]",
        assertThrows(IllegalArgumentException.class, () -> draft.conv("c", "imag", 4, 1))
            .getMessage());
    assertEquals(
        "there is no value 'y'; the nearest: [image]",
        assertThrows(IllegalArgumentException.class, () -> draft.build("y")).getMessage());
    assertEquals(
        "the shape of 'v' is not known, or has less than 3 dimensions",
        assertThrows(IllegalArgumentException.class, () -> draft.input("v", 4).conv("c", "v", 4, 1))
            .getMessage());
  }
}
